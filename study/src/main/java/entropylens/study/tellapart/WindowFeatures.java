package entropylens.study.tellapart;

import java.util.Arrays;

/// Means of the rows of a text inside windows, one after the other: what classifiers look at.
final class WindowFeatures {
    private WindowFeatures() {}

    /// `[window][layer]`, flattened. Of T rows, window i of w has the rows from `floor(i T / w)` to
    /// before `floor((i + 1) T / w)`: as many in each where w divides T, else one more or less. A
    /// text of fewer rows than windows has windows without a row; each repeats the row at which it
    /// begins.
    ///
    /// @param rows `[token][layer]`
    static double[] of(double[][] rows, int windows) {
        int layers = rows[0].length;
        double[] features = new double[windows * layers];
        for (int window = 0; window < windows; window++) {
            int from = window * rows.length / windows;
            int to = Math.max(from + 1, (window + 1) * rows.length / windows);
            for (int l = 0; l < layers; l++) {
                features[window * layers + l] = mean(rows, from, to, l);
            }
        }
        return features;
    }

    /// Summed, then divided: sums of equal float32 values are exact, so that the mean of equal
    /// values is that value. Else the rounding would tell texts of different lengths apart.
    private static double mean(double[][] rows, int from, int to, int layer) {
        double sum = 0;
        for (int row = from; row < to; row++) {
            sum += rows[row][layer];
        }
        return sum / (to - from);
    }

    /// The features of many texts.
    static double[][] ofAll(double[][][] texts, int windows) {
        return Arrays.stream(texts).map(text -> of(text, windows)).toArray(double[][]::new);
    }

    /// Those of the last layer alone.
    static double[][] ofLastLayer(double[][][] texts, int windows) {
        return Arrays.stream(texts)
                .map(text -> of(lastLayer(text), windows))
                .toArray(double[][]::new);
    }

    /// The last layer's entropy of each of the first tokens; a text that is shorter repeats its
    /// last row.
    static double[][] lastLayerByToken(double[][][] texts, int most) {
        int longest = Arrays.stream(texts).mapToInt(rows -> rows.length).max().orElse(0);
        int tokens = Math.min(most, longest);
        return Arrays.stream(texts)
                .map(rows -> {
                    double[] features = new double[tokens];
                    Arrays.setAll(
                            features,
                            token -> {
                                double[] row = rows[Math.min(token, rows.length - 1)];
                                return row[row.length - 1];
                            });
                    return features;
                })
                .toArray(double[][]::new);
    }

    /// The profile at the last token of the prompt.
    static double[][] firstRow(double[][][] texts) {
        return Arrays.stream(texts).map(rows -> rows[0]).toArray(double[][]::new);
    }

    /// The profile at the last token.
    static double[][] lastRow(double[][][] texts) {
        return Arrays.stream(texts).map(rows -> rows[rows.length - 1]).toArray(double[][]::new);
    }

    /// The mean profile behind the first row; a text of one row has no other.
    static double[][] otherRows(double[][][] texts) {
        return Arrays.stream(texts)
                .map(rows ->
                        of(Arrays.copyOfRange(rows, Math.min(1, rows.length - 1), rows.length), 1))
                .toArray(double[][]::new);
    }

    private static double[][] lastLayer(double[][] rows) {
        return Arrays.stream(rows)
                .map(row -> new double[] {row[row.length - 1]})
                .toArray(double[][]::new);
    }
}
