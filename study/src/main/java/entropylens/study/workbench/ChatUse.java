package entropylens.study.workbench;

import java.util.Optional;

/// That prompts are messages to instruct models, each written with the model's own chat template.
///
/// @param system what the system says before each
public record ChatUse(Optional<String> system) {
    /// How prompts are given, for reports: goes on a sentence on them.
    ///
    /// @param use empty where no template is used
    static String inWords(Optional<ChatUse> use) {
        return use.map(ChatUse::words)
                .orElse(
                        "with the special tokens that the model's tokenizer adds; no chat template is applied");
    }

    private String words() {
        return "each of them a user's message that the model's own chat template writes, special tokens included%s"
                .formatted(system.map(" after the system's message “%s”"::formatted).orElse(""));
    }
}
