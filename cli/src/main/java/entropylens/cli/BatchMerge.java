package entropylens.cli;

import entropylens.data.RunMerge;
import entropylens.result.Build;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// `entropy-lens batch --merge`: the parts of a batch become one run.
final class BatchMerge {
    private static final Set<String> GO_WITH_IT = Set.of("--merge", "--output", "--resume");

    private BatchMerge() {}

    static void run(List<Path> parts, Path into, boolean resume, CommandSpec spec) {
        requireAlone(spec);
        Map<String, @Nullable Object> details = new LinkedHashMap<>();
        details.put("command", StudyManifest.command(spec));
        details.put("version", Build.version());
        details.put("commit", Build.commit());
        details.put("started", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        PrintWriter err = spec.commandLine().getErr();
        RunMerge.Merged merged =
                RunMerge.merge(
                        parts,
                        into,
                        details,
                        resume,
                        part -> {
                            if (Boolean.getBoolean("entropylens.stderr.terminal")) {
                                err.println(Failures.oneLine("joining " + part));
                                err.flush();
                            }
                        });
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                String.format(
                        Locale.ROOT,
                        "%,d parts: %,d prompts, %,d texts%s",
                        parts.size(),
                        merged.inputs(),
                        merged.texts(),
                        merged.problems() == 0
                                ? ""
                                : "; %,d prompts could not be measured, see problems.parquet"
                                        .formatted(merged.problems())));
        out.println("Run: " + into);
    }

    /// Nothing is measured, so an option that says what is measured would have no effect.
    private static void requireAlone(CommandSpec spec) {
        Set<String> others = new TreeSet<>();
        spec.commandLine()
                .getParseResult()
                .matchedOptions()
                .forEach(option -> others.add(option.longestName()));
        others.removeAll(GO_WITH_IT);
        if (!others.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--merge measures nothing; leave out " + String.join(", ", others));
        }
    }
}
