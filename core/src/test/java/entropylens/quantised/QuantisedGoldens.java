package entropylens.quantised;

import entropylens.checkpoint.Checkpoint;
import entropylens.checkpoint.ConfigJson;
import entropylens.checkpoint.TensorFile;
import entropylens.kernels.Kernels;
import entropylens.kernels.Matrix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The tiny quantised checkpoints in src/test/resources/quantised, made by
/// tools/quantised_goldens.py. A new one takes part in every test by being there.
public final class QuantisedGoldens {
    private static final Path ROOT = Path.of("src/test/resources/quantised");

    /// All formats.
    public static final List<String> NAMES = list();

    /// Those that have a model.
    public static final List<String> MODELS =
            NAMES.stream()
                    .filter(name -> Files.exists(directory(name).resolve("config.json")))
                    .toList();

    private QuantisedGoldens() {}

    public static Path directory(String name) {
        return ROOT.resolve(name);
    }

    public static TensorFile expected(Path directory) {
        return TensorFile.open(directory.resolve("golden.safetensors"), Arena.ofAuto());
    }

    static Checkpoint checkpoint(Path directory) {
        return Checkpoint.open(directory, Arena.ofAuto());
    }

    static Quantisation quantisation(Path directory) {
        return Quantisation.of(
                        ConfigJson.read(directory.resolve("config.json")), checkpoint(directory))
                .orElseThrow();
    }

    /// The weights of all outputs, some outputs at a time.
    static float[] decoded(Matrix matrix, int together) {
        float[] weights = new float[matrix.outputs() * matrix.inputs()];
        for (int from = 0; from < matrix.outputs(); from += together) {
            int count = Math.min(together, matrix.outputs() - from);
            int at = from * matrix.inputs();
            Kernels.best().read(matrix, from, 0, count, matrix.inputs(), weights, at);
        }
        return weights;
    }

    private static List<String> list() {
        try (Stream<Path> directories = Files.list(ROOT)) {
            return directories.map(path -> path.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
