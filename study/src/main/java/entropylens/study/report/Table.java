package entropylens.study.report;

import java.util.List;

/// A table. Cells are numbers (shown with the digits given), or text.
///
/// @param title what it shows
/// @param columns their names, with units
/// @param rows of as many cells as there are columns: String, Integer, Long or Double
/// @param digits after the point, for cells that are Double
public record Table(String title, List<String> columns, List<List<Object>> rows, int digits) {
    public Table {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<Object> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException(
                        "table '%s' has %d columns, but a row of %d cells"
                                .formatted(title, columns.size(), row.size()));
            }
        }
    }
}
