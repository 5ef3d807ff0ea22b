package entropylens.cuda;

import entropylens.cuda.driver.Grid;
import entropylens.model.AttentionShape;
import entropylens.model.DecoderConfig;
import entropylens.model.NormWeights;
import entropylens.model.Positions;
import entropylens.model.Rope;
import entropylens.model.Weights;
import org.jspecify.annotations.Nullable;

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
    private AttentionShape shape;
    private long query;
    private long key;
    private long value;
    private long gates;

    CudaAttention(
            DeviceWork work, DecoderConfig config, CudaProjections projections, RowTable table) {
        this.work = work;
        this.config = config;
        this.projections = projections;
        this.table = table;
        this.rows = table.count();
        this.shape = config.attentions().getFirst();
    }

    /// `out = W_O z`, where z mixes the values that each row attends to.
    ///
    /// @param input what attention reads of the stream, `[rows × d_model]`
    /// @param shared whether other blocks read the keys of this one
    void run(int layer, Weights.Attention weights, long input, boolean shared, long out) {
        prepare(layer, weights, input, shared);
        long mixed = floats("what heads mix", shape.mixedWidth());
        attend(layer, weights, mixed);
        if (gates != 0) {
            long n = (long) rows * shape.mixedWidth();
            work.flat("rows", "gate_sigmoid", n, mixed, gates, n);
        }
        projections.apply(weights.output(), mixed, rows, out);
    }

    /// Keys and values of a block that no row runs, for the blocks that share them.
    void storeKeys(int layer, Weights.Attention weights, long input) {
        prepare(layer, weights, input, true);
    }

    private long floats(String what, int width) {
        return work.floats(what, (long) rows * width);
    }

    private void prepare(int layer, Weights.Attention weights, long input, boolean shared) {
        shape = config.attention(layer);
        gates = 0;
        query = floats("queries", shape.queryWidth());
        key = floats("keys", shape.keyWidth());
        value = floats("values", shape.valueWidth());
        project(weights.projections(), input);
        boolean own = shape.keysOf().isEmpty();
        shape.projectionClip().ifPresent(most -> clip((float) most, own));
        if (own) {
            norm(weights.valueNorm(), value, shape.valueWidth());
        }
        if (!shape.normsAfterTurn()) {
            norms(weights, own);
        }
        turn(layer, own);
        if (shape.normsAfterTurn()) {
            norms(weights, own);
        }
        if (own) {
            store(layer, shared);
        }
    }

    private void project(Weights.Projections from, long input) {
        CudaProjections.Inputs in = new CudaProjections.Inputs(input, rows);
        switch (from) {
            case Weights.Separate separate -> {
                projections.apply(separate.query(), in, query);
                projections.apply(separate.key(), in, key);
                projections.apply(separate.value(), in, value);
            }
            case Weights.GatedQueries gated -> {
                long both = floats("queries and gates", 2 * shape.queryWidth());
                projections.apply(gated.queriesAndGates(), in, both);
                gates = floats("gates of heads", shape.queryWidth());
                separateGates(both);
                projections.apply(gated.key(), in, key);
                projections.apply(gated.value(), in, value);
            }
            case Weights.QueriesAlone alone -> projections.apply(alone.query(), in, query);
            case Weights.KeysAsValues both -> {
                projections.apply(both.query(), in, query);
                projections.apply(both.key(), in, key);
                int width = shape.keyWidth();
                work.flat(
                        "rows",
                        "copy_columns",
                        (long) rows * width,
                        value,
                        width,
                        key,
                        width,
                        rows,
                        width);
            }
            case Weights.Interleaved interleaved -> {
                long fused = floats("fused projections", fusedWidth());
                projections.apply(interleaved.fused(), in, fused);
                separate(fused);
            }
            case Weights.InParts inParts -> {
                long fused = floats("fused projections", fusedWidth());
                projections.apply(inParts.fused(), in, fused);
                separateParts(fused, inParts.parts());
            }
            case Weights.Latent latent -> latent(latent, input);
        }
    }

    private int fusedWidth() {
        return shape.queryWidth() + shape.keyWidth() + shape.valueWidth();
    }

    private void separateGates(long both) {
        int vectors = rows * shape.nHeads();
        long n = 2L * vectors * shape.dHead();
        work.flat("attention", "split_gates", n, query, gates, both, vectors, shape.dHead());
    }

    private void separate(long fused) {
        work.flat(
                "attention",
                "split_interleaved",
                (long) rows * fusedWidth(),
                query,
                key,
                value,
                fused,
                rows,
                shape.nKvHeads(),
                shape.nHeads() / shape.nKvHeads(),
                shape.dHead(),
                shape.dValue());
    }

    private void separateParts(long fused, int parts) {
        work.flat(
                "attention",
                "split_parts",
                (long) rows * fusedWidth(),
                query,
                key,
                value,
                fused,
                rows * parts,
                shape.queryWidth() / parts,
                shape.valueWidth() / parts,
                shape.keyWidth() / parts);
    }

    private void latent(Weights.Latent latent, long input) {
        int turned = latent.keyValueDown().outputs() - latent.keyValueNorm().width();
        long from = input;
        if (latent.queryDown() != null) {
            int width = latent.queryDown().outputs();
            from = floats("narrow queries", width);
            projections.apply(latent.queryDown(), input, rows, from);
            norm(latent.queryDownNorm(), from, width);
        }
        long stored = floats("queries as stored", shape.queryWidth());
        projections.apply(latent.query(), from, rows, stored);
        int vectors = rows * shape.nHeads();
        work.flat(
                "attention",
                "latent_queries",
                (long) vectors * shape.dHead(),
                query,
                stored,
                vectors,
                shape.dHead(),
                turned);
        int downWidth = latent.keyValueDown().outputs();
        int narrow = latent.keyValueNorm().width();
        long down = floats("narrow keys and values", downWidth);
        projections.apply(latent.keyValueDown(), input, rows, down);
        long normed = floats("normed keys and values", narrow);
        work.flat(
                "rows",
                "copy_columns",
                (long) rows * narrow,
                normed,
                narrow,
                down,
                downWidth,
                rows,
                narrow);
        norm(latent.keyValueNorm(), normed, narrow);
        long ofHeads = floats("keys and values of heads", latent.keyValue().outputs());
        projections.apply(latent.keyValue(), normed, rows, ofHeads);
        work.flat(
                "attention",
                "latent_keys",
                (long) rows * (shape.keyWidth() + shape.valueWidth()),
                key,
                value,
                down,
                ofHeads,
                rows,
                shape.nKvHeads(),
                shape.dHead(),
                shape.dValue(),
                turned,
                downWidth);
    }

    private void clip(float most, boolean own) {
        clip(query, shape.queryWidth(), most);
        if (own) {
            clip(key, shape.keyWidth(), most);
            clip(value, shape.valueWidth(), most);
        }
    }

    private void clip(long vectors, int width, float most) {
        long n = (long) rows * width;
        work.flat("rows", "clip", n, vectors, most, n);
    }

    private void norms(Weights.Attention weights, boolean own) {
        norm(weights.queryNorm(), query, shape.queryWidth());
        if (own) {
            norm(weights.keyNorm(), key, shape.keyWidth());
        }
    }

    private void norm(@Nullable NormWeights norm, long vectors, int width) {
        if (norm != null) {
            projections.norm(norm, vectors, rows, width, vectors, 0);
        }
    }

    private void turn(int layer, boolean own) {
        if (config.positions() instanceof Positions.Rotary rotary
                && !(rotary.ropes().get(layer) instanceof Rope.None)) {
            Rope rope = rotary.ropes().get(layer);
            int neighbours = rotary.pairing() == Positions.Pairing.NEIGHBOURS ? 1 : 0;
            turn(rope, query, shape.nHeads(), neighbours);
            if (own) {
                turn(rope, key, shape.nKvHeads(), neighbours);
            }
        }
    }

    private void turn(Rope rope, long vectors, int heads, int neighbours) {
        RopeTables.Turn turn = table.turn(rope);
        int half = rope.rotated() / 2;
        work.flat(
                "attention",
                "rope",
                (long) rows * heads * half,
                vectors,
                turn.cos(),
                turn.sin(),
                turn.byRow() ? 0L : table.positions(),
                rows,
                heads,
                shape.dHead(),
                half,
                neighbours);
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
                key,
                value,
                rows,
                shape.nKvHeads(),
                shape.dHead(),
                shape.dValue());
    }

    private void attend(int layer, Weights.Attention weights, long mixed) {
        float[] sinks = weights.sinks();
        long itsSinks = sinks == null ? 0 : work.vector(sinks);
        RowTable.Tiles tiles = null;
        String kernel = "";
        int shared = 0;
        if (fits(RowTable.WIDE, WIDEST_VALUE_OF_WIDE)) {
            tiles = table.wide();
            kernel = "prefill32_f32";
            shared = prefillBytes(RowTable.WIDE);
        } else if (fits(RowTable.NARROW, WIDEST_VALUE_OF_NARROW)) {
            tiles = table.narrow();
            kernel = "prefill16_f32";
            shared = prefillBytes(RowTable.NARROW);
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
            int layer, RowTable.Tiles tiles, String kernel, int shared, long sinks, long mixed) {
        Bias bias = Bias.of(config, work);
        work.launch(
                "prefill",
                kernel,
                Grid.of(tiles.count(), shape.nHeads()),
                128,
                shared,
                mixed,
                query,
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
        int heads = Math.min(group, HEADS_OF_A_BLOCK);
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
                Float.BYTES * (heads * wide + heads * 128 + 2 * heads + 512 * heads),
                mixed,
                partial,
                query,
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
