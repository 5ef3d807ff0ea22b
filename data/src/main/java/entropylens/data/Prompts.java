package entropylens.data;

import entropylens.chat.Chat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads a user's prompts, one after the other, out of one file or several: JSON Lines, a JSON
/// list, CSV, Parquet or plain text, in UTF-8. A row whose prompt is missing, empty or no text says
/// so and does not stop the others.
///
/// The prompt is in the column that was named; otherwise in `prompt`, `text` or `question`, or the
/// only column there is. Where a chat template writes the prompts, a row may be a conversation: a
/// list of messages, or its JSON as text, in a column that was named, or in `messages`. Plain text
/// is one prompt for each part between empty lines, or between `<|endoftext|>`.
public final class Prompts implements AutoCloseable {
    private final Deque<Source> files;
    private final PromptColumns columns;
    private @Nullable InputRecords rows;
    private @Nullable Path shown;
    private @Nullable PromptColumn column;
    private long number;

    /// A file.
    ///
    /// @param path where it is
    /// @param shown what messages and results call it
    public record Source(Path path, Path shown) {}

    /// @param files in the order in which they are read
    /// @param columns that are read of them
    public Prompts(List<Source> files, PromptColumns columns) {
        this.files = new ArrayDeque<>(files);
        this.columns = columns;
    }

    /// @param files in the order in which they are read
    /// @param promptColumn that holds the prompt, where it is not one of the usual ones
    /// @param answerColumn that holds an answer to it, where answers are asked for
    public Prompts(
            List<Source> files, Optional<String> promptColumn, Optional<String> answerColumn) {
        this(files, PromptColumns.plain(promptColumn, answerColumn));
    }

    /// A file is itself; a directory is the files in it, by name, hidden ones left out.
    ///
    /// @throws DataException when there is no such file, or nothing in the directory
    public static List<Path> filesOf(Path path) {
        if (!Files.isDirectory(path)) {
            FileKind.of(path);
            return List.of(path);
        }
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(path)) {
            all.filter(Files::isRegularFile)
                    .filter(one -> !one.getFileName().toString().startsWith("."))
                    .sorted()
                    .forEach(files::add);
        } catch (IOException e) {
            throw FileKind.unreadable(path, e);
        }
        if (files.isEmpty()) {
            throw new DataException("%s: has no files in it".formatted(path));
        }
        files.forEach(FileKind::of);
        return files;
    }

    /// How many rows files have, all of which are read for it.
    ///
    /// @throws DataException when a file is not what its kind should be
    public static long count(List<Source> files) {
        long count = 0;
        for (Source file : files) {
            try (InputRecords rows = InputRecords.open(file.path())) {
                while (rows.next() != null) {
                    count++;
                }
            }
        }
        return count;
    }

    /// The next row, or null after the last one of the last file.
    ///
    /// @throws DataException when a file is not what its kind should be, or no column holds prompts
    public @Nullable PromptRow next() {
        while (true) {
            if (rows == null) {
                if (files.isEmpty()) {
                    return null;
                }
                open(files.remove());
            }
            InputRecord row = rows == null ? null : rows.next();
            if (row != null) {
                return prompt(row);
            }
            close();
        }
    }

    private void open(Source next) {
        shown = next.shown();
        rows = InputRecords.open(next.path());
        column = new PromptColumn(next.shown(), columns);
    }

    private PromptRow prompt(InputRecord row) {
        Path from = Objects.requireNonNull(shown);
        PromptColumn.Chosen chosen = Objects.requireNonNull(column).in(row);
        number++;
        return row(from, number, row, chosen, columns.answer());
    }

    /// The conversation of a row, from its [PromptRow#prompt].
    public static Chat conversation(String prompt) {
        return Chat.of(JsonText.parse(prompt));
    }

    /// A row that stands in no file. What is wrong with its prompt or answer is said as of others.
    ///
    /// @param number of the prompt, from 1
    /// @param source what messages and results call where it comes from
    /// @param values of its columns
    /// @param promptColumn that holds the prompt
    /// @param conversations whether prompts are conversations, as JSON
    /// @param answerColumn that holds an answer to it, where answers are asked for
    public static PromptRow row(
            long number,
            String source,
            Map<String, ? extends @Nullable String> values,
            String promptColumn,
            boolean conversations,
            Optional<String> answerColumn) {
        InputRecord row = new InputRecord(number, "row " + number, JsonText.tree(values));
        return row(
                Path.of(source),
                number,
                row,
                new PromptColumn.Chosen(promptColumn, conversations),
                answerColumn);
    }

    private static PromptRow row(
            Path from,
            long number,
            InputRecord row,
            PromptColumn.Chosen chosen,
            Optional<String> answerColumn) {
        try {
            Optional<Chat> chat =
                    chosen.conversations()
                            ? Optional.of(Conversations.of(from, row, chosen.name()))
                            : Optional.empty();
            String prompt =
                    chat.isPresent()
                            ? Conversations.text(row, chosen.name())
                            : Fields.text(from, row, chosen.name());
            String answer =
                    answerColumn.isPresent() ? Fields.text(from, row, answerColumn.get()) : null;
            return row(number, row, from, prompt, chat.orElse(null), answer, null);
        } catch (DataException e) {
            return row(number, row, from, null, null, null, String.valueOf(e.getMessage()));
        }
    }

    private static PromptRow row(
            long number,
            InputRecord row,
            Path from,
            @Nullable String prompt,
            @Nullable Chat chat,
            @Nullable String answer,
            @Nullable String problem) {
        return new PromptRow(
                number,
                from.toString(),
                row.where(),
                row.values().toString(),
                prompt,
                chat,
                answer,
                problem);
    }

    @Override
    public void close() {
        if (rows != null) {
            rows.close();
            rows = null;
        }
    }
}
