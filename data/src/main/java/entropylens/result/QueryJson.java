package entropylens.result;

import entropylens.data.Query;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// Rows as one JSON object: `columns` and `types`, and `rows`, a list for each in their order.
public final class QueryJson {
    private QueryJson() {}

    /// Writes all rows that are left, and a line break.
    public static void print(Query query, PrintWriter out) {
        try (JsonGenerator json = Json.MAPPER.createGenerator(out)) {
            json.writeStartObject();
            json.writePOJOProperty(
                    "columns", query.columns().stream().map(Query.Column::name).toList());
            json.writePOJOProperty(
                    "types", query.columns().stream().map(Query.Column::type).toList());
            json.writeArrayPropertyStart("rows");
            List<@Nullable Object> row = query.next();
            while (row != null) {
                json.writeRaw('\n'); // a row is a line, for the eye and for diff
                json.writePOJO(row.stream().map(QueryJson::valid).toList());
                row = query.next();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        out.println();
    }

    static String text(Object value) {
        return Json.MAPPER.writeValueAsString(valid(value));
    }

    /// JSON has no NaN and no infinity; null stands for them.
    private static @Nullable Object valid(@Nullable Object value) {
        return switch (value) {
            case Double number when !Double.isFinite(number) -> null;
            case Float number when !Float.isFinite(number) -> null;
            case List<?> list -> list.stream().map(QueryJson::valid).toList();
            case Map<?, ?> map -> valid(map);
            case null, default -> value;
        };
    }

    private static Map<String, @Nullable Object> valid(Map<?, ?> map) {
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        map.forEach((key, value) -> result.put(String.valueOf(key), valid(value)));
        return result;
    }
}
