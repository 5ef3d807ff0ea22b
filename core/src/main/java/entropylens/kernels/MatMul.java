package entropylens.kernels;

import org.jspecify.annotations.Nullable;

/// Products of activations with mapped weights: `out[r] = W x[r] + bias` for all rows r.
///
/// Two or more rows are computed in register tiles ([Kernels#tile]), in an order that depends
/// neither on the number of rows, nor on threads, nor on the width of the vectors: the same row
/// gives the same bits in any batch. A single row against an [Matrix.Layout#OUT_IN] matrix is bound
/// by memory and takes [Kernels#rowDots], which agrees to rounding.
public final class MatMul {
    private final Kernels kernels;
    private final WorkerPool pool;

    public MatMul(Kernels kernels, WorkerPool pool) {
        this.kernels = kernels;
        this.pool = pool;
    }

    public Kernels kernels() {
        return kernels;
    }

    public WorkerPool pool() {
        return pool;
    }

    /// @param x `rows × inputs`
    /// @param bias one per output, or null
    /// @param out `rows × outputs`, overwritten
    public void multiply(
            float[] x, int rows, Matrix weights, float @Nullable [] bias, float[] out) {
        if (rows == 1) {
            single(x, weights, out);
            addBias(out, 1, weights.outputs(), bias);
        } else if (weights.layout() == Matrix.Layout.OUT_IN) {
            multiply(new PackedRows(kernels, pool, x, rows, weights.inputs()), weights, bias, out);
        } else {
            tilesOfOutputs(x, rows, weights, bias, out);
        }
    }

    /// As above, for rows that are packed already, against an OUT_IN matrix.
    public void multiply(PackedRows x, Matrix weights, float @Nullable [] bias, float[] out) {
        int perPanel = Panels.outputsPerPanel(weights.inputs());
        int panels = (weights.outputs() + perPanel - 1) / perPanel;
        pool.run(
                panels,
                panel -> {
                    int from = panel * perPanel;
                    int to = Math.min(from + perPanel, weights.outputs());
                    Panels scratch = Panels.ofThread();
                    scratch.loadOutputs(kernels, weights, from, to);
                    for (int tile = 0; tile < x.tiles(); tile++) {
                        float[] c = scratch.tile(perPanel * x.stride(tile));
                        rowTile(scratch.weights(), x, tile, to - from, c, 0);
                        scatter(x, tile, c, from, to, bias, out, weights.outputs());
                    }
                });
    }

    /// `c[output][row] = W[output] · x[row]` for the outputs of a loaded panel and the rows of one
    /// tile.
    void rowTile(float[] panel, PackedRows x, int tile, int outputs, float[] c, int cOffset) {
        int inputs = x.inputs();
        int stride = x.stride(tile);
        float[] chain = Panels.ofThread().chain(Kernels.TILE_ROWS * stride);
        for (int start = 0; start < inputs; start += Kernels.CHAIN) {
            int length = Math.min(Kernels.CHAIN, inputs - start);
            for (int o = 0; o < outputs; o += Kernels.TILE_ROWS) {
                boolean first = start == 0;
                int at = cOffset + o * stride;
                kernels.tile(
                        panel,
                        o * inputs + start,
                        inputs,
                        x.data(),
                        x.offset(tile) + start * stride,
                        length,
                        x.vectors(tile),
                        first ? c : chain,
                        first ? at : 0,
                        stride);
                if (!first) {
                    add(chain, 0, c, at, Kernels.TILE_ROWS * stride);
                }
            }
        }
    }

    private static void scatter(
            PackedRows x,
            int tile,
            float[] c,
            int from,
            int to,
            float @Nullable [] bias,
            float[] out,
            int outputs) {
        int stride = x.stride(tile);
        int firstRow = tile * x.stride(0);
        for (int r = 0; r < x.rowsOf(tile); r++) {
            int at = (firstRow + r) * outputs;
            for (int o = from; o < to; o++) {
                float value = c[(o - from) * stride + r];
                out[at + o] = bias == null ? value : value + bias[o];
            }
        }
    }

    private void tilesOfOutputs(
            float[] x, int rows, Matrix weights, float @Nullable [] bias, float[] out) {
        int width = 2 * Kernels.TILE_VECTORS * kernels.lanes();
        int panels = (weights.outputs() + width - 1) / width;
        int whole = rows / Kernels.TILE_ROWS * Kernels.TILE_ROWS;
        float[] rest = new float[Kernels.TILE_ROWS * weights.inputs()];
        System.arraycopy(x, whole * weights.inputs(), rest, 0, (rows - whole) * weights.inputs());
        pool.run(
                panels,
                panel -> {
                    int from = panel * width;
                    int to = Math.min(from + width, weights.outputs());
                    float[] c = outputTile(x, rows, rest, weights, from, to, width);
                    for (int r = 0; r < rows; r++) {
                        int at = r * weights.outputs();
                        for (int o = from; o < to; o++) {
                            float value = c[r * width + o - from];
                            out[at + o] = bias == null ? value : value + bias[o];
                        }
                    }
                });
    }

    private float[] outputTile(
            float[] x, int rows, float[] rest, Matrix weights, int from, int to, int width) {
        int inputs = weights.inputs();
        Panels scratch = Panels.ofThread();
        float[] c = scratch.tile(roundUp(rows, Kernels.TILE_ROWS) * width);
        float[] chain = scratch.chain(Kernels.TILE_ROWS * width);
        int half = width / 2; // a tile's width: a panel holds two, one after the other
        for (int start = 0; start < inputs; start += Kernels.CHAIN) {
            int end = Math.min(start + Kernels.CHAIN, inputs);
            scratch.loadInputs(kernels, weights, from, to, start, end, half);
            for (int shift = 0; shift < width && from + shift < to; shift += half) {
                for (int r = 0; r < rows; r += Kernels.TILE_ROWS) {
                    boolean last = r + Kernels.TILE_ROWS > rows;
                    boolean first = start == 0;
                    int at = r * width + shift;
                    kernels.tile(
                            last ? rest : x,
                            (last ? 0 : r * inputs) + start,
                            inputs,
                            scratch.weights(),
                            shift * (end - start),
                            end - start,
                            Kernels.TILE_VECTORS,
                            first ? c : chain,
                            first ? at : 0,
                            width);
                    for (int row = 0; !first && row < Kernels.TILE_ROWS; row++) {
                        add(chain, row * width, c, at + row * width, half);
                    }
                }
            }
        }
        return c;
    }

    private void single(float[] x, Matrix weights, float[] out) {
        int outputs = weights.outputs();
        // a multiple of 64 outputs each, a few per thread so that a slow thread is helped out
        int tasks = Math.clamp(outputs / 64, 1, 4 * pool.threads());
        if (weights.layout() == Matrix.Layout.IN_OUT) {
            // neighbours in memory are outputs here: wide pieces read whole pages
            tasks = Math.clamp(outputs / 256, 1, pool.threads());
        }
        int share = roundUp((outputs + tasks - 1) / tasks, 16);
        pool.run(
                (outputs + share - 1) / share,
                task -> {
                    int from = task * share;
                    int to = Math.min(from + share, outputs);
                    if (weights.layout() == Matrix.Layout.OUT_IN) {
                        kernels.rowDots(weights, x, 0, out, 0, from, to);
                    } else {
                        kernels.columnSums(weights, x, 0, out, 0, from, to);
                    }
                });
    }

    private static void addBias(float[] out, int rows, int outputs, float @Nullable [] bias) {
        if (bias == null) {
            return;
        }
        for (int r = 0; r < rows; r++) {
            for (int o = 0; o < outputs; o++) {
                out[r * outputs + o] += bias[o];
            }
        }
    }

    private static void add(float[] from, int fromOffset, float[] to, int toOffset, int count) {
        for (int i = 0; i < count; i++) {
            to[toOffset + i] += from[fromOffset + i];
        }
    }

    static int roundUp(int n, int multiple) {
        return (n + multiple - 1) / multiple * multiple;
    }
}
