package entropylens.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.study.report.Section;
import entropylens.study.report.StudyReport;
import entropylens.study.report.Table;
import entropylens.study.report.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What is there for a browser without scripts.
class PlainReportTest {
    private final StudyReport report = InventedReport.report();
    private final String plain = PlainReport.html(report);

    @Test
    void everyVerdictIsThereWithWhatItRestsOn() throws IOException {
        for (Verdict verdict : report.verdicts()) {
            String begin =
                    "<li><b>%s: %s</b>: %s<br>"
                            .formatted(
                                    PlainReport.escaped(verdict.model()),
                                    verdict.outcome().words(),
                                    PlainReport.escaped(verdict.claim()));
            assertThat(plain).contains(begin);
            String item = plain.substring(plain.indexOf(begin));
            assertThat(item.substring(0, item.indexOf("</li>")))
                    .contains(
                            PlainReport.escaped(verdict.sentence()),
                            PlainReport.escaped(verdict.paper()));
        }
        assertThat(plain)
                .contains(
                        "n = 12 stories · p = 0.063 over the run (= 0.012 alone: exchange of labels, 999 times) · null 0.000 · untrained twin −0.020 · worth the name from 0.050 · detectable from 0.035 · −0.020 … 0.004 over 5 seeds");
    }

    @Test
    void everyRowOfEveryTableIsThere() {
        assertThat(plain)
                .contains("<td class=\"number\">−0.040</td>")
                .contains("<td class=\"number\">–</td>")
                .doesNotContain("NaN")
                .doesNotContain("Infinity");
        for (Section section : report.sections()) {
            for (Table table : section.tables()) {
                assertThat(plain).contains(PlainReport.escaped(table.title()));
                for (List<Object> cells : table.rows()) {
                    assertThat(plain).contains(row(cells, table.digits()));
                }
            }
        }
    }

    private static String row(List<Object> cells, int digits) {
        return cells.stream()
                .map(cell ->
                        "<td%s>%s</td>"
                                .formatted(
                                        cell instanceof Number ? " class=\"number\"" : "",
                                        PlainReport.escaped(PlainReport.shown(cell, digits))))
                .collect(Collectors.joining("", "<tr>", "</tr>"));
    }

    @Test
    void factsAreThere() {
        report.facts()
                .forEach((name, value) ->
                        assertThat(plain)
                                .contains(
                                        "<tr><th scope=\"row\">%s</th><td>%s</td></tr>"
                                                .formatted(
                                                        PlainReport.escaped(name),
                                                        PlainReport.escaped(value))));
    }

    @Test
    void thePageHoldsItForBrowsersWithoutScripts() throws IOException {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        ReportPage.write(report, page);
        assertThat(page.toString(StandardCharsets.UTF_8))
                .contains("<noscript>" + plain + "</noscript>");
    }

    /// The report has texts that try to end elements and to begin scripts.
    @Test
    void noTextOfAReportBecomesMarkup() {
        assertThat(plain)
                .contains("&lt;/script&gt;&lt;img src=x")
                .doesNotContain("<script")
                .doesNotContain("</script")
                .doesNotContain("<img");
    }
}
