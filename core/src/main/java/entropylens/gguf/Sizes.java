package entropylens.gguf;

import java.util.List;

/// Sizes that converters add or leave out, though the numbers stay where they are.
final class Sizes {
    /// Vectors that they make rows of.
    private static final List<String> ROWS =
            List.of("shared_expert_gate.weight", "moe_statics.e_score_correction_bias");

    private static final List<String> CONVOLUTIONS = List.of(".conv1d.weight", ".conv.conv.weight");

    /// What is a vector there, and a number, or a group of channels, a row here.
    private static final List<String> ONE_A_HEAD = List.of(".A_log", ".D");

    private static final List<String> IN_GROUPS = List.of("mixer.norm.weight", "mamba.norm.weight");

    private Sizes() {}

    /// A tensor with the sizes that it has in Hugging Face.
    ///
    /// @param name that it has there
    static GgufTensor published(String name, GgufTensor tensor) {
        boolean matrix = tensor.shape().size() == 2;
        if (tensor.shape().size() == 1 && ends(name, ROWS)) {
            return tensor.asRow();
        }
        if (matrix && ends(name, CONVOLUTIONS)) {
            return tensor.asConvolution();
        }
        boolean one = tensor.rowWeights() == 1 && ends(name, ONE_A_HEAD);
        return matrix && (one || ends(name, IN_GROUPS)) ? tensor.asVector() : tensor;
    }

    private static boolean ends(String name, List<String> endings) {
        return endings.stream().anyMatch(name::endsWith);
    }
}
