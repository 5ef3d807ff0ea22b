package entropylens.model;

import entropylens.hook.HookPoint.Site;
import entropylens.kernels.MatMul;
import entropylens.kernels.Matrix;
import entropylens.model.Weights.Block;
import entropylens.model.Weights.Linear;
import java.util.ArrayList;
import java.util.List;

/// The forward pass, one for every family:
///
///     x = W_E[token] (+ W_pos[position])
///     for each block:  x = x + attention(ln1(x));  x = x + mlp(ln2(x))
///
/// Holds the scratch arrays of one batch; the model it runs is shared.
final class Decoder {
    private final Model model;
    private final DecoderConfig config;
    private final MatMul matMul;

    Decoder(Model model) {
        this.model = model;
        this.config = model.config();
        this.matMul = model.matMul();
    }

    /// Feeds a batch through all blocks, shows the stream to the observers of its sessions, and
    /// stores keys and values.
    ///
    /// @return resid_post of the last block, `[rows × d_model]`, not normed
    /// @throws IllegalArgumentException when a token is outside the vocabulary, or a session was
    ///   made by another model
    /// @throws IllegalStateException when a session has no room
    float[] forward(Batch batch) {
        List<Session> locked = new ArrayList<>();
        try {
            for (Batch.Part part : batch.parts()) {
                part.session().requireMadeFor(config);
                part.session().lock();
                locked.add(part.session());
                part.session().requireRoomFor(part.tokens());
            }
            float[] x = run(batch, BatchRows.of(batch, config));
            for (Batch.Part part : batch.parts()) {
                part.session().advance(part.tokens().length);
            }
            return x;
        } finally {
            locked.forEach(Session::unlock);
        }
    }

    private float[] run(Batch batch, BatchRows rows) {
        int n = batch.rows();
        float[] x = embed(rows, n);
        float[] normed = new float[n * config.dModel()];
        float[] added = new float[n * config.dModel()];
        Attention attention = new Attention(model, rows);
        for (int layer = 0; layer < config.nLayers(); layer++) {
            Block block = model.weights().blocks().get(layer);
            rows.show(Site.RESID_PRE, layer, x);
            if (rows.attentionRuns(layer)) {
                block.ln1().apply(x, 0, n, normed);
                attention.run(layer, block, normed, added);
                rows.scaleAttention(layer, added);
                rows.show(Site.ATTN_OUT, layer, added);
                add(x, added);
            } else {
                showZeros(rows, Site.ATTN_OUT, layer, added);
            }
            rows.show(Site.RESID_MID, layer, x);
            if (rows.mlpRuns(layer)) {
                block.ln2().apply(x, 0, n, normed);
                mlp(block.mlp(), normed, n, added);
                rows.scaleMlp(layer, added);
                rows.show(Site.MLP_OUT, layer, added);
                add(x, added);
            } else {
                showZeros(rows, Site.MLP_OUT, layer, added);
            }
            rows.show(Site.RESID_POST, layer, x);
        }
        return x;
    }

    private static void showZeros(BatchRows rows, Site site, int layer, float[] added) {
        java.util.Arrays.fill(added, 0);
        rows.show(site, layer, added);
    }

    private float[] embed(BatchRows rows, int n) {
        int d = config.dModel();
        float[] x = new float[n * d];
        Matrix positions = model.weights().positions();
        float[] learned = new float[d];
        for (int r = 0; r < n; r++) {
            read(model.weights().embed(), rows.token(r), x, r * d);
            if (positions != null) {
                read(positions, rows.position(r), learned, 0);
                for (int i = 0; i < d; i++) {
                    x[r * d + i] += learned[i];
                }
            }
        }
        return x;
    }

    /// Row `row` of an embedding table.
    private void read(Matrix table, int row, float[] to, int offset) {
        matMul.kernels().read(table, table.byteOffset(row, 0), 1, table.inputs(), to, offset);
    }

    private void mlp(Weights.Mlp mlp, float[] normed, int n, float[] out) {
        float[] up = new float[n * config.dMlp()];
        multiply(normed, n, mlp.up(), up);
        Linear gateProjection = mlp.gate();
        if (gateProjection == null) {
            activate(up, n);
        } else {
            float[] gate = new float[n * config.dMlp()];
            multiply(normed, n, gateProjection, gate);
            activate(gate, n);
            for (int i = 0; i < gate.length; i++) {
                up[i] *= gate[i];
            }
        }
        multiply(up, n, mlp.down(), out);
    }

    private void activate(float[] values, int n) {
        int width = config.dMlp();
        matMul.pool()
                .run(
                        n,
                        row ->
                                matMul.kernels()
                                        .activate(config.activation(), values, row * width, width));
    }

    private void multiply(float[] x, int n, Linear linear, float[] out) {
        matMul.multiply(x, n, linear.matrix(), linear.bias(), out);
    }

    private static void add(float[] x, float[] added) {
        for (int i = 0; i < x.length; i++) {
            x[i] += added[i];
        }
    }
}
