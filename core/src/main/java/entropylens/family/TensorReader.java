package entropylens.family;

import entropylens.checkpoint.Checkpoint;
import entropylens.checkpoint.Tensor;
import entropylens.kernels.Kernels;
import entropylens.kernels.Matrix;
import entropylens.kernels.Matrix.Layout;
import entropylens.kernels.WeightType;
import entropylens.model.Weights.Linear;
import java.util.HashMap;
import java.util.Map;

/// Takes tensors out of a checkpoint in the shapes that a model is built from.
final class TensorReader {
    private final Checkpoint checkpoint;
    private final Map<String, Long> taken = new HashMap<>();

    TensorReader(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
    }

    boolean has(String name) {
        return checkpoint.has(name);
    }

    /// A `torch.nn.Linear` weight, or an embedding table: `[outputs, inputs]`, mapped.
    Matrix outIn(String name, int outputs, int inputs) {
        Tensor tensor = take(name, outputs, inputs);
        return Matrix.dense(tensor.data(), type(tensor), outputs, inputs, Layout.OUT_IN);
    }

    /// A GPT-2 `Conv1D` weight: `[inputs, outputs]`, mapped.
    Matrix inOut(String name, int outputs, int inputs) {
        Tensor tensor = take(name, inputs, outputs);
        return Matrix.dense(tensor.data(), type(tensor), outputs, inputs, Layout.IN_OUT);
    }

    /// `name.weight` as a Linear, with `name.bias` where the configuration says so.
    Linear linear(String name, int outputs, int inputs, boolean biased) {
        return new Linear(
                outIn(name + ".weight", outputs, inputs),
                biased ? vector(name + ".bias", outputs) : null);
    }

    /// A vector, widened to float32.
    float[] vector(String name, int width) {
        Tensor tensor = take(name, width);
        Matrix row = Matrix.dense(tensor.data(), type(tensor), 1, width, Layout.OUT_IN);
        float[] vector = new float[width];
        Kernels.scalar().read(row, 0, 1, width, vector, 0);
        return vector;
    }

    private Tensor take(String name, long... shape) {
        Tensor tensor = checkpoint.require(name, shape);
        taken.put(name, tensor.elements());
        return tensor;
    }

    /// How many weights were taken: the parameters of the model. One that is used twice counts
    /// once.
    long parameters() {
        return taken.values().stream().mapToLong(Long::longValue).sum();
    }

    private static WeightType type(Tensor tensor) {
        return switch (tensor.dtype()) {
            case F32 -> WeightType.F32;
            case F16 -> WeightType.F16;
            case BF16 -> WeightType.BF16;
            default ->
                    throw new IllegalStateException(
                            "the checkpoint let through "
                                    + tensor.dtype()
                                    + " in "
                                    + tensor.name());
        };
    }
}
