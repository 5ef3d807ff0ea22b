package entropylens.cli;

import entropylens.result.ProfileCsv;
import entropylens.result.ProfileJson;
import entropylens.result.ProfileResult;
import entropylens.web.SavedPage;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// Where a profile goes, and in which form.
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ProfileOutputs {
    /// How results are written.
    enum Format {
        TABLE,
        JSON,
        CSV
    }

    private static final Set<String> WITH_VALUE =
            Set.of("-o", "--output", "--plot", "--html", "--format");

    private static final Set<String> NAMING_A_PLACE =
            Set.of("--model", "--lens", "--adapter", "--prompt-file", "--messages");

    @Spec(Target.MIXEE)
    CommandSpec spec;

    @Option(
            names = "--format",
            paramLabel = "F",
            defaultValue = "table",
            description = "table, json or csv (default: ${DEFAULT-VALUE}).")
    Format format;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write the result to a file instead of standard output.")
    @Nullable Path output;

    @Option(names = "--plot", paramLabel = "FILE.png", description = "Draw the profile.")
    @Nullable Path plot;

    @Option(
            names = "--html",
            paramLabel = "FILE.html",
            description =
                    "Write the explorer's page with this result inside: one file, which needs neither server nor network.")
    @Nullable Path html;

    @Option(names = "--force", description = "Overwrite files that exist.")
    boolean force;

    /// @throws ParameterException when two outputs name one file, or a name says another kind
    void requireSensible() {
        if (plot != null && plot.equals(output)) {
            throw wrong("-o and --plot name the same file, " + plot);
        }
        if (plot != null && !plot.toString().endsWith(".png")) {
            throw wrong("--plot writes PNG; name the file something.png, not " + plot);
        }
        if (html != null && !html.toString().matches("(?i).*\\.html?")) {
            throw wrong("--html writes HTML; name the file something.html, not " + html);
        }
        if (html != null && html.equals(output)) {
            throw wrong("-o and --html name the same file, " + html);
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /// @throws CliException when a file exists already, or could not be written
    void requireWritable() {
        List<OutputFile> files = new ArrayList<>();
        if (output != null) {
            files.add(new OutputFile("-o", output, force));
        }
        if (plot != null) {
            files.add(new OutputFile("--plot", plot, force));
        }
        if (html != null) {
            files.add(new OutputFile("--html", html, force));
        }
        files.forEach(OutputFile::requireWritable);
    }

    void report(ProfileResult result) {
        if (output == null) {
            PrintWriter out = spec.commandLine().getOut();
            print(result, out, Style.ofTerminal());
            out.flush();
        } else {
            new OutputFile("-o", output, force)
                    .writeText(writer -> print(result, writer, Style.PLAIN));
        }
        if (plot != null) {
            new OutputFile("--plot", plot, force).write(out -> ProfilePlot.write(result, out));
        }
        if (html != null) {
            new OutputFile("--html", html, force)
                    .write(out -> SavedPage.write(result, command(), out));
        }
    }

    private void print(ProfileResult result, PrintWriter out, Style style) {
        switch (format) {
            case TABLE -> ProfileTable.print(result, out, style);
            case JSON -> ProfileJson.print(result, out);
            case CSV -> ProfileCsv.print(result, out);
        }
    }

    /// The command line as it was typed, but for where its results went, and where on this machine
    /// its files lie.
    private List<String> command() {
        List<String> words = new ArrayList<>();
        List<String> typed = spec.commandLine().getParseResult().originalArgs();
        int end = typed.contains("--") ? typed.indexOf("--") : typed.size();
        for (int i = 0; i < end; i++) {
            String word = typed.get(i);
            if (WITH_VALUE.contains(word)) {
                i++;
            } else if (!word.matches("--force|--(output|plot|html|format)=.*|-o.+")) {
                words.add(withoutPlace(i == 0 ? "" : typed.get(i - 1), word));
            }
        }
        words.addAll(typed.subList(end, typed.size()));
        return words;
    }

    /// `--model DIR` and `--model=DIR` keep the name of a file or directory; what is none stays.
    private static String withoutPlace(String before, String word) {
        int equals = word.indexOf('=');
        boolean joined = equals > 0 && NAMING_A_PLACE.contains(word.substring(0, equals));
        if (!joined && !NAMING_A_PLACE.contains(before)) {
            return word;
        }
        Matcher kind = Pattern.compile("(--[a-z-]+=)?([a-z]+:)?").matcher(word);
        int at = kind.lookingAt() ? kind.end() : 0;
        Path place = Path.of(word.substring(at)).toAbsolutePath().normalize();
        return Files.exists(place) && place.getFileName() != null
                ? word.substring(0, at) + place.getFileName()
                : word;
    }
}
