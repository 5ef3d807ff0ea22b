package entropylens.family;

import entropylens.adapter.Adapters;
import entropylens.checkpoint.Checkpoint;
import entropylens.checkpoint.DType;
import entropylens.checkpoint.Tensor;
import entropylens.gguf.MappedTensor;
import entropylens.kernels.CodedMatrix;
import entropylens.kernels.DenseMatrix;
import entropylens.kernels.Kernels;
import entropylens.kernels.Linear;
import entropylens.kernels.Matrix;
import entropylens.kernels.Matrix.Layout;
import entropylens.kernels.Projection;
import entropylens.kernels.WeightType;
import entropylens.model.CausalConvolution;
import entropylens.model.DecoderConfig;
import entropylens.quantised.Quantisation;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Takes tensors out of a checkpoint in the shapes that a model is built from: what it has learned,
/// or what it began with, in tensors of the same names, shapes and types.
final class TensorReader {
    private static final String WEIGHT = ".weight";

    private final Checkpoint checkpoint;
    private final TensorNames names;
    private final Adapters adapters;
    private final @Nullable InitialWeights initial;
    private final ToDoubleFunction<String> initialScale;
    private final @Nullable Quantisation quantisation;
    private final Map<String, Long> taken = new HashMap<>();
    private final Map<String, double[]> even = new HashMap<>();
    private String embedName = "";
    private @Nullable Matrix storedEmbedding;
    private boolean untiedByFile;

    /// What a model of the checkpoint's architecture begins with.
    ///
    /// @param adapters that are applied to it
    /// @param initial draws it; null where the checkpoint's own weights are read
    /// @param initialScale of a tensor, by its name; see [Family#initialScale]
    /// @param quantisation of the checkpoint; null where weights are stored as they are
    TensorReader(
            Checkpoint checkpoint,
            TensorNames names,
            Adapters adapters,
            @Nullable InitialWeights initial,
            ToDoubleFunction<String> initialScale,
            @Nullable Quantisation quantisation) {
        this.checkpoint = checkpoint;
        this.names = names;
        this.adapters = adapters;
        this.initial = initial;
        this.initialScale = initialScale;
        this.quantisation = quantisation;
    }

    boolean has(String name) {
        return names.has(name);
    }

    /// A `torch.nn.Linear` weight, or an embedding table: `[outputs, inputs]`, mapped.
    Matrix outIn(String name, int outputs, int inputs) {
        return ofAdapter(name, outputs, inputs).orElse(stored(name, outputs, inputs));
    }

    /// A matrix of the file.
    private Matrix stored(String name, int outputs, int inputs) {
        Optional<Matrix> coded = coded(name, outputs, inputs);
        if (coded.isPresent()) {
            return coded.get();
        }
        Optional<Matrix> mapped = mapped(name, outputs, inputs, outputs, inputs);
        if (mapped.isPresent()) {
            return initial == null ? mapped.get() : drawn(name, outputs, inputs);
        }
        Tensor tensor = takeStored(name, outputs, inputs);
        return Matrix.dense(data(tensor), type(tensor), outputs, inputs, Layout.OUT_IN);
    }

    /// A matrix of a file in GGUF that is not in the form of Hugging Face, where it is mapped.
    ///
    /// @param shape that it has there
    private Optional<Matrix> mapped(String name, int outputs, int inputs, long... shape) {
        String inFile = names.inFile(name);
        Optional<Matrix> matrix =
                checkpoint.derived(inFile, shape).orElse(null) instanceof MappedTensor tensor
                        ? tensor.matrix(outputs, inputs)
                        : Optional.empty();
        if (matrix.isPresent()) {
            taken.put(inFile, (long) outputs * inputs);
        }
        return matrix;
    }

    /// The matrix that an adapter puts in the place of one of the file.
    private Optional<Matrix> ofAdapter(String name, int outputs, int inputs) {
        return adapters.replacement(name, outputs, inputs)
                .map(tensor ->
                        Matrix.dense(tensor.data(), type(tensor), outputs, inputs, Layout.OUT_IN));
    }

    /// Matrices of one shape, `[count, outputs, inputs]`, as one with `count · outputs` outputs.
    Matrix stacked(String name, int count, int outputs, int inputs) {
        Tensor tensor = take(name, count, outputs, inputs);
        int all = Math.multiplyExact(count, outputs);
        return Matrix.dense(data(tensor), type(tensor), all, inputs, Layout.OUT_IN);
    }

    /// Matrices of one shape in one tensor, inputs first, `[count, inputs, outputs]`; or as codes,
    /// outputs first.
    List<Matrix> stackedInputsFirst(String name, int count, int outputs, int inputs) {
        List<Matrix> coded = codedStack(name, count, outputs, inputs);
        if (!coded.isEmpty()) {
            return coded;
        }
        Tensor tensor = take(name, count, inputs, outputs);
        MemorySegment data = data(tensor);
        long bytes = data.byteSize() / count;
        return IntStream.range(0, count)
                .<Matrix>mapToObj(i ->
                        Matrix.dense(
                                data.asSlice(i * bytes, bytes),
                                type(tensor),
                                outputs,
                                inputs,
                                Layout.IN_OUT))
                .toList();
    }

    private List<Matrix> codedStack(String name, int count, int outputs, int inputs) {
        Quantisation how = quantisation;
        Optional<String> stack =
                how == null
                        ? Optional.empty()
                        : names.variants(name).filter(how::hasStack).findFirst();
        if (how == null || stack.isEmpty()) {
            return List.of();
        }
        taken.put(name, (long) count * outputs * inputs);
        List<Matrix> coded =
                IntStream.range(0, count)
                        .<Matrix>mapToObj(i -> how.ofStack(stack.get(), count, i, outputs, inputs))
                        .toList();
        if (initial == null) {
            return coded;
        }
        Matrix all = drawn(name, Math.multiplyExact(count, outputs), inputs);
        return IntStream.range(0, count)
                .mapToObj(i -> all.outputs(i * outputs, (i + 1) * outputs))
                .toList();
    }

    /// `name.weight`, a GPT-2 `Conv1D`: `[inputs, outputs]`, mapped; with `name.bias`.
    Projection conv1d(String name, int outputs, int inputs) {
        Optional<Matrix> coded = coded(name + WEIGHT, outputs, inputs);
        if (coded.isPresent()) {
            return adapters.adapt(name, new Linear(coded.get(), bias(name + ".bias", outputs)));
        }
        Optional<Matrix> mapped = mapped(name + WEIGHT, outputs, inputs, inputs, outputs);
        if (mapped.isPresent()
                && initial == null
                && adapters.replacement(name + WEIGHT, inputs, outputs).isEmpty()) {
            return adapters.adapt(name, new Linear(mapped.get(), bias(name + ".bias", outputs)));
        }
        Tensor tensor = take(name + WEIGHT, inputs, outputs);
        return adapters.adapt(
                name,
                new Linear(
                        Matrix.dense(data(tensor), type(tensor), outputs, inputs, Layout.IN_OUT),
                        bias(name + ".bias", outputs)));
    }

    /// `name.weight`, a `torch.nn.Linear`, with `name.bias` where the configuration says so.
    Projection projection(String name, int outputs, int inputs, boolean biased) {
        return adapters.adapt(
                name,
                new Linear(
                        outIn(name + ".weight", outputs, inputs),
                        biased ? bias(name + ".bias", outputs) : null));
    }

    /// The matrix of a tensor whose weights are kept as codes. An untrained model has none: its
    /// weights are drawn in the type of those that are not quantised.
    private Optional<Matrix> coded(String name, int outputs, int inputs) {
        Quantisation how = quantisation;
        if (how == null || !name.endsWith(WEIGHT)) {
            return Optional.empty();
        }
        Optional<CodedMatrix> coded =
                names.variants(name.substring(0, name.length() - WEIGHT.length()))
                        .flatMap(module -> how.matrix(module, outputs, inputs).stream())
                        .findFirst();
        if (coded.isPresent()) {
            taken.put(name, (long) outputs * inputs);
        }
        return coded.map(matrix -> initial == null ? matrix : drawn(name, outputs, inputs));
    }

    private Matrix drawn(String name, int outputs, int inputs) {
        DType type = checkpoint.dtype().isComputable() ? checkpoint.dtype() : DType.BF16;
        double scale = initialScale.applyAsDouble(name);
        return Matrix.dense(
                Objects.requireNonNull(initial).matrix(name, type, (long) outputs * inputs, scale),
                type(type),
                outputs,
                inputs,
                Layout.OUT_IN);
    }

    private MemorySegment data(Tensor matrix) {
        if (initial == null) {
            return matrix.data();
        }
        double[] between = even.get(matrix.name());
        return between == null
                ? initial.matrix(matrix, initialScale.applyAsDouble(matrix.name()))
                : initial.even(matrix, between[0], between[1]);
    }

    /// Says of a matrix that is not read yet that training does not begin with normal numbers, but
    /// with some that are spread evenly. (Where its weights are kept as codes, they begin normal.)
    void even(String name, double low, double high) {
        even.put(names.inFile(name), new double[] {low, high});
    }

    /// What is added, widened to float32; training begins with zeros.
    float[] bias(String name, int width) {
        return vector(name, width, 0);
    }

    /// The weights of a norm, widened to float32.
    ///
    /// @param atFirst what training begins with: the weight that multiplies by 1
    float[] gain(String name, int width, float atFirst) {
        return vector(name, width, atFirst);
    }

    /// A vector whose exponentials training begins with spread evenly between two numbers, widened
    /// to float32.
    float[] logUniform(String name, int width, double low, double high) {
        float[] vector = vector(name, width, 0);
        return initial == null ? vector : initial.logUniform(name, width, low, high);
    }

    /// A vector of which softplus makes steps whose logarithms training begins with spread evenly.
    ///
    /// @param low,high of the steps
    /// @param least what a smaller one becomes
    float[] steps(String name, int width, double low, double high, double least) {
        float[] vector = vector(name, width, 0);
        return initial == null ? vector : initial.steps(name, width, low, high, least);
    }

    /// A vector that training begins with as `ln 1, ln 2, …`.
    float[] logarithms(String name, int width) {
        float[] vector = vector(name, width, 0);
        for (int i = 0; initial != null && i < width; i++) {
            vector[i] = (float) StrictMath.log(1 + i);
        }
        return vector;
    }

    /// Rows of which training begins each with `ln 1, ln 2, …`, `[count, width]`.
    float[] logarithms(String name, int count, int width) {
        float[] rows = gains(name, count, width, 0);
        for (int i = 0; initial != null && i < rows.length; i++) {
            rows[i] = (float) StrictMath.log(1 + i % width);
        }
        return rows;
    }

    /// The number in a tensor without dimensions, widened to float32.
    ///
    /// @param atFirst what training begins with
    float scalar(String name, float atFirst) {
        return vector(take(name), 1, atFirst)[0];
    }

    /// As [#gain], of several norms: `count` rows of `width`.
    float[] gains(String name, int count, int width, float atFirst) {
        return vector(take(name, count, width), Math.multiplyExact(count, width), atFirst);
    }

    /// What is added in each of `count` places, `[count, width]`; training begins with zeros.
    float[][] biases(String name, int count, int width) {
        Tensor tensor = take(name, count, width);
        float[] all = initial == null ? widened(tensor, tensor.data()) : new float[count * width];
        return IntStream.range(0, count)
                .mapToObj(i -> Arrays.copyOfRange(all, i * width, (i + 1) * width))
                .toArray(float[][]::new);
    }

    /// A vector that training begins with as it begins with a matrix.
    float[] drawnVector(String name, int width) {
        Tensor tensor = take(name, width);
        return widened(tensor, data(tensor));
    }

    private float[] vector(String name, int width, float atFirst) {
        return vector(take(name, width), width, atFirst);
    }

    private float[] vector(Tensor tensor, int width, float atFirst) {
        if (initial != null) {
            float[] vector = new float[width];
            Arrays.fill(vector, atFirst);
            return vector;
        }
        return widened(tensor, tensor.data());
    }

    private static float[] widened(Tensor tensor, MemorySegment data) {
        int elements = Math.toIntExact(tensor.elements());
        Matrix row = Matrix.dense(data, type(tensor), 1, elements, Layout.OUT_IN);
        float[] vector = new float[elements];
        Kernels.scalar().read(row, 0, 0, 1, elements, vector, 0);
        return vector;
    }

    /// The convolution of `name`, a `torch.nn.Conv1d` of one group a channel: `name.weight
    /// [channels, 1, taps]`, widened to float32, with `name.bias` where there is one.
    CausalConvolution convolution(String name, int channels, int taps, boolean biased) {
        Tensor tensor = take(name + WEIGHT, channels, 1, taps);
        Matrix stored = Matrix.dense(data(tensor), type(tensor), channels, taps, Layout.OUT_IN);
        float[] weights = new float[channels * taps];
        float[] one = new float[taps];
        for (int channel = 0; channel < channels; channel++) {
            Kernels.scalar().read(stored, channel, 0, 1, taps, one, 0);
            for (int tap = 0; tap < taps; tap++) {
                weights[tap * channels + channel] = one[tap];
            }
        }
        return new CausalConvolution(taps, weights, biased ? bias(name + ".bias", channels) : null);
    }

    /// W_E `[d_vocab, width]`. Where it is tied to W_U, a file may hold either.
    Matrix embedding(String name, DecoderConfig config, int width) {
        boolean other = config.tiedUnembed() && !has(name) && has(names.unembed());
        Matrix stored = stored(other ? names.unembed() : name, config.dVocab(), width);
        embedName = name;
        storedEmbedding = stored;
        return ofAdapter(name, config.dVocab(), width).orElse(stored);
    }

    /// W_U, as wide as W_E and as many rows. A file that holds another matrix for it than W_E
    /// unties the two, whatever the configuration says; so does transformers. So does an adapter
    /// that has one of the two for its own: the other stays the file's.
    ///
    /// @param embed as [#embedding] gave it
    Matrix unembed(Matrix embed, DecoderConfig config) {
        String name = names.unembed();
        int outputs = embed.outputs();
        int inputs = embed.inputs();
        if (!config.tiedUnembed()) {
            return outIn(name, outputs, inputs);
        }
        Optional<Matrix> ofAdapter = ofAdapter(name, outputs, inputs);
        if (ofAdapter.isPresent()) {
            return ofAdapter.get();
        }
        Matrix stored = storedEmbedding;
        Matrix tied = stored != null && adapters.unties(embedName) ? stored : embed;
        if (!has(name)) {
            return tied;
        }
        Tensor own = checkpoint.require(names.inFile(name), outputs, inputs);
        boolean same =
                stored instanceof DenseMatrix dense
                        && type(own) == dense.type()
                        && own.data().mismatch(dense.data()) < 0;
        if (same || initial != null) { // before training there is one matrix, as configured
            return tied;
        }
        untiedByFile = true;
        return outIn(name, outputs, inputs);
    }

    /// Whether the file has a W_U other than W_E, to which the configuration ties it.
    boolean untiedByFile() {
        return untiedByFile;
    }

    private Tensor take(String name, long... shape) {
        Tensor tensor = takeStored(name, shape);
        return adapters.replacement(name, shape).orElse(tensor);
    }

    private Tensor takeStored(String name, long... shape) {
        Tensor tensor = checkpoint.require(names.inFile(name), shape);
        taken.put(tensor.name(), tensor.elements());
        return tensor;
    }

    /// How many weights were taken: the parameters of the model. One that is used twice counts
    /// once.
    long parameters() {
        return taken.values().stream().mapToLong(Long::longValue).sum();
    }

    private static WeightType type(Tensor tensor) {
        return type(tensor.dtype());
    }

    private static WeightType type(DType type) {
        return switch (type) {
            case F32 -> WeightType.F32;
            case F16 -> WeightType.F16;
            case BF16 -> WeightType.BF16;
            default ->
                    throw new IllegalStateException(
                            "the checkpoint let through weights of " + type);
        };
    }
}
