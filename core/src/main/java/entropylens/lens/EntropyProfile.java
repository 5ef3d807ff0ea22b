package entropylens.lens;

import java.util.Arrays;

/// Entropies by row and layer, in nats, and what is derived from them. A row is a token (the
/// position that predicts it), or the mean over a window of tokens, or over a text.
///
/// @param entropy `[rows][layers]`
public record EntropyProfile(double[][] entropy) {
    public EntropyProfile {
        if (entropy.length == 0 || entropy[0].length == 0) {
            throw new IllegalArgumentException("a profile needs at least one row and one layer");
        }
        entropy = Arrays.stream(entropy).map(double[]::clone).toArray(double[][]::new);
        for (double[] row : entropy) {
            if (row.length != entropy[0].length) {
                throw new IllegalArgumentException(
                        "rows of a profile have %d and %d layers"
                                .formatted(entropy[0].length, row.length));
            }
        }
    }

    public int rows() {
        return entropy.length;
    }

    public int layers() {
        return entropy[0].length;
    }

    /// Rows averaged inside `count` windows of equal length: `[count][layers]`.
    ///
    /// @throws IllegalArgumentException when the windows do not divide the rows
    public EntropyProfile windows(int count) {
        requireDivides(count);
        int width = rows() / count;
        double[][] windows = new double[count][];
        for (int w = 0; w < count; w++) {
            windows[w] = window(w, width).mean();
        }
        return new EntropyProfile(windows);
    }

    /// Standard deviations over the rows inside each of `count` windows: `[count][layers]`.
    public double[][] windowSpreads(int count) {
        requireDivides(count);
        int width = rows() / count;
        double[][] spreads = new double[count][];
        for (int w = 0; w < count; w++) {
            spreads[w] = window(w, width).spread();
        }
        return spreads;
    }

    private EntropyProfile window(int index, int width) {
        return new EntropyProfile(Arrays.copyOfRange(entropy, index * width, (index + 1) * width));
    }

    private void requireDivides(int count) {
        if (count < 1 || rows() % count != 0) {
            throw new IllegalArgumentException(
                    "%d windows do not divide %d tokens into equal parts".formatted(count, rows()));
        }
    }

    /// Mean over the rows, per layer.
    public double[] mean() {
        double[] mean = new double[layers()];
        for (double[] row : entropy) {
            for (int l = 0; l < mean.length; l++) {
                mean[l] += row[l] / rows();
            }
        }
        return mean;
    }

    /// Sample standard deviation over the rows, per layer; 0 for a single row.
    public double[] spread() {
        double[] mean = mean();
        double[] squares = new double[layers()];
        for (double[] row : entropy) {
            for (int l = 0; l < squares.length; l++) {
                squares[l] += (row[l] - mean[l]) * (row[l] - mean[l]);
            }
        }
        int freedom = Math.max(1, rows() - 1);
        return Arrays.stream(squares).map(s -> Math.sqrt(s / freedom)).toArray();
    }

    /// `ΔH_l = H_l - H_(l-1)` of one row of entropies, from its second layer on. Above 0 the block
    /// expands the set of candidates, below 0 it prunes.
    public static double[] delta(double[] entropies) {
        double[] delta = new double[entropies.length - 1];
        for (int l = 0; l < delta.length; l++) {
            delta[l] = entropies[l + 1] - entropies[l];
        }
        return delta;
    }

    /// The same profile with every value divided by `divisor`: `ln d_vocab` makes models with
    /// different vocabularies comparable.
    public EntropyProfile dividedBy(double divisor) {
        return new EntropyProfile(
                Arrays.stream(entropy)
                        .map(row -> Arrays.stream(row).map(h -> h / divisor).toArray())
                        .toArray(double[][]::new));
    }
}
