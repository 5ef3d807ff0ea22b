package entropylens.study.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ClassifierTest {
    /// Shares of neighbours and their AUC, k = 1, 3, 10, 29; worst seen 2.2e-16, doubled.
    private static final double NEIGHBOURS = 4.5e-16;

    /// Of 6 features, one of them constant; worst seen 7.5e-16, doubled.
    private static final double SCALES = 1.5e-15;

    /// scikit-learn stops at a gradient of 1e-12; worst seen of 4 fits 3.2e-8, doubled.
    private static final double COEFFICIENTS = 6.4e-8;

    /// The same fits on 50 test rows each; worst seen 2.2e-8, doubled.
    private static final double PROBABILITIES = 4.4e-8;

    private static LabelledData data(JsonNode node, int classes) {
        return LabelledData.ungrouped(
                Vectors.matrix(node, "features"), Vectors.ints(node, "labels"), classes);
    }

    private static LabelledData part(LabelledData data, int from, int to) {
        return data.select(Vectors.range(from, to));
    }

    @Test
    void nearestNeighboursAreScikitLearns() {
        JsonNode vectors = Vectors.read("neighbours");
        LabelledData data = data(vectors, 3);
        int rows = vectors.required("train_rows").intValue();
        LabelledData test = part(data, rows, data.rows());
        Worst worst = new Worst("shares of neighbours, and AUC");
        for (JsonNode c : vectors.required("cases")) {
            Classifier ours =
                    new NearestNeighbours(c.required("k").intValue()).fit(part(data, 0, rows));
            double[][] probabilities = ours.probabilities(test.features());
            worst.see(probabilities, Vectors.matrix(c, "probabilities"));
            worst.see(
                    Scores.macroAuc(probabilities, test.labels()), Vectors.number(c, "macro_auc"));
            assertThat(ours.predict(test.features())).isEqualTo(Vectors.ints(c, "predicted"));
        }
        worst.requireWithin(NEIGHBOURS);
    }

    @Test
    void ofEquallyFarRowsTheFirstIsNearerAndOfEqualSharesTheSmallestClassWins() {
        double[][] rows = {{1}, {-1}, {3}, {-3}};
        LabelledData data = LabelledData.ungrouped(rows, new int[] {1, 0, 1, 0}, 2);
        double[][] origin = {{0}};
        assertThat(new NearestNeighbours(1).fit(data).predict(origin)).containsExactly(1);
        Classifier two = new NearestNeighbours(2).fit(data);
        assertThat(two.probabilities(origin)[0]).containsExactly(0.5, 0.5);
        assertThat(two.predict(origin)).containsExactly(0);
    }

    @Test
    void logisticRegressionIsScikitLearns() {
        Worst scales = new Worst("means and scales");
        Worst coefficients = new Worst("logistic coefficients");
        Worst probabilities = new Worst("logistic probabilities");
        for (JsonNode c : Vectors.read("logistic").required("cases")) {
            LabelledData data = data(c, c.required("classes").intValue());
            int rows = c.required("train_rows").intValue();
            LabelledData train = part(data, 0, rows);
            double[][] test = part(data, rows, data.rows()).features();
            Standardiser standardiser = Standardiser.fit(train.features());
            scales.see(standardiser.means(), Vectors.doubles(c, "means"));
            scales.see(standardiser.scales(), Vectors.doubles(c, "scales"));
            LogisticRegression learner = new LogisticRegression(Vectors.number(c, "c"));
            LogisticModel model =
                    learner.fit(train.withFeatures(standardiser.apply(train.features())));
            coefficients.see(model.coefficients(), Vectors.matrix(c, "coefficients"));
            coefficients.see(model.intercepts(), Vectors.doubles(c, "intercepts"));
            double[][] ours = learner.standardised().fit(train).probabilities(test);
            probabilities.see(ours, Vectors.matrix(c, "probabilities"));
        }
        scales.requireWithin(SCALES);
        coefficients.requireWithin(COEFFICIENTS);
        probabilities.requireWithin(PROBABILITIES);
    }

    @Test
    void aClassWithoutRowsGetsNoProbability() {
        double[][] rows = {{0}, {1}, {5}, {6}};
        LabelledData data = LabelledData.ungrouped(rows, new int[] {0, 0, 2, 2}, 4);
        double[] probabilities = new LogisticRegression(1).fit(data).probabilities(rows)[3];
        assertThat(probabilities[1]).isZero();
        assertThat(probabilities[3]).isZero();
        assertThat(probabilities[2]).isGreaterThan(0.9);
        assertThat(Arrays.stream(probabilities).sum()).isEqualTo(1);
    }

    @Test
    void standardisationLooksAtTrainingRowsOnly() {
        double[][] train = {{0, 7}, {2, 7}};
        Standardiser standardiser = Standardiser.fit(train);
        assertThat(standardiser.apply(new double[][] {{4, 9}})[0]).containsExactly(3, 2);
    }

    @Test
    void aDummyDrawsClassesAtTheirRateAndKnowsNothing() {
        int[] labels = new int[2_000];
        Arrays.fill(labels, 0, 500, 1);
        double[][] features = new double[2_000][1];
        LabelledData data = LabelledData.ungrouped(features, labels, 2);
        Classifier dummy = new StratifiedDummy(3).fit(data);
        double[][] drawn = dummy.probabilities(features);
        // 5 standard deviations of a share of 2,000 draws
        assertThat(Arrays.stream(drawn).mapToDouble(row -> row[1]).average().orElseThrow())
                .isBetween(0.25 - 0.05, 0.25 + 0.05);
        assertThat(Scores.macroAuc(drawn, labels)).isBetween(0.44, 0.56);
        assertThat(dummy.probabilities(features)).isDeepEqualTo(drawn);
        assertThat(
                        Arrays.deepEquals(
                                new StratifiedDummy(4).fit(data).probabilities(features), drawn))
                .isFalse();
    }

    @Test
    void whatCannotBeLearntFromIsRefused() {
        double[][] rows = {{0}, {1}, {2}};
        LabelledData data = LabelledData.ungrouped(rows, new int[] {0, 1, 0}, 2);
        assertThatThrownBy(() -> new NearestNeighbours(4).fit(data))
                .hasMessageContaining("4 nearest neighbours of 3 training rows");
        assertThatThrownBy(() -> new NearestNeighbours(0))
                .hasMessageContaining("number of neighbours is 0");
        assertThatThrownBy(() -> LabelledData.ungrouped(nan(), new int[] {0, 1}, 2))
                .hasMessageContaining("features, row 1: value 0 is NaN");
        assertThatThrownBy(() -> new NearestNeighbours(1).fit(data).probabilities(nan()))
                .hasMessageContaining("features to classify, row 1: value 0 is NaN");
        assertThatThrownBy(() -> LabelledData.ungrouped(rows, new int[] {0, 1, 2}, 2))
                .hasMessageContaining("label 2 is 2, expected 0 .. 1");
        assertThatThrownBy(() -> new LogisticRegression(1).fit(data.withLabels(new int[3])))
                .hasMessageContaining("all 3 training rows are of class 0");
        assertThatThrownBy(() -> new LogisticRegression(0)).hasMessageContaining("C is 0.0");
        assertThatThrownBy(
                        () -> LabelledData.ungrouped(new double[][] {{1}, {1, 2}}, new int[2], 2))
                .hasMessageContaining("row 1 has 2 values, expected 1");
    }

    private static double[][] nan() {
        return new double[][] {{1}, {Double.NaN}};
    }

    @Test
    void separableClassesWithHardlyAnyPenaltyConvergeOrSaySo() {
        double[][] rows = {{0}, {1}, {5}, {6}};
        LabelledData data = LabelledData.ungrouped(rows, new int[] {0, 0, 1, 1}, 2);
        LogisticModel model = new LogisticRegression(1e6).fit(data);
        assertThat(model.predict(rows)).containsExactly(0, 0, 1, 1);
    }
}
