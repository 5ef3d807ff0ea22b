package entropylens.cli.report;

import entropylens.study.report.StudyReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A report as one HTML file: data, scripts and styles are inside, and its content security policy
/// lets nothing be fetched and no other script run.
public final class ReportPage {
    private static final List<String> SCRIPTS =
            List.of(
                    "dom.js",
                    "numbers.js",
                    "palette.js",
                    "axes.js",
                    "lines.js",
                    "bars.js",
                    "heatmap.js",
                    "legend.js",
                    "save.js",
                    "figures.js",
                    "tables.js",
                    "verdicts.js",
                    "page.js");
    private static final List<String> STYLES =
            List.of("page.css", "verdicts.css", "figures.css", "print.css");
    private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z]+)}}");

    private ReportPage() {}

    /// Writes the page in UTF-8, and leaves the stream open.
    public static void write(StudyReport report, OutputStream out) throws IOException {
        out.write(html(report).getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static String html(StudyReport report) {
        String echarts = resource("echarts/echarts.min.js");
        String script = "'use strict';\n(() => {\n" + joined(SCRIPTS) + "})();\n";
        Map<String, String> content =
                Map.of(
                        "title",
                        PlainReport.escaped(report.title()),
                        "plain",
                        PlainReport.html(report),
                        "scripts",
                        hash(echarts) + " " + hash(script),
                        "style",
                        joined(STYLES),
                        // no text of a report can end its script element, or begin a comment in it
                        "data",
                        ReportJson.compact(report).replace("<", "\\u003c"),
                        "echarts",
                        echarts,
                        "script",
                        script);
        // one pass: what was put in is not looked at again
        return PLACE.matcher(resource("report.html"))
                .replaceAll(place ->
                        Matcher.quoteReplacement(
                                Objects.requireNonNull(content.get(place.group(1)))));
    }

    private static String joined(List<String> names) {
        return names.stream().map(ReportPage::resource).collect(Collectors.joining("\n"));
    }

    private static String resource(String name) {
        try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(
                        "this build lacks %s beside %s; build it with ./mvnw"
                                .formatted(name, ReportPage.class.getName()));
            }
            // a browser sees line ends as \n, and hashes what it sees
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(String script) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(script.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
