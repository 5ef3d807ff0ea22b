package entropylens.translators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.SafetensorsWriter;
import entropylens.lens.Lens;
import entropylens.lens.Unembed;
import entropylens.model.Model;
import entropylens.translators.LensGoldens.Case;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Lenses in files, and what is refused.
class LensFilesTest {
    private static final Case JACOBIAN = LensGoldens.named("jacobian of llama");
    private static final Case TUNED = LensGoldens.named("tuned of llama");
    private static final Case OWN = LensGoldens.named("own of llama");

    @TempDir Path directory;

    private static Lens open(Case test) {
        return Lenses.open(test.source(), LensGoldens.load(test.base()), Arena.ofAuto()).lens();
    }

    private static void refuses(LensSource source, String base, String... saying) {
        Model model = LensGoldens.load(base);
        assertThatThrownBy(() -> Lenses.open(source, model, Arena.ofAuto()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(saying);
    }

    @Test
    void aLensSaysWhatItIsAndWhereItCameFrom() throws Exception {
        Lens jacobian = open(JACOBIAN);
        int layers = LensGoldens.load(JACOBIAN.base()).config().nLayers();
        assertThat(jacobian.kind()).isEqualTo("jacobian");
        assertThat(jacobian.layers()).isEqualTo(IntStream.range(1, layers).boxed().toList());
        Lens.Origin origin = jacobian.origin().orElseThrow();
        assertThat(origin.path()).isEqualTo(LensGoldens.ROOT.resolve("jacobian-llama.pt"));
        byte[] bytes = Files.readAllBytes(origin.path());
        assertThat(origin.sha256())
                .isEqualTo(
                        HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
        assertThat(origin.facts())
                .containsEntry("n_prompts", "7")
                .containsEntry("model_name", "llama-gqa-tied")
                .containsEntry("ratio", "0.5")
                .containsEntry("transformer_lens_fit", "true")
                .doesNotContainKey("revision");
        Lens tuned = open(TUNED);
        assertThat(tuned.kind()).isEqualTo("tuned");
        assertThat(tuned.layers()).isEqualTo(IntStream.range(0, layers).boxed().toList());
        assertThat(tuned.madeFor().model()).contains("org/model");
        Lens own = open(OWN);
        assertThat(own.kind()).isEqualTo("ridge");
        assertThat(own.madeFor().unembedSha256())
                .contains(Unembed.of(LensGoldens.load(OWN.base())).sha256());
        assertThat(
                        Lenses.open(LensSource.LOGIT, LensGoldens.load(OWN.base()), Arena.ofAuto())
                                .lens())
                .isSameAs(Lens.LOGIT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tuned:", "jacobian:", "lens.pt", "ridge:a"})
    void aWordThatIsNoLensIsRefused(String word) {
        assertThatThrownBy(() -> LensSource.parse(word))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'%s' is no lens; there are logit".formatted(word));
    }

    @Test
    void aLensOfAnotherModelIsRefusedByName() {
        refuses(
                JACOBIAN.source(),
                "phi3-tied",
                "the jacobian lens src/test/resources/lenses/jacobian-llama.pt was made for",
                "but this model has",
                "it names llama-gqa-tied");
        refuses(TUNED.source(), "phi3-tied", "was made for", "it names org/model");
    }

    /// The same sizes, another W_U.
    @Test
    void aLensOfAnotherTrainingIsRefusedByItsUnembedding() throws IOException {
        Path file = directory.resolve("other.safetensors");
        byte[] bytes = Files.readAllBytes(LensGoldens.ROOT.resolve(OWN.file()));
        String latin = new String(bytes, StandardCharsets.ISO_8859_1);
        String before = "\"unembed_sha256\": \"";
        assertThat(latin).contains(before);
        int at = latin.indexOf(before) + before.length();
        bytes[at] = (byte) (bytes[at] == '0' ? '1' : '0');
        Files.write(file, bytes);
        refuses(
                OWN.source(file),
                OWN.base(),
                "other.safetensors was made for a W_U with the SHA-256",
                "it names llama-gqa-tied");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "d_model": 30             | "d_model": 31             | needs [31, 31]
                    "d_model": 30             | "d_model": 0              | d_model is 0
                    "num_hidden_layers": 3    | "num_hidden_layers": 4    | holds no tensor '3.weight'
                    "num_hidden_layers": 3    | "num_hidden_layers": 2    | 2 of its tensors have no place
                    "bias": true              | "bias": false             | 3 of its tensors have no place
                    linear_tuned_lens         | mlp_tuned_lens            | lens_type is 'mlp_tuned_lens'
                    "d_model": 30,            | "d_mode": 32,             | 'd_model'
                    """)
    void aTunedLensOfAnotherShapeIsRefused(String from, String to, String reason)
            throws IOException {
        Path golden = LensGoldens.ROOT.resolve(TUNED.file());
        String config = Files.readString(golden.resolve("config.json"));
        assertThat(config).contains(from);
        Files.writeString(directory.resolve("config.json"), config.replace(from, to));
        Files.copy(golden.resolve("params.pt"), directory.resolve("params.pt"));
        refuses(TUNED.source(directory), TUNED.base(), directory.toString(), reason);
    }

    @Test
    void aFileThatIsNoLensIsRefused() throws IOException {
        Path parameters = LensGoldens.ROOT.resolve(TUNED.file()).resolve("params.pt");
        refuses(JACOBIAN.source(parameters), TUNED.base(), "its entry 'J' is missing", "0.weight");
        refuses(JACOBIAN.source(directory.resolve("no.pt")), TUNED.base(), "is not a file");
        Path other = directory.resolve("other.safetensors");
        new SafetensorsWriter().f32("layers.0.bias", new long[] {1}, 1f).write(other);
        refuses(OWN.source(other), OWN.base(), "is no lens of this program");
        refuses(TUNED.source(directory), TUNED.base(), "there is no config.json in");
        Files.copy(
                LensGoldens.ROOT.resolve(TUNED.file()).resolve("config.json"),
                directory.resolve("config.json"));
        refuses(TUNED.source(directory), TUNED.base(), "params.pt: is not a file");
    }
}
