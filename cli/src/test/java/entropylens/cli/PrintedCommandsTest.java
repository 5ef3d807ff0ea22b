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
        for (Path page : pages()) {
            commands.addAll(commandsIn(Files.readString(page)));
        }
        return commands;
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> pages =
                Stream.of(ROOT, ROOT.resolve("docs")).flatMap(PrintedCommandsTest::list)) {
            return pages.filter(page -> page.toString().endsWith(".md")).sorted().toList();
        }
    }

    private static Stream<Path> list(Path directory) {
        try {
            return Files.list(directory);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
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
        String[] words = ShellWords.of(command).toArray(String[]::new);
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
                List.of(
                        "study",
                        "all",
                        "--preset",
                        "quick",
                        "--model",
                        "a b's \"c\" $d `e` \\ *",
                        "--stories",
                        "",
                        "-o",
                        "~/out\nfolder");
        String printed = StudyManifest.command(given);
        assertThat(printed).startsWith("entropy-lens study all --preset quick");
        assertThat(ShellWords.of(printed.substring("entropy-lens ".length())))
                .containsExactlyElementsOf(given);
    }
}
