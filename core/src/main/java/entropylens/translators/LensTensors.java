package entropylens.translators;

import entropylens.checkpoint.Checkpoint;
import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.Tensor;
import entropylens.kernels.Backend;
import entropylens.kernels.DenseMatrix;
import entropylens.kernels.Linear;
import entropylens.kernels.Matrix;
import entropylens.kernels.WeightType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The tensors of a lens: squares and vectors of one width. It remembers which were taken.
final class LensTensors {
    /// Wider than any model; a bound for what is computed from it.
    private static final int MAX_WIDTH = 1 << 20;

    private final Path file;
    private final Checkpoint tensors;
    private final int dModel;
    private final Backend backend;
    private final Set<String> taken = new TreeSet<>();

    LensTensors(Path file, Checkpoint tensors, long dModel, Backend backend) {
        if (dModel < 1 || dModel > MAX_WIDTH) {
            throw new CheckpointException(
                    "%s: d_model must be 1 to %,d, but is %,d".formatted(file, MAX_WIDTH, dModel));
        }
        this.file = file;
        this.tensors = tensors;
        this.dModel = (int) dModel;
        this.backend = backend;
    }

    int dModel() {
        return dModel;
    }

    boolean has(String name) {
        return tensors.has(name);
    }

    /// `weight` and, where it has a name, `bias`.
    Linear linear(String weight, @Nullable String bias) {
        Tensor tensor = require(weight, dModel, dModel);
        return new Linear(matrix(tensor, dModel), bias == null ? null : vector(bias));
    }

    float[] vector(String name) {
        float[] values = new float[dModel];
        backend.read(matrix(require(name, dModel), 1), 0, values, 0);
        return values;
    }

    private DenseMatrix matrix(Tensor tensor, int rows) {
        WeightType type =
                switch (tensor.dtype()) {
                    case F32 -> WeightType.F32;
                    case F16 -> WeightType.F16;
                    case BF16 -> WeightType.BF16;
                    default -> throw new IllegalStateException("not computable: " + tensor.dtype());
                };
        return Matrix.dense(tensor.data(), type, rows, dModel, Matrix.Layout.OUT_IN);
    }

    private Tensor require(String name, long... shape) {
        Optional<List<Long>> found = tensors.shape(name);
        if (found.isEmpty()) {
            throw new CheckpointException(
                    "%s: holds no tensor '%s'; is its download complete?".formatted(file, name));
        }
        if (!found.get().equals(Arrays.stream(shape).boxed().toList())) {
            throw new CheckpointException(
                    "%s: tensor '%s' has the shape %s, but a lens of width %d needs %s"
                            .formatted(file, name, found.get(), dModel, Arrays.toString(shape)));
        }
        taken.add(name);
        return tensors.require(name, shape);
    }

    /// @throws CheckpointException when a tensor was not taken: without it the lens is another
    void refuseLeftOver() {
        Set<String> left = new TreeSet<>(tensors.names());
        left.removeAll(taken);
        if (!left.isEmpty()) {
            throw new CheckpointException(
                    "%s: %d of its tensors have no place in such a lens, among them '%s'; this kind of lens is not supported"
                            .formatted(file, left.size(), left.iterator().next()));
        }
    }
}
