package entropylens.study.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Two-dimensional maps: principal components and t-SNE.
class MapsTest {
    /// Worst seen of 150 rows with 10 features, relative above 1: 7.4e-15, doubled.
    private static final double COMPONENTS = 1.5e-14;

    /// Our divergence over scikit-learn's, perplexities 5 and 20: 1.021 and 1.007 seen. Its own
    /// lies up to 5 % higher where rows are moved by 1e-9, so that much is allowed.
    private static final double DIVERGENCE = 1.05;

    /// What ours may lose of scikit-learn's trustworthiness (10 neighbours): 0.0018 seen, doubled.
    private static final double TRUST = 0.0036;

    private final JsonNode vectors = Vectors.read("maps");
    private final double[][] rows = Vectors.matrix(vectors, "rows");

    @Test
    void principalComponentsAreScikitLearnsSignsIncluded() {
        PrincipalComponents ours = PrincipalComponents.fit(rows, 2);
        Worst worst = new Worst("principal components");
        worst.see(ours.components(), Vectors.matrix(vectors, "components"));
        worst.see(ours.variances(), Vectors.doubles(vectors, "variances"));
        worst.see(ours.shares(), Vectors.doubles(vectors, "shares"));
        worst.see(ours.project(rows), Vectors.matrix(vectors, "projected"));
        worst.requireWithin(COMPONENTS);
    }

    @Test
    void moreFeaturesThanRowsAreNoObstacle() {
        double[][] wide = {{0, 0, 0, 0, 1}, {3, 0, 0, 0, 1}, {0, 1, 0, 0, 1}};
        PrincipalComponents ours = PrincipalComponents.fit(wide, 2);
        assertThat(Arrays.stream(ours.shares()).sum()).isEqualTo(1, within(1e-12));
    }

    @Test
    void tsneIsAsGoodAsScikitLearns() {
        for (JsonNode c : vectors.required("tsne")) {
            double perplexity = Vectors.number(c, "perplexity");
            ExactTsne.Embedding ours = new ExactTsne(perplexity).embed(rows);
            double ratio = ours.divergence() / Vectors.number(c, "kl_divergence");
            double trust = Trustworthiness.of(rows, ours.points(), 10);
            double lost = Vectors.number(c, "trustworthiness") - trust;
            System.out.printf(
                    Locale.ROOT,
                    "t-SNE, perplexity %.0f: divergence %.4f of scikit-learn's, trustworthiness %.4f, %.4f less%n",
                    perplexity,
                    ratio,
                    trust,
                    lost);
            assertThat(ratio).isLessThan(DIVERGENCE);
            assertThat(lost).isLessThan(TRUST);
        }
    }

    @Test
    void aMapIsTheSameEveryTime() {
        double[][] some = Arrays.copyOf(rows, 40);
        assertThat(new ExactTsne(5, 300).embed(some).points())
                .isDeepEqualTo(new ExactTsne(5, 300).embed(some).points());
    }

    @Test
    void sevenHundredRowsTakeSecondsNotMinutes() {
        SplittableRandom random = new SplittableRandom(1);
        double[][] many = new double[768][48];
        for (int row = 0; row < 768; row++) {
            for (int i = 0; i < 48; i++) {
                many[row][i] = row % 12 + random.nextGaussian();
            }
        }
        ThreadMXBean thread = ManagementFactory.getThreadMXBean();
        long start = thread.getCurrentThreadCpuTime(); // a busy machine is not our slowness
        ExactTsne.Embedding ours = new ExactTsne(20).embed(many);
        double seconds = (thread.getCurrentThreadCpuTime() - start) / 1e9;
        System.out.printf(Locale.ROOT, "t-SNE of 768 x 48: %.1f s of one core%n", seconds);
        assertThat(Trustworthiness.of(many, ours.points(), 10)).isGreaterThan(0.8);
        assertThat(seconds).isLessThan(60);
    }

    @Test
    void repeatedRowsAndASingleFeatureAreMapped() {
        double[][] repeated = new double[30][1];
        for (int row = 0; row < 30; row++) {
            repeated[row][0] = row / 15;
        }
        for (double[] point : new ExactTsne(5).embed(repeated).points()) {
            assertThat(point).matches(p -> Double.isFinite(p[0]) && Double.isFinite(p[1]));
        }
    }

    @Test
    void whatCannotBeMappedIsRefused() {
        assertThatThrownBy(() -> new ExactTsne(150).embed(rows))
                .hasMessageContaining("perplexity 150.0 of 150 rows");
        assertThatThrownBy(() -> new ExactTsne(5).embed(new double[10][3]))
                .hasMessageContaining("all 10 rows are equal");
        assertThatThrownBy(() -> new ExactTsne(5).embed(new double[4_001][1]))
                .hasMessageContaining("exact t-SNE of 4001 rows");
        assertThatThrownBy(() -> new ExactTsne(5, 100))
                .hasMessageContaining("iterations of t-SNE is 100, expected at least 251");
        assertThatThrownBy(() -> PrincipalComponents.fit(rows, 11))
                .hasMessageContaining("11 principal components of 150 rows with 10 values");
    }
}
