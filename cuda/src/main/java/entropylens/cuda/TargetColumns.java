package entropylens.cuda;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The distinct targets of some rows, as the columns of one tile.
///
/// @param tokens of the columns, filled up with token 0
/// @param ofRow the column of each row's target; −1 for none
record TargetColumns(int[] tokens, int[] ofRow) {
    /// @param targets token of each row, negative for none; null where nobody asks
    /// @param most columns that may be used
    /// @param width of the tile
    /// @return null where nobody asks, or there are too many
    static @Nullable TargetColumns of(int @Nullable [] targets, int most, int width) {
        if (targets == null) {
            return null;
        }
        Map<Integer, Integer> columns = new LinkedHashMap<>();
        int[] ofRow = new int[targets.length];
        for (int row = 0; row < targets.length; row++) {
            ofRow[row] =
                    targets[row] < 0
                            ? -1
                            : columns.computeIfAbsent(targets[row], t -> columns.size());
        }
        if (columns.size() > most) {
            return null;
        }
        int[] tokens =
                Arrays.copyOf(columns.keySet().stream().mapToInt(token -> token).toArray(), width);
        return new TargetColumns(tokens, ofRow);
    }
}
