package entropylens.data;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// The values of a user's rows, one column each: whole numbers, numbers and truth values where all
/// rows have such, text otherwise.
final class InputColumns {
    private InputColumns() {}

    /// What selects the table `inputs` so.
    static String select(Statement statement) throws SQLException {
        List<String> terms = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (Schema.Column column : Schema.INPUTS.columns()) {
            if (!column.name().equals("columns")) {
                terms.add(column.name());
                taken.add(column.name());
            }
        }
        for (String key : keys(statement)) {
            terms.add(value(key, type(statement, key)) + " AS " + named(key, taken));
        }
        return "SELECT %s FROM inputs".formatted(String.join(", ", terms));
    }

    private static Set<String> keys(Statement statement) throws SQLException {
        Set<String> keys = new TreeSet<>();
        try (ResultSet found =
                statement.executeQuery("SELECT DISTINCT unnest(json_keys(columns)) FROM inputs")) {
            while (found.next()) {
                keys.add(found.getString(1));
            }
        }
        return keys;
    }

    private static String path(String key) {
        return Database.quoted("/" + key.replace("~", "~0").replace("/", "~1"));
    }

    private static String type(Statement statement, String key) throws SQLException {
        Set<String> types = new HashSet<>();
        String sql = "SELECT DISTINCT json_type(columns, %s) FROM inputs".formatted(path(key));
        try (ResultSet found = statement.executeQuery(sql)) {
            while (found.next()) {
                String type = found.getString(1);
                if (type != null && !type.equals("NULL")) {
                    types.add(type);
                }
            }
        }
        return type(types);
    }

    /// The type of a column whose values are of these, in DuckDB's words for JSON.
    static String type(Set<String> types) {
        if (types.equals(Set.of("BOOLEAN"))) {
            return "BOOLEAN";
        }
        if (!types.isEmpty() && Set.of("BIGINT", "UBIGINT").containsAll(types)) {
            return "BIGINT";
        }
        return !types.isEmpty() && Set.of("BIGINT", "UBIGINT", "DOUBLE").containsAll(types)
                ? "DOUBLE"
                : "VARCHAR";
    }

    /// A number beyond 64 bits becomes null rather than an error.
    private static String value(String key, String type) {
        String text = "json_extract_string(columns, %s)".formatted(path(key));
        return type.equals("VARCHAR") ? text : "TRY_CAST(%s AS %s)".formatted(text, type);
    }

    /// A user's name for a column, with a line at its end where there is one of ours, or one that
    /// differs from it only in capitals; a line for each character that no name may have.
    private static String named(String key, Set<String> taken) {
        return "\"" + name(key, taken).replace("\"", "\"\"") + "\"";
    }

    /// The same without quotes.
    static String name(String key, Set<String> taken) {
        String name = key.isEmpty() ? "_" : key.replaceAll("\\p{Cntrl}", "_");
        while (!taken.add(name.toLowerCase(Locale.ROOT))) {
            name += "_";
        }
        return name;
    }
}
