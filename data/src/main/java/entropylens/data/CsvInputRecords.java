package entropylens.data;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// CSV by the letter (RFC 4180): commas, quotes doubled inside quotes, line breaks inside quotes.
/// The first row names the columns, except in the files of MMLU, which have none such.
///
/// It is read here and not by DuckDB or Jackson, which guess at quotes, at missing and at further
/// cells: a prompt that is quietly another one would be measured. This names the row and the
/// column.
final class CsvInputRecords implements InputRecords {
    /// How MMLU publishes its questions, without a header.
    static final List<String> MMLU = List.of("question", "A", "B", "C", "D", "answer");

    private final Path file;
    private final CsvRecords records;
    private final List<String> columns;
    private @Nullable List<String> first;
    private long rows;

    CsvInputRecords(Path file) {
        this.file = file;
        this.records = new CsvRecords(file);
        try {
            List<String> header = records.next();
            if (header == null) {
                throw new DataException(
                        "%s: is empty; the first line must name the columns".formatted(file));
            }
            boolean headless = isQuestionOfMmlu(header);
            this.columns = headless ? MMLU : header.stream().map(String::strip).toList();
            this.first = headless ? header : null;
            requireNames();
        } catch (DataException e) {
            records.close();
            throw e;
        }
    }

    private static boolean isQuestionOfMmlu(List<String> cells) {
        return cells.size() == MMLU.size()
                && cells.getLast().strip().matches("[A-D]")
                && !cells.getFirst().strip().equalsIgnoreCase("question");
    }

    private void requireNames() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < columns.size(); i++) {
            String name = columns.get(i);
            if (!seen.add(name)) {
                throw new DataException(
                        "%s: line 1: two columns are called '%s'; rename one"
                                .formatted(file, Shown.of(name)));
            }
        }
    }

    @Override
    public @Nullable InputRecord next() {
        List<String> cells = first != null ? first : records.next();
        first = null;
        if (cells == null) {
            return null;
        }
        rows++;
        String where = "row %d (line %d)".formatted(rows, records.line());
        if (cells.size() != columns.size()) {
            throw new DataException(
                    "%s: %s: has %d cells, but there are %d columns; put text with commas or quotes in quotes"
                            .formatted(file, where, cells.size(), columns.size()));
        }
        ObjectNode values = JsonText.MAPPER.createObjectNode();
        for (int i = 0; i < cells.size(); i++) {
            values.put(columns.get(i), cells.get(i));
        }
        return new InputRecord(rows, where, values);
    }

    @Override
    public void close() {
        records.close();
    }
}
