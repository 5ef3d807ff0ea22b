package entropylens.quantised;

import entropylens.checkpoint.Checkpoint;
import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.DType;
import entropylens.checkpoint.Tensor;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/// The tensors of a quantised checkpoint, held to types and shapes before a byte is decoded.
record Stored(Checkpoint checkpoint) {
    /// Types that scales have.
    static final Set<DType> FLOATS = Set.of(DType.F32, DType.F16, DType.BF16);

    boolean has(String name) {
        return checkpoint.has(name);
    }

    /// Whether there is a tensor of this name and type.
    boolean is(String name, DType type) {
        return checkpoint.type(name).filter(type::equals).isPresent();
    }

    /// A tensor of one of these types and of this shape.
    Tensor take(String name, Collection<DType> types, long... shape) {
        Tensor tensor = take(name, types);
        if (!tensor.shape().equals(Arrays.stream(shape).boxed().toList())) {
            throw wrong(tensor, "have the shape " + Arrays.toString(shape));
        }
        return tensor;
    }

    /// A tensor of one of these types and of any shape.
    Tensor take(String name, Collection<DType> types) {
        Tensor tensor =
                checkpoint
                        .stored(name)
                        .orElseThrow(() ->
                                new CheckpointException(
                                        "%s: the quantised weights lack the tensor '%s'; is the download complete?"
                                                .formatted(checkpoint.directory(), name)));
        if (!types.contains(tensor.dtype())) {
            throw wrong(tensor, "be " + types.stream().map(DType::name).sorted().toList());
        }
        return tensor;
    }

    Optional<Tensor> takeIfThere(String name, Collection<DType> types) {
        return has(name) ? Optional.of(take(name, types)) : Optional.empty();
    }

    static CheckpointException wrong(Tensor tensor, String must) {
        return new CheckpointException(
                "%s: tensor '%s' is %s%s, but by config.json and the other tensors it must %s; are both of the same model, and is the quantisation what config.json says?"
                        .formatted(
                                tensor.file(),
                                tensor.name(),
                                tensor.dtype(),
                                tensor.shape(),
                                must));
    }
}
