package entropylens.quantised;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.checkpoint.TensorFile;
import entropylens.kernels.CodedMatrix;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Every weight of every format is the reference's, bit for bit in float32.
class DequantisedWeightsTest {
    private static final List<String> FORMATS = QuantisedGoldens.NAMES;
    private static final List<String> MODELS = QuantisedGoldens.MODELS;
    private static final int OUTPUTS = 16;
    private static final int INPUTS = 128;
    private static final int EXPERTS = 3;

    @ParameterizedTest
    @FieldSource("FORMATS")
    void randomBytesGiveTheWeightsOfTheReference(String format) {
        Path directory = QuantisedGoldens.directory(format).resolve("random");
        float[] expected = QuantisedGoldens.expected(directory).floats("weight");
        assertThat(distinct(expected)).as("weights that tell something").isGreaterThan(100);
        if (format.equals("mxfp4")) {
            for (int expert = 0; expert < EXPERTS; expert++) {
                int at = expert * OUTPUTS * INPUTS;
                check(
                        expert(directory, expert),
                        Arrays.copyOfRange(expected, at, at + OUTPUTS * INPUTS));
            }
        } else {
            check(matrix(directory, "x.proj", OUTPUTS, INPUTS), expected);
        }
    }

    private static CodedMatrix expert(Path directory, int expert) {
        return Mxfp4.expert(
                QuantisedGoldens.checkpoint(directory), "x.proj", EXPERTS, expert, OUTPUTS, INPUTS);
    }

    private static CodedMatrix matrix(Path directory, String module, int outputs, int inputs) {
        return QuantisedGoldens.quantisation(directory)
                .matrix(module, outputs, inputs)
                .orElseThrow();
    }

    /// All at once, a few at a time, one by one, and cut out of the middle.
    private static void check(CodedMatrix matrix, float[] expected) {
        for (int together : new int[] {matrix.outputs(), 5, 1}) {
            assertSame(QuantisedGoldens.decoded(matrix, together), expected);
        }
        int inputs = matrix.inputs();
        assertSame(
                QuantisedGoldens.decoded(matrix.outputs(3, 11), 8),
                Arrays.copyOfRange(expected, 3 * inputs, 11 * inputs));
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void aQuantisedCheckpointHasTheWeightsOfTheReference(String format) {
        Path directory = QuantisedGoldens.directory(format);
        TensorFile expected = QuantisedGoldens.expected(directory);
        List<String> names =
                expected.tensors().keySet().stream()
                        .filter(name -> name.startsWith("dequantised."))
                        .toList();
        assertThat(names).hasSize(2);
        for (String name : names) {
            List<Long> shape = expected.tensors().get(name).shape();
            int outputs = Math.toIntExact(shape.getFirst());
            int inputs = Math.toIntExact(shape.getLast());
            String module = name.substring("dequantised.".length());
            CodedMatrix matrix = matrix(directory, module, outputs, inputs);
            check(matrix, expected.floats(name));
            assertThat(matrix.bytes())
                    .as("smaller than in 16 bits, but for scales of tiny groups")
                    .isLessThan(2L * outputs * inputs);
        }
    }

    @Test
    void whatIsNotQuantisedIsLeftToOthers() {
        Path directory = QuantisedGoldens.directory("gptq");
        assertThat(QuantisedGoldens.quantisation(directory).matrix("lm_head", 48, 32)).isEmpty();
    }

    /// NaN is NaN, whatever its payload; -0 is not 0.
    private static void assertSame(float[] ours, float[] expected) {
        assertThat(ours.length).isEqualTo(expected.length);
        for (int i = 0; i < ours.length; i++) {
            if (Float.floatToIntBits(ours[i]) != Float.floatToIntBits(expected[i])) {
                assertThat(ours[i]).as("weight %d", i).isEqualTo(expected[i]);
                // equal, but for the sign of 0
                assertThat(Float.floatToIntBits(ours[i]))
                        .as("bits of weight %d", i)
                        .isEqualTo(Float.floatToIntBits(expected[i]));
            }
        }
    }

    private static long distinct(float[] values) {
        return java.util.stream.IntStream.range(0, values.length)
                .mapToObj(i -> values[i])
                .distinct()
                .count();
    }
}
