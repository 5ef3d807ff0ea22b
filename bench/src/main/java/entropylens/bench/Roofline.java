package entropylens.bench;

import entropylens.bench.RooflineOptions.Part;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Measures readout, prefill, decoding, attention and a study beside what the machine can do, and
/// prints one table. Each type of weights is measured in a process of its own.
public final class Roofline {
    /// As the launcher starts Java.
    private static final List<String> FLAGS =
            List.of(
                    "--add-modules=jdk.incubator.vector",
                    "--enable-native-access=ALL-UNNAMED",
                    "-XX:+UseSerialGC",
                    "-XX:NewSize=256m",
                    "-XX:SurvivorRatio=2",
                    "-Xlog:disable", // of it, that the vector module incubates
                    "-Xlog:all=error:stderr");

    private final RooflineOptions options;
    private final List<String> args;
    private final long start = System.nanoTime();

    private Roofline(RooflineOptions options, List<String> args) {
        this.options = options;
        this.args = args;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        if (List.of(args).contains("--help")) {
            System.out.print(RooflineOptions.USAGE);
            return;
        }
        RooflineOptions options;
        try {
            options = RooflineOptions.of(List.of(args));
        } catch (IllegalArgumentException e) {
            System.err.println("bench/run: " + e.getMessage());
            System.err.print(RooflineOptions.USAGE);
            System.exit(2);
            return;
        }
        List<RooflineRow> rows = new Roofline(options, List.of(args)).measure();
        RooflineTable.print(rows, options);
    }

    private List<RooflineRow> measure() throws IOException, InterruptedException {
        List<String> forks = new ArrayList<>();
        if (options.needsTypes()) {
            forks.addAll(options.types());
        }
        if (options.has(Part.ATTENTION)) {
            forks.add(RooflineOptions.ATTENTION);
        }
        if (options.has(Part.STUDY)) {
            forks.add(RooflineOptions.STUDY);
        }
        List<RooflineRow> rows = new ArrayList<>();
        for (int i = 0; i < forks.size(); i++) {
            System.err.printf(
                    "[%d of %d, %d s] %s%n",
                    i + 1, forks.size(), (System.nanoTime() - start) / 1_000_000_000, forks.get(i));
            rows.addAll(fork(forks.get(i)));
        }
        rows.sort(Comparator.comparing(RooflineRow::what, RooflineTable.ORDER));
        return rows;
    }

    private List<RooflineRow> fork(String type) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("roofline");
        try {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(FLAGS);
            command.addAll(options.jvm());
            command.addAll(List.of("-cp", System.getProperty("java.class.path")));
            command.addAll(List.of(RooflineFork.class.getName(), type, directory.toString()));
            command.addAll(args);
            Process process =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            List<RooflineRow> rows = rows(process);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("measuring %s failed, see above".formatted(type));
            }
            return rows;
        } finally {
            delete(directory);
        }
    }

    private static List<RooflineRow> rows(Process process) throws IOException {
        List<RooflineRow> rows = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (RooflineRow.isLine(line)) {
                    rows.add(RooflineRow.of(line));
                }
            }
        }
        return rows;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
