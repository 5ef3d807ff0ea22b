package entropylens.data;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The rows of a user's file, one after the other.
interface Rows extends AutoCloseable {
    /// The next row, or null after the last one.
    ///
    /// @throws DataException when it cannot be read
    @Nullable Row next();

    @Override
    void close();

    /// @throws DataException when the file is not what it should be
    static Rows open(Path file) {
        FileKind kind = FileKind.of(file);
        return switch (kind) {
            case JSON_LINES -> new JsonLineRows(file);
            case JSON_LIST -> new JsonListRows(file);
            case CSV -> new CsvRows(file);
            case PARQUET -> ParquetRows.open(file);
            case TEXT -> new PlainTextRows(file);
        };
    }
}
