package entropylens.zoo.parity;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.EntropyLens;
import entropylens.family.LoadOptions;
import entropylens.family.LoadedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/// The engine computes what transformers computes (float32, eager) with each model of the zoo on
/// 100 held-out texts.
class ZooParityTest {
    private static final Path MODELS = Path.of("models");
    private static final Path GOLDENS = Path.of("src/test/resources/parity");

    /// Largest difference of a logit at the end of a text; 4.5e-5 was measured.
    private static final double LOGIT = 1e-4;

    /// Of a text's summed loss, relative.
    private static final double LOSS = 1e-5;

    static Stream<String> models() throws IOException {
        try (Stream<Path> directories = Files.list(MODELS)) {
            return directories
                    .map(path -> path.getFileName().toString())
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @Test
    void everyModelHasAGolden() throws IOException {
        List<String> names = models().toList();
        assertThat(names).hasSizeGreaterThanOrEqualTo(6);
        assertThat(names)
                .allSatisfy(name -> assertThat(GOLDENS.resolve(name + ".safetensors")).exists());
    }

    @ParameterizedTest
    @MethodSource("models")
    void theGoldenIsOfTheWeightsThatShip(String name) throws Exception {
        var facts = new JsonMapper().readTree(Files.readAllBytes(GOLDENS.resolve(name + ".json")));
        assertThat(sha256(MODELS.resolve(name).resolve("model.safetensors")))
                .isEqualTo(facts.get("sha256").stringValue());
    }

    @ParameterizedTest
    @MethodSource("models")
    void logitsAndPerplexityAgree(String name) throws IOException {
        ParityGolden golden = ParityGolden.read(GOLDENS.resolve(name + ".safetensors"));
        double largest = 0;
        double[] losses = new double[golden.texts().size()];
        try (EntropyLens lens = EntropyLens.open(MODELS.resolve(name), LoadOptions.NONE, 2)) {
            LoadedModel loaded = lens.loaded();
            for (int i = 0; i < losses.length; i++) {
                int[] ids = golden.texts().get(i);
                EngineLogits logits = EngineLogits.of(loaded.model(), ids);
                losses[i] = logits.loss(ids);
                double difference = logits.difference(ids.length - 1, golden.lastLogits()[i]);
                assertThat(difference).as("text %d", i).isLessThan(LOGIT);
                largest = Math.max(largest, difference);
                assertThat(losses[i] / golden.loss()[i] - 1)
                        .as("loss %d", i)
                        .isBetween(-LOSS, LOSS);
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%s: largest difference of a last logit %.2e; perplexity %.6f, of transformers %.6f%n",
                name,
                largest,
                golden.perplexity(losses),
                golden.perplexity());
        assertThat(fourDigits(golden.perplexity(losses)))
                .isEqualTo(fourDigits(golden.perplexity()));
    }

    private static String fourDigits(double value) {
        return String.format(Locale.ROOT, "%.3e", value);
    }

    private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
        return HexFormat.of().formatHex(digest);
    }
}
