package entropylens.cli.report;

import entropylens.study.report.Chart;
import entropylens.study.report.Evidence;
import entropylens.study.report.Section;
import entropylens.study.report.StudyReport;
import entropylens.study.report.Table;
import entropylens.study.report.UnderLens;
import entropylens.study.report.Verdict;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// A report as JSON. The order of keys is that of the records it comes from; a number that is not
/// finite is null; text is ASCII with escapes.
public final class ReportJson {
    /// What the keys mean; raised when one changes its meaning.
    public static final int FORMAT = 1;

    private ReportJson() {}

    /// Writes the report, indented, and leaves the stream open.
    public static void write(StudyReport report, OutputStream out) throws IOException {
        // a full disk is an IOException here, and one of Jackson's own there
        out.write(mapper(true).writeValueAsBytes(document(report)));
    }

    /// The same document in one line.
    static String compact(StudyReport report) {
        return mapper(false).writeValueAsString(document(report));
    }

    private static JsonMapper mapper(boolean indented) {
        return JsonMapper.builder(
                        JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build())
                .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                .enable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
                .configure(SerializationFeature.INDENT_OUTPUT, indented)
                .build();
    }

    private static Map<String, Object> document(StudyReport report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("format", FORMAT);
        json.put("title", report.title());
        json.put("command", report.command());
        json.put("facts", report.facts());
        json.put("verdicts", report.verdicts().stream().map(ReportJson::verdict).toList());
        json.put("sections", report.sections().stream().map(ReportJson::section).toList());
        if (!report.lenses().isEmpty()) {
            json.put("lenses", report.lenses().stream().map(ReportJson::underLens).toList());
        }
        return json;
    }

    private static Map<String, Object> underLens(UnderLens lens) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("lens", lens.lens());
        json.put("verdicts", lens.verdicts().stream().map(ReportJson::verdict).toList());
        return json;
    }

    private static Map<String, @Nullable Object> verdict(Verdict verdict) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("study", verdict.study());
        json.put("claim", verdict.claim());
        json.put("model", verdict.model());
        json.put("outcome", verdict.outcome().name().toLowerCase(Locale.ROOT));
        json.put("outcome_words", verdict.outcome().words());
        json.put("effect", verdict.effect());
        json.put("value", finite(verdict.value()));
        json.put("low", finite(verdict.low()));
        json.put("high", finite(verdict.high()));
        json.put("level", finite(verdict.level()));
        json.put("threshold", finite(verdict.threshold()));
        json.put("paper", verdict.paper());
        json.put("sentence", verdict.sentence());
        json.put("evidence", evidence(verdict.evidence()));
        return json;
    }

    private static Map<String, @Nullable Object> evidence(Evidence evidence) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("n", evidence.unit().isEmpty() ? null : evidence.n());
        json.put("unit", evidence.unit());
        json.put("test", evidence.test());
        json.put("p", finite(evidence.p()));
        json.put("p_adjusted", finite(evidence.adjusted()));
        json.put("null", finite(evidence.nullLevel()));
        json.put("twin", finite(evidence.twin()));
        json.put("no_twin", evidence.noTwin());
        json.put("worth", finite(evidence.worth()));
        json.put("detectable", finite(evidence.detectable()));
        json.put("over_seeds", numbers(evidence.overSeeds()));
        json.put("seeds_of", evidence.seeds());
        return json;
    }

    private static Map<String, Object> section(Section section) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", section.id());
        json.put("title", section.title());
        json.put("protocol", section.protocol());
        json.put("charts", section.charts().stream().map(ReportJson::chart).toList());
        json.put("tables", section.tables().stream().map(ReportJson::table).toList());
        json.put("notes", section.notes());
        return json;
    }

    private static Map<String, Object> chart(Chart chart) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", chart.id());
        json.put("title", chart.title());
        json.put("caption", chart.caption());
        json.put("kind", chart.kind().name().toLowerCase(Locale.ROOT));
        json.put("x_axis", chart.xAxis());
        json.put("y_axis", chart.yAxis());
        json.put("categories", chart.categories());
        json.put("rows", chart.rows());
        json.put("series", chart.series().stream().map(ReportJson::series).toList());
        return json;
    }

    private static Map<String, Object> series(Chart.Series series) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", series.name());
        json.put("group", series.group());
        json.put("control", series.control());
        json.put("x", numbers(series.x()));
        json.put("y", numbers(series.y()));
        json.put("low", numbers(series.low()));
        json.put("high", numbers(series.high()));
        return json;
    }

    private static Map<String, Object> table(Table table) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("title", table.title());
        json.put("columns", table.columns());
        json.put("column_types", columnTypes(table));
        json.put("digits", table.digits());
        json.put("rows", table.rows().stream().map(ReportJson::cells).toList());
        return json;
    }

    /// `text`, `integer` or `decimal`: 2 and 2.0 are one number to many readers of JSON.
    private static List<String> columnTypes(Table table) {
        List<String> types = new ArrayList<>();
        for (int column = 0; column < table.columns().size(); column++) {
            int at = column;
            List<Object> cells = table.rows().stream().map(row -> row.get(at)).toList();
            if (cells.stream().anyMatch(Double.class::isInstance)) {
                types.add("decimal");
            } else if (cells.stream().anyMatch(Number.class::isInstance)) {
                types.add("integer");
            } else {
                types.add("text");
            }
        }
        return types;
    }

    private static List<@Nullable Object> cells(List<Object> row) {
        List<@Nullable Object> cells = new ArrayList<>();
        for (Object cell : row) {
            cells.add(cell instanceof Double number ? finite(number) : cell);
        }
        return cells;
    }

    private static List<@Nullable Double> numbers(double[] values) {
        List<@Nullable Double> numbers = new ArrayList<>(values.length);
        for (double value : values) {
            numbers.add(finite(value));
        }
        return numbers;
    }

    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
