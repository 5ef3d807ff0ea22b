package entropylens.data;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The columns of a user's rows, found row by row, for those who keep them elsewhere than in a
/// [Store]: names and types are those of `inputs.parquet`.
public final class InputTypes {
    private static final BigInteger SMALLEST = BigInteger.valueOf(Long.MIN_VALUE);

    private final Map<String, Set<String>> kinds = new TreeMap<>();

    /// Looks at a row.
    ///
    /// @param columns all its values, a JSON object
    public void add(String columns) {
        for (var value : JsonText.parse(columns).properties()) {
            Set<String> known = kinds.computeIfAbsent(value.getKey(), _ -> new TreeSet<>());
            if (!value.getValue().isNull()) {
                known.add(kind(value.getValue()));
            }
        }
    }

    /// Adds what was found elsewhere, as [#kinds] gives it.
    public void add(Map<String, ? extends Set<String>> others) {
        others.forEach(
                (key, found) -> kinds.computeIfAbsent(key, _ -> new TreeSet<>()).addAll(found));
    }

    /// What was found so far: kinds of values by name.
    public Map<String, Set<String>> kinds() {
        return kinds;
    }

    private static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case BOOLEAN -> "BOOLEAN";
            case NUMBER -> value.isIntegralNumber() && within(value) ? "BIGINT" : "DOUBLE";
            default -> "VARCHAR";
        };
    }

    /// Whether it has at most 64 bits, with a sign or without.
    private static boolean within(JsonNode value) {
        BigInteger number = value.bigIntegerValue();
        return number.compareTo(SMALLEST) >= 0
                && (number.signum() < 0 || number.bitLength() <= Long.SIZE);
    }

    /// The table: run, number, file and place, and then the user's columns.
    public PlainTable table() {
        List<PlainTable.Column> columns = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (PlainTable.Column column : PlainTable.inputs().columns()) {
            if (!column.name().equals("columns")) {
                columns.add(column);
                taken.add(column.name());
            }
        }
        kinds.forEach((key, found) ->
                columns.add(
                        new PlainTable.Column(
                                InputColumns.name(key, taken), InputColumns.type(found), false)));
        return new PlainTable("inputs", columns);
    }

    /// The values of a row in these columns.
    ///
    /// @param run names the run
    public @Nullable Object[] values(String run, InputRow row) {
        JsonNode values = JsonText.parse(row.columns());
        List<@Nullable Object> all =
                new ArrayList<>(Arrays.asList(run, row.inputId(), row.file(), row.place()));
        kinds.forEach((key, found) -> all.add(value(values.path(key), InputColumns.type(found))));
        return all.toArray();
    }

    private static @Nullable Object value(JsonNode value, String type) {
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        return switch (type) {
            case "BOOLEAN" -> value.booleanValue();
            case "BIGINT" -> value.canConvertToLong() ? (Object) value.longValue() : null;
            case "DOUBLE" -> Double.isFinite(value.doubleValue()) ? value.doubleValue() : null;
            default -> value.isString() ? value.stringValue() : Objects.toString(value);
        };
    }
}
