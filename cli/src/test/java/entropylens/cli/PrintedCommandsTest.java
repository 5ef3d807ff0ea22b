package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/// Every command that help, pages or a run print is one that the program understands.
class PrintedCommandsTest {
    private static final Path ROOT = Path.of("..");

    static List<String> ofHelp() {
        List<String> commands = new ArrayList<>();
        CommandLine main = Main.commandLine(new Main());
        Stream.concat(Stream.of(main), main.getSubcommands().values().stream())
                .forEach(command ->
                        commands.addAll(
                                commandsIn(
                                        String.join(
                                                "\n",
                                                command.getCommandSpec()
                                                        .usageMessage()
                                                        .footer()))));
        return commands;
    }

    static List<String> ofPages() throws IOException {
        List<String> commands = new ArrayList<>();
        for (String page :
                List.of("README.md", "docs/models.md", "docs/results.md", "docs/method.md")) {
            commands.addAll(commandsIn(Files.readString(ROOT.resolve(page))));
        }
        return commands;
    }

    /// Lines that begin with the program's name, joined where they end in a backslash.
    private static List<String> commandsIn(String text) {
        return Arrays.stream(text.replaceAll("\\\\\\n", " ").split("\\n"))
                .map(line -> line.strip().replaceFirst("^\\$ ", ""))
                .filter(line -> line.matches("(\\./)?entropy-lens [a-z].*"))
                .map(line -> line.replaceFirst("^(\\./)?entropy-lens ", ""))
                .map(line -> line.replaceFirst("\\s+# .*", ""))
                .toList();
    }

    @ParameterizedTest
    @MethodSource({"ofHelp", "ofPages"})
    void aPrintedCommandIsUnderstood(String command) {
        String[] words = words(command);
        assertThatCode(() -> Main.commandLine(new Main()).parseArgs(words))
                .as(Arrays.toString(words))
                .doesNotThrowAnyException();
    }

    @Test
    void thereAreCommandsToLookAt() throws IOException {
        assertThat(ofHelp()).hasSizeGreaterThan(10);
        assertThat(ofPages()).hasSizeGreaterThan(10);
    }

    @Test
    void theCommandOfARunRepeatsIt() {
        List<String> given =
                List.of("study", "all", "--preset", "quick", "--model", "a b's \"c\"", "-o", "out");
        String printed = StudyManifest.command(given);
        assertThat(printed).startsWith("entropy-lens study all --preset quick");
        assertThat(words(printed.substring("entropy-lens ".length())))
                .containsExactlyElementsOf(given);
    }

    /// As a POSIX shell splits them: blanks, single and double quotes, backslashes.
    private static String[] words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\'' || c == '"') {
                int end = line.indexOf(c, i + 1);
                assertThat(end).as("a quote that is closed in: " + line).isPositive();
                word.append(line, i + 1, end);
                inWord = true;
                i = end;
            } else if (c == '\\') {
                word.append(line.charAt(++i));
                inWord = true;
            } else if (c == ' ') {
                if (inWord) {
                    words.add(word.toString());
                }
                word.setLength(0);
                inWord = false;
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words.toArray(String[]::new);
    }
}
