package entropylens.data;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The rows of a user's file, one after the other.
interface InputRecords extends AutoCloseable {
    /// The next row, or null after the last one.
    ///
    /// @throws DataException when it cannot be read
    @Nullable InputRecord next();

    @Override
    void close();

    /// @throws DataException when the file is not what it should be
    static InputRecords open(Path file) {
        FileKind kind = FileKind.of(file);
        return switch (kind) {
            case JSON_LINES -> new JsonLineRecords(file);
            case JSON_LIST -> new JsonListRecords(file);
            case CSV -> new CsvInputRecords(file);
            case PARQUET -> ParquetRecords.open(file);
            case TEXT -> new PlainTextRecords(file);
        };
    }
}
