package entropylens.cli;

import entropylens.data.Prompts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The files of prompts; standard input is one while the program runs.
final class BatchInput implements AutoCloseable {
    private final List<Path> files;
    private final @Nullable Path copied;

    private BatchInput(List<Path> files, @Nullable Path copied) {
        this.files = files;
        this.copied = copied;
    }

    /// @throws entropylens.data.DataException when one is not there, or of no kind that is read
    static BatchInput open(List<Path> given) {
        List<Path> files = new ArrayList<>();
        Path copied = null;
        for (Path path : given) {
            if (!path.toString().equals("-")) {
                files.addAll(Prompts.filesOf(path));
            } else if (copied == null) {
                copied = standardInput();
                files.addAll(Prompts.filesOf(copied));
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

    List<Path> files() {
        return files;
    }

    /// What changes the numbers of a run: the bytes, not the names.
    List<String> identity() {
        return files.stream().map(StudyInputOptions::sha256).toList();
    }

    /// Names, for people.
    Map<String, String> names() {
        Map<String, String> names = new LinkedHashMap<>();
        for (int i = 0; i < files.size(); i++) {
            Path file = files.get(i);
            names.put(
                    Integer.toString(i + 1),
                    file.equals(copied) ? "standard input" : file.toString());
        }
        return names;
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
