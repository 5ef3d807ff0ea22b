package entropylens.lens;

import java.util.Arrays;

/// What was measured on one text.
///
/// @param promptIds tokens given
/// @param generatedIds tokens generated, the one that ended the text included
/// @param firstPosition position of the first row; each row is the next position
/// @param layers read-outs per row: the blocks, and the embedding before them where that was asked
///   for
/// @param readouts entry `row · layers + layer`
public record TextProfile(
        int[] promptIds, int[] generatedIds, int firstPosition, int layers, Readouts readouts) {
    /// Positions measured.
    public int rows() {
        return readouts.entropy().length / layers;
    }

    public EntropyProfile profile() {
        return new EntropyProfile(byRow(readouts.entropy()));
    }

    /// A column of the read-outs as `[row][layer]`.
    public double[][] byRow(double[] column) {
        double[][] table = new double[column.length / layers][];
        for (int row = 0; row < table.length; row++) {
            table[row] = Arrays.copyOfRange(column, row * layers, (row + 1) * layers);
        }
        return table;
    }

    /// A column of counts as `[row][layer]`.
    public int[][] byRow(int[] column) {
        int[][] table = new int[column.length / layers][];
        for (int row = 0; row < table.length; row++) {
            table[row] = Arrays.copyOfRange(column, row * layers, (row + 1) * layers);
        }
        return table;
    }
}
