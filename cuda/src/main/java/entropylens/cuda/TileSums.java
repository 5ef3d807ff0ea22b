package entropylens.cuda;

import entropylens.cuda.driver.DeviceMemory;
import entropylens.cuda.driver.Grid;
import entropylens.cuda.driver.Stream;
import entropylens.lens.ReadoutRequest;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Running sums over tiles of logits, on the device; `readout.cu` says what they are.
final class TileSums {
    /// Places of the sums in the state of a row.
    static final int MAX = 0;

    static final int SUM = 1;
    static final int WEIGHTED = 2;
    static final int SQUARES = 3;
    static final int SUPPORT = 4;
    static final int ABOVE = 5;
    static final int CROSS = 6;
    static final int MEAN = 8;
    static final int DEVIATIONS = 9;
    static final int POWERS = 10;

    private static final int NEEDS_SQUARES = 1;
    private static final int NEEDS_SUPPORT = 2;
    private static final int NEEDS_TARGETS = 4;
    private static final int NEEDS_REFERENCES = 8;
    private static final int NEEDS_MOMENTS = 16;
    private static final int NEEDS_POWERS = 32;

    private static final int WARP = 32;

    /// Rows of a block of the kernel that keeps the largest logits.
    private static final int ROWS_OF_TOP = 4;

    private final DeviceWork work;
    private final CudaUnembed unembed;
    private final int rows;
    private final int dVocab;
    private final int powers;
    private final int k;
    private final long targets;
    private final long references;
    private final long alphas;
    private final int flags;
    private final DeviceMemory state;
    private final DeviceMemory targetLogits;
    private final DeviceMemory picked;
    private final DeviceMemory topLogits;
    private final DeviceMemory topIds;

    /// @param powers number of orders that need a sum
    /// @param targets,references,alphas addresses; 0 where there are none
    TileSums(
            DeviceWork work,
            CudaUnembed unembed,
            ReadoutRequest request,
            int rows,
            int dVocab,
            int powers,
            long targets,
            long references,
            long alphas) {
        this.work = work;
        this.unembed = unembed;
        this.rows = rows;
        this.dVocab = dVocab;
        this.powers = powers;
        this.k = request.largest();
        this.targets = targets;
        this.references = references;
        this.alphas = alphas;
        this.flags = flags(request);
        this.state = work.scratch("sums of rows", (long) (POWERS + powers) * rows * Double.BYTES);
        this.targetLogits = work.scratch("logits of targets", (long) rows * Float.BYTES);
        this.picked = work.scratch("logits of targets that were picked", (long) rows * Float.BYTES);
        picked.zero(work.stream(), 0, (long) rows * Float.BYTES);
        this.topLogits = work.scratch("largest logits", (long) rows * Math.max(1, k) * Float.BYTES);
        this.topIds =
                work.scratch(
                        "tokens of largest logits", (long) rows * Math.max(1, k) * Integer.BYTES);
    }

    private int flags(ReadoutRequest request) {
        return (request.needsSquares() ? NEEDS_SQUARES : 0)
                | (request.alphas().contains(0.0) ? NEEDS_SUPPORT : 0)
                | (targets != 0 ? NEEDS_TARGETS : 0)
                | (references != 0 ? NEEDS_REFERENCES : 0)
                | (request.needsMoments() ? NEEDS_MOMENTS : 0)
                | (powers > 0 ? NEEDS_POWERS : 0);
    }

    /// Before the first tile.
    void begin() {
        work.flat("readout", "readout_begin", rows, state.address(), rows, powers);
        if (k > 0) {
            work.flat(
                    "readout",
                    "top_begin",
                    (long) rows * k,
                    topLogits.address(),
                    topIds.address(),
                    rows,
                    k);
        }
    }

    /// Takes the logits of targets from a tile of tokens.
    ///
    /// @param columns address of the column of each row's target; −1 for none
    void takeTargets(Stream stream, long tile, long stride, long columns) {
        work.flat(
                stream,
                "readout",
                "take_logits",
                rows,
                targetLogits.address(),
                tile,
                stride,
                columns,
                targets,
                rows,
                unembed.bias(),
                unembed.softcap());
    }

    /// Goes on with the logits of targets that were picked.
    ///
    /// @return whether they are others than those that were taken
    boolean usePicked() {
        boolean same = Arrays.equals(targetLogits(), floats(picked, rows));
        targetLogits.copyFrom(work.stream(), picked, 0, 0, (long) rows * Float.BYTES);
        return !same;
    }

    /// Finds the logits of targets where they are in the vocabulary. The bits are those of the
    /// logits that they are compared with.
    void pickTargets(Stream stream, long tile, long stride, int from, int width) {
        work.flat(
                stream,
                "readout",
                "pick_targets",
                rows,
                picked.address(),
                tile,
                stride,
                rows,
                width,
                from,
                targets,
                unembed.bias(),
                unembed.softcap());
    }

    /// Picks targets and adds a tile.
    void pickAndAdd(Stream stream, long tile, long stride, int from, int width) {
        pickTargets(stream, tile, stride, from, width);
        add(stream, tile, stride, from, width);
    }

    /// Adds a tile.
    void add(Stream stream, long tile, long stride, int from, int width) {
        Grid grid = Grid.of(rows);
        int block = WARP * warps(width);
        if (flags == 0 && unembed.bias() == 0 && unembed.softcap() == 0) {
            work.kernel("readout", "readout_entropy")
                    .launch(stream, grid, block, 0, state.address(), tile, stride, rows, width);
        } else {
            work.kernel("readout", "readout_statistics")
                    .launch(
                            stream,
                            grid,
                            block,
                            0,
                            state.address(),
                            tile,
                            stride,
                            rows,
                            width,
                            from,
                            unembed.bias(),
                            unembed.softcap(),
                            flags,
                            targets,
                            targetLogits.address(),
                            references,
                            alphas,
                            powers);
        }
        if (k > 0) {
            work.kernel("readout", "top_tile")
                    .launch(
                            stream,
                            Grid.of(Math.ceilDiv(rows, ROWS_OF_TOP)),
                            WARP * ROWS_OF_TOP,
                            ROWS_OF_TOP * k * Long.BYTES,
                            topLogits.address(),
                            topIds.address(),
                            k,
                            tile,
                            stride,
                            rows,
                            width,
                            from,
                            unembed.bias(),
                            unembed.softcap());
        }
    }

    private static int warps(int width) {
        return width <= 1024 ? 1 : width <= 2048 ? 2 : width <= 8192 ? 4 : 8;
    }

    /// Adds bias and soft-cap to whole rows.
    void finish(long whole) {
        if (unembed.bias() != 0 || unembed.softcap() != 0) {
            work.flat(
                    "readout",
                    "finish_logits",
                    (long) rows * dVocab,
                    whole,
                    (long) dVocab,
                    rows,
                    dVocab,
                    0,
                    unembed.bias(),
                    unembed.softcap());
        }
    }

    /// `[sum][row]`.
    double[][] state() {
        double[][] sums = new double[POWERS + powers][rows];
        double[] all = new double[(POWERS + powers) * rows];
        state.copyTo(MemorySegment.ofArray(all), 0);
        for (int i = 0; i < sums.length; i++) {
            System.arraycopy(all, i * rows, sums[i], 0, rows);
        }
        return sums;
    }

    float[] targetLogits() {
        return floats(targetLogits, rows);
    }

    float[] topLogits() {
        return floats(topLogits, rows * k);
    }

    int[] topIds() {
        int[] ids = new int[rows * k];
        topIds.copyTo(MemorySegment.ofArray(ids), 0);
        return ids;
    }

    private static float[] floats(DeviceMemory from, int count) {
        float[] floats = new float[count];
        from.copyTo(MemorySegment.ofArray(floats), 0);
        return floats;
    }
}
