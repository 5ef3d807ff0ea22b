package entropylens.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows that are kept as plain values.
final class ValueRows implements RowSink {
    private final List<@Nullable Object> row = new ArrayList<>();
    private final List<@Nullable Object[]> rows = new ArrayList<>();

    List<@Nullable Object[]> rows() {
        return rows;
    }

    private RowSink add(@Nullable Object value) {
        row.add(value);
        return this;
    }

    @Override
    public void beginRow() {
        row.clear();
    }

    @Override
    public void endRow() {
        rows.add(row.toArray());
    }

    @Override
    public RowSink appendNull() {
        return add(null);
    }

    @Override
    public RowSink append(String value) {
        return add(value);
    }

    @Override
    public RowSink append(int value) {
        return add(value);
    }

    @Override
    public RowSink append(long value) {
        return add(value);
    }

    @Override
    public RowSink append(float value) {
        return add(value);
    }

    @Override
    public RowSink append(double value) {
        return add(value);
    }

    @Override
    public RowSink append(boolean value) {
        return add(value);
    }

    @Override
    public RowSink append(int[] value) {
        return add(value);
    }

    @Override
    public RowSink append(float[] value) {
        return add(value);
    }

    @Override
    public RowSink append(double[] value) {
        return add(value);
    }
}
