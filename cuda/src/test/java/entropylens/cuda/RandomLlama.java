package entropylens.cuda;

import entropylens.cuda.driver.DeviceMemory;
import entropylens.cuda.driver.Gpu;
import entropylens.cuda.driver.Grid;
import entropylens.cuda.driver.Kernel;
import entropylens.kernels.Activation;
import entropylens.kernels.DenseMatrix;
import entropylens.kernels.Linear;
import entropylens.kernels.Matrix;
import entropylens.kernels.Matrix.Layout;
import entropylens.kernels.Projection;
import entropylens.kernels.WeightType;
import entropylens.model.AttentionShape;
import entropylens.model.DecoderConfig;
import entropylens.model.Model;
import entropylens.model.Norm;
import entropylens.model.NormWeights;
import entropylens.model.Positions;
import entropylens.model.Residual;
import entropylens.model.Rope;
import entropylens.model.RotaryFrequencies;
import entropylens.model.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// A Llama of given sizes whose bfloat16 weights are drawn on the device. On the host they are a
/// file with nothing in it, mapped and never read.
record RandomLlama(
        int layers, int dModel, int heads, int kvHeads, int dMlp, int dVocab, boolean tied) {
    static final RandomLlama OF_1B = new RandomLlama(16, 2048, 32, 8, 8192, 128_256, true);
    static final RandomLlama OF_8B = new RandomLlama(32, 4096, 32, 8, 14_336, 128_256, false);
    static final RandomLlama TINY = new RandomLlama(2, 64, 4, 2, 96, 512, true);

    private static final int N_CTX = 2048;

    static RandomLlama named(String name) {
        return switch (name) {
            case "1b" -> OF_1B;
            case "8b" -> OF_8B;
            default -> TINY;
        };
    }

    /// The model, on the device.
    Model on(CudaBackend backend, Arena arena) {
        Weights weights = weights(arena);
        Kernel fill = fill(backend.gpu());
        int seed = 0;
        for (Matrix matrix : ModelMatrices.multiplied(weights)) {
            draw(backend, fill, matrix, seed++);
        }
        if (!tied) {
            draw(backend, fill, weights.embedding().tokens(), seed);
        }
        return new Model(config(), weights, backend);
    }

    /// Standard deviation `1 / √inputs`, so that products stay of the size of their inputs.
    static void draw(CudaBackend backend, Kernel fill, Matrix matrix, int seed) {
        Gpu gpu = backend.gpu();
        long n = (long) matrix.outputs() * matrix.inputs();
        DeviceMemory memory = gpu.allocate(backend.weights().bytes(matrix), "random weights");
        fill(gpu, fill, memory.address(), WeightType.BF16, n, 1 / Math.sqrt(matrix.inputs()), seed);
        backend.weights().place(matrix, memory);
    }

    /// What draws normal numbers.
    static Kernel fill(Gpu gpu) {
        return gpu.compile("fill.cu", KernelSources.of("fill")).function("fill_normal");
    }

    static void fill(
            Gpu gpu, Kernel kernel, long address, WeightType type, long n, double std, int seed) {
        kernel.launch(
                gpu.stream(),
                Grid.of((int) Math.clamp(n / 1024, 1, 1 << 18)),
                256,
                0,
                address,
                type.ordinal(),
                n,
                (float) std,
                (long) seed);
    }

    DecoderConfig config() {
        int dHead = dModel / heads;
        Rope rope = new Rope.Fixed(RotaryFrequencies.plain(500_000, dHead));
        AttentionShape shape =
                new AttentionShape(
                        heads,
                        kvHeads,
                        dHead,
                        dHead,
                        1 / Math.sqrt(dHead),
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        false,
                        OptionalInt.empty(),
                        OptionalInt.empty());
        return new DecoderConfig(
                "llama",
                layers,
                dModel,
                dMlp,
                dVocab,
                N_CTX,
                Collections.nCopies(layers, shape),
                new Positions.Rotary(Collections.nCopies(layers, rope), Positions.Pairing.HALVES),
                Activation.SILU,
                Residual.SEQUENTIAL,
                1,
                1,
                OptionalDouble.empty(),
                tied);
    }

    private Weights weights(Arena arena) {
        int keys = dModel / heads * kvHeads;
        List<Weights.Block> blocks = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            Weights.Separate projections =
                    new Weights.Separate(
                            linear(arena, dModel, dModel),
                            linear(arena, keys, dModel),
                            linear(arena, keys, dModel));
            blocks.add(
                    new Weights.Block(
                            norm(),
                            new Weights.Attention(
                                    projections, null, null, linear(arena, dModel, dModel), null),
                            norm(),
                            new Weights.Mlp(
                                    linear(arena, dMlp, dModel),
                                    linear(arena, dMlp, dModel),
                                    linear(arena, dModel, dMlp),
                                    null)));
        }
        Matrix tokens = matrix(arena, dVocab, dModel);
        Matrix unembed = tied ? tokens : matrix(arena, dVocab, dModel);
        return new Weights(
                new Weights.Embedding(tokens, null, null, null),
                blocks,
                new Weights.Readout(norm(), null, unembed, null));
    }

    private Projection linear(Arena arena, int outputs, int inputs) {
        return new Linear(matrix(arena, outputs, inputs), null);
    }

    private NormWeights norm() {
        float[] ones = new float[dModel];
        Arrays.fill(ones, 1);
        return new NormWeights(new Norm.Rms(1e-5), ones, null);
    }

    /// Addresses that nothing is read from.
    static DenseMatrix matrix(Arena arena, int outputs, int inputs) {
        long bytes = (long) outputs * inputs * WeightType.BF16.bytes();
        try {
            Path hole = Files.createTempFile("random-weights", ".hole");
            try (FileChannel file =
                    FileChannel.open(hole, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                MemorySegment data = file.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
                return Matrix.dense(data, WeightType.BF16, outputs, inputs, Layout.OUT_IN);
            } finally {
                Files.delete(hole);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
