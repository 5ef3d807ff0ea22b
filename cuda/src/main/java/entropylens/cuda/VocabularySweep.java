package entropylens.cuda;

import entropylens.cuda.driver.DataType;
import entropylens.cuda.driver.Event;
import entropylens.cuda.driver.Operand;
import entropylens.cuda.driver.Products;
import entropylens.cuda.driver.Stream;
import entropylens.kernels.Precision;

/// Rows times all of W_U, a tile of the vocabulary at a time. Tiles are multiplied on one stream
/// and used on another, so that one is used while the next is multiplied.
///
/// They are larger than the device's cache: each product begins and ends with multiprocessors that
/// have nothing to do, and that costs more than to read logits from memory once: docs/gpu.md has
/// figures.
final class VocabularySweep {
    /// Tiles are cut at multiples of these: what one block of a product is wide, mostly.
    private static final int MULTIPLE = 256;

    /// And as many rows it has.
    private static final int ROWS_OF_A_BLOCK = 128;

    /// Less of the multiprocessors' time is not worth a narrower tile.
    private static final double NO_GAIN = 0.01;

    private static final int WIDEST = 1 << 16;

    /// How many times the cache the logits of one tile take. Two tiles are in use.
    private static final int CACHES = 2;

    private final DeviceWork work;
    private final Operand matrix;
    private final Precision precision;
    private final long inputs;
    private final int rows;
    private final int dVocab;
    private final long whole;
    private final int width;

    /// Uses a tile.
    interface Use {
        /// @param tile address of logits before bias and soft-cap, `[rows]` each `stride` floats on
        /// @param from token of the first column
        /// @param width columns
        void use(Stream stream, long tile, long stride, int from, int width);
    }

    /// @param inputs address of what W_U is multiplied with, float32
    /// @param whole where whole rows of logits are to be left; 0 for nowhere
    VocabularySweep(
            DeviceWork work,
            CudaUnembed unembed,
            Precision precision,
            long inputs,
            int rows,
            int dVocab,
            long whole) {
        this.work = work;
        this.matrix = unembed.matrix();
        this.precision = precision;
        this.rows = rows;
        this.dVocab = dVocab;
        this.whole = whole;
        this.width = width(work.gpu().l2Bytes(), work.gpu().multiprocessors(), rows, dVocab);
        this.inputs = rounded(inputs);
    }

    /// As wide as a tile may be, but so that the blocks of a product fill whole rounds of the
    /// multiprocessors: with 160 blocks on 132 of them, half would wait for the other half.
    static int width(int cache, int multiprocessors, int rows, int dVocab) {
        long floats = (long) cache * CACHES / Float.BYTES;
        int most = (int) Math.clamp(floats / rows / MULTIPLE, 1, WIDEST / MULTIPLE);
        int blocksOfRows = Math.ceilDiv(rows, ROWS_OF_A_BLOCK);
        int best = most;
        double bestShare = 0;
        for (int columns = most; columns >= Math.max(1, most / 2); columns--) {
            int blocks = blocksOfRows * columns;
            int rounds = Math.ceilDiv(blocks, multiprocessors);
            double share = (double) blocks / rounds / multiprocessors;
            if (share > bestShare + NO_GAIN) {
                best = columns;
                bestShare = share;
            }
        }
        return Math.min(best * MULTIPLE, dVocab);
    }

    /// The inputs as they are multiplied, rounded once for all tiles.
    private long rounded(long from) {
        DataType type = DataType.of(precision);
        if (!sameTypes() || type == DataType.FLOAT32) {
            return from;
        }
        int d = matrix.inputs();
        long bytes = (long) rows * d * type.bytes();
        long to = work.scratch("rounded rows for W_U", bytes).address();
        products()
                .conversions()
                .convert(work.stream(), from, DataType.FLOAT32, to, type, rows, d, d, d);
        return to;
    }

    /// Whether W_U is stored in the type that is multiplied.
    private boolean sameTypes() {
        return matrix.type() == DataType.of(precision);
    }

    private Products products() {
        return work.gpu().products();
    }

    /// Goes over the vocabulary once.
    void run(Use use) {
        Stream first = work.stream();
        Stream second = work.second();
        Event[] multiplied = work.events("multiplied");
        Event[] used = work.events("used");
        // what the other stream reads was written in this one
        multiplied[0].record(first);
        second.await(multiplied[0]);
        int tile = 0;
        for (int from = 0; from < dVocab; from += width, tile++) {
            int count = Math.min(width, dVocab - from);
            int turn = tile % 2;
            if (tile > 1) {
                first.await(used[turn]);
            }
            long at = place(turn, from);
            multiply(matrix.outputs(from, from + count), at);
            multiplied[turn].record(first);
            second.await(multiplied[turn]);
            use.use(second, at, stride(), from, count);
            used[turn].record(second);
        }
        first.await(used[(tile - 1) % 2]);
    }

    /// Tokens of a tile.
    int width() {
        return width;
    }

    /// How many tokens [#some] takes at most.
    int most() {
        boolean wholeFloats = matrix.inputs() * matrix.type().bytes() % Float.BYTES == 0;
        return wholeFloats ? width : 0;
    }

    /// The logits of some tokens: a tile as wide as those that the vocabulary is cut into, so that
    /// products have the shape, and mostly the bits, that they have there. In the first stream.
    ///
    /// @param tokens address of as many as a tile is wide
    void some(long tokens, Use use) {
        int floats = matrix.inputs() * matrix.type().bytes() / Float.BYTES;
        long n = (long) width * floats;
        long gathered = work.floats("rows of W_U", n);
        work.flat("rows", "gather_rows", n, gathered, matrix.address(), tokens, width, floats);
        Operand tile =
                new Operand(gathered, matrix.type(), width, matrix.inputs(), true, matrix.inputs());
        long at = place(0, 0);
        multiply(tile, at);
        use.use(work.stream(), at, stride(), 0, width);
    }

    private long place(int turn, int from) {
        return whole != 0
                ? whole + (long) from * Float.BYTES
                : work.floats("tile of logits " + turn, (long) rows * width);
    }

    private long stride() {
        return whole != 0 ? dVocab : width;
    }

    private void multiply(Operand tile, long at) {
        if (sameTypes()) {
            boolean tf32 = precision == Precision.TF32;
            products().multiply(work.stream(), tile, inputs, rows, at, stride(), false, tf32);
        } else {
            products().multiply(work.stream(), precision, tile, inputs, rows, at, stride(), false);
        }
    }
}
