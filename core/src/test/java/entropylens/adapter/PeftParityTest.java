package entropylens.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.EntropyLens;
import entropylens.Worst;
import entropylens.adapter.AdapterGoldens.Case;
import entropylens.family.LoadOptions;
import entropylens.lens.Statistic;
import entropylens.lens.TextProfile;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Entropies with adapters are those of PEFT, at every layer and position.
class PeftParityTest {
    static final List<Case> CASES = AdapterGoldens.CASES;

    /// Nats, float32 beside float32: worst seen 5.2e-6 (LoRA, then DoRA, layer 1), doubled.
    private static final double ENTROPY = 1.04e-5;

    private static final Worst worst = new Worst("entropy with adapters (nats)");

    private static double[] entropies(Case test, List<AdapterSource> adapters) {
        LoadOptions options = LoadOptions.NONE.adapted(adapters);
        try (EntropyLens lens = EntropyLens.open(test.base(), options, 1)) {
            TextProfile profile = lens.profile(test.inputIds(), ask -> ask.promptOnly());
            return profile.readouts().column(Statistic.ENTROPY);
        }
    }

    @ParameterizedTest
    @FieldSource("CASES")
    void entropiesAreThoseOfPeft(Case test) {
        double[] ours = entropies(test, test.adapters());
        int layers = test.entropy().length;
        assertThat(ours).hasSize(layers * test.inputIds().length);
        for (int i = 0; i < ours.length; i++) {
            int layer = i % layers;
            int token = i / layers;
            worst.see(
                    ours[i] - test.entropy()[layer][token],
                    () -> "%s, layer %d, token %d".formatted(test, layer, token));
        }
    }

    @AfterAll
    static void everyEntropyIsWithinItsBound() {
        worst.requireWithin(ENTROPY);
    }

    /// The base itself, and what is written to be left out, are the same model.
    @ParameterizedTest
    @FieldSource("CASES")
    void aScaleOfZeroIsTheBaseBitForBit(Case test) {
        List<AdapterSource> off =
                test.adapters().stream()
                        .map(adapter -> new AdapterSource(adapter.directory(), 0))
                        .toList();
        double[] base = entropies(test, List.of());
        assertThat(entropies(test, off)).isEqualTo(base);
        assertThat(entropies(test, test.adapters())).isNotEqualTo(base);
    }
}
