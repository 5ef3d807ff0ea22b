package entropylens.cuda;

import entropylens.cuda.driver.DeviceMemory;
import entropylens.cuda.driver.Operand;
import entropylens.hook.HookPoint;
import entropylens.hook.HookPoint.Site;
import entropylens.model.DecoderConfig;
import entropylens.model.NormWeights;
import entropylens.model.Residual;
import entropylens.model.Weights;
import entropylens.model.Weights.Block;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One batch on its way through the blocks, on the device, step by step as `Decoder` goes on the
/// processor.
final class CudaPass {
    private final DeviceWork work;
    private final DecoderConfig config;
    private final Weights weights;
    private final DeviceWeights matrices;
    private final RowTable table;
    private final BitSet sharingKeys;
    private final CudaProjections projections;
    private final CudaAttention attention;
    private final CudaFeedForward feedForward;
    private final DeviceMemory stream;
    private final int rows;
    private final long n;
    private final long x;
    private final long normed;
    private final long attentionOut;
    private final long mlpOut;
    private @Nullable CudaPerLayer perLayer;

    /// @param sharingKeys blocks whose keys and values others read
    /// @param stream where the stream is to be
    CudaPass(
            DeviceWork work,
            DecoderConfig config,
            Weights weights,
            DeviceWeights matrices,
            CudaProjections projections,
            BitSet sharingKeys,
            RowTable table,
            DeviceMemory stream) {
        this.work = work;
        this.config = config;
        this.weights = weights;
        this.matrices = matrices;
        this.projections = projections;
        this.sharingKeys = sharingKeys;
        this.table = table;
        this.stream = stream;
        this.rows = table.count();
        this.n = (long) rows * config.dModel();
        this.x = stream.address();
        this.normed = work.floats("the normed stream", n);
        this.attentionOut = work.floats("what attention adds", n);
        this.mlpOut =
                config.residual().isParallel() ? work.floats("what the MLP adds", n) : attentionOut;
        this.attention = new CudaAttention(work, config, projections, table);
        this.feedForward = new CudaFeedForward(work, config, projections);
    }

    void run() {
        embed();
        for (int layer = 0; layer < config.nLayers(); layer++) {
            Block block = weights.blocks().get(layer);
            passStream(Site.RESID_PRE, layer);
            switch (config.residual()) {
                case SEQUENTIAL -> sequential(layer, block);
                case PARALLEL, PARALLEL_ONE_NORM -> parallel(layer, block);
                case POST_NORM -> postNorm(layer, block);
                case ONE_SUM -> oneSum(layer, block);
            }
            if (block.finish() != null) {
                end(layer, block.finish());
            }
            passStream(Site.RESID_POST, layer);
        }
    }

    private void end(int layer, Weights.Finish finish) {
        Weights.PerLayerInput input = finish.perLayer();
        long added = input == null || perLayer == null ? 0 : perLayer.added(layer, input, x);
        work.flat(
                "rows",
                "end_block",
                n,
                x,
                added,
                table.runs(layer),
                finish.scale(),
                rows,
                config.dModel());
    }

    private void embed() {
        Weights.Embedding embedding = weights.embedding();
        int width = embedding.tokens().inputs();
        long to =
                embedding.projection() == null ? x : work.floats("embeddings", (long) rows * width);
        Operand tokens = matrices.operand(embedding.tokens());
        work.byRow(
                "rows",
                "embed",
                rows,
                to,
                tokens.address(),
                type(tokens),
                table.tokens(),
                rows,
                width,
                config.embeddingScale());
        if (embedding.projection() != null) {
            projections.apply(embedding.projection(), to, rows, x);
        }
        if (embedding.norm() != null) {
            projections.norm(embedding.norm(), x, rows, config.dModel(), x, 0);
        }
        if (embedding.positions() != null) {
            Operand positions = matrices.operand(embedding.positions());
            work.byRow(
                    "rows",
                    "add_embedded",
                    rows,
                    x,
                    positions.address(),
                    type(positions),
                    table.positions(),
                    rows,
                    config.dModel());
        }
        if (embedding.perLayer() != null) {
            perLayer =
                    new CudaPerLayer(
                            work, config, projections, matrices, embedding.perLayer(), table, x);
        }
    }

    /// As the kernels name it: the place of the type in `WeightType`.
    private static int type(Operand operand) {
        return operand.type().ordinal();
    }

    private void sequential(int layer, Block block) {
        attend(layer, block, norm(block.ln1()));
        addAttention(layer);
        passStream(Site.RESID_MID, layer);
        feedForward(layer, block, norm(block.ln2()));
        addMlp(layer);
    }

    private void parallel(int layer, Block block) {
        long input = norm(block.ln1());
        attend(layer, block, input);
        boolean once = config.residual() == Residual.PARALLEL_ONE_NORM;
        feedForward(layer, block, once ? input : norm(block.ln2()));
        addAttention(layer);
        addMlp(layer);
    }

    private void postNorm(int layer, Block block) {
        attend(layer, block, x);
        addAttention(layer);
        normStream(block.ln1(), layer, true);
        passStream(Site.RESID_MID, layer);
        feedForward(layer, block, x);
        addMlp(layer);
        normStream(block.ln2(), layer, false);
    }

    private void oneSum(int layer, Block block) {
        long input = norm(block.ln1());
        attend(layer, block, input);
        addAttention(layer);
        feedForward(layer, block, input);
        addMlp(layer);
    }

    private long norm(@Nullable NormWeights norm) {
        if (norm == null) {
            return x;
        }
        projections.norm(norm, x, rows, config.dModel(), normed, 0);
        return normed;
    }

    /// The norm of what was summed up; of rows that left the half out, neither.
    private void normStream(@Nullable NormWeights norm, int layer, boolean ofAttention) {
        boolean any = ofAttention ? table.rows().attentionRuns(layer) : table.rows().mlpRuns(layer);
        if (norm != null && any) {
            long factors = ofAttention ? table.attentionFactors(layer) : table.mlpFactors(layer);
            projections.norm(norm, x, rows, config.dModel(), x, factors);
        }
    }

    private boolean attentionRuns(int layer, Block block) {
        return block.mixer() != null && table.rows().attentionRuns(layer);
    }

    private boolean mlpRuns(int layer, Block block) {
        return block.mlp() != null && table.rows().mlpRuns(layer);
    }

    private void attend(int layer, Block block, long input) {
        Weights.Attention mixer = Objects.requireNonNull((Weights.Attention) block.mixer());
        boolean shared = sharingKeys.get(layer);
        if (attentionRuns(layer, block)) {
            attention.run(layer, mixer, input, shared, attentionOut);
            finish(mixer.postNorm(), attentionOut, table.attentionFactors(layer));
        } else {
            if (shared) {
                attention.storeKeys(layer, mixer, input);
            }
            work.flat("rows", "fill", n, attentionOut, 0f, n);
        }
        pass(Site.ATTN_OUT, layer, work.memory("what attention adds"));
    }

    private void feedForward(int layer, Block block, long input) {
        Weights.FeedForward mlp = block.mlp();
        if (mlp != null && mlpRuns(layer, block)) {
            feedForward.run(layer, mlp, table.rows(), input, mlpOut);
            finish(mlp.postNorm(), mlpOut, table.mlpFactors(layer));
        } else {
            work.flat("rows", "fill", n, mlpOut, 0f, n);
        }
        pass(
                Site.MLP_OUT,
                layer,
                work.memory(
                        config.residual().isParallel()
                                ? "what the MLP adds"
                                : "what attention adds"));
    }

    private void finish(@Nullable NormWeights postNorm, long added, long factors) {
        if (postNorm != null) {
            projections.norm(postNorm, added, rows, config.dModel(), added, 0);
        }
        if (factors != 0 || config.residualScale() != 1) {
            work.flat(
                    "rows",
                    "scale_rows",
                    n,
                    added,
                    factors,
                    config.residualScale(),
                    rows,
                    config.dModel());
        }
    }

    private void addAttention(int layer) {
        if (isThere(layer, Site.ATTN_OUT, attentionRuns(layer, weights.blocks().get(layer)))) {
            work.flat("rows", "add", n, x, attentionOut, n);
        }
    }

    private void addMlp(int layer) {
        if (isThere(layer, Site.MLP_OUT, mlpRuns(layer, weights.blocks().get(layer)))) {
            work.flat("rows", "add", n, x, mlpOut, n);
        }
    }

    /// Whether there is anything to add: what was computed, or patched.
    private boolean isThere(int layer, Site site, boolean runs) {
        return runs || (table.touched() && table.rows().isTouched(site, layer));
    }

    private void passStream(Site site, int layer) {
        pass(site, layer, stream);
    }

    /// Puts patches in the place of what was computed, shows what is there then, and keeps it.
    private void pass(Site site, int layer, DeviceMemory values) {
        if (table.touched() && table.rows().isTouched(site, layer)) {
            float[] floats = new float[Math.toIntExact(n)];
            MemorySegment all = MemorySegment.ofArray(floats);
            values.copyTo(all, 0);
            table.rows().pass(site, layer, floats);
            values.copyFrom(all, 0);
        }
        for (int part : table.keeps(new HookPoint(site, layer))) {
            work.flat(
                    "rows",
                    "scatter_to",
                    n,
                    table.orNone(part),
                    values.address(),
                    rows,
                    config.dModel());
        }
    }
}
