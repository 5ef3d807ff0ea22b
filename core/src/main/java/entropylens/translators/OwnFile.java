package entropylens.translators;

import entropylens.checkpoint.Checkpoint;
import entropylens.checkpoint.CheckpointException;
import entropylens.kernels.Backend;
import entropylens.lens.Lens;
import entropylens.lens.Translator;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Our own form: safetensors with `layers.L.weight` (`d × d`), `layers.L.bias` (`d`), or both, for
/// every layer from 0, the embedding, to the last but one: `h → W h + b`; a layer without a matrix
/// is shifted by its bias. `__metadata__` says what the lens is.
final class OwnFile {
    static final String FORMAT = "format";
    static final String KIND = "kind";
    static final String D_MODEL = "d_model";
    static final String LAYERS = "n_layers";
    static final String MODEL = "model";
    static final String UNEMBED = "unembed_sha256";

    /// Little-endian, wherever it runs.
    static final ValueLayout.OfFloat LITTLE =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// Of `format`.
    static final String NAME = "entropy-lens/lens/1";

    private OwnFile() {}

    static String weight(int layer) {
        return "layers.%d.weight".formatted(layer);
    }

    static String bias(int layer) {
        return "layers.%d.bias".formatted(layer);
    }

    static OpenLens open(Path file, Backend backend, Arena arena) {
        Checkpoint checkpoint = Checkpoint.ofFile(file, arena);
        SortedMap<String, String> said = Checkpoint.metadata(file);
        if (!NAME.equals(said.get(FORMAT))) {
            throw new CheckpointException(
                    "%s: is no lens of this program: its metadata has the format %s, not '%s'"
                            .formatted(file, said.get(FORMAT), NAME));
        }
        LensTensors tensors =
                new LensTensors(file, checkpoint, number(file, said, D_MODEL), backend);
        int layers = number(file, said, LAYERS);
        SortedMap<Integer, Translator> translators = new TreeMap<>();
        for (int layer = 0; layer < layers; layer++) {
            translators.put(layer, translator(tensors, layer));
        }
        tensors.refuseLeftOver();
        Lens.MadeFor madeFor =
                new Lens.MadeFor(
                        OptionalInt.of(tensors.dModel()),
                        OptionalInt.of(layers),
                        Optional.ofNullable(said.get(MODEL)),
                        Optional.ofNullable(said.get(UNEMBED)));
        Lens.Origin origin = new Lens.Origin(file, Checkpoint.sha256(file), said);
        return new OpenLens(
                new Lens(text(file, said, KIND), Optional.of(origin), madeFor, translators),
                checkpoint.mapped());
    }

    private static Translator translator(LensTensors tensors, int layer) {
        @Nullable String bias = tensors.has(bias(layer)) ? bias(layer) : null;
        return bias != null && !tensors.has(weight(layer))
                ? new Translator.Shift(tensors.vector(bias))
                : new Translator.Affine(tensors.linear(weight(layer), bias), false);
    }

    private static String text(Path file, SortedMap<String, String> said, String key) {
        String value = said.get(key);
        if (value == null) {
            throw new CheckpointException(
                    "%s: its metadata lacks '%s'; the file is damaged".formatted(file, key));
        }
        return value;
    }

    private static int number(Path file, SortedMap<String, String> said, String key) {
        String value = text(file, said, key);
        if (!value.matches("[1-9][0-9]{0,8}")) {
            throw new CheckpointException(
                    "%s: '%s' of its metadata should be a number from 1, but is '%s'; the file is damaged"
                            .formatted(file, key, value));
        }
        return Integer.parseInt(value);
    }
}
