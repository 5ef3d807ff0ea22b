package entropylens.cuda;

import entropylens.cuda.driver.DeviceMemory;
import entropylens.cuda.driver.Gpu;
import entropylens.kernels.Matrix;
import entropylens.kernels.Precision;
import entropylens.model.AttentionShape;
import entropylens.model.BatchRows;
import entropylens.model.DecoderConfig;
import entropylens.model.ForwardPass;
import entropylens.model.KeptRows;
import entropylens.model.LastRows;
import entropylens.model.MixerShape;
import entropylens.model.SessionState;
import entropylens.model.Weights;
import entropylens.model.Weights.Block;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Forward passes on a GPU, from tokens to the stream after the last block, for models whose blocks
/// are attention and an MLP or experts. Sessions' keys and values and all activations stay on the
/// device.
///
/// One pass at a time: several threads may use it, and wait for each other.
final class CudaDecoder implements ForwardPass {
    /// Rows of a pass from which on products are bound by arithmetic.
    private static final int ROWS = 1024;

    private static final int FEWEST_ROWS = 64;

    /// Widest value and key that the attention kernels take.
    private static final int WIDEST_VALUE = 512;

    private static final int WIDEST_KEY = 1024;

    /// Scratch of products and of readouts, and small tables.
    private static final long SCRATCH = 512L << 20;

    private final DeviceWork work;
    private final Gpu gpu;
    private final DecoderConfig config;
    private final Weights weights;
    private final DeviceWeights matrices;
    private final CudaProjections projections;
    private final CudaUnembed unembed;
    private final RopeTables ropes;
    private final PassUpload upload;
    private final BitSet sharingKeys = new BitSet();
    private final int rowsPerPass;

    CudaDecoder(
            DeviceWork work,
            DecoderConfig config,
            Weights weights,
            DeviceWeights matrices,
            Precision precision) {
        this.work = work;
        this.gpu = work.gpu();
        this.config = config;
        this.weights = weights;
        this.matrices = matrices;
        this.projections = new CudaProjections(work, matrices, precision);
        this.unembed =
                new CudaUnembed(
                        work, matrices, projections, weights.readout(), config.logitSoftcap());
        this.ropes = new RopeTables(gpu);
        this.upload = new PassUpload(gpu);
        matrices.load(tables(weights.embedding()));
        config.attentions().forEach(shape -> shape.keysOf().ifPresent(sharingKeys::set));
        int rows = ROWS;
        while (rows > FEWEST_ROWS && activations(rows) > gpu.freeBytes() / 8) {
            rows /= 2;
        }
        this.rowsPerPass = rows;
    }

    /// What is read row by row, beside the matrices that rows are multiplied with.
    private static List<Matrix> tables(Weights.Embedding embedding) {
        List<Matrix> tables = new ArrayList<>();
        tables.add(embedding.tokens());
        if (embedding.positions() != null) {
            tables.add(embedding.positions());
        }
        if (embedding.perLayer() != null) {
            tables.add(embedding.perLayer().tokens());
        }
        return tables;
    }

    /// What a model has that is computed on the processor only; empty where there is nothing, and
    /// whole passes can be computed here.
    static Optional<String> lacking(DecoderConfig config, Weights weights) {
        for (MixerShape mixer : config.mixers()) {
            if (!(mixer instanceof AttentionShape shape)) {
                return Optional.of("recurrent blocks");
            }
            if (shape.dHead() > WIDEST_KEY || shape.dValue() > WIDEST_VALUE) {
                return Optional.of(
                        "heads of %d and %d elements".formatted(shape.dHead(), shape.dValue()));
            }
        }
        for (Block block : weights.blocks()) {
            if (!(block.mixer() instanceof Weights.Attention)) {
                return Optional.of("blocks without attention");
            }
            if (block.mlp() == null) {
                return Optional.of("blocks without an MLP");
            }
        }
        return Optional.empty();
    }

    @Override
    public SessionState newState(int capacity) {
        return new CudaState(gpu, config, capacity);
    }

    @Override
    public KeptRows newRows(int together, int limit) {
        return new CudaRows(gpu, config.dModel(), together);
    }

    @Override
    public LastRows run(BatchRows rows) {
        work.lock().lock();
        try {
            RowTable table = new RowTable(config, rows, ropes, upload);
            long bytes = (long) rows.count() * config.dModel() * Float.BYTES;
            DeviceMemory stream = gpu.pool().take(bytes, "the stream");
            try {
                new CudaPass(
                                work,
                                config,
                                weights,
                                matrices,
                                projections,
                                sharingKeys,
                                table,
                                stream)
                        .run();
            } catch (RuntimeException | Error e) {
                stream.close();
                throw e;
            }
            return new CudaLastRows(stream, rows.count(), config.dModel(), unembed);
        } finally {
            work.lock().unlock();
        }
    }

    @Override
    public int rowsPerPass() {
        return rowsPerPass;
    }

    @Override
    public OptionalLong memory() {
        long scratch = Math.min(SCRATCH, gpu.totalBytes() / 16);
        long toCome = Math.max(0, activations(rowsPerPass) + scratch - scratchBytes());
        // of one pass all rows may be kept beyond what is read out as soon as it is full
        long kept = 4L * rowsPerPass * config.dModel() * (config.nLayers() + 1);
        long free = gpu.freeBytes() + gpu.pool().freeBytes();
        return OptionalLong.of(Math.max(0, free - toCome - kept));
    }

    @Override
    public long bytesToCome(Collection<Matrix> others) {
        return matrices.bytesToCome(others);
    }

    private long scratchBytes() {
        work.lock().lock();
        try {
            return work.bytes();
        } finally {
            work.lock().unlock();
        }
    }

    /// Bytes of the activations of a pass.
    private long activations(int rows) {
        long mixer = config.mixers().stream().mapToLong(MixerShape::rowFloats).max().orElse(0);
        long each = 5L * config.dModel() + 2 * mixer + 3L * config.dMlp();
        long chosen = (long) Math.min(rows, CudaUnembed.ROWS) * config.dVocab();
        return Float.BYTES * (rows * each + chosen);
    }
}
