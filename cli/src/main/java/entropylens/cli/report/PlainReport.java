package entropylens.cli.report;

import entropylens.study.report.Section;
import entropylens.study.report.StudyReport;
import entropylens.study.report.Table;
import entropylens.study.report.Verdict;
import java.util.List;
import java.util.Map;

/// What a browser without scripts shows of a report: its verdicts and tables, as they are. Charts
/// are drawn by a script, or lie beside as pictures.
final class PlainReport {
    private PlainReport() {}

    static String html(StudyReport report) {
        StringBuilder html = new StringBuilder();
        html.append(
                "<p>Scripts are off, so charts are not drawn here: they lie beside this file as pictures.</p>\n");
        html.append("<h1>").append(escaped(report.title())).append("</h1>\n");
        html.append("<pre>").append(escaped(report.command())).append("</pre>\n");
        html.append("<h2>What was found</h2>\n<ul>\n");
        report.verdicts().forEach(verdict -> verdict(html, verdict));
        html.append("</ul>\n");
        report.sections().forEach(section -> section(html, section));
        facts(html, report.facts());
        return html.toString();
    }

    private static void verdict(StringBuilder html, Verdict verdict) {
        html.append("<li><b>")
                .append(escaped(verdict.model() + ": " + verdict.outcome().words()))
                .append("</b>: ")
                .append(escaped(verdict.claim()));
        if (!Double.isNaN(verdict.value())) {
            line(html, figure(verdict));
        }
        line(html, verdict.sentence());
        if (!verdict.paper().isEmpty()) {
            line(html, "The paper: " + verdict.paper());
        }
        List<String> evidence = EvidenceWords.of(verdict.evidence());
        if (!evidence.isEmpty()) {
            html.append("<br><span class=\"faint\">")
                    .append(escaped(Numbers.typographic(String.join(" · ", evidence))))
                    .append("</span>");
        }
        html.append("</li>\n");
    }

    private static void line(StringBuilder html, String text) {
        html.append("<br>").append(escaped(text));
    }

    private static String figure(Verdict verdict) {
        return "%s: %s; %.0f %% interval %s to %s, held against %s"
                .formatted(
                        verdict.effect(),
                        shown(verdict.value(), 3),
                        100 * verdict.level(),
                        shown(verdict.low(), 3),
                        shown(verdict.high(), 3),
                        shown(verdict.threshold(), 2));
    }

    private static void facts(StringBuilder html, Map<String, String> facts) {
        html.append("<h2>How to repeat it</h2>\n<table>\n");
        facts.forEach((name, value) ->
                html.append("<tr><th scope=\"row\">")
                        .append(escaped(name))
                        .append("</th><td>")
                        .append(escaped(value))
                        .append("</td></tr>\n"));
        html.append("</table>\n");
    }

    private static void section(StringBuilder html, Section section) {
        html.append("<h2>").append(escaped(section.title())).append("</h2>\n");
        section.protocol().forEach(line -> paragraph(html, line));
        section.tables().forEach(table -> table(html, table));
        section.notes().forEach(line -> paragraph(html, line));
    }

    private static void paragraph(StringBuilder html, String line) {
        html.append("<p>").append(escaped(line)).append("</p>\n");
    }

    private static void table(StringBuilder html, Table table) {
        html.append("<table>\n<caption>").append(escaped(table.title())).append("</caption>\n");
        html.append("<thead><tr>");
        for (String column : table.columns()) {
            html.append("<th scope=\"col\">").append(escaped(column)).append("</th>");
        }
        html.append("</tr></thead>\n<tbody>\n");
        table.rows().forEach(cells -> row(html, cells, table.digits()));
        html.append("</tbody>\n</table>\n");
    }

    private static void row(StringBuilder html, List<Object> cells, int digits) {
        html.append("<tr>");
        for (Object cell : cells) {
            html.append(cell instanceof Number ? "<td class=\"number\">" : "<td>")
                    .append(escaped(shown(cell, digits)))
                    .append("</td>");
        }
        html.append("</tr>\n");
    }

    static String shown(Object cell, int digits) {
        return switch (cell) {
            case Double number -> Numbers.typographic(Numbers.notNothing(number, digits));
            case Number whole -> Numbers.typographic(whole.toString());
            default -> cell.toString();
        };
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
