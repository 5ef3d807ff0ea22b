package entropylens.cli.report;

import entropylens.study.report.Section;
import entropylens.study.report.StudyReport;
import entropylens.study.report.Table;
import entropylens.study.report.Verdict;
import java.util.List;
import java.util.Locale;

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
        return html.toString();
    }

    private static void verdict(StringBuilder html, Verdict verdict) {
        html.append("<li><b>")
                .append(escaped(verdict.model() + ": " + verdict.outcome().words()))
                .append("</b>: ")
                .append(escaped(verdict.claim()));
        if (!Double.isNaN(verdict.value())) {
            html.append("<br>")
                    .append(
                            escaped(
                                    String.format(
                                            Locale.ROOT,
                                            "%s: %.3f (%.3f to %.3f)",
                                            verdict.effect(),
                                            verdict.value(),
                                            verdict.low(),
                                            verdict.high())));
        }
        html.append("<br>").append(escaped(verdict.sentence())).append("</li>\n");
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
        row(html, "th", table.columns(), table.digits());
        table.rows().forEach(cells -> row(html, "td", cells, table.digits()));
        html.append("</table>\n");
    }

    private static void row(StringBuilder html, String tag, List<?> cells, int digits) {
        html.append("<tr>");
        for (Object cell : cells) {
            html.append('<').append(tag).append('>');
            html.append(escaped(shown(cell, digits)));
            html.append("</").append(tag).append('>');
        }
        html.append("</tr>\n");
    }

    private static String shown(Object cell, int digits) {
        return cell instanceof Double number
                ? String.format(Locale.ROOT, "%." + digits + "f", number)
                : String.valueOf(cell);
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
