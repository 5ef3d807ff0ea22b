package entropylens.cli;

import entropylens.cli.report.ChartPng;
import entropylens.cli.report.ReportJson;
import entropylens.cli.report.ReportPage;
import entropylens.study.report.Chart;
import entropylens.study.report.Section;
import entropylens.study.report.StudyReport;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// The files of a report, each written beside its place first.
final class StudyFiles {
    /// Writes to an open file.
    private interface Writing {
        void to(OutputStream out) throws IOException;
    }

    private StudyFiles() {}

    static void write(StudyReport report, Path directory) {
        try {
            replace(directory.resolve("report.json"), out -> ReportJson.write(report, out));
            replace(directory.resolve("report.html"), out -> ReportPage.write(report, out));
            for (Section section : report.sections()) {
                for (Chart chart : section.charts()) {
                    ChartPng.write(chart, directory.resolve(chart.id() + ".png"));
                }
            }
        } catch (IOException e) {
            throw new CliException(
                    "%s: cannot write the report: %s; the measurements are kept, --resume writes it again"
                            .formatted(directory, Failures.reason(e)),
                    e);
        }
    }

    private static void replace(Path file, Writing writing) throws IOException {
        Path half = file.resolveSibling(file.getFileName() + ".half");
        try {
            try (OutputStream out = Files.newOutputStream(half)) {
                writing.to(out);
            }
            Files.move(
                    half,
                    file,
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(half);
        }
    }
}
