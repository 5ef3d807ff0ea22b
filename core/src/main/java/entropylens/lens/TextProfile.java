package entropylens.lens;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.IntFunction;

/// What was measured on one text.
///
/// @param promptIds tokens given
/// @param generatedIds tokens generated, the one that ended the text included
/// @param firstPosition position of the first row of the tables; each row is the next position
/// @param layers read-outs per position: the blocks, and the embedding before them where that was
///   asked for
/// @param readouts of all positions and layers, position after position
public record TextProfile(
        int[] promptIds, int[] generatedIds, int firstPosition, int layers, Readouts readouts) {
    /// Positions measured.
    public int positions() {
        return readouts.rows() / layers;
    }

    /// The entropies and what is derived from them.
    public EntropyProfile profile() {
        return new EntropyProfile(table(Statistic.ENTROPY));
    }

    /// Mean entropy of each layer over the positions, nats.
    public double[] meanByLayer() {
        return profile().mean();
    }

    /// A statistic as `[position][layer]`, in its unit; NaN where it is absent.
    ///
    /// @throws IllegalArgumentException when it was not asked for
    public double[][] table(Statistic statistic) {
        double[] column = readouts.column(statistic);
        return byPosition(from -> Arrays.copyOfRange(column, from, from + layers), double[][]::new);
    }

    /// The most probable tokens, `[position][layer][k]`; empty unless asked for.
    public int[][][] topIds() {
        return readouts.topIds().length == 0
                ? new int[0][][]
                : byPosition(
                        from -> Arrays.copyOfRange(readouts.topIds(), from, from + layers),
                        int[][][]::new);
    }

    /// Their probabilities, `[position][layer][k]`.
    public float[][][] topProbabilities() {
        return readouts.topProbabilities().length == 0
                ? new float[0][][]
                : byPosition(
                        from ->
                                Arrays.copyOfRange(
                                        readouts.topProbabilities(), from, from + layers),
                        float[][][]::new);
    }

    private <T> T[] byPosition(IntFunction<T> rowFrom, IntFunction<T[]> array) {
        T[] rows = array.apply(positions());
        for (int row = 0; row < rows.length; row++) {
            rows[row] = rowFrom.apply(row * layers);
        }
        return rows;
    }

    /// The token that follows a row's position; none after the end of a prompt.
    public OptionalInt next(int row) {
        int position = firstPosition + row + 1;
        if (position < promptIds.length) {
            return OptionalInt.of(promptIds[position]);
        }
        int generated = position - promptIds.length;
        return generated < generatedIds.length
                ? OptionalInt.of(generatedIds[generated])
                : OptionalInt.empty();
    }
}
