package entropylens.cli;

import entropylens.data.Prompts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The files of prompts; standard input is one while the program runs.
final class BatchInput implements AutoCloseable {
    private static final Path STANDARD_INPUT = Path.of("standard input");

    private final List<Prompts.Source> files;
    private final @Nullable Path copied;

    private BatchInput(List<Prompts.Source> files, @Nullable Path copied) {
        this.files = files;
        this.copied = copied;
    }

    /// @throws entropylens.data.DataException when one is not there, or of no kind that is read
    static BatchInput open(List<Path> given) {
        List<Prompts.Source> files = new ArrayList<>();
        Path copied = null;
        for (Path path : given) {
            if (!path.toString().equals("-")) {
                Prompts.filesOf(path).forEach(file -> files.add(new Prompts.Source(file, file)));
            } else if (copied == null) {
                copied = standardInput();
                files.add(new Prompts.Source(copied, STANDARD_INPUT));
            }
        }
        return new BatchInput(List.copyOf(files), copied);
    }

    /// Read twice: once for its hash, once for its rows.
    private static Path standardInput() {
        try {
            Path file = Files.createTempFile("entropy-lens-standard-input", "");
            file.toFile().deleteOnExit();
            InputStream in = System.in;
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            return file;
        } catch (IOException e) {
            throw new CliException(
                    "cannot read the prompts from standard input: " + Failures.reason(e), e);
        }
    }

    List<Prompts.Source> files() {
        return files;
    }

    /// What changes the numbers of a run: the bytes, not the names.
    List<String> identity() {
        return files.stream().map(file -> StudyInputOptions.sha256(file.path())).toList();
    }

    /// Names, for people.
    List<String> names() {
        return files.stream().map(file -> file.shown().toString()).toList();
    }

    @Override
    public void close() {
        try {
            if (copied != null) {
                Files.deleteIfExists(copied);
            }
        } catch (IOException e) {
            // it is removed when the program ends
        }
    }
}
