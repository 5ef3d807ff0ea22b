package entropylens.study.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class CorrelationTest {
    /// Worst seen of 4 cases with ties 2.2e-16, doubled.
    private static final double SPEARMAN = 4.5e-16;

    /// Worst seen of 9 quantiles 1.4e-16, doubled.
    private static final double QUANTILE = 2.8e-16;

    @Test
    void spearmanIsScipys() {
        Worst worst = new Worst("Spearman correlation");
        for (JsonNode c : Vectors.read("rank_correlation").required("cases")) {
            double ours =
                    RankCorrelation.spearman(Vectors.doubles(c, "a"), Vectors.doubles(c, "b"))
                            .orElseThrow();
            worst.see(ours, Vectors.number(c, "spearman"));
        }
        worst.requireWithin(SPEARMAN);
    }

    @Test
    void nothingIsCorrelatedWithAConstant() {
        assertThat(RankCorrelation.spearman(new double[] {1, 2, 3}, new double[] {5, 5, 5}))
                .isEmpty();
        assertThat(RankCorrelation.spearman(new double[] {0, 0}, new double[] {1, 2})).isEmpty();
    }

    @Test
    void whatCannotBeRankedIsRefused() {
        assertThatThrownBy(() ->
                        RankCorrelation.spearman(new double[] {1, Double.NaN}, new double[] {1, 2}))
                .hasMessageContaining("first side: value 1 is NaN, expected a finite number");
        assertThatThrownBy(() -> RankCorrelation.spearman(new double[3], new double[4]))
                .hasMessageContaining("3 values on one side and 4 on the other");
        assertThatThrownBy(() -> RankCorrelation.spearman(new double[1], new double[1]))
                .hasMessageContaining("needs at least 2 values, found 1");
    }

    @Test
    void quantilesAreNumpys() {
        JsonNode vectors = Vectors.read("quantiles");
        double[] values = Vectors.doubles(vectors, "values");
        double[] q = Vectors.doubles(vectors, "q");
        double[] expected = Vectors.doubles(vectors, "quantiles");
        Worst worst = new Worst("quantiles");
        for (int i = 0; i < q.length; i++) {
            worst.see(Quantiles.linear(values, q[i]), expected[i]);
        }
        worst.requireWithin(QUANTILE);
        assertThat(Quantiles.linear(new double[] {7}, 0.3)).isEqualTo(7);
        assertThatThrownBy(() -> Quantiles.linear(values, 95))
                .hasMessage("quantile 95.0, expected between 0 and 1");
    }
}
