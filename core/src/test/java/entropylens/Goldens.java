package entropylens;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The tiny random checkpoints in src/test/resources/goldens, made by tools/make_goldens.py. A new
/// one takes part in every test that runs over all of them by being there.
public final class Goldens {
    private static final Path ROOT = Path.of("src/test/resources/goldens");

    public static final List<String> NAMES = list();

    private Goldens() {}

    public static Path directory(String name) {
        return ROOT.resolve(name);
    }

    private static List<String> list() {
        try (Stream<Path> directories = Files.list(ROOT)) {
            return directories.map(path -> path.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
