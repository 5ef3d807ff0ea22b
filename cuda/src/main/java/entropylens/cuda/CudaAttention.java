package entropylens.cuda;

import entropylens.cuda.driver.Grid;
import entropylens.model.AttentionShape;
import entropylens.model.DecoderConfig;
import entropylens.model.Positions;
import entropylens.model.Weights;

/// Causal self-attention of the rows of one pass, on the device: what `Attention` does on the
/// processor.
final class CudaAttention {
    /// Bytes of shared memory that every device gives a block without being asked.
    private static final int SHARED = 48 << 10;

    /// Widest value that the prefill kernels have registers for.
    private static final int WIDEST_VALUE_OF_WIDE = 160;

    private static final int WIDEST_VALUE_OF_NARROW = 352;

    /// Query heads that one block of the decode kernel serves.
    private static final int HEADS_OF_A_BLOCK = 8;

    /// Positions that a block should have at least, where the context is split among blocks.
    private static final int POSITIONS_OF_A_SPLIT = 256;

    private static final int BLOCKS_PER_MULTIPROCESSOR = 4;

    private final DeviceWork work;
    private final DecoderConfig config;
    private final CudaProjections projections;
    private final RowTable table;
    private final int rows;
    private final CudaHeads heads;
    private AttentionShape shape;

    CudaAttention(
            DeviceWork work, DecoderConfig config, CudaProjections projections, RowTable table) {
        this.work = work;
        this.config = config;
        this.projections = projections;
        this.table = table;
        this.rows = table.count();
        this.heads = new CudaHeads(work, config, projections, table);
        this.shape = heads.shape();
    }

    /// `out = W_O z`, where z mixes the values that each row attends to.
    ///
    /// @param input what attention reads of the stream, `[rows × d_model]`
    /// @param shared whether other blocks read the keys of this one
    void run(int layer, Weights.Attention weights, long input, boolean shared, long out) {
        heads.prepare(layer, weights, input);
        shape = heads.shape();
        if (heads.hasKeys()) {
            store(layer, shared);
        }
        long n = (long) rows * shape.mixedWidth();
        long mixed = work.floats("what heads mix", n);
        attend(layer, weights, mixed);
        if (heads.gates() != 0) {
            work.flat("rows", "gate_sigmoid", n, mixed, heads.gates(), n);
        }
        projections.apply(weights.output(), mixed, rows, out);
    }

    /// Keys and values of a block that no row runs, for the blocks that share them.
    void storeKeys(int layer, Weights.Attention weights, long input) {
        heads.prepare(layer, weights, input);
        shape = heads.shape();
        if (heads.hasKeys()) {
            store(layer, true);
        }
    }

    private void store(int layer, boolean shared) {
        work.flat(
                "attention",
                "append_f32",
                (long) rows * (shape.keyWidth() + shape.valueWidth()),
                table.keys(layer),
                table.values(layer),
                table.positions(),
                shared ? 0L : table.attentionFactors(layer),
                heads.key(),
                heads.value(),
                rows,
                shape.nKvHeads(),
                shape.dHead(),
                shape.dValue());
    }

    private void attend(int layer, Weights.Attention weights, long mixed) {
        float[] sinks = weights.sinks();
        long itsSinks = sinks == null ? 0 : work.vector(sinks);
        QueryTiles tiles = null;
        String kernel = "";
        int shared = 0;
        if (fits(QueryTiles.WIDE, WIDEST_VALUE_OF_WIDE)) {
            tiles = table.wide();
            kernel = "prefill32_f32";
            shared = prefillBytes(QueryTiles.WIDE);
        } else if (fits(QueryTiles.NARROW, WIDEST_VALUE_OF_NARROW)) {
            tiles = table.narrow();
            kernel = "prefill16_f32";
            shared = prefillBytes(QueryTiles.NARROW);
        }
        if (tiles == null || tiles.count() == 0) {
            oneByOne(layer, itsSinks, table.attentionFactors(layer), mixed);
            return;
        }
        if (tiles.anyOthers()) {
            oneByOne(layer, itsSinks, table.orNone(tiles.others()), mixed);
        }
        inTiles(layer, tiles, kernel, shared, itsSinks, mixed);
    }

    private boolean fits(int most, int widestValue) {
        return shape.dValue() <= widestValue && prefillBytes(most) <= SHARED;
    }

    /// Shared memory of a prefill kernel: queries, keys or values, and scores, each row of which is
    /// four floats longer than it is wide.
    private int prefillBytes(int most) {
        int ofKey = Math.ceilDiv(shape.dHead(), 4) * 4;
        int widest = Math.max(ofKey, Math.ceilDiv(shape.dValue(), 4) * 4);
        return Float.BYTES * most * (ofKey + 4 + widest + 4 + most + 4);
    }

    private void inTiles(
            int layer, QueryTiles tiles, String kernel, int shared, long sinks, long mixed) {
        Bias bias = Bias.of(config, work);
        work.launch(
                "prefill",
                kernel,
                Grid.of(tiles.count(), shape.nHeads()),
                128,
                shared,
                mixed,
                heads.query(),
                table.keys(layer),
                table.values(layer),
                table.positions(),
                table.firsts(shape),
                table.scales(shape),
                table.attentionFactors(layer),
                sinks,
                bias.slopes,
                bias.rounded,
                bias.scale,
                softcap(),
                shape.nHeads(),
                shape.nKvHeads(),
                shape.dHead(),
                shape.dValue(),
                table.orNone(tiles.tiles()));
    }

    private float softcap() {
        return (float) shape.scoreSoftcap().orElse(0);
    }

    /// @param runs of each row 0 where it is left out; 0 for none
    private void oneByOne(int layer, long sinks, long runs, long mixed) {
        int group = shape.nHeads() / shape.nKvHeads();
        int together = Math.min(group, HEADS_OF_A_BLOCK);
        int blocksOfKv = Math.ceilDiv(group, HEADS_OF_A_BLOCK);
        int splits = splits((long) rows * shape.nKvHeads() * blocksOfKv);
        long partial =
                splits == 1
                        ? 0
                        : work.floats(
                                "parts of attention",
                                (long) rows * shape.nHeads() * splits * (shape.dValue() + 2));
        int wide = Math.ceilDiv(shape.dHead(), 4) * 4;
        Bias bias = Bias.of(config, work);
        work.launch(
                "attention",
                "attention_f32",
                new Grid(rows, shape.nKvHeads() * blocksOfKv, splits),
                128,
                Float.BYTES * together * (wide + 128 + 2 + 512),
                mixed,
                partial,
                heads.query(),
                table.keys(layer),
                table.values(layer),
                table.positions(),
                table.firsts(shape),
                table.scales(shape),
                runs,
                sinks,
                bias.slopes,
                bias.rounded,
                bias.scale,
                softcap(),
                shape.nHeads(),
                shape.nKvHeads(),
                shape.dHead(),
                shape.dValue(),
                splits);
        if (splits > 1) {
            work.launch(
                    "attention",
                    "attention_merge",
                    Grid.of(rows, shape.nHeads()),
                    128,
                    0,
                    mixed,
                    partial,
                    runs,
                    sinks,
                    rows,
                    shape.nHeads(),
                    shape.dValue(),
                    splits);
        }
    }

    private int splits(long blocks) {
        long wanted = (long) BLOCKS_PER_MULTIPROCESSOR * work.gpu().multiprocessors();
        long most = Math.max(1, table.longestText() / POSITIONS_OF_A_SPLIT);
        return (int) Math.clamp(wanted / blocks, 1, most);
    }

    /// Biases that grow with the distance, as the kernels take them.
    private record Bias(long slopes, int rounded, float scale) {
        static Bias of(DecoderConfig config, DeviceWork work) {
            return config.positions() instanceof Positions.Alibi alibi
                    ? new Bias(
                            work.vector(alibi.slopes()),
                            alibi.roundedToBfloat16() ? 1 : 0,
                            alibi.scale())
                    : new Bias(0, 0, 1);
        }
    }
}
