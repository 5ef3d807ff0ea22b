package entropylens.cuda;

import entropylens.model.AttentionShape;
import entropylens.model.DecoderConfig;
import entropylens.model.NormWeights;
import entropylens.model.Positions;
import entropylens.model.Rope;
import entropylens.model.Weights;
import org.jspecify.annotations.Nullable;

/// Queries, keys and values of the rows of one pass, block after block, on the device: projected,
/// normed and turned.
final class CudaHeads {
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

    CudaHeads(DeviceWork work, DecoderConfig config, CudaProjections projections, RowTable table) {
        this.work = work;
        this.config = config;
        this.projections = projections;
        this.table = table;
        this.rows = table.count();
        this.shape = config.attentions().getFirst();
    }

    /// Goes on to a block.
    ///
    /// @param input what attention reads of the stream, `[rows × d_model]`
    void prepare(int layer, Weights.Attention weights, long input) {
        shape = config.attention(layer);
        gates = 0;
        query = floats("queries", shape.queryWidth());
        key = floats("keys", shape.keyWidth());
        value = floats("values", shape.valueWidth());
        project(weights.projections(), input);
        boolean own = hasKeys();
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
    }

    AttentionShape shape() {
        return shape;
    }

    /// Whether the block has keys and values of its own.
    boolean hasKeys() {
        return shape.keysOf().isEmpty();
    }

    long query() {
        return query;
    }

    long key() {
        return key;
    }

    long value() {
        return value;
    }

    /// Gates of what heads mix, before their sigmoids; 0 where there are none.
    long gates() {
        return gates;
    }

    private long floats(String what, int width) {
        return work.floats(what, (long) rows * width);
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
}
