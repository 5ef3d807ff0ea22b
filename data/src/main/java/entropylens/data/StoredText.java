package entropylens.data;

import java.util.Map;

/// A text of a run and what was measured on it.
///
/// @param firstLayer 1, or 0 where the embedding was measured
/// @param firstPosition position of the first token measured
/// @param statistics by the name of their column, each `[token][layer]`; NaN where there is none
public record StoredText(
        TextRow text, int firstPosition, int firstLayer, Map<String, double[][]> statistics) {

    /// @throws IllegalArgumentException when it was not asked for
    public double[][] statistic(String column) {
        double[][] table = statistics.get(column);
        if (table == null) {
            throw new IllegalArgumentException(
                    "'%s' was not read; read were %s".formatted(column, statistics.keySet()));
        }
        return table;
    }
}
