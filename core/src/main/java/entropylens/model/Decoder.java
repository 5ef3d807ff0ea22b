package entropylens.model;

import entropylens.hook.HookPoint.Site;
import entropylens.model.Weights.Block;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The forward pass, one for every family:
///
///     x = embedding of the token
///     for each block:  x = x + attention(ln1(x));  x = x + mlp(ln2(x))
///
/// or another of the ways in which a block's halves join the stream ([Residual]).
final class Decoder implements ForwardPass {
    private final Model model;
    private final DecoderConfig config;

    Decoder(Model model) {
        this.model = model;
        this.config = model.config();
    }

    @Override
    public HostState newState(int capacity) {
        return HostState.of(config, capacity);
    }

    @Override
    public HostRows newRows(int together, int limit) {
        return new HostRows(config.dModel(), together, limit);
    }

    @Override
    public HostLastRows run(BatchRows rows) {
        return new HostLastRows(new Pass(rows).run(), config.dModel());
    }

    /// One batch on its way through the blocks.
    private final class Pass {
        private final BatchRows rows;
        private final float[] x;
        private final float[] normed;
        private final float[] attentionOut;
        private final float[] mlpOut;
        private final BlockEnd blockEnd;
        private final Mixers mixers;
        private final FeedForward feedForward;

        Pass(BatchRows rows) {
            this.rows = rows;
            Embedder embedder = new Embedder(model);
            x = embedder.embed(rows);
            blockEnd = new BlockEnd(model, rows, embedder.perLayer(rows, x));
            normed = new float[x.length];
            attentionOut = new float[x.length];
            // where the halves follow each other, the first is added before the second is computed
            mlpOut = config.residual().isParallel() ? new float[x.length] : attentionOut;
            mixers = new Mixers(model, rows);
            feedForward = new FeedForward(model, rows);
        }

        float[] run() {
            for (int layer = 0; layer < config.nLayers(); layer++) {
                Block block = model.weights().blocks().get(layer);
                rows.pass(Site.RESID_PRE, layer, x);
                switch (config.residual()) {
                    case SEQUENTIAL -> sequential(layer, block);
                    case PARALLEL, PARALLEL_ONE_NORM -> parallel(layer, block);
                    case POST_NORM -> postNorm(layer, block);
                    case ONE_SUM -> oneSum(layer, block);
                }
                if (block.finish() != null) {
                    blockEnd.run(layer, block.finish(), x);
                }
                rows.pass(Site.RESID_POST, layer, x);
            }
            return x;
        }

        private void sequential(int layer, Block block) {
            attend(layer, block, norm(block.ln1()));
            add(attentionOut);
            rows.pass(Site.RESID_MID, layer, x);
            feedForward(layer, block, norm(block.ln2()));
            add(mlpOut);
        }

        private void parallel(int layer, Block block) {
            float[] input = norm(block.ln1());
            attend(layer, block, input);
            boolean once = config.residual() == Residual.PARALLEL_ONE_NORM;
            feedForward(layer, block, once ? input : norm(block.ln2()));
            add(attentionOut);
            add(mlpOut);
        }

        private void postNorm(int layer, Block block) {
            attend(layer, block, x);
            add(attentionOut);
            rows.normStream(block.ln1(), x, row -> rows.attentionRuns(row, layer));
            rows.pass(Site.RESID_MID, layer, x);
            feedForward(layer, block, x);
            add(mlpOut);
            rows.normStream(block.ln2(), x, row -> rows.mlpRuns(row, layer));
        }

        private void oneSum(int layer, Block block) {
            float[] input = norm(block.ln1());
            attend(layer, block, input);
            add(attentionOut);
            feedForward(layer, block, input);
            add(mlpOut);
        }

        /// The normed stream, or the stream itself where there is no norm.
        private float[] norm(@Nullable NormWeights norm) {
            if (norm == null) {
                return x;
            }
            norm.apply(x, 0, x.length, normed, 0);
            return normed;
        }

        private void attend(int layer, Block block, float[] input) {
            Weights.Mixer mixer = block.mixer();
            if (mixer != null && rows.attentionRuns(layer)) {
                mixers.run(layer, mixer, input, attentionOut);
                finish(mixer.postNorm(), attentionOut);
                rows.scaleAttention(layer, attentionOut);
            } else {
                if (mixer != null) {
                    mixers.leaveOut(layer, mixer, input);
                }
                Arrays.fill(attentionOut, 0);
            }
            rows.pass(Site.ATTN_OUT, layer, attentionOut);
        }

        private void feedForward(int layer, Block block, float[] input) {
            Weights.FeedForward mlp = block.mlp();
            if (mlp != null && rows.mlpRuns(layer)) {
                feedForward.run(layer, mlp, input, mlpOut);
                finish(mlp.postNorm(), mlpOut);
                rows.scaleMlp(layer, mlpOut);
            } else {
                Arrays.fill(mlpOut, 0);
            }
            rows.pass(Site.MLP_OUT, layer, mlpOut);
        }

        private void finish(@Nullable NormWeights postNorm, float[] added) {
            if (postNorm != null) {
                postNorm.apply(added, 0, added.length, added, 0);
            }
            if (config.residualScale() != 1) {
                for (int i = 0; i < added.length; i++) {
                    added[i] *= config.residualScale();
                }
            }
        }

        private void add(float[] added) {
            for (int i = 0; i < x.length; i++) {
                x[i] += added[i];
            }
        }
    }
}
