package entropylens.spark;

import entropylens.data.DataException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/// The directory of a job's results, wherever Hadoop's file systems reach.
final class BatchOutput {
    private final FileSystem system;
    private final Path directory;

    private BatchOutput(FileSystem system, Path directory) {
        this.system = system;
        this.directory = directory;
    }

    /// @throws DataException when it cannot be used, or holds something
    static BatchOutput claim(String name, Configuration hadoop) {
        try {
            Path directory = new Path(name);
            FileSystem system = directory.getFileSystem(hadoop);
            if (system.exists(directory) && system.listStatus(directory).length > 0) {
                throw new DataException(
                        "%s: holds files already; give a new or an empty directory"
                                .formatted(name));
            }
            system.mkdirs(directory);
            return new BatchOutput(system, directory);
        } catch (IOException | IllegalArgumentException e) {
            throw new DataException(
                    "%s: cannot be used as the directory of a run (%s)"
                            .formatted(name, e.getMessage()),
                    e);
        }
    }

    /// Where everything that was measured stands until its tables are written.
    String measured() {
        return new Path(directory, "_measured").toString();
    }

    void removeMeasured() {
        try {
            system.delete(new Path(measured()), true);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    void manifest(String json) {
        try (OutputStream out = system.create(new Path(directory, "manifest.json"))) {
            out.write(json.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private DataException unwritable(IOException e) {
        return new DataException(
                "%s: cannot be written (%s)".formatted(directory, e.getMessage()), e);
    }

    /// Writes a table as Parquet, if it has rows.
    void table(String name, Dataset<Row> rows) {
        if (!rows.isEmpty()) {
            rows.write().parquet(new Path(directory, name + ".parquet").toString());
        }
    }
}
