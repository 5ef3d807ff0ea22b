package entropylens.study.classify;

import entropylens.study.statistics.Fold;
import entropylens.study.statistics.NearestNeighbours;
import java.util.Arrays;

/// The nearest neighbours of every row among the training rows of the fold that tests it. They do
/// not depend on labels, so a shuffle only counts votes anew.
final class NeighbourVotes {
    private final int[][] neighbours;

    NeighbourVotes(double[][] features, Scheme scheme, int k) {
        neighbours = new int[features.length][];
        for (Fold fold : scheme.folds()) {
            int[] train = fold.train();
            double[][] rows =
                    Arrays.stream(train).mapToObj(row -> features[row]).toArray(double[][]::new);
            NearestNeighbours nearest = new NearestNeighbours(Math.min(k, train.length));
            Arrays.stream(fold.test())
                    .parallel()
                    .forEach(row ->
                            neighbours[row] =
                                    Arrays.stream(nearest.nearest(rows, features[row]))
                                            .map(i -> train[i])
                                            .toArray());
        }
    }

    /// `[row][class]`: shares of the votes.
    double[][] probabilities(int[] labels, int classes) {
        double[][] shares = new double[neighbours.length][classes];
        for (int row = 0; row < shares.length; row++) {
            for (int neighbour : neighbours[row]) {
                shares[row][labels[neighbour]] += 1.0 / neighbours[row].length;
            }
        }
        return shares;
    }
}
