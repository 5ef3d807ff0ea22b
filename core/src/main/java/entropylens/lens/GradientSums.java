package entropylens.lens;

import entropylens.kernels.Kernels;
import entropylens.kernels.Matrix;
import entropylens.kernels.PanelProducts;
import entropylens.kernels.RowTiles;
import java.util.Arrays;

/// What [DivergenceGradient] sums up over some panels of logits, relative to the largest logit of
/// each row so far. Rows lie in tiles, as in [PanelProducts].
final class GradientSums {
    private final Unembed unembed;
    private final Kernels kernels;
    private final PanelProducts products;
    private final RowTiles tiles;
    private final int rowsEach;
    private final int width;

    /// The width, in whole groups of [Kernels#TILE_ROWS].
    private final int padded;

    private final boolean capped;

    private final float[] max;

    /// `Σ e^(z − max)`.
    private final double[] sum;

    /// With a soft-cap, `Σ e_L z` with e_L of the row's last layer.
    private final double[] cross;

    /// `Σ e s w`, tile after tile, `[input of W_U][row]`.
    private final float[] own;

    /// With a soft-cap, `Σ e_L s w`, likewise.
    private final float[] ofLast;

    private final float[] panelMax;
    private final float[] factor;
    private final float[] outputs;
    private float[] transposed = {};
    private float[] logits = {};
    private float[] weights = {};

    GradientSums(Unembed unembed, PanelProducts products, int rowsEach) {
        this.unembed = unembed;
        this.kernels = unembed.backend().kernels();
        this.products = products;
        this.tiles = products.tiles();
        this.rowsEach = rowsEach;
        this.width = unembed.matrix().inputs();
        this.padded = (width + Kernels.TILE_ROWS - 1) / Kernels.TILE_ROWS * Kernels.TILE_ROWS;
        this.capped = unembed.softcap().isPresent();
        int rows = tiles.paddedRows();
        max = new float[rows];
        Arrays.fill(max, -Float.MAX_VALUE);
        sum = new double[rows];
        cross = new double[capped ? rows : 0];
        own = new float[padded * rows];
        ofLast = new float[capped ? padded * rows : 0];
        panelMax = new float[rows];
        factor = new float[rows];
        outputs = new float[Kernels.TILE_ROWS * Kernels.TILE_VECTORS * kernels.lanes()];
    }

    void add(int panel) {
        int from = products.firstOutput(panel);
        int entries = products.outputs(panel);
        float[] z = products.compute(panel);
        int size = entries * tiles.paddedRows();
        unembed.finish(z, tiles, from, entries);
        if (capped) {
            logits = ofLength(logits, size);
            System.arraycopy(z, 0, logits, 0, size);
        }
        raise(z, entries);
        exponentiate(z, entries, size);
        load(from, entries);
        if (!capped) {
            accumulate(z, entries, own);
            return;
        }
        weights = ofLength(weights, size);
        slopes(z, entries, false);
        accumulate(weights, entries, own);
        slopes(z, entries, true);
        accumulate(weights, entries, ofLast);
    }

    private static float[] ofLength(float[] array, int length) {
        return array.length < length ? new float[length] : array;
    }

    /// Makes room for larger logits than any before.
    private void raise(float[] z, int entries) {
        float[] most = new float[tiles.width()];
        for (int tile = 0; tile < tiles.count(); tile++) {
            int stride = tiles.stride(tile);
            kernels.columnMax(z, tiles.offset(tile, entries), entries, stride, most);
            System.arraycopy(most, 0, panelMax, tiles.firstRow(tile), stride);
        }
        raiseTo(panelMax);
    }

    private void raiseTo(float[] most) {
        boolean raised = false;
        for (int row = 0; row < max.length; row++) {
            float to = Math.max(max[row], most[row]);
            factor[row] = (float) Math.exp((double) max[row] - to);
            raised |= factor[row] != 1;
            max[row] = to;
            sum[row] *= factor[row];
        }
        if (!raised) {
            return;
        }
        scale(own, row -> factor[row]);
        if (capped) {
            scale(ofLast, row -> factor[last(row)]);
            for (int row = 0; row < cross.length; row++) {
                cross[row] *= factor[last(row)];
            }
        }
    }

    private interface Factor {
        float of(int row);
    }

    private void scale(float[] sums, Factor by) {
        float[] factors = new float[tiles.width()];
        for (int tile = 0; tile < tiles.count(); tile++) {
            int stride = tiles.stride(tile);
            for (int r = 0; r < stride; r++) {
                factors[r] = by.of(tiles.firstRow(tile) + r);
            }
            int at = tiles.offset(tile, padded);
            for (int i = 0; i < padded; i++) {
                for (int r = 0; r < stride; r++) {
                    sums[at + i * stride + r] *= factors[r];
                }
            }
        }
    }

    /// The row of the last layer at the position of a row. Padding is compared with itself.
    private int last(int row) {
        return row < tiles.rows() ? row / rowsEach * rowsEach + rowsEach - 1 : row;
    }

    /// Logits become `e^(z − max)`.
    private void exponentiate(float[] z, int entries, int size) {
        for (int tile = 0; tile < tiles.count(); tile++) {
            int stride = tiles.stride(tile);
            int first = tiles.firstRow(tile);
            int at = tiles.offset(tile, entries);
            for (int e = 0; e < entries; e++) {
                for (int r = 0; r < stride; r++) {
                    z[at + e * stride + r] -= max[first + r];
                }
            }
        }
        kernels.exp(z, 0, size);
        float[] added = new float[tiles.width()];
        for (int tile = 0; tile < tiles.count(); tile++) {
            int stride = tiles.stride(tile);
            int at = tiles.offset(tile, entries);
            Arrays.fill(added, 0);
            for (int e = 0; e < entries; e++) {
                for (int r = 0; r < stride; r++) {
                    added[r] += z[at + e * stride + r];
                }
            }
            for (int r = 0; r < stride; r++) {
                sum[tiles.firstRow(tile) + r] += added[r];
            }
        }
    }

    /// Exponentials, a row's own or those of its last layer, times the slopes of its soft-cap, `1 −
    /// (z / c)²`.
    private void slopes(float[] exponentials, int entries, boolean last) {
        double cap = unembed.softcap().orElseThrow();
        for (int row = 0; row < tiles.rows(); row++) {
            int tile = tiles.tileOf(row);
            int stride = tiles.stride(tile);
            int at = tiles.offset(tile, entries) + row - tiles.firstRow(tile);
            int of = last ? last(row) : row;
            int tileOf = tiles.tileOf(of);
            int strideOf = tiles.stride(tileOf);
            int atOf = tiles.offset(tileOf, entries) + of - tiles.firstRow(tileOf);
            double crossing = 0;
            for (int e = 0; e < entries; e++) {
                float z = logits[at + e * stride];
                float share = exponentials[atOf + e * strideOf];
                weights[at + e * stride] = (float) (share * (1 - z / cap * (z / cap)));
                crossing += share == 0 ? 0 : (double) share * z;
            }
            cross[row] += last ? crossing : 0;
        }
    }

    /// Rows of W_U as columns, `[input][entry]`.
    private void load(int from, int entries) {
        transposed = ofLength(transposed, padded * entries);
        Matrix matrix = unembed.matrix();
        float[] row = new float[width];
        for (int e = 0; e < entries; e++) {
            unembed.backend().read(matrix, from + e, row, 0);
            for (int i = 0; i < width; i++) {
                transposed[i * entries + e] = row[i];
            }
        }
        Arrays.fill(transposed, width * entries, padded * entries, 0);
    }

    /// `to += Σ_e transposed[input][e] · by[e][row]`.
    private void accumulate(float[] by, int entries, float[] to) {
        int most = Kernels.TILE_VECTORS * kernels.lanes();
        for (int tile = 0; tile < tiles.count(); tile++) {
            int stride = tiles.stride(tile);
            for (int from = 0; from < stride; from += most) {
                accumulate(by, entries, tile, from, Math.min(most, stride - from), to);
            }
        }
    }

    /// Some columns of a tile. A backend's tiles may be wider or narrower than those of the
    /// kernels.
    private void accumulate(float[] by, int entries, int tile, int first, int count, float[] to) {
        int stride = tiles.stride(tile);
        int vectors = (count + kernels.lanes() - 1) / kernels.lanes();
        int wide = vectors * kernels.lanes();
        float[] columns = by;
        int from = tiles.offset(tile, entries);
        if (wide != stride) {
            columns = columns(by, from + first, stride, entries, count, wide);
            from = 0;
        }
        for (int i = 0; i < padded; i += Kernels.TILE_ROWS) {
            kernels.tile(
                    transposed,
                    i * entries,
                    entries,
                    columns,
                    from,
                    entries,
                    vectors,
                    outputs,
                    0,
                    wide);
            for (int r = 0; r < Kernels.TILE_ROWS; r++) {
                int at = tiles.offset(tile, padded) + (i + r) * stride + first;
                for (int j = 0; j < count; j++) {
                    to[at + j] += outputs[r * wide + j];
                }
            }
        }
    }

    private static float[] columns(
            float[] by, int from, int stride, int entries, int count, int wide) {
        float[] packed = new float[entries * wide];
        for (int e = 0; e < entries; e++) {
            System.arraycopy(by, from + e * stride, packed, e * wide, count);
        }
        return packed;
    }

    void merge(GradientSums other) {
        System.arraycopy(max, 0, panelMax, 0, max.length);
        raiseTo(other.max);
        other.raiseTo(panelMax);
        for (int row = 0; row < max.length; row++) {
            sum[row] += other.sum[row];
        }
        for (int row = 0; row < cross.length; row++) {
            cross[row] += other.cross[row];
        }
        add(other.own, own);
        add(other.ofLast, ofLast);
    }

    private static void add(float[] from, float[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] += from[i];
        }
    }

    void requireFinite(int row) {
        if (!Double.isFinite(max[row]) || !Double.isFinite(sum[row])) {
            throw new ArithmeticException(
                    "row %d gives logits that are not finite (largest: %s); the weights, the stream or a translator overflow"
                            .formatted(row, max[row]));
        }
    }

    /// `E_p[s w]` of a row's own distribution.
    void mean(int row, float[] to) {
        divided(own, row, sum[row], to);
    }

    /// `E_{p_L}[s w]`, s the slopes of the row.
    ///
    /// @param last row of its last layer
    void meanOfLast(int row, int last, float[] to) {
        divided(capped ? ofLast : own, capped ? row : last, sum[last], to);
    }

    private void divided(float[] sums, int row, double by, float[] to) {
        int tile = tiles.tileOf(row);
        int stride = tiles.stride(tile);
        int at = tiles.offset(tile, padded) + row - tiles.firstRow(tile);
        for (int i = 0; i < width; i++) {
            to[i] = (float) (sums[at + i * stride] / by);
        }
    }

    /// `KL(p_L ‖ p)` of a row.
    ///
    /// @param last row of its last layer
    /// @param inputs of W_U, all rows
    /// @param meanOfLast as the method of that name gives it
    double divergence(int row, int last, float[] inputs, float[] meanOfLast) {
        double between = logNormaliser(row) - logNormaliser(last);
        if (capped) {
            return between + (cross[last] - cross[row]) / sum[last];
        }
        for (int i = 0; i < width; i++) {
            double apart = (double) inputs[last * width + i] - inputs[row * width + i];
            between += meanOfLast[i] * apart;
        }
        return between;
    }

    private double logNormaliser(int row) {
        return max[row] + Math.log(sum[row]);
    }
}
