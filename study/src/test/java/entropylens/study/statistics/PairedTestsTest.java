package entropylens.study.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class PairedTestsTest {
    /// Of t, corrected t, chi squared and sums of ranks; worst seen 5.6e-16, doubled.
    private static final double STATISTICS = 1.2e-15;

    /// Of p-values, relative, down to 1e-81; worst seen 5.7e-14, doubled.
    private static final double P_VALUES = 1.2e-13;

    private final JsonNode vectors = Vectors.read("paired");

    @Test
    void pairedTestsAreScipys() {
        Worst statistics = new Worst("t and sums of ranks");
        Worst p = new Worst("p of t-tests and of signed ranks");
        for (JsonNode c : vectors.required("cases")) {
            double[] a = Vectors.doubles(c, "a");
            double[] b = Vectors.doubles(c, "b");
            TestResult t = PairedTests.pairedT(a, b);
            statistics.see(t.statistic(), Vectors.number(c, "t"));
            p.seeRelative(t.pValue(), Vectors.number(c, "t_p"));
            TestResult corrected =
                    PairedTests.correctedT(
                            PairedTests.differences(a, b), Vectors.number(c, "test_to_train"));
            statistics.see(corrected.statistic(), Vectors.number(c, "corrected_t"));
            p.seeRelative(corrected.pValue(), Vectors.number(c, "corrected_p"));
            TestResult ranks = SignedRanks.wilcoxon(a, b);
            statistics.see(ranks.statistic(), Vectors.number(c.required("wilcoxon"), "statistic"));
            p.seeRelative(ranks.pValue(), Vectors.number(c.required("wilcoxon"), "p"));
        }
        statistics.requireWithin(STATISTICS);
        p.requireWithin(P_VALUES);
    }

    @Test
    void mcNemarsTestsAreThoseOfStatsmodels() {
        Worst statistics = new Worst("McNemar's chi squared");
        Worst p = new Worst("p of McNemar's tests");
        for (JsonNode c : vectors.required("mcnemar")) {
            int first = c.required("only_first").intValue();
            int second = c.required("only_second").intValue();
            TestResult exact = PairedTests.mcNemarExact(first, second);
            p.seeRelative(exact.pValue(), Vectors.number(c, "exact_p"));
            TestResult chi = PairedTests.mcNemarChiSquared(first, second);
            statistics.see(chi.statistic(), Vectors.number(c, "chi_squared"));
            p.seeRelative(chi.pValue(), Vectors.number(c, "chi_squared_p"));
        }
        statistics.requireWithin(STATISTICS);
        p.requireWithin(P_VALUES);
    }

    @Test
    void mcNemarLooksAtCasesThatOneSideAloneGetsRight() {
        boolean[] first = {true, true, true, false, true, true, true};
        boolean[] second = {true, false, false, true, false, false, false};
        assertThat(PairedTests.mcNemarExact(first, second))
                .isEqualTo(PairedTests.mcNemarExact(5, 1));
    }

    @Test
    void equalSidesDoNotDiffer() {
        double[] same = {0.3, 0.7, 0.2};
        TestResult nothing = new TestResult(0, 1);
        assertThat(PairedTests.pairedT(same, same)).isEqualTo(nothing);
        assertThat(PairedTests.correctedT(new double[3], 0.1)).isEqualTo(nothing);
        assertThat(SignedRanks.wilcoxon(same, same)).isEqualTo(nothing);
        assertThat(PairedTests.mcNemarExact(0, 0)).isEqualTo(nothing);
        assertThat(PairedTests.mcNemarChiSquared(0, 0)).isEqualTo(nothing);
    }

    @Test
    void differencesWithoutSpreadAreRefused() {
        assertThatThrownBy(() ->
                        PairedTests.pairedT(new double[] {1.5, 2.5, 3.5}, new double[] {1, 2, 3}))
                .hasMessageContaining("all 3 differences are 0.5; without spread");
        assertThatThrownBy(() -> PairedTests.correctedT(new double[] {1}, 0.1))
                .hasMessageContaining("needs at least 2 values, found 1");
        assertThatThrownBy(() -> PairedTests.correctedT(new double[] {1, 2}, 0))
                .hasMessageContaining("test rows / training rows is 0.0");
        assertThatThrownBy(() -> PairedTests.mcNemarExact(-1, 3))
                .hasMessageContaining("on the first side alone is -1");
        assertThatThrownBy(() -> SignedRanks.wilcoxon(new double[] {Double.NaN}, new double[] {1}))
                .hasMessageContaining("value 0 is NaN");
    }
}
