package entropylens.study.statistics;

import java.util.Arrays;

/// The k nearest neighbours in euclidean distance, all with the same vote. Exact: every distance is
/// calculated.
///
/// A class' probability is its share of the neighbours. Of training rows equally far away those
/// that come first count as nearer; scikit-learn leaves that open (it follows from its search
/// structure). Of classes with equal shares the smallest is predicted, as there.
///
/// @param neighbours k
public record NearestNeighbours(int neighbours) implements Learner {
    public NearestNeighbours {
        Require.atLeast(1, neighbours, "number of neighbours");
    }

    /// @throws IllegalArgumentException when there are fewer rows than neighbours
    @Override
    public Classifier fit(LabelledData training) {
        Require.that(
                neighbours <= training.rows(),
                "%d nearest neighbours of %d training rows; choose a smaller k or give more rows",
                neighbours,
                training.rows());
        return features -> probabilities(training, features);
    }

    private double[][] probabilities(LabelledData training, double[][] features) {
        Require.columns(features, training.features()[0].length, "features to classify");
        return Arrays.stream(features).map(row -> shares(training, row)).toArray(double[][]::new);
    }

    private double[] shares(LabelledData training, double[] row) {
        double[] shares = new double[training.classes()];
        for (int neighbour : nearest(training.features(), row)) {
            shares[training.labels()[neighbour]]++;
        }
        for (int c = 0; c < shares.length; c++) {
            shares[c] /= neighbours;
        }
        return shares;
    }

    /// Indices of the nearest rows, the nearest first: an insertion into a short sorted list, since
    /// k is small beside the number of rows.
    public int[] nearest(double[][] rows, double[] row) {
        int[] nearest = new int[neighbours];
        double[] distances = new double[neighbours];
        int found = 0;
        for (int i = 0; i < rows.length; i++) {
            double distance = Distances.squared(rows[i], row);
            if (found == neighbours && distance >= distances[found - 1]) {
                continue;
            }
            int at = found < neighbours ? found++ : found - 1;
            for (; at > 0 && distances[at - 1] > distance; at--) {
                distances[at] = distances[at - 1];
                nearest[at] = nearest[at - 1];
            }
            distances[at] = distance;
            nearest[at] = i;
        }
        return nearest;
    }
}
