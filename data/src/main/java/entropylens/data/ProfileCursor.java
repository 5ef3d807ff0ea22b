package entropylens.data;

import entropylens.lens.StreamPoint;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBConnection;

/// Walks through the table `profiles` beside the texts, which come in the same order: through what
/// was read of the stream after the blocks.
final class ProfileCursor implements AutoCloseable {
    private static final int TEXT_ID = 1;
    private static final int TOKEN = 2;
    private static final int POSITION = 3;
    private static final int LAYER = 4;
    private static final int FIRST_STATISTIC = 5;

    private final PreparedStatement statement;
    private final ResultSet rows;
    private final List<String> statistics;
    private boolean hasRow;

    private ProfileCursor(PreparedStatement statement, ResultSet rows, List<String> statistics)
            throws SQLException {
        this.statement = statement;
        this.rows = rows;
        this.statistics = statistics;
        this.hasRow = rows.next();
    }

    static ProfileCursor of(
            DuckDBConnection connection,
            String study,
            String model,
            String lens,
            List<String> statistics)
            throws SQLException {
        StringBuilder sql = new StringBuilder("SELECT text_id, token, position, layer");
        statistics.forEach(name -> sql.append(", \"").append(name).append('"'));
        sql.append(
                " FROM profiles WHERE study = ? AND model = ? AND point = ? AND lens = ? ORDER BY text_id, token, layer");
        PreparedStatement statement = connection.prepareStatement(sql.toString());
        statement.setString(1, study);
        statement.setString(2, model);
        statement.setString(3, StreamPoint.RESID_POST.word());
        statement.setString(4, lens);
        return new ProfileCursor(statement, statement.executeQuery(), List.copyOf(statistics));
    }

    /// The next rows, which are those of `text`; none where it was not profiled.
    StoredText take(TextRow text) throws SQLException {
        int firstPosition = 0;
        int firstLayer = 1;
        List<double[]> cells = new ArrayList<>();
        int tokens = 0;
        while (hasRow && rows.getString(TEXT_ID).equals(text.textId())) {
            if (cells.isEmpty()) {
                firstPosition = rows.getInt(POSITION);
                firstLayer = rows.getInt(LAYER);
            }
            tokens = rows.getInt(TOKEN);
            cells.add(row());
            hasRow = rows.next();
        }
        return new StoredText(text, firstPosition, firstLayer, tables(cells, tokens));
    }

    private double[] row() throws SQLException {
        double[] row = new double[statistics.size()];
        for (int i = 0; i < row.length; i++) {
            double value = rows.getDouble(FIRST_STATISTIC + i);
            row[i] = rows.wasNull() ? Double.NaN : value;
        }
        return row;
    }

    private Map<String, double[][]> tables(List<double[]> cells, int tokens) {
        int layers = tokens == 0 ? 0 : cells.size() / tokens;
        Map<String, double[][]> tables = new LinkedHashMap<>();
        for (int i = 0; i < statistics.size(); i++) {
            double[][] table = new double[tokens][layers];
            for (int at = 0; at < tokens * layers; at++) {
                table[at / layers][at % layers] = cells.get(at)[i];
            }
            tables.put(statistics.get(i), table);
        }
        return tables;
    }

    @Override
    public void close() throws SQLException {
        rows.close();
        statement.close();
    }
}
