package entropylens.cuda;

import entropylens.cuda.driver.Operand;
import entropylens.model.DecoderConfig;
import entropylens.model.Weights;

/// Embeddings of a token for every block, on the device: what `Embedder` and `BlockEnd` do with
/// them on the processor.
final class CudaPerLayer {
    private final DeviceWork work;
    private final DecoderConfig config;
    private final CudaProjections projections;
    private final int rows;
    private final int all;
    private final long vectors;

    /// @param x the stream before the first block
    CudaPerLayer(
            DeviceWork work,
            DecoderConfig config,
            CudaProjections projections,
            DeviceWeights matrices,
            Weights.PerLayerEmbedding own,
            RowTable table,
            long x) {
        this.work = work;
        this.config = config;
        this.projections = projections;
        this.rows = table.count();
        this.all = own.tokens().inputs();
        long n = (long) rows * all;
        this.vectors = work.floats("embeddings for all blocks", n);
        projections.apply(own.projection(), x, rows, vectors);
        work.flat("rows", "scale", n, vectors, (float) (1 / Math.sqrt(config.dModel())), n);
        projections.norm(own.norm(), vectors, rows, all, vectors, 0);
        long tokens = work.floats("embeddings of tokens for all blocks", n);
        Operand from = matrices.operand(own.tokens());
        work.byRow(
                "rows",
                "embed",
                rows,
                tokens,
                from.address(),
                from.type().ordinal(),
                table.tokens(),
                rows,
                all,
                (float) Math.sqrt(own.width()));
        work.flat("rows", "add", n, vectors, tokens, n);
        work.flat("rows", "scale", n, vectors, (float) Math.sqrt(0.5), n);
    }

    /// What a block adds to the stream `x`.
    ///
    /// @return address of `[rows × d_model]`
    long added(int layer, Weights.PerLayerInput weights, long x) {
        int width = weights.gate().outputs();
        long n = (long) rows * width;
        long gate = work.floats("gate of an embedding", n);
        projections.apply(weights.gate(), x, rows, gate);
        work.flat(
                "rows",
                "gate",
                n,
                gate,
                gate,
                width,
                vectors + (long) layer * width * Float.BYTES,
                all,
                config.activation().ordinal(),
                rows,
                width);
        long added = work.floats("what an embedding adds", (long) rows * config.dModel());
        projections.apply(weights.projection(), gate, rows, added);
        projections.norm(weights.norm(), added, rows, config.dModel(), added, 0);
        return added;
    }
}
