package entropylens.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A study's or a batch's run that is done, to be looked through: from what was measured to the
/// texts behind it. It reads the run's Parquet files, and changes nothing.
public final class RunBrowser implements AutoCloseable {
    /// Columns of `texts` that say under which condition a text was measured.
    private static final List<String> CONDITIONS =
            List.of("label", "variant", "wording", "group_id");

    /// A text shown in a list is cut to so many characters.
    private static final int SHOWN = 200;

    private static final String THESE =
            " p.study = ? AND p.model = ? AND p.lens = ? AND p.point = ? ";
    private static final String INPUT = "input: ";

    private final RunTexts tables;
    private @Nullable Known known;

    /// What the files say as they are.
    ///
    /// @param stamp of the files
    private record Known(String stamp, Map<Part, Long> parts, Map<Part, List<String>> conditions) {}

    private RunBrowser(RunTexts tables) {
        this.tables = tables;
    }

    /// What was measured in one way, and is never mixed with another.
    ///
    /// @param study or `batch`
    /// @param lens its kind
    /// @param point of the stream
    public record Part(String study, String model, String lens, String point) {
        private Object[] values(Object... more) {
            List<Object> all = new ArrayList<>(List.of(study, model, lens, point));
            all.addAll(List.of(more));
            return all.toArray();
        }
    }

    /// @param directory of the run
    /// @throws DataException when it is no run, one without profiles, or damaged
    public static RunBrowser open(Path directory) {
        return new RunBrowser(RunTexts.open(directory));
    }

    /// Asked of the files once, and again when they are others.
    private synchronized Known known() {
        String stamp = tables.stamp();
        Known found = known;
        if (found == null || !found.stamp.equals(stamp)) {
            found = new Known(stamp, readParts(), new HashMap<>());
            known = found;
        }
        return found;
    }

    /// The parts of the run, each with its number of texts.
    public Map<Part, Long> parts() {
        return Collections.unmodifiableMap(known().parts);
    }

    private Map<Part, Long> readParts() {
        Map<Part, Long> parts = new LinkedHashMap<>();
        List<Map<String, @Nullable Object>> rows =
                tables.rows(
                        "SELECT study, model, lens, point, count(DISTINCT text_id) AS texts FROM profiles GROUP BY ALL ORDER BY ALL");
        for (Map<String, @Nullable Object> row : rows) {
            Part part =
                    new Part(
                            text(row, "study"),
                            text(row, "model"),
                            text(row, "lens"),
                            text(row, "point"));
            parts.put(part, ((Number) present(row, "texts")).longValue());
        }
        return parts;
    }

    /// By what the texts can be told apart: columns of `texts` that say something, and of a batch
    /// those of the user's file, as `input: NAME`. First those that several texts share and others
    /// do not; last those that name each text by itself.
    public synchronized List<String> conditions(Part part) {
        return known().conditions.computeIfAbsent(part, this::readConditions);
    }

    private List<String> readConditions(Part part) {
        List<String> candidates = new ArrayList<>(CONDITIONS);
        tables.columns("inputs").stream()
                .filter(name -> !List.of("run", "input_id", "source_place").contains(name))
                .forEach(name -> candidates.add(INPUT + name));
        List<String> telling = new ArrayList<>();
        List<String> same = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (String by : candidates) {
            Map<String, @Nullable Object> row =
                    tables.rows(
                                    "SELECT count(DISTINCT %s) AS groups, count(*) AS texts FROM texts t %s WHERE t.study = ? AND t.model = ?"
                                            .formatted(quoted(by), inputs(by)),
                                    part.study,
                                    part.model)
                            .getFirst();
            long groups = ((Number) present(row, "groups")).longValue();
            if (groups > 1) {
                boolean alone = groups == ((Number) present(row, "texts")).longValue();
                (alone ? names : telling).add(by);
            } else if (groups == 1 || by.startsWith(INPUT)) {
                same.add(by);
            }
        }
        return Stream.of(telling, same, names).flatMap(List::stream).toList();
    }

    /// The mean profile of each group of texts, over all their tokens: `value`, `texts`, `tokens`,
    /// and by layer `mean`, `spread` (standard deviation) of the entropy, in nats.
    ///
    /// @param by one of [#conditions]
    public List<Map<String, @Nullable Object>> groups(Part part, String by) {
        return tables.rows(
                """
                SELECT value, max(texts) AS texts, max(tokens) AS tokens,
                  list(layer ORDER BY layer) AS layer, list(mean ORDER BY layer) AS mean,
                  list(spread ORDER BY layer) AS spread
                FROM (
                  SELECT CAST(%s AS VARCHAR) AS value, p.layer AS layer, avg(p.entropy) AS mean,
                    coalesce(stddev_samp(p.entropy), 0) AS spread,
                    count(DISTINCT p.text_id) AS texts, count(*) AS tokens
                  FROM %s WHERE %s GROUP BY ALL)
                GROUP BY value ORDER BY value NULLS LAST\
                """
                        .formatted(column(part, by), joined(by), THESE),
                part.values());
    }

    /// Some texts of a group, in the order of their names: `text_id`, `label`, `prompt`,
    /// `generated_text` (both cut), `tokens`, and the mean `entropy` of their last layer.
    ///
    /// @param value of the group; empty for the texts without one
    public List<Map<String, @Nullable Object>> texts(
            Part part, String by, Optional<String> value, int offset, int limit) {
        return tables.rows(
                """
                SELECT p.text_id AS text_id, any_value(t.label) AS label,
                  any_value(left(t.prompt, %d)) AS prompt,
                  any_value(left(t.generated_text, %d)) AS generated_text,
                  max(p.n) AS tokens, arg_max(p.h, p.layer) AS entropy
                FROM (SELECT p.text_id, p.layer, count(*) AS n, avg(p.entropy) AS h
                      FROM profiles p WHERE %s GROUP BY p.text_id, p.layer) p
                  JOIN texts t ON t.text_id = p.text_id AND t.study = ? AND t.model = ? %s
                WHERE CAST(%s AS VARCHAR) IS NOT DISTINCT FROM ?
                GROUP BY p.text_id ORDER BY p.text_id LIMIT %d OFFSET %d\
                """
                        .formatted(
                                SHOWN, SHOWN, THESE, inputs(by), column(part, by), limit, offset),
                withNull(part.values(part.study, part.model), value.orElse(null)));
    }

    private static @Nullable Object[] withNull(Object[] values, @Nullable Object last) {
        @Nullable Object[] all = Arrays.copyOf(values, values.length + 1);
        all[values.length] = last;
        return all;
    }

    /// A text: `prompt_ids`, `generated_ids`, and whatever else its row in `texts` says.
    ///
    /// @return empty where there is none of this name
    public Optional<Map<String, @Nullable Object>> text(Part part, String id) {
        return tables
                .rows(
                        "SELECT * EXCLUDE (run) FROM texts WHERE study = ? AND model = ? AND text_id = ?",
                        part.study,
                        part.model,
                        id)
                .stream()
                .findFirst();
    }

    /// What was measured of a text, token by token, each layer after the other: `position`, `layer`
    /// and every statistic.
    ///
    /// @param most rows, so that a long text is not read whole to be refused
    public List<Map<String, @Nullable Object>> profile(Part part, String id, long most) {
        return tables.rows(
                "SELECT p.* EXCLUDE (run, study, model, text_id, lens, point) FROM profiles p WHERE %s AND p.text_id = ? ORDER BY token, layer LIMIT %d"
                        .formatted(THESE, most),
                part.values(id));
    }

    /// Checked against the list of those there are, so that no name becomes SQL.
    private String column(Part part, String by) {
        if (!conditions(part).contains(by)) {
            throw new DataException(
                    "there is no condition '%s' here; there are %s"
                            .formatted(by, String.join(", ", conditions(part))));
        }
        return quoted(by);
    }

    private static String quoted(String by) {
        String quoted = "\"" + by.replaceFirst("^" + INPUT, "").replace("\"", "\"\"") + "\"";
        return (by.startsWith(INPUT) ? "i." : "t.") + quoted;
    }

    private static String inputs(String by) {
        return by.startsWith(INPUT) ? "LEFT JOIN inputs i ON i.input_id = t.group_id" : "";
    }

    private static String joined(String by) {
        return "profiles p JOIN texts t ON t.text_id = p.text_id AND t.study = p.study AND t.model = p.model "
                + inputs(by);
    }

    private static Object present(Map<String, @Nullable Object> row, String name) {
        Object value = row.get(name);
        if (value == null) {
            throw new DataException("a row of profiles.parquet has no " + name);
        }
        return value;
    }

    private static String text(Map<String, @Nullable Object> row, String name) {
        return String.valueOf(present(row, name));
    }

    @Override
    public void close() {
        tables.close();
    }
}
