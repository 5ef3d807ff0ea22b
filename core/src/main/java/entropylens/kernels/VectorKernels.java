package entropylens.kernels;

import static entropylens.kernels.VectorMath.LANES;

/// The fast path, on the JVM's Vector API. A facade: the loops live in [VectorTile] (matrix
/// products), [VectorRead] (mapped weights to arrays), [VectorRows] and [VectorColumnSums] (one row
/// against mapped weights), [VectorAttention], [VectorMath] (exponential, activations) and
/// [VectorColumns] (statistics of the readout).
///
/// The methods there are kept small on purpose: past about 18,000 nodes the C2 compiler stops
/// inlining, vectors are then boxed, and a kernel falls to a tenth of its speed.
final class VectorKernels implements Kernels {
    @Override
    public String name() {
        return "vector/" + LANES;
    }

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public void tile(
            float[] a,
            int aOffset,
            int aStride,
            float[] b,
            int bOffset,
            int length,
            int vectors,
            float[] c,
            int cOffset,
            int cStride) {
        // vectors of 8 floats are AVX2's, which has 16 registers; AVX-512 and NEON have 32
        if (vectors == 4 && VectorMath.LANES == 8) {
            VectorHalfTile.four(a, aOffset, aStride, b, bOffset, length, c, cOffset, cStride);
            return;
        }
        switch (vectors) {
            case 4 -> VectorTile.four(a, aOffset, aStride, b, bOffset, length, c, cOffset, cStride);
            case 3 ->
                    VectorTile.three(a, aOffset, aStride, b, bOffset, length, c, cOffset, cStride);
            case 2 -> VectorTile.two(a, aOffset, aStride, b, bOffset, length, c, cOffset, cStride);
            case 1 -> VectorTile.one(a, aOffset, aStride, b, bOffset, length, c, cOffset, cStride);
            default ->
                    throw new IllegalArgumentException(
                            "a tile is 1 to 4 vectors wide, not " + vectors);
        }
    }

    @Override
    public void rowDots(
            Matrix weights, float[] x, int xOffset, float[] y, int yOffset, int from, int to) {
        switch (weights) {
            case DenseMatrix dense -> VectorRows.rowDots(dense, x, xOffset, y, yOffset, from, to);
            case CodedMatrix coded -> VectorRows.codedDots(coded, x, xOffset, y, yOffset, from, to);
        }
    }

    @Override
    public void columnSums(
            DenseMatrix weights, float[] x, int xOffset, float[] y, int yOffset, int from, int to) {
        VectorColumnSums.run(weights, x, xOffset, y, yOffset, from, to);
    }

    @Override
    public void read(
            Matrix weights,
            int output,
            int input,
            int pieces,
            int count,
            float[] to,
            int toOffset) {
        switch (weights) {
            case DenseMatrix dense -> {
                long at = dense.byteOffset(output, input);
                VectorRead.read(dense, at, pieces, count, to, toOffset);
            }
            case CodedMatrix coded -> coded.decode(output, output + pieces, to, toOffset);
        }
    }

    @Override
    public void scores(
            float[] query,
            int queryOffset,
            float[] keys,
            int keysOffset,
            int width,
            int count,
            float scale,
            float[] scores) {
        VectorAttention.scores(query, queryOffset, keys, keysOffset, width, count, scale, scores);
    }

    @Override
    public void softmax(float[] scores, int count) {
        VectorMath.softmax(scores, count);
    }

    @Override
    public int atLeast(float least, float[] from, int count, float[] to) {
        return VectorMath.atLeast(least, from, count, to);
    }

    @Override
    public void mix(
            float[] weights,
            float[] values,
            int valuesOffset,
            int width,
            int count,
            float[] out,
            int outOffset) {
        VectorAttention.mix(weights, values, valuesOffset, width, count, out, outOffset);
    }

    @Override
    public void activate(Activation activation, float[] x, int offset, int count) {
        VectorMath.activate(activation, x, offset, count);
    }

    @Override
    public void exp(float[] x, int offset, int count) {
        VectorMath.exp(x, offset, count);
    }

    @Override
    public void activate(Xielu activation, float[] x, int offset, int count) {
        VectorMath.activate(activation, x, offset, count);
    }

    @Override
    public void softcap(float[] z, int count, float scale) {
        VectorMath.softcap(z, count, scale);
    }

    @Override
    public void columnMax(float[] z, int offset, int entries, int rows, float[] max) {
        VectorColumns.max(z, offset, entries, rows, max);
    }

    @Override
    public void columnExp(
            float[] z,
            int offset,
            int entries,
            int rows,
            float[] shift,
            float[] sum,
            float[] weighted) {
        VectorColumns.exp(z, offset, entries, rows, shift, sum, weighted);
    }

    @Override
    public void columnSquares(
            float[] z, int offset, int entries, int rows, float[] shift, float[] squares) {
        VectorColumns.squares(z, offset, entries, rows, shift, squares);
    }

    @Override
    public void columnPower(
            float[] z, int offset, int entries, int rows, float[] shift, float alpha, float[] sum) {
        VectorColumns.power(z, offset, entries, rows, shift, alpha, sum);
    }

    @Override
    public void columnMoments(
            float[] z,
            int offset,
            int entries,
            int rows,
            float[] shift,
            float[] sum,
            float[] squares) {
        VectorColumns.moments(z, offset, entries, rows, shift, sum, squares);
    }

    @Override
    public void columnAbove(
            float[] z, int offset, int entries, int rows, float[] threshold, float[] above) {
        VectorColumns.above(z, offset, entries, rows, threshold, above);
    }

    @Override
    public int columnNext(
            float[] z, int offset, int entries, int rows, float[] threshold, int from) {
        return VectorColumns.next(z, offset, entries, rows, threshold, from);
    }

    @Override
    public void columnCross(
            float[] y, float[] z, int offset, int entries, int rows, float[] shift, float[] cross) {
        VectorColumns.cross(y, z, offset, entries, rows, shift, cross);
    }
}
