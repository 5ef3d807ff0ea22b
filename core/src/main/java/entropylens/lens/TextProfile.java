package entropylens.lens;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntFunction;

/// What was measured on one text. Its methods speak of one point of the stream, the first that was
/// asked for; [#at] gives the others.
///
/// @param promptIds tokens given
/// @param generatedIds tokens generated, the one that ended the text included
/// @param firstPosition position of the first row of the tables; each row is the next position
/// @param read what was read at each point, in the order asked for
public record TextProfile(
        int[] promptIds, int[] generatedIds, int firstPosition, List<PointReadouts> read) {
    public TextProfile {
        read = List.copyOf(read);
        if (read.isEmpty()) {
            throw new IllegalArgumentException("a profile needs at least one point of the stream");
        }
    }

    /// Of the stream after each block.
    ///
    /// @param layers read-outs per position: the blocks, and the embedding before them where that
    ///   was asked for
    /// @param readouts of all positions and layers, position after position
    public TextProfile(
            int[] promptIds, int[] generatedIds, int firstPosition, int layers, Readouts readouts) {
        this(
                promptIds,
                generatedIds,
                firstPosition,
                List.of(new PointReadouts(StreamPoint.RESID_POST, layers, readouts)));
    }

    /// The point that this speaks of.
    public StreamPoint point() {
        return read.getFirst().point();
    }

    /// All points that were read, in the order asked for.
    public List<StreamPoint> points() {
        return read.stream().map(PointReadouts::point).toList();
    }

    /// What was measured at one point.
    ///
    /// @throws IllegalArgumentException when it was not asked for
    public TextProfile at(StreamPoint point) {
        return read.stream()
                .filter(one -> one.point() == point)
                .findFirst()
                .map(one -> new TextProfile(promptIds, generatedIds, firstPosition, List.of(one)))
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "%s was not read; read were %s".formatted(point, points())));
    }

    /// Read-outs per position: the blocks, and the embedding before them where that was asked for.
    public int layers() {
        return read.getFirst().layers();
    }

    /// The read-outs of all positions and layers, position after position.
    public Readouts readouts() {
        return read.getFirst().readouts();
    }

    /// Positions measured.
    public int positions() {
        return readouts().rows() / layers();
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
        double[] column = readouts().column(statistic);
        return byPosition(
                from -> Arrays.copyOfRange(column, from, from + layers()), double[][]::new);
    }

    /// The most probable tokens, `[position][layer][k]`; empty unless asked for.
    public int[][][] topIds() {
        return readouts().topIds().length == 0
                ? new int[0][][]
                : byPosition(
                        from -> Arrays.copyOfRange(readouts().topIds(), from, from + layers()),
                        int[][][]::new);
    }

    /// Their probabilities, `[position][layer][k]`.
    public float[][][] topProbabilities() {
        return readouts().topProbabilities().length == 0
                ? new float[0][][]
                : byPosition(
                        from ->
                                Arrays.copyOfRange(
                                        readouts().topProbabilities(), from, from + layers()),
                        float[][][]::new);
    }

    private <T> T[] byPosition(IntFunction<T> rowFrom, IntFunction<T[]> array) {
        T[] rows = array.apply(positions());
        for (int row = 0; row < rows.length; row++) {
            rows[row] = rowFrom.apply(row * layers());
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
