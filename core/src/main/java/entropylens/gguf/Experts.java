package entropylens.gguf;

import entropylens.checkpoint.CheckpointException;
import java.nio.file.Path;

/// Routed experts, whose matrices are one tensor `[experts, outputs, inputs]`.
///
/// @param count 0 in a model without
record Experts(int count) {
    /// Several times what any model has; each becomes some objects.
    private static final int MOST = 4096;

    /// As the metadata of an architecture say.
    static Experts of(GgufMetadata metadata, String architecture) {
        int count = metadata.integer(architecture + ".expert_count").orElse(0);
        if (count < 0 || count > MOST) {
            throw new CheckpointException(
                    "%s: its metadata say that there are %d experts, but 0 to %,d can be; the file is damaged, download it again"
                            .formatted(metadata.file(), count, MOST));
        }
        return new Experts(count);
    }

    /// @throws CheckpointException when a tensor does not hold one matrix, or vector of biases, for
    ///   each
    void require(GgufTensor tensor, Path file) {
        boolean biases = tensor.name().endsWith(".bias");
        if (tensor.shape().size() != (biases ? 2 : 3) || tensor.shape().getFirst() != count) {
            throw new CheckpointException(
                    "%s: tensor '%s' has the shape %s, but a %s for each of %d experts was expected; the file is damaged, download it again"
                            .formatted(
                                    file,
                                    tensor.name(),
                                    tensor.shape(),
                                    biases ? "vector" : "matrix",
                                    count));
        }
    }
}
