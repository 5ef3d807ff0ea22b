package entropylens.gguf;

import entropylens.kernels.RowDecoder;
import java.util.Arrays;

/// Rows whose numbers stand in another order than in the file. They are decoded as they stand, and
/// then change places, two at a time.
final class OrderedColumns implements RowDecoder {
    private final RowDecoder rows;

    /// Numbers that change places, one pair after the other.
    private final int[] pairs;

    /// @param columns which number of a row of the file each is: all of them, each once
    OrderedColumns(RowDecoder rows, int[] columns) {
        this.rows = rows;
        this.pairs = pairs(columns);
    }

    /// Goes around each cycle of the order, and leaves out the last step, which is done then.
    private static int[] pairs(int[] columns) {
        boolean[] done = new boolean[columns.length];
        int[] pairs = new int[2 * columns.length];
        int count = 0;
        for (int start = 0; start < columns.length; start++) {
            int at = start;
            done[at] = true;
            while (!done[columns[at]]) {
                pairs[count++] = at;
                at = columns[at];
                pairs[count++] = at;
                done[at] = true;
            }
        }
        return Arrays.copyOf(pairs, count);
    }

    @Override
    public void decode(int output, float[] to, int toOffset) {
        rows.decode(output, to, toOffset);
        for (int i = 0; i < pairs.length; i += 2) {
            int one = toOffset + pairs[i];
            int other = toOffset + pairs[i + 1];
            float number = to[one];
            to[one] = to[other];
            to[other] = number;
        }
    }
}
