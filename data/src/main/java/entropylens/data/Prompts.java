package entropylens.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads a user's prompts, one after the other, out of one file or several: JSON Lines, a JSON
/// list, CSV, Parquet or plain text, in UTF-8. A row whose prompt is missing, empty or no text says
/// so and does not stop the others.
///
/// The prompt is in the column that was named; otherwise in `prompt`, `text` or `question`, or the
/// only column there is. Plain text is one prompt for each part between empty lines, or between
/// `<|endoftext|>`.
public final class Prompts implements AutoCloseable {
    private static final List<String> USUAL = List.of("prompt", "text", "question");

    private final Deque<Source> files;
    private final Optional<String> promptColumn;
    private final Optional<String> answerColumn;
    private @Nullable InputRecords rows;
    private @Nullable Path shown;
    private @Nullable TextColumn column;
    private long number;

    /// A file.
    ///
    /// @param path where it is
    /// @param shown what messages and results call it
    public record Source(Path path, Path shown) {}

    /// @param files in the order in which they are read
    /// @param promptColumn that holds the prompt, where it is not one of the usual ones
    /// @param answerColumn that holds an answer to it, where answers are asked for
    public Prompts(
            List<Source> files, Optional<String> promptColumn, Optional<String> answerColumn) {
        this.files = new ArrayDeque<>(files);
        this.promptColumn = promptColumn;
        this.answerColumn = answerColumn;
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
        column = new TextColumn(next.shown(), promptColumn, USUAL);
    }

    private PromptRow prompt(InputRecord row) {
        Path from = Objects.requireNonNull(shown);
        String name = Objects.requireNonNull(column).in(row);
        number++;
        String columns = row.values().toString();
        try {
            String prompt = Fields.text(from, row, name);
            String answer =
                    answerColumn.isPresent() ? Fields.text(from, row, answerColumn.get()) : null;
            return new PromptRow(
                    number, from.toString(), row.where(), columns, prompt, answer, null);
        } catch (DataException e) {
            return new PromptRow(
                    number,
                    from.toString(),
                    row.where(),
                    columns,
                    null,
                    null,
                    String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void close() {
        if (rows != null) {
            rows.close();
            rows = null;
        }
    }
}
