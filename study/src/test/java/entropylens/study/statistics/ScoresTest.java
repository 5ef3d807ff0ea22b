package entropylens.study.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ScoresTest {
    /// 2 and 4 classes, with and without ties; equal when measured, one rounding allowed.
    private static final double SCORES = 2.3e-16;

    @Test
    void scoresAreScikitLearns() {
        Worst worst = new Worst("AUC, accuracy, balanced accuracy");
        for (JsonNode c : Vectors.read("scores").required("cases")) {
            double[][] probabilities = Vectors.matrix(c, "probabilities");
            int[] labels = Vectors.ints(c, "labels");
            int[] predicted = Vectors.ints(c, "predicted");
            worst.see(Scores.macroAuc(probabilities, labels), Vectors.number(c, "macro_auc"));
            worst.see(Scores.accuracy(probabilities, labels), Vectors.number(c, "accuracy"));
            worst.see(Scores.accuracy(predicted, labels), Vectors.number(c, "accuracy"));
            worst.see(
                    Scores.balancedAccuracy(predicted, labels),
                    Vectors.number(c, "balanced_accuracy"));
            assertThat(Scores.confusion(predicted, labels, probabilities[0].length))
                    .isDeepEqualTo(Vectors.intMatrix(c, "confusion"));
            assertThat(Classifier.mostProbable(probabilities)).isEqualTo(predicted);
        }
        worst.requireWithin(SCORES);
    }

    @Test
    void tiedScoresCountHalf() {
        boolean[] positive = {true, false, true, false};
        assertThat(Scores.auc(new double[] {1, 1, 1, 1}, positive)).isEqualTo(0.5);
        assertThat(Scores.auc(new double[] {2, 1, 1, 0}, positive)).isEqualTo(0.875);
    }

    @Test
    void aClassThatIsPredictedButDoesNotOccurDoesNotCount() {
        assertThat(Scores.balancedAccuracy(new int[] {0, 2, 1, 1}, new int[] {0, 0, 1, 1}))
                .isEqualTo(0.75);
    }

    @Test
    void oneClassHasNoAuc() {
        assertThatThrownBy(() -> Scores.auc(new double[] {1, 2}, new boolean[2]))
                .hasMessageContaining("AUC of 0 positives and 2 negatives");
        double[][] probabilities = {{0.5, 0.2, 0.3}, {0.1, 0.8, 0.1}};
        assertThatThrownBy(() -> Scores.macroAuc(probabilities, new int[] {0, 1}))
                .hasMessageContaining("class 2 has 0 of 2 rows");
        assertThatThrownBy(() -> Scores.auc(new double[] {1, Double.NaN}, new boolean[2]))
                .hasMessageContaining("value 1 is NaN");
    }
}
