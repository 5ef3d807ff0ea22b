package entropylens.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.family.LoadOptions;
import entropylens.hook.Intervention;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Weights that are not plain matrices, on the emulated device against the processor: adapters
/// beside them, and quantised ones.
class StoredWeightsOnDeviceTest {
    /// Of the largest element of the stream, as in GoldensOnDeviceTest.
    private static final double STREAM = 5e-6;

    @ParameterizedTest
    @CsvSource({
        "llama-gqa-tied, llama-lora",
        "llama-gqa-tied, llama-dora",
        "gpt2-base, gpt2-lora",
        "gpt2-base, gpt2-dora"
    })
    void anAdapterIsAppliedBesideItsMatrix(String golden, String adapter) {
        try (Twins twins = Twins.adapted(golden, adapter)) {
            requireAlike(twins);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"awq", "bnb-int8", "bnb-nf4-nested", "fp8-block", "gptq"})
    void quantisedWeightsAreDecodedForTheDevice(String format) {
        try (Twins twins = Twins.ofResource("quantised/" + format, LoadOptions.NONE)) {
            requireAlike(twins);
        }
    }

    private static void requireAlike(Twins twins) {
        assertThat(twins.whole()).isTrue();
        int[] ids = new int[9];
        Arrays.setAll(ids, i -> (7 * i + 3) % twins.cpu().config().dVocab());
        for (int step : new int[] {ids.length, 1}) {
            assertThat(
                            Twins.difference(
                                    Twins.stream(twins.device(), ids, step, Intervention.NONE),
                                    Twins.stream(twins.cpu(), ids, step, Intervention.NONE)))
                    .isLessThan(STREAM);
        }
    }
}
