package entropylens.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The records of a CSV file, cell by cell. Empty lines between them are left out.
final class CsvRecords implements AutoCloseable {
    private final Path file;
    private final Utf8Lines lines;
    private String text = "";
    private int at;
    private long line;

    CsvRecords(Path file) {
        this.file = file;
        this.lines = new Utf8Lines(file);
    }

    /// The line in which the record read last begins, from 1.
    long line() {
        return line;
    }

    /// The next record, or null after the last one.
    @Nullable List<String> next() {
        do {
            if (!advance()) {
                return null;
            }
        } while (text.isBlank());
        line = lines.number();
        List<String> cells = new ArrayList<>();
        cells.add(cell());
        while (at < text.length()) {
            at++; // the comma
            cells.add(cell());
        }
        return cells;
    }

    private boolean advance() {
        String next = lines.next();
        if (next == null) {
            return false;
        }
        text = next.endsWith("\r") ? next.substring(0, next.length() - 1) : next;
        at = 0;
        return true;
    }

    /// Ends at a comma, or at the end of the line.
    private String cell() {
        if (at < text.length() && text.charAt(at) == '"') {
            return quoted();
        }
        int comma = text.indexOf(',', at);
        int end = comma < 0 ? text.length() : comma;
        int quote = text.indexOf('"', at, end);
        if (quote >= 0) {
            throw wrong(quote, "a quote inside a cell that does not begin with one");
        }
        String cell = text.substring(at, end);
        at = end;
        return cell;
    }

    private String quoted() {
        long opened = lines.number();
        int column = at + 1;
        StringBuilder cell = new StringBuilder();
        at++;
        while (true) {
            int quote = text.indexOf('"', at);
            if (quote < 0) {
                continueOnNextLine(cell, opened, column);
            } else if (quote + 1 < text.length() && text.charAt(quote + 1) == '"') {
                cell.append(text, at, quote + 1);
                at = quote + 2;
            } else {
                cell.append(text, at, quote);
                at = quote + 1;
                if (at < text.length() && text.charAt(at) != ',') {
                    throw wrong(
                            at, "a comma must follow the closing quote; a quote inside is doubled");
                }
                return cell.toString();
            }
        }
    }

    private void continueOnNextLine(StringBuilder cell, long opened, int column) {
        cell.append(text, at, text.length()).append('\n');
        if (cell.length() > Utf8Lines.LONGEST || !advance()) {
            throw new DataException(
                    "%s: line %d, column %d: this quote is never closed"
                            .formatted(file, opened, column));
        }
    }

    private DataException wrong(int index, String what) {
        return new DataException(
                "%s: line %d, column %d: %s".formatted(file, lines.number(), index + 1, what));
    }

    @Override
    public void close() {
        lines.close();
    }
}
