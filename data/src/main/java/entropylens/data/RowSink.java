package entropylens.data;

import java.sql.SQLException;

/// What the values of a row go into, one after the other, in the order of its table's columns.
interface RowSink {
    void beginRow() throws SQLException;

    void endRow() throws SQLException;

    RowSink appendNull() throws SQLException;

    RowSink append(String value) throws SQLException;

    RowSink append(int value) throws SQLException;

    RowSink append(long value) throws SQLException;

    RowSink append(float value) throws SQLException;

    RowSink append(double value) throws SQLException;

    RowSink append(boolean value) throws SQLException;

    RowSink append(int[] value) throws SQLException;

    RowSink append(float[] value) throws SQLException;

    RowSink append(double[] value) throws SQLException;
}
