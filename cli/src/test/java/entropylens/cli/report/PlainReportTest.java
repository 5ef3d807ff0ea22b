package entropylens.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.study.report.StudyReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// What is there for a browser without scripts.
class PlainReportTest {
    private final StudyReport report = InventedReport.report();
    private final String plain = PlainReport.html(report);

    @Test
    void everyVerdictAndEveryCellIsThereWithoutScripts() throws IOException {
        report.verdicts()
                .forEach(verdict ->
                        assertThat(plain).contains(PlainReport.escaped(verdict.sentence())));
        report.sections()
                .forEach(section ->
                        section.tables()
                                .forEach(table -> {
                                    assertThat(plain).contains(PlainReport.escaped(table.title()));
                                    table.rows().stream()
                                            .flatMap(java.util.List::stream)
                                            .filter(String.class::isInstance)
                                            .forEach(cell ->
                                                    assertThat(plain)
                                                            .contains(
                                                                    PlainReport.escaped(
                                                                            (String) cell)));
                                }));
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        ReportPage.write(report, page);
        assertThat(page.toString(StandardCharsets.UTF_8)).contains("<noscript>" + plain);
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
