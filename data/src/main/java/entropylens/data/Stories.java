package entropylens.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads a user's texts: JSON Lines, a JSON list, CSV, Parquet or plain text, in UTF-8.
///
/// The text is in the column that was named; otherwise in `text` or `story`, or the only column
/// there is. Plain text is one story for each part between `<|endoftext|>`, or between empty lines
/// where there is no such mark.
///
/// One after the other: a file of any length can be read to a limit.
public final class Stories implements AutoCloseable {
    private static final List<String> USUAL = List.of("text", "story");

    private final Path file;
    private final InputRecords rows;
    private final TextColumn column;

    private final Map<String, String> whereOfId = new HashMap<>();
    private final Map<ContentKey, String> whereOfText = new HashMap<>();
    private final List<String> warnings = new ArrayList<>();
    private int duplicates;

    private Stories(Path file, InputRecords rows, Optional<String> asked) {
        this.file = file;
        this.rows = rows;
        this.column = new TextColumn(file, asked, USUAL);
    }

    /// Texts, and what is to be said about them.
    public record Found(List<Story> stories, List<String> warnings) {}

    /// @param column that holds the text
    /// @throws DataException when there is no such file, or it is of no kind that is read
    public static Stories open(Path file, Optional<String> column) {
        return new Stories(file, InputRecords.open(file), column);
    }

    /// All texts, or the first `limit`.
    ///
    /// @throws DataException when there are none, and when one is not text or empty
    public static Found read(Path file, Optional<String> column, int limit) {
        try (Stories open = open(file, column)) {
            List<Story> stories = new ArrayList<>();
            while (stories.size() < limit) {
                Story story = open.next();
                if (story == null) {
                    break;
                }
                stories.add(story);
            }
            if (stories.isEmpty() && limit > 0) {
                throw new DataException("%s: holds no texts".formatted(file));
            }
            return new Found(List.copyOf(stories), open.warnings());
        }
    }

    /// All texts.
    public static Found read(Path file, Optional<String> column) {
        return read(file, column, Integer.MAX_VALUE);
    }

    /// The next text, or null after the last one.
    ///
    /// @throws DataException when it is not text or empty, or its id was there before
    public @Nullable Story next() {
        InputRecord row = rows.next();
        if (row == null) {
            return null;
        }
        Story story = new Story(Fields.id(row), Fields.text(file, row, column.in(row)));
        String before = whereOfId.putIfAbsent(story.id(), row.where());
        if (before != null) {
            throw new DataException(
                    "%s: %s, column 'id': '%s' is the id of %s too; ids must differ"
                            .formatted(file, row.where(), Shown.of(story.id()), before));
        }
        noteDuplicate(row, story);
        return story;
    }

    private void noteDuplicate(InputRecord row, Story story) {
        String before = whereOfText.putIfAbsent(ContentKey.of(story.text()), row.where());
        if (before != null) {
            duplicates++;
            if (duplicates == 1) {
                warnings.add("%s: %s has the same text as %s".formatted(file, row.where(), before));
            }
        }
    }

    /// What is to be said about what was read so far: texts that occur twice.
    public List<String> warnings() {
        if (duplicates < 2) {
            return List.copyOf(warnings);
        }
        return List.of(
                "%s, and %d more texts occur twice".formatted(warnings.getFirst(), duplicates - 1));
    }

    @Override
    public void close() {
        rows.close();
    }
}
