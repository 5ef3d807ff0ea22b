package entropylens.data;

import java.sql.SQLException;
import org.duckdb.DuckDBAppender;

/// Rows that go into a table of DuckDB.
record AppenderRows(DuckDBAppender appender) implements RowSink {
    @Override
    public void beginRow() throws SQLException {
        appender.beginRow();
    }

    @Override
    public void endRow() throws SQLException {
        appender.endRow();
    }

    @Override
    public RowSink appendNull() throws SQLException {
        appender.appendNull();
        return this;
    }

    @Override
    public RowSink append(String value) throws SQLException {
        appender.append(value);
        return this;
    }

    @Override
    public RowSink append(int value) throws SQLException {
        appender.append(value);
        return this;
    }

    @Override
    public RowSink append(long value) throws SQLException {
        appender.append(value);
        return this;
    }

    @Override
    public RowSink append(float value) throws SQLException {
        appender.append(value);
        return this;
    }

    @Override
    public RowSink append(double value) throws SQLException {
        appender.append(value);
        return this;
    }

    @Override
    public RowSink append(boolean value) throws SQLException {
        appender.append(value);
        return this;
    }

    @Override
    public RowSink append(int[] value) throws SQLException {
        appender.append(value);
        return this;
    }

    @Override
    public RowSink append(float[] value) throws SQLException {
        appender.append(value);
        return this;
    }

    @Override
    public RowSink append(double[] value) throws SQLException {
        appender.append(value);
        return this;
    }
}
