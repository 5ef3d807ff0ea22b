package entropylens.cli;

import entropylens.chat.ChatForm;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Whether prompts are messages to an instruct model, written with its chat template.
final class ChatOptions {
    @Option(
            names = "--chat",
            description =
                    "Take a prompt as a user's message and write it with the model's chat template.")
    boolean chat;

    @Option(
            names = "--system",
            paramLabel = "TEXT",
            description = "What the system says before it; only with --chat.")
    @Nullable String system;

    @Option(
            names = "--today",
            paramLabel = "DATE",
            description =
                    "What templates that print the day take for today, as 2026-11-28 (default: the day on which it runs).")
    @Nullable LocalDate today;

    /// Why the options do not go together; empty where they do.
    ///
    /// @param used whether a template is used
    Optional<String> contradiction(boolean used) {
        if (system != null && !chat) {
            return Optional.of("--system is for --chat; add --chat, or leave it out");
        }
        if (today != null && !used) {
            return Optional.of("--today is for --chat; add --chat, or leave it out");
        }
        return Optional.empty();
    }

    /// How the model in `directory` is asked.
    ///
    /// @throws entropylens.checkpoint.CheckpointException when it has no chat template
    ChatForm form(Path directory) {
        return ChatForm.open(directory, system, today == null ? LocalDate.now() : today);
    }
}
