package entropylens.spark;

import entropylens.data.DataException;
import entropylens.data.PromptRow;
import entropylens.data.Prompts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.jspecify.annotations.Nullable;

/// A file of prompts on the disk of the executor that reads it: where it lies there already,
/// itself, else a copy until this is closed. So it is read by the reader of `entropy-lens batch`,
/// row for row.
final class LocalCopy implements AutoCloseable {
    private static final int PIECE = 1 << 16;

    private final PromptFile file;
    private final Path path;
    private final @Nullable Path folder;

    private LocalCopy(PromptFile file, Path path, @Nullable Path folder) {
        this.file = file;
        this.path = path;
        this.folder = folder;
    }

    /// @throws SparkBatchException when this executor cannot read it
    static LocalCopy of(PromptFile file, Configuration hadoop) {
        try {
            var from = new org.apache.hadoop.fs.Path(file.uri());
            FileSystem system = from.getFileSystem(hadoop);
            if (system instanceof LocalFileSystem local) {
                return new LocalCopy(file, local.pathToFile(from).toPath(), null);
            }
            Path folder = Files.createTempDirectory("entropy-lens-prompts");
            LocalCopy copy = new LocalCopy(file, folder.resolve(from.getName()), folder);
            try (InputStream in = system.open(from)) {
                Files.copy(in, copy.path);
            } catch (IOException | RuntimeException e) {
                copy.close();
                throw e;
            }
            return copy;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static SparkBatchException unreadable(PromptFile file, IOException e) {
        return new SparkBatchException(
                "%s cannot read %s (%s)"
                        .formatted(ExecutorShare.name(), file.shown(), e.getMessage()),
                e);
    }

    /// The reader of its rows, which are numbered from 1.
    Prompts prompts(SparkSettings settings) {
        return new Prompts(List.of(new Prompts.Source(path, shown())), settings.terms().columns());
    }

    private Path shown() {
        return Path.of(file.shown());
    }

    /// A row under the name that the file was given: a [Path] makes one slash of the two in
    /// `s3a://`.
    PromptRow named(PromptRow row) {
        String read = shown().toString();
        if (read.equals(file.shown())) {
            return row;
        }
        String problem = row.problem() == null ? null : row.problem().replace(read, file.shown());
        return new PromptRow(
                row.number(),
                file.shown(),
                row.where(),
                row.columns(),
                row.prompt(),
                row.chat(),
                row.answer(),
                problem);
    }

    /// What is wrong with the file, under the name that it was given.
    DataException named(DataException e) {
        String message = String.valueOf(e.getMessage());
        return new DataException(
                message.replace(path.toString(), file.shown())
                        .replace(shown().toString(), file.shown()));
    }

    /// SHA-256 of its bytes.
    String sha256() {
        try (InputStream in = Files.newInputStream(path)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] piece = new byte[PIECE];
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                digest.update(piece, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw unreadable(file, e);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JVM has SHA-256", e);
        }
    }

    @Override
    public void close() {
        if (folder == null) {
            return;
        }
        try {
            Files.deleteIfExists(path);
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            // it lies among the system's temporary files
        }
    }
}
