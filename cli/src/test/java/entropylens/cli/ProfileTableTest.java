package entropylens.cli;

import static entropylens.cli.TestModel.PLAIN;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The table: what it shows, that it fits, and that nothing in it acts on the terminal.
class ProfileTableTest {
    static final String IDS = TestModel.inputs(PLAIN);

    @TempDir Path folder;

    @Test
    void aLinePerLayerAndASentence() {
        Cli run = Cli.profile(PLAIN, IDS + "--tokens 8").succeeded();
        List<String> lines = run.out().lines().toList();
        assertThat(lines.get(0))
                .startsWith("llama-gqa-tied · llama · 3 blocks · V 101 · F32 · kernels ");
        assertThat(lines.get(1)).isEqualTo("12 prompt tokens, 8 generated, greedy · ± over tokens");
        assertThat(lines.get(3)).startsWith("layer  depth    H, nats ± sd      ΔH");
        assertThat(lines.subList(4, 7))
                .allMatch(line -> line.matches(" +\\d   \\d\\.\\d\\d   .*%"));
        assertThat(lines.get(5)).containsPattern("[▲▼] [+−]\\d\\.\\d{3}").contains("█");
        assertThat(lines.get(4)).contains("'#");
        assertThat(lines.get(8)).startsWith("Expands ");
        assertThat(run.out()).doesNotContain("\u001b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--windows 2",
                "--windows 4 --normalize",
                "--embedding --windows 4 --temperature 1.25 --top-p 0.75 --samples 12 --seed -9223372036854775808",
                "--skip-blocks 1,2,3",
                "--tokens 1",
            })
    void noLineIsWiderThanAHundredColumns(String options) {
        Path model = TestModel.withTokenizer(folder);
        String tokens = options.contains("--tokens") ? " " : "--tokens 20 ";
        Cli run = Cli.profile(model, IDS + "--ignore-eos " + tokens + options).succeeded();
        assertThat(run.out().lines()).allMatch(line -> Columns.width(line) <= 100);
    }

    @ParameterizedTest
    @CsvSource({"80, 80", "100, 100", "120, 100", "20, 72", "0, 100"})
    void aNarrowTerminalGetsANarrowTable(String terminal, int widest) {
        Path model = TestModel.withTokenizer(folder);
        System.setProperty("entropylens.stdout.columns", terminal);
        try {
            Cli run = Cli.profile(model, IDS + "--tokens 20 --ignore-eos").succeeded();
            assertThat(run.out().lines()).allMatch(line -> Columns.width(line) <= widest);
        } finally {
            System.clearProperty("entropylens.stdout.columns");
        }
    }

    @Test
    void nothingInTheTextActsOnTheTerminal() {
        Path model = TestModel.withTokenizer(folder);
        for (String format : List.of("table", "json", "csv")) {
            Cli run =
                    Cli.profile(
                            model,
                            "--token-ids 29,50,49,28,61,67,0 --tokens 20 --ignore-eos --top-k 100 --format "
                                    + format);
            String out = run.succeeded().out();
            assertThat(out.codePoints())
                    .allMatch(c -> c == '\n' || c == '\r' && format.equals("csv") || c >= ' ')
                    .noneMatch(
                            c -> c >= 0x7f && c < 0xa0 || Character.getType(c) == Character.FORMAT);
        }
    }

    @Test
    void textIsShownWithItsControlCharactersMadeVisible() {
        Path model = TestModel.withTokenizer(folder);
        Cli run = Cli.profile(model, "--token-ids 1,28,29,61 --tokens 1").succeeded();
        assertThat(run.out()).contains("\na⏎·語");
        assertThat(Cli.json(model, "--token-ids 1 --tokens 3").get("text").isString()).isTrue();
    }

    @Test
    void jsonKeepsTextAsItIs() {
        Path model = TestModel.withTokenizer(folder);
        var json = Cli.json(model, IDS + "--tokens 20 --ignore-eos");
        StringBuilder expected = new StringBuilder();
        for (int id : TestModel.greedyIds(PLAIN)) {
            expected.append(TestModel.vocabulary()[id]);
        }
        assertThat(json.get("text").asString())
                .isEqualTo(expected.toString())
                .contains("\u001b[2J", "\u202e", "\u009b", "\n\n", "語");
    }

    @Test
    void numbersLookTheSameInEveryCountry() {
        String english = Cli.profile(PLAIN, IDS).out();
        Locale was = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("de-DE"));
        try {
            assertThat(Cli.profile(PLAIN, IDS).out()).isEqualTo(english);
        } finally {
            Locale.setDefault(was);
        }
    }

    @Test
    void aBarHasEighthsOfACharacter() {
        assertThat(ProfileTable.bar(0, 4)).isEqualTo("    ");
        assertThat(ProfileTable.bar(1, 4)).isEqualTo("████");
        assertThat(ProfileTable.bar(0.5, 4)).isEqualTo("██  ");
        assertThat(ProfileTable.bar(1 / 32.0, 4)).isEqualTo("▏   ");
        assertThat(ProfileTable.bar(31 / 32.0, 4)).isEqualTo("███▉");
        assertThat(ProfileTable.bar(9 / 32.0, 4)).isEqualTo("█▏  ");
        assertThat(ProfileTable.bar(-1, 4)).isEqualTo("    ");
        assertThat(ProfileTable.bar(2, 4)).isEqualTo("████");
        assertThat(ProfileTable.bar(0.004, 4)).as("rounds to nothing").isEqualTo("    ");
    }

    @Test
    void coloursAreForTerminals() {
        assertThat(Style.PLAIN.expansion("x")).isEqualTo("x");
        assertThat(new Style(true, 80).expansion("x")).isEqualTo("\u001b[38;5;33mx\u001b[0m");
        assertThat(new Style(true, 80).pruning("x")).isEqualTo("\u001b[38;5;208mx\u001b[0m");
        assertThat(new Style(true, 80).pruning("  ")).isEqualTo("  ");
    }
}
