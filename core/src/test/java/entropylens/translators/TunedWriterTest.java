package entropylens.translators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import entropylens.kernels.DenseMatrix;
import entropylens.kernels.Linear;
import entropylens.kernels.Matrix;
import entropylens.kernels.Noise;
import entropylens.kernels.WeightType;
import entropylens.lens.Lens;
import entropylens.lens.Translator;
import entropylens.model.Model;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A trained lens in both of its forms. `tools/check_lens.py` reads them with torch.
class TunedWriterTest {
    private static final Model MODEL = LensGoldens.load("llama-gqa-tied");

    @TempDir Path directory;

    private static Lens trained() {
        int d = MODEL.config().dModel();
        Map<Integer, Translator> translators = new TreeMap<>();
        for (int layer = 0; layer < MODEL.config().nLayers(); layer++) {
            DenseMatrix matrix =
                    Noise.matrix(WeightType.F32, d, d, Matrix.Layout.OUT_IN, 7 + layer);
            translators.put(
                    layer, new Translator.Affine(new Linear(matrix, Noise.floats(d, layer)), true));
        }
        return Lens.of("tuned", translators);
    }

    private static TreeMap<String, String> facts() {
        return new TreeMap<>(Map.of("model", "a/b", "steps", "7"));
    }

    private Lens written(Lens lens) throws IOException {
        try (OutputStream out = Files.newOutputStream(directory.resolve(TunedWriter.PARAMETERS))) {
            TunedWriter.writeParameters(lens, out);
        }
        try (OutputStream out = Files.newOutputStream(directory.resolve(TunedWriter.CONFIG))) {
            TunedWriter.writeConfig(lens, facts(), out);
        }
        return Lenses.open(new LensSource.Tuned(directory), MODEL, Arena.ofAuto()).lens();
    }

    private static float[] read(Lens lens, int layer) {
        int d = MODEL.config().dModel();
        float[] out = new float[3 * d];
        lens.translators().get(layer).apply(MODEL.backend(), Noise.floats(3 * d, 1), 3, out);
        return out;
    }

    @Test
    void whatIsWrittenAsTunedLensDoesIsReadAsItWas() throws IOException {
        Lens lens = trained();
        Lens found = written(lens);
        for (int layer = 0; layer < MODEL.config().nLayers(); layer++) {
            assertThat(read(found, layer)).isEqualTo(read(lens, layer));
        }
        assertThat(found.madeFor().model()).contains("a/b");
        assertThat(found.origin().orElseThrow().facts()).containsEntry("steps", "7");
    }

    /// Ours has the identity in its matrices, rounded once more.
    @Test
    void inOurOwnFormItGivesTheSameToRounding() throws IOException {
        Lens lens = trained();
        Path file = directory.resolve("own.safetensors");
        try (OutputStream out = Files.newOutputStream(file)) {
            LensWriter.write(lens, facts(), out);
        }
        Lens found = Lenses.open(new LensSource.Own(file), MODEL, Arena.ofAuto()).lens();
        assertThat(found.kind()).isEqualTo("tuned");
        for (int layer = 0; layer < MODEL.config().nLayers(); layer++) {
            float[] expected = read(lens, layer);
            float[] rows = read(found, layer);
            for (int i = 0; i < rows.length; i++) {
                // sums of 30 products of the size of 1: worst seen 1.9e-6, doubled
                assertThat(rows[i]).isCloseTo(expected[i], offset(4e-6f));
            }
        }
    }

    @Test
    void theSameLensGivesTheSameBytes() throws IOException {
        ByteArrayOutputStream one = new ByteArrayOutputStream();
        ByteArrayOutputStream two = new ByteArrayOutputStream();
        TunedWriter.writeParameters(trained(), one);
        TunedWriter.writeParameters(trained(), two);
        assertThat(two.toByteArray()).isEqualTo(one.toByteArray());
    }

    @Test
    void aShiftIsNoTunedLens() {
        Lens mean = Lens.of("mean", Map.of(0, new Translator.Shift(new float[30])));
        assertThatThrownBy(() -> TunedWriter.writeParameters(mean, new ByteArrayOutputStream()))
                .hasMessageContaining("only matrices of float32 that are added");
    }
}
