package entropylens.chat;

import entropylens.checkpoint.CheckpointException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How many prompts are written alike: a model's template, what the system says before each, and
/// one day for all of them, so that a text does not depend on when it is written.
///
/// @param system what the system says first, or null
/// @param today what templates take for today; its first minute, where they print the time
public record ChatForm(ChatTemplate template, @Nullable String system, LocalDate today) {
    /// The form of the model in `directory`.
    ///
    /// @throws CheckpointException when it has no template, or one that cannot be used
    public static ChatForm open(Path directory, @Nullable String system, LocalDate today) {
        return new ChatForm(ChatTemplate.open(directory), system, today);
    }

    /// The text of a prompt as a user's message. To be encoded without adding special tokens.
    ///
    /// @throws CheckpointException when the template cannot be rendered, or makes nothing
    public String write(String prompt) {
        return write(Chat.of(system, prompt));
    }

    /// The text of a conversation, which has its own system's message.
    ///
    /// @throws CheckpointException when the template cannot be rendered, or makes nothing
    public String write(Chat chat) {
        String text = template.render(chat, today::atStartOfDay);
        if (text.isEmpty()) {
            throw new CheckpointException(
                    "the chat template (%s) makes an empty prompt of this"
                            .formatted(template.place()));
        }
        return text;
    }

    /// The day, where what is written depends on it.
    public Optional<LocalDate> printed() {
        return template.readsClock() ? Optional.of(today) : Optional.empty();
    }
}
