package entropylens.kernels;

/// The arithmetic primitives of the instrument, on plain arrays.
///
/// [ScalarKernels] is the specification: read that one. [VectorKernels] is the fast path. Which one
/// runs is chosen once per model and named in every result. Where a method says *exact*, both give
/// the same bits on every machine; elsewhere they agree to the bound that the tests state.
///
/// Column statistics work on a tile `z[entry][row]`: vocabulary entries down, rows of the readout
/// across (the lanes of a vector are rows, so nothing is ever summed across lanes). The tile lies
/// in its array from `offset` on, entry after entry, `rows` floats each. They add up at most a few
/// hundred entries in float32; the caller accumulates the results of many tiles in float64.
public interface Kernels {
    /// Rows of the broadcast operand that [#tile] takes at once.
    int TILE_ROWS = 6;

    /// Widest tile, in vectors of [#lanes()] floats.
    int TILE_VECTORS = 4;

    /// Longest chain of fused multiply-adds before a partial sum is added to the total. Keeps the
    /// float32 error of a long product from growing with the square root of its whole length.
    int CHAIN = 1024;

    /// A name for results: `scalar`, or `vector/16` with the number of float lanes.
    String name();

    /// Floats in one vector; 1 for the scalar kernels.
    int lanes();

    /// `c[r][j] = Σ_i a[r][i] · b[i][j]` for 6 rows r and `vectors × lanes` columns j, as one chain
    /// of fused multiply-adds over i, started at 0, ascending. Exact.
    ///
    /// @param a row r starts at `aOffset + r · aStride`
    /// @param b row i starts at `bOffset + i · vectors · lanes`: rows follow each other without
    ///   gaps, and so the compiler can prove all reads of a loop within bounds at once
    /// @param length number of terms
    /// @param vectors 1 to [#TILE_VECTORS]
    void tile(
            float[] a,
            int aOffset,
            int aStride,
            float[] b,
            int bOffset,
            int length,
            int vectors,
            float[] c,
            int cOffset,
            int cStride);

    /// `y[o] = W[o] · x` for the outputs `[from, to)` of an [Matrix.Layout#OUT_IN] matrix, read
    /// where it lies. The order of the sum is the kernel's own.
    void rowDots(Matrix weights, float[] x, int xOffset, float[] y, int yOffset, int from, int to);

    /// `y[o] = Σ_i x[i] W[i][o]` for the outputs `[from, to)` of an [Matrix.Layout#IN_OUT] matrix,
    /// read where it is mapped, in the same order as [#tile] with chains of [#CHAIN]. Exact.
    void columnSums(
            DenseMatrix weights, float[] x, int xOffset, float[] y, int yOffset, int from, int to);

    /// Copies `pieces` pieces of `count` weights that are neighbours in memory, widened to float32,
    /// one piece after the other. The first begins with the weight of `output` and `input`; each
    /// other, with the next output of an [Matrix.Layout#OUT_IN] matrix, or the next input of an
    /// [Matrix.Layout#IN_OUT] one. Exact. Of a [CodedMatrix], pieces are whole.
    void read(
            Matrix weights, int output, int input, int pieces, int count, float[] to, int toOffset);

    /// `scores[j] = scale · (q · k_j)` for `count` keys, key j at `keysOffset + j · width`.
    void scores(
            float[] query,
            int queryOffset,
            float[] keys,
            int keysOffset,
            int width,
            int count,
            float scale,
            float[] scores);

    /// Softmax of the first `count` entries in place.
    void softmax(float[] scores, int count);

    /// Keeps those of the first `count` values that are `least` or more, in order.
    ///
    /// @param to takes them and has room for `count`; it may be `from` itself
    /// @return how many
    int atLeast(float least, float[] from, int count, float[] to);

    /// `out[i] = Σ_j weights[j] · v_j[i]` for `count` values of `width` floats, as ascending
    /// chains. Exact.
    void mix(
            float[] weights,
            float[] values,
            int valuesOffset,
            int width,
            int count,
            float[] out,
            int outOffset);

    /// Applies an activation in place.
    void activate(Activation activation, float[] x, int offset, int count);

    /// `x[i] = e^x[i]` in place.
    void exp(float[] x, int offset, int count);

    /// Applies a learned activation in place.
    void activate(Xielu activation, float[] x, int offset, int count);

    /// `to[i] = scale · tanh(from[i] / scale)` in place: the logit soft-cap.
    void softcap(float[] z, int count, float scale);

    /// `max[row] = max_entry z[entry][row]`, over this tile only. Exact.
    void columnMax(float[] z, int offset, int entries, int rows, float[] max);

    /// `sum[row] = Σ e`, `weighted[row] = Σ e · (z - shift)` with `e = exp(z[entry][row] -
    /// shift[row])`.
    void columnExp(
            float[] z,
            int offset,
            int entries,
            int rows,
            float[] shift,
            float[] sum,
            float[] weighted);

    /// `squares[row] = Σ e · (z - shift)²` with `e` as above. Where the exponential is 0, so is the
    /// term.
    void columnSquares(
            float[] z, int offset, int entries, int rows, float[] shift, float[] squares);

    /// `sum[row] = Σ exp(alpha · (z[entry][row] - shift[row]))`.
    void columnPower(
            float[] z, int offset, int entries, int rows, float[] shift, float alpha, float[] sum);

    /// `sum[row] = Σ (z - shift)`, `squares[row] = Σ (z - shift)²`.
    void columnMoments(
            float[] z,
            int offset,
            int entries,
            int rows,
            float[] shift,
            float[] sum,
            float[] squares);

    /// `above[row] = ` number of entries with `z[entry][row] > threshold[row]`. Exact.
    void columnAbove(
            float[] z, int offset, int entries, int rows, float[] threshold, float[] above);

    /// The first place `entry · rows + row` from `from` on whose logit is at least
    /// `threshold[row]`; `entries · rows` if there is none. Exact.
    int columnNext(float[] z, int offset, int entries, int rows, float[] threshold, int from);

    /// `cross[row] = Σ exp(y[entry][row] - shift[row]) · (y[entry][row] - z[entry][row])`: the
    /// running part of the divergence of z's distribution from y's. Where the exponential is 0, so
    /// is the term, whatever y and z are.
    void columnCross(
            float[] y, float[] z, int offset, int entries, int rows, float[] shift, float[] cross);

    /// The specification.
    static Kernels scalar() {
        return new ScalarKernels();
    }

    /// The fast path where the JVM has the vector module, else the specification.
    static Kernels best() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
                ? new VectorKernels()
                : scalar();
    }
}
