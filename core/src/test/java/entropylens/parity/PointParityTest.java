package entropylens.parity;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.Goldens;
import entropylens.checkpoint.TensorFile;
import entropylens.kernels.Kernels;
import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.Profiler;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.StreamPoint;
import entropylens.lens.TextProfile;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// What stands inside the blocks, read out, against transformers: its rows are compared in
/// [TransformersParityTest], here its entropies as a profile has them.
class PointParityTest {
    /// Nats, of what a half adds. Worst seen 2.0e-5 (attn_out of qwen35-tied and
    /// qwen3-next-experts); doubled. Such a row is normed by itself, so what counts is its error
    /// relative to itself: small rows of delta nets have up to 6e-6 of their largest element in
    /// transformers' own float32.
    private static final double PART_CEILING = 4e-5;

    private static final List<String> GOLDENS =
            Goldens.NAMES.stream().filter(name -> Files.exists(file(name))).toList();

    /// Made by tools/make_golden_points.py.
    private static Path file(String name) {
        return Goldens.directory(name).resolve("points.safetensors");
    }

    private static List<StreamPoint> points(Golden golden) {
        return Arrays.stream(StreamPoint.values())
                .filter(point -> point.isIn(golden.loaded.model().config()))
                .toList();
    }

    @ParameterizedTest
    @FieldSource("GOLDENS")
    void theEntropiesAtEveryPointAreThoseOfTransformers(String name) {
        for (Kernels kernels : List.of(Kernels.scalar(), Kernels.best())) {
            Golden golden = new Golden(name, kernels);
            ProfileRequest request =
                    new ProfileRequest(Positions.PROMPT, ReadoutRequest.ENTROPY).at(points(golden));
            TextProfile text =
                    new Profiler(golden.loaded.model()).profile(golden.inputIds, request);
            TensorFile expected = TensorFile.open(file(name), Arena.ofAuto());
            for (StreamPoint point : points(golden)) {
                float[] entropies =
                        point == StreamPoint.RESID_POST
                                ? golden.expected.floats("entropy")
                                : expected.floats("entropy." + point.word());
                double worst = worst(text.at(point), entropies, golden.layers());
                System.out.printf("points %s %s %s %.2e%n", name, kernels.name(), point, worst);
                assertThat(worst)
                        .as("%s of %s, nats", point, name)
                        .isLessThan(
                                point.isStream()
                                        ? TransformersParityTest.ENTROPY_CEILING
                                        : PART_CEILING);
            }
        }
    }

    private static double worst(TextProfile text, float[] expected, int layers) {
        double[][] ours = text.profile().entropy();
        assertThat(ours).hasDimensions(expected.length / layers, layers);
        double worst = 0;
        for (int t = 0; t < ours.length; t++) {
            for (int l = 0; l < layers; l++) {
                double difference = Math.abs(ours[t][l] - expected[l * ours.length + t]);
                // a NaN must not pass for agreement
                worst =
                        Double.isNaN(difference)
                                ? Double.POSITIVE_INFINITY
                                : Math.max(worst, difference);
            }
        }
        return worst;
    }

    @ParameterizedTest
    @FieldSource("GOLDENS")
    void theBlocksHaveThePointsThatTransformersHas(String name) {
        Golden golden = new Golden(name, Kernels.best());
        List<String> expected =
                Stream.concat(
                                TensorFile.open(file(name), Arena.ofAuto())
                                        .tensors()
                                        .keySet()
                                        .stream(),
                                Stream.of("entropy.resid_post"))
                        .sorted()
                        .toList();
        assertThat(
                        points(golden).stream()
                                .map(point -> "entropy." + point.word())
                                .sorted()
                                .toList())
                .isEqualTo(expected);
    }

    @Test
    void everyGoldenHasThem() {
        assertThat(GOLDENS).isEqualTo(Goldens.NAMES);
    }
}
