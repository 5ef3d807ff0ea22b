package entropylens.cli;

import entropylens.batch.BatchException;
import entropylens.batch.BatchIdentity;
import entropylens.batch.BatchModel;
import entropylens.batch.PromptReader;
import entropylens.chat.ChatForm;
import entropylens.data.PromptColumns;
import entropylens.data.PromptRow;
import entropylens.data.Prompts;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Whether the prompts of a file are messages, or whole conversations.
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class BatchChatOptions {
    @Mixin ChatOptions form;

    @Option(
            names = "--messages-column",
            paramLabel = "NAME",
            description =
                    "The column that holds conversations: lists of {role, content}, or their JSON as text (with --chat, default: messages, where there is one). Implies --chat.")
    @Nullable String messagesColumn;

    @Option(
            names = "--show-prompt",
            description = "Print what the template makes of the first prompt, on standard error.")
    boolean showPrompt;

    boolean used() {
        return form.chat || messagesColumn != null;
    }

    /// Why the options do not go together; empty where they do.
    Optional<String> contradiction(@Nullable String promptColumn) {
        if (messagesColumn != null && promptColumn != null) {
            return Optional.of(
                    "--messages-column and --prompt-column both say what is asked; choose one");
        }
        if (messagesColumn != null && form.system != null) {
            return Optional.of(
                    "--messages-column has the system's messages in the file; leave out --system");
        }
        if (showPrompt && !used()) {
            return Optional.of(
                    "--show-prompt shows what --chat or --messages-column makes; add one");
        }
        return form.contradiction(used());
    }

    PromptColumns columns(@Nullable String promptColumn, @Nullable String answerColumn) {
        return new PromptColumns(
                Optional.ofNullable(promptColumn),
                Optional.ofNullable(messagesColumn),
                Optional.ofNullable(answerColumn),
                used(),
                form.system != null);
    }

    /// @throws entropylens.checkpoint.CheckpointException when a template is to be used and the
    ///   model in `directory` has none
    Optional<ChatForm> form(Path directory) {
        return used() ? Optional.of(form.form(directory)) : Optional.empty();
    }

    /// Finds the columns of the first file, and shows the first prompt that can be written, if that
    /// was asked for.
    ///
    /// @throws entropylens.data.DataException when no column can be told
    void look(BatchModel model, Prompts rows, PrintWriter err) {
        PromptRow row = rows.next();
        if (showPrompt) {
            PromptReader reader = model.reader();
            while (row != null && !shown(reader, row, err)) {
                row = rows.next();
            }
        }
    }

    private static boolean shown(PromptReader reader, PromptRow row, PrintWriter err) {
        try {
            Optional<String> text = row.problem() == null ? reader.written(row) : Optional.empty();
            text.ifPresent(
                    written -> written.lines().map(Columns::printable).forEach(err::println));
            return text.isPresent();
        } catch (BatchException e) {
            return false; // is noted when it is to be measured
        }
    }

    /// For manifests.
    Map<String, @Nullable Object> identity() {
        return BatchIdentity.chat(form.system, messagesColumn);
    }
}
