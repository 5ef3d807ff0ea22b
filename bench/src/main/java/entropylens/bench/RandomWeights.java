package entropylens.bench;

import entropylens.kernels.Activation;
import entropylens.kernels.Linear;
import entropylens.kernels.Matrix;
import entropylens.kernels.Matrix.Layout;
import entropylens.kernels.Projection;
import entropylens.kernels.WeightType;
import entropylens.model.AttentionShape;
import entropylens.model.DecoderConfig;
import entropylens.model.Norm;
import entropylens.model.NormWeights;
import entropylens.model.Positions;
import entropylens.model.Residual;
import entropylens.model.Rope;
import entropylens.model.RotaryFrequencies;
import entropylens.model.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/// Random weights of given shapes, in native memory, as mapped ones would lie.
final class RandomWeights {
    private final Arena arena;
    private final SplittableRandom random = new SplittableRandom(1);

    RandomWeights(Arena arena) {
        this.arena = arena;
    }

    /// A matrix with entries of standard deviation `1 / √inputs`, so that products stay of the size
    /// of their inputs.
    Matrix matrix(int outputs, int inputs, WeightType type, Layout layout) {
        long count = (long) outputs * inputs;
        MemorySegment data = arena.allocate(count * type.bytes(), 64);
        float scale = (float) Math.sqrt(3.0 / inputs);
        for (long i = 0; i < count; i++) {
            float value = scale * (2 * random.nextFloat() - 1);
            switch (type) {
                case F32 -> data.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
                case BF16 ->
                        data.setAtIndex(
                                ValueLayout.JAVA_SHORT,
                                i,
                                (short) (Float.floatToRawIntBits(value) >>> 16));
                case F16 -> data.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(value));
            }
        }
        return Matrix.dense(data, type, outputs, inputs, layout);
    }

    float[] rows(int count, int width) {
        float[] rows = new float[count * width];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = 2 * random.nextFloat() - 1;
        }
        return rows;
    }

    /// Shapes of a decoder.
    ///
    /// @param gated Llama's MLP, norms and positions, matrices OUT_IN; otherwise GPT-2's, matrices
    ///   IN_OUT
    record Shape(
            int layers, int dModel, int heads, int kvHeads, int dMlp, int dVocab, boolean gated) {
        static final Shape GPT2_SMALL = new Shape(12, 768, 12, 12, 3072, 50257, false);

        /// A Llama of 0.4 billion parameters: the widths of Llama-3.2-1B, fewer blocks and a
        /// smaller vocabulary.
        static final Shape LLAMA = new Shape(6, 2048, 32, 8, 8192, 32768, true);

        /// The same with two thirds of the blocks.
        static final Shape LLAMA_SHORT = new Shape(4, 2048, 32, 8, 8192, 32768, true);

        /// Outputs of the projections of keys, and of values.
        int keys() {
            return dModel / heads * kvHeads;
        }

        /// Weights that a token is multiplied with, W_U included.
        long weights() {
            long mlp = (gated ? 3L : 2L) * dMlp * dModel;
            return layers * (2L * dModel * (dModel + keys()) + mlp) + (long) dVocab * dModel;
        }
    }

    DecoderConfig config(Shape shape) {
        int dHead = shape.dModel() / shape.heads();
        Rope rope = new Rope.Fixed(RotaryFrequencies.plain(10_000, dHead));
        return new DecoderConfig(
                shape.gated() ? "llama" : "gpt2",
                shape.layers(),
                shape.dModel(),
                shape.dMlp(),
                shape.dVocab(),
                1024,
                Collections.nCopies(
                        shape.layers(),
                        new AttentionShape(
                                shape.heads(),
                                shape.kvHeads(),
                                dHead,
                                dHead,
                                1 / Math.sqrt(dHead),
                                OptionalDouble.empty(),
                                OptionalDouble.empty(),
                                false,
                                OptionalInt.empty(),
                                OptionalInt.empty())),
                shape.gated()
                        ? new Positions.Rotary(
                                Collections.nCopies(shape.layers(), rope), Positions.Pairing.HALVES)
                        : new Positions.Learned(),
                shape.gated() ? Activation.SILU : Activation.GELU_TANH,
                Residual.SEQUENTIAL,
                1,
                1,
                OptionalDouble.empty(),
                true);
    }

    Weights weights(Shape shape, WeightType type) {
        Layout layout = shape.gated() ? Layout.OUT_IN : Layout.IN_OUT;
        int d = shape.dModel();
        int keys = d / shape.heads() * shape.kvHeads();
        List<Weights.Block> blocks = new ArrayList<>();
        for (int layer = 0; layer < shape.layers(); layer++) {
            blocks.add(
                    new Weights.Block(
                            norm(shape),
                            new Weights.Attention(
                                    new Weights.Separate(
                                            linear(d, d, type, layout),
                                            linear(keys, d, type, layout),
                                            linear(keys, d, type, layout)),
                                    null,
                                    null,
                                    linear(d, d, type, layout),
                                    null),
                            norm(shape),
                            new Weights.Mlp(
                                    shape.gated() ? linear(shape.dMlp(), d, type, layout) : null,
                                    linear(shape.dMlp(), d, type, layout),
                                    linear(d, shape.dMlp(), type, layout),
                                    null)));
        }
        Matrix embed = matrix(shape.dVocab(), d, type, Layout.OUT_IN);
        Matrix positions = shape.gated() ? null : matrix(1024, d, type, Layout.OUT_IN);
        return new Weights(
                new Weights.Embedding(embed, null, null, positions),
                blocks,
                new Weights.Readout(norm(shape), null, embed, null));
    }

    private Projection linear(int outputs, int inputs, WeightType type, Layout layout) {
        return new Linear(matrix(outputs, inputs, type, layout), null);
    }

    private static NormWeights norm(Shape shape) {
        float[] ones = new float[shape.dModel()];
        Arrays.fill(ones, 1);
        return new NormWeights(
                shape.gated() ? new Norm.Rms(1e-5) : new Norm.Layer(1e-5), ones, null);
    }

    /// Bytes of weights that decoding one token reads: every matrix, W_U included.
    static long bytesPerToken(Weights weights) {
        long bytes = weights.readout().unembed().bytes();
        for (Weights.Block block : weights.blocks()) {
            var mlp = (Weights.Mlp) block.mlp();
            Projection gate = mlp.gate();
            Weights.Attention attention = block.attention().orElseThrow();
            var separate = (Weights.Separate) attention.projections();
            bytes +=
                    separate.query().bytes()
                            + separate.key().bytes()
                            + separate.value().bytes()
                            + attention.output().bytes()
                            + (gate == null ? 0 : gate.bytes())
                            + mlp.up().bytes()
                            + mlp.down().bytes();
        }
        return bytes;
    }
}
