package entropylens.web;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Rows of a run as tables of a profile: `[token][layer]`.
final class StoredTables {
    private static final Set<String> KEYS = Set.of("token", "position", "layer");

    private StoredTables() {}

    /// @param rows each with `token`, `position`, `layer`, and one statistic a column; ordered by
    ///   token and layer
    /// @return `layer`, `depth` (layer / last layer), `position`, and a table of each statistic
    static Map<String, @Nullable Object> of(List<Map<String, @Nullable Object>> rows) {
        List<Object> layers = new ArrayList<>();
        List<Object> positions = new ArrayList<>();
        Map<String, List<List<@Nullable Object>>> tables = new LinkedHashMap<>();
        Object token = null;
        for (Map<String, @Nullable Object> row : rows) {
            boolean next = !Objects.equals(token, row.get("token"));
            token = row.get("token");
            if (next) {
                positions.add(Objects.requireNonNull(row.get("position")));
            }
            if (positions.size() == 1) {
                layers.add(Objects.requireNonNull(row.get("layer")));
            }
            row.forEach((name, value) -> {
                if (!KEYS.contains(name)) {
                    List<List<@Nullable Object>> table =
                            tables.computeIfAbsent(name, _ -> new ArrayList<>());
                    if (next) {
                        table.add(new ArrayList<>());
                    }
                    table.getLast().add(value);
                }
            });
        }
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("layer", layers);
        json.put("depth", depths(layers));
        json.put("position", positions);
        json.putAll(tables);
        return json;
    }

    private static List<Double> depths(List<Object> layers) {
        double last = layers.isEmpty() ? 1 : ((Number) layers.getLast()).doubleValue();
        return layers.stream().map(layer -> ((Number) layer).doubleValue() / last).toList();
    }
}
