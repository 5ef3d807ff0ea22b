package entropylens.parity;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.GeneratedSection;
import entropylens.Goldens;
import entropylens.kernels.Kernels;
import entropylens.lens.Unembed;
import entropylens.model.Batch;
import entropylens.model.Model;
import entropylens.model.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Every family, every branch, against transformers in float32 with eager attention.
///
/// Each family has a bound of its own: twice the worst value in the table of docs/numerics.md.
/// Above them stand ceilings for all, so that no new table can hide an error.
class TransformersParityTest {
    /// Of the largest element: worst seen 2.4e-6 (logits of granite); doubled.
    static final double RELATIVE_CEILING = 5e-6;

    /// Nats: worst seen 5.3e-6 (olmo); doubled.
    static final double ENTROPY_CEILING = 1.1e-5;

    /// Where twice the table's value is less than this, this is the bound: vectors of another width
    /// sum attention's dot products in another order. Elements of the stream are up to 50.
    static final double FLOOR = 5e-6;

    private static final String[] QUANTITIES = {"stream", "logits", "entropy", "token by token"};

    private static final Map<String, List<String>> FAMILIES = FamilyParity.families();
    private static final List<String> FAMILY_NAMES = List.copyOf(FAMILIES.keySet());
    private static final Map<String, FamilyParity> measured = new TreeMap<>();

    @ParameterizedTest
    @FieldSource("FAMILY_NAMES")
    void aFamilyAgreesAsItsRowInTheTableSays(String family) {
        FamilyParity parity = FamilyParity.of(FAMILIES.get(family));
        measured.put(family, parity);
        List<Differences> all =
                List.of(parity.stream, parity.logits, parity.entropy, parity.decode);
        for (int i = 0; i < all.size(); i++) {
            Differences seen = all.get(i);
            System.out.printf(
                    "parity %-12s %-15s %.2e (%.1e of the largest)%n",
                    family, QUANTITIES[i], seen.largest(), seen.relative());
            assertThat(seen.count()).as("compared").isPositive();
            if (i != 2) {
                assertThat(seen.relative()).as(QUANTITIES[i]).isLessThan(RELATIVE_CEILING);
            }
        }
        assertThat(parity.entropy.largest()).isLessThan(ENTROPY_CEILING);
        if (!GeneratedSection.WRITE) {
            NumericsTable.Row row = NumericsTable.read().get(family);
            assertThat(row)
                    .as("%s in docs/numerics.md; -Ddocs.write writes it", family)
                    .isNotNull();
            assertThat(row.goldens()).isEqualTo(parity.goldens().size());
            for (int i = 0; i < all.size(); i++) {
                assertThat(all.get(i).largest())
                        .as("%s of %s", QUANTITIES[i], family)
                        .isLessThanOrEqualTo(Math.max(FLOOR, 2 * row.largest()[i]));
            }
        }
    }

    @AfterAll
    static void writeTheTable() {
        if (GeneratedSection.WRITE && measured.keySet().equals(FAMILIES.keySet())) {
            NumericsTable.write(measured);
        }
    }

    record Case(String golden, Kernels kernels) {
        @Override
        public String toString() {
            return golden + " " + kernels.name();
        }
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (String golden : Goldens.NAMES) {
            cases.add(new Case(golden, Kernels.scalar()));
            cases.add(new Case(golden, Kernels.best()));
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void twentyGreedyTokensAgree(Case test) {
        Golden golden = new Golden(test.golden(), test.kernels());
        Model model = golden.loaded.model();
        Unembed unembed = Unembed.of(model);
        Session session = model.newSession(golden.inputIds.length + golden.greedyIds.length);
        int[] feed = golden.inputIds;
        List<Integer> generated = new ArrayList<>();
        while (generated.size() < golden.greedyIds.length) {
            Batch batch = new Batch();
            batch.add(session, feed);
            float[] x = model.forward(batch);
            float[] last = new float[golden.dModel()];
            System.arraycopy(x, x.length - last.length, last, 0, last.length);
            float[] logits = unembed.logits(last, 1);
            int best = 0;
            for (int i = 1; i < logits.length; i++) {
                best = logits[i] > logits[best] ? i : best;
            }
            generated.add(best);
            feed = new int[] {best};
        }
        assertThat(generated.stream().mapToInt(i -> i).toArray()).isEqualTo(golden.greedyIds);
    }
}
