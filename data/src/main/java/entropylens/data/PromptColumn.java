package entropylens.data;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which column of a user's file holds the prompts, and whether they are conversations. Decided by
/// the first row.
final class PromptColumn {
    private static final List<String> USUAL = List.of("prompt", "text", "question");
    private static final String MESSAGES = "messages";

    private final Path file;
    private final PromptColumns asked;
    private final TextColumn texts;
    private @Nullable Chosen chosen;

    /// @param conversations whether its cells are lists of messages
    record Chosen(String name, boolean conversations) {}

    PromptColumn(Path file, PromptColumns asked) {
        this.file = file;
        this.asked = asked;
        this.texts = new TextColumn(file, asked.prompt(), USUAL);
    }

    /// @throws DataException when it cannot be told
    Chosen in(InputRecord row) {
        Chosen known = chosen;
        if (known == null) {
            known = choose(row);
            chosen = known;
        }
        return known;
    }

    private Chosen choose(InputRecord row) {
        if (asked.messages().isPresent()) {
            return new Chosen(asked.messages().get(), true);
        }
        if (asked.prompt().isEmpty() && row.values().has(MESSAGES)) {
            if (asked.chat()) {
                return conversations(row.values().propertyNames());
            }
            if (!row.values().path(MESSAGES).isString() && usual(row).isEmpty()) {
                throw new DataException(
                        "%s: its column '%s' holds conversations, which a model's chat template writes; add --chat"
                                .formatted(file, MESSAGES));
            }
        }
        return new Chosen(texts.in(row), false);
    }

    private static List<String> usual(InputRecord row) {
        return USUAL.stream().filter(name -> row.values().has(name)).toList();
    }

    /// A data set may hold a conversation and its first message: which is meant is not guessed.
    private Chosen conversations(Collection<String> there) {
        List<String> others = USUAL.stream().filter(there::contains).toList();
        if (!others.isEmpty()) {
            throw new DataException(
                    "%s: has the columns '%s' and '%s'; say which is meant with --messages-column or --prompt-column"
                            .formatted(file, MESSAGES, others.getFirst()));
        }
        if (asked.system()) {
            throw new DataException(
                    "%s: its column '%s' holds conversations, which have the system's messages in them; leave out --system"
                            .formatted(file, MESSAGES));
        }
        return new Chosen(MESSAGES, true);
    }
}
