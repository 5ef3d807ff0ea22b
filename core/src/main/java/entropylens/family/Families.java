package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import java.util.List;
import java.util.stream.Collectors;

/// The families that can be read.
public final class Families {
    private static final List<Family> ALL =
            List.of(
                    new Gpt2Family(),
                    new GptNeoFamily(),
                    new GptNeoXFamily(),
                    new GptJFamily(),
                    new OptFamily(),
                    new BloomFamily(),
                    new FalconFamily(),
                    new PhiFamily(),
                    new LlamaFamily(),
                    new MistralFamily(),
                    new Qwen2Family(),
                    new Qwen3Family(),
                    new GemmaFamily(),
                    new Gemma2Family(),
                    new Gemma3Family(),
                    new Phi3Family(),
                    new OlmoFamily(),
                    new Olmo2Family(),
                    new StableLmFamily(),
                    new GraniteFamily());

    private Families() {}

    /// The architecture names that can be read, with their family.
    public static String supported() {
        return ALL.stream()
                .map(family -> String.join(", ", family.architectures()))
                .collect(Collectors.joining(", "));
    }

    /// The family of a configuration, by its `architectures`.
    ///
    /// @throws CheckpointException when it is not a supported one
    static Family of(ConfigJson json) {
        List<String> architectures = json.strings("architectures");
        for (Family family : ALL) {
            if (architectures.stream().anyMatch(family.architectures()::contains)) {
                return family;
            }
        }
        throw new CheckpointException(
                "%s: the architecture %s is not supported; supported are %s"
                        .formatted(
                                json.file(),
                                architectures.isEmpty()
                                        ? "is not named under \"architectures\", and so"
                                        : String.join(", ", architectures),
                                supported()));
    }
}
