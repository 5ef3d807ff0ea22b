package entropylens.study.families;

import entropylens.study.statistics.Distances;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Tells the family of a model's texts by the texts of the other models. Each text has the votes of
/// its nearest neighbours; a vote weighs the less the more texts its family has among the other
/// models, or a family of which a model is left out would be outvoted by chance.
final class Recogniser {
    private final int[] models;
    private final int[][] neighbours;

    /// @param rows profiles of one length
    /// @param models number of the model of each
    Recogniser(double[][] rows, int[] models, int votes) {
        this.models = models;
        double[][] distances = Distances.rootMeanSquare(rows);
        neighbours =
                IntStream.range(0, rows.length)
                        .mapToObj(row ->
                                IntStream.range(0, rows.length)
                                        .filter(other -> models[other] != models[row])
                                        .boxed()
                                        .sorted(
                                                Comparator.comparingDouble(
                                                        other -> distances[row][other]))
                                        .limit(votes)
                                        .mapToInt(other -> other)
                                        .toArray())
                        .toArray(int[][]::new);
    }

    /// For each text, the share of right guesses: 1 where its family has the most votes, 1 / n
    /// where n families share the most, else 0.
    ///
    /// @param familyOfModel the family of each model, by number
    double[] right(int[] familyOfModel) {
        int families = Arrays.stream(familyOfModel).max().orElseThrow() + 1;
        int[] texts = new int[families];
        Arrays.stream(models).forEach(model -> texts[familyOfModel[model]]++);
        int[] ofModel = new int[familyOfModel.length];
        Arrays.stream(models).forEach(model -> ofModel[model]++);
        double[] right = new double[models.length];
        for (int row = 0; row < right.length; row++) {
            int own = familyOfModel[models[row]];
            double[] votes = new double[families];
            for (int neighbour : neighbours[row]) {
                int family = familyOfModel[models[neighbour]];
                int others = texts[family] - (family == own ? ofModel[models[row]] : 0);
                votes[family] += 1.0 / others;
            }
            right[row] = shareOfMost(votes, own);
        }
        return right;
    }

    private static double shareOfMost(double[] votes, int own) {
        double most = Arrays.stream(votes).max().orElseThrow();
        double rounding = most * 1e-12;
        long ties = Arrays.stream(votes).filter(vote -> vote >= most - rounding).count();
        return votes[own] >= most - rounding ? 1.0 / ties : 0;
    }
}
