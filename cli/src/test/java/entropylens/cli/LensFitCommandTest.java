package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.checkpoint.Checkpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `lens fit` and `lens show`.
class LensFitCommandTest {
    @TempDir Path folder;
    private Path model = Path.of("");
    private Path prompts = Path.of("");

    @BeforeEach
    void writePrompts() throws IOException {
        model = TestModel.withTokenizer(folder);
        prompts = folder.resolve("prompts.txt");
        Random random = new Random(1);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 41; i++) {
            random.ints(10 + random.nextInt(30), 'a', 'z' + 1)
                    .forEach(letter -> text.append((char) letter));
            text.append("\n\n");
        }
        Files.writeString(prompts, text + "a\n");
    }

    private Cli fit(String options, String name) {
        String command =
                "lens fit --model %s --prompts %s -o %s %s"
                        .formatted(model, prompts, folder.resolve(name), options);
        return Cli.run(command.strip().split(" +"));
    }

    private static double[] column(Cli shown, int column) {
        return shown.out()
                .lines()
                .filter(line -> line.matches(" +[0-9]+ +[0-9.]+ +[0-9.]+"))
                .mapToDouble(line -> Double.parseDouble(line.strip().split(" +")[column]))
                .toArray();
    }

    @Test
    void aFittedLensSaysHowItWasMadeAndWhatItIsGoodFor() {
        Cli fitted = fit("--lambda 0.1 --skip-positions 2", "a.safetensors").succeeded();
        Path file = folder.resolve("a.safetensors");
        Map<String, String> said = Checkpoint.metadata(file);
        assertThat(said)
                .containsEntry("kind", "ridge")
                .containsEntry("n_layers", "3")
                .containsEntry("texts", "37")
                .containsEntry("texts_held_out", "4")
                .containsEntry("texts_too_short", "1")
                .containsEntry("skipped_positions", "2")
                .containsEntry("lambda", "0.1")
                .containsEntry("data_sha256", StudyInputOptions.sha256(prompts));
        double[] before = column(fitted, 1);
        double[] after = column(fitted, 2);
        assertThat(before).hasSize(4);
        for (int layer = 0; layer < 3; layer++) {
            assertThat(after[layer]).isLessThan(before[layer]);
        }
        assertThat(before[3]).isZero();
        assertThat(after[3]).isZero();
        assertThat(Cli.run("lens", "show", file.toString()).succeeded().out())
                .isEqualTo(fitted.out());
        Cli profile =
                Cli.profile(
                        model, "--token-ids 5,6,7 --positions prompt --embedding --lens " + file);
        assertThat(profile.succeeded().out()).contains("through the ridge lens a.safetensors");
    }

    @Test
    void theSameTextsGiveTheSameBytes() throws IOException {
        fit("--batch 1", "a.safetensors").succeeded();
        fit("--batch 1 --threads 2", "b.safetensors").succeeded();
        assertThat(Files.readAllBytes(folder.resolve("a.safetensors")))
                .isEqualTo(Files.readAllBytes(folder.resolve("b.safetensors")));
    }

    @Test
    void theMeanLensIsAShift() {
        fit("--kind mean", "mean.safetensors").succeeded();
        Path file = folder.resolve("mean.safetensors");
        assertThat(Checkpoint.metadata(file))
                .containsEntry("kind", "mean")
                .doesNotContainKey("lambda");
        assertThat(file).hasSize(fileSize(file));
        assertThat(Cli.run("lens", "show", file.toString()).succeeded().out())
                .contains("layers               3, from 0 to 2");
    }

    /// In both of its forms.
    @Test
    void aTunedLensIsTrainedAndSaysHow() throws IOException {
        String options = "--kind tuned --steps 20 --tokens-per-step 100 --rate 0.5 --seed 3";
        Cli fitted = fit(options, "tuned.safetensors").succeeded();
        assertThat(Checkpoint.metadata(folder.resolve("tuned.safetensors")))
                .containsEntry("kind", "tuned")
                .containsEntry("steps", "20")
                .containsEntry("tokens_per_step", "100")
                .containsEntry("rate", "0.5")
                .containsEntry("seed", "3")
                .containsKey("optimizer")
                .doesNotContainKey("lambda");
        double[] before = column(fitted, 1);
        double[] after = column(fitted, 2);
        for (int layer = 0; layer < 3; layer++) {
            assertThat(after[layer]).isLessThan(before[layer]);
        }
        Cli folderToo = fit(options + " --threads 2", "tuned").succeeded();
        assertThat(column(folderToo, 2)).isEqualTo(after);
        assertThat(folderToo.out()).contains("steps                20\n");
        assertThat(folder.resolve("tuned")).isDirectoryContaining("glob:**config.json");
        Cli profile =
                Cli.profile(
                        model,
                        "--token-ids 5,6,7 --positions prompt --embedding --lens tuned:"
                                + folder.resolve("tuned"));
        assertThat(profile.succeeded().out()).contains("through the tuned lens tuned");
        assertThat(fit(options, "tuned").failed(1).err())
                .contains("params.pt exists already; --force overwrites it");
    }

    @Test
    void aJacobianLensIsFittedInBothForms() {
        String options = "--kind jacobian --skip-positions 4";
        Cli fitted = fit(options, "jacobian.safetensors").succeeded();
        assertThat(Checkpoint.metadata(folder.resolve("jacobian.safetensors")))
                .containsEntry("kind", "jacobian")
                .containsEntry("skipped_positions", "4");
        assertThat(column(fitted, 2)).hasSize(4);
        Cli torch = fit(options, "jacobian.pt").succeeded();
        assertThat(torch.out())
                .contains("layers               2, from 1 to 2\n")
                .contains("n_prompts            37\n");
        assertThat(fit(options, "jacobian.bin").failed(2).err()).contains("or something.pt, not");
    }

    private Cli compare(String first, String second) {
        String command =
                "lens compare %s %s --model %s --prompts %s"
                        .formatted(first, second, model, prompts);
        return Cli.run(command.split(" +"));
    }

    @Test
    void aLensBesideItselfDiffersByNothing() {
        fit("", "a.safetensors").succeeded();
        String file = folder.resolve("a.safetensors").toString();
        assertThat(compare(file, file).succeeded().out())
                .contains("    0  1.000 (1.000, 1.000)  0.000 (0.000, 0.000)  0.000 (0.000, 0.000)")
                .doesNotContain("    3  ");
    }

    /// What is lost through the logit lens alone is what both differ by, and its sign follows the
    /// order.
    @Test
    void twoLensesDifferTheSameWayAround() {
        fit("--kind mean", "mean.safetensors").succeeded();
        String file = folder.resolve("mean.safetensors").toString();
        String there = compare("logit", file).succeeded().out();
        String back = compare(file, "logit").succeeded().out();
        Pattern row = Pattern.compile(" +1  (\\S+) .*\\)  (\\S+) .*\\)  (-?\\S+) .*\\)  (\\S+) .*");
        Matcher one =
                row.matcher(there.lines().filter(row.asMatchPredicate()).findFirst().orElseThrow());
        Matcher two =
                row.matcher(back.lines().filter(row.asMatchPredicate()).findFirst().orElseThrow());
        assertThat(one.matches() && two.matches()).isTrue();
        assertThat(one.group(1)).isEqualTo(two.group(1)).isNotEqualTo("1.000");
        assertThat(one.group(2)).isEqualTo(two.group(2)).isNotEqualTo("0.000");
        assertThat(Double.parseDouble(one.group(3))).isEqualTo(-Double.parseDouble(two.group(3)));
        assertThat(Cli.run("lens", "compare", "a.pt", "logit", "--prompts", "x").failed(2).err())
                .contains("'a.pt' is no lens");
    }

    /// A lens of the untrained twin is none of the trained model.
    @Test
    void aLensOfUntrainedWeightsIsRefusedByTheTrainedModel() {
        fit("--untrained 4", "twin.safetensors").succeeded();
        Path file = folder.resolve("twin.safetensors");
        assertThat(Checkpoint.metadata(file)).containsEntry("untrained_seed", "4");
        String ask = "--token-ids 5,6,7 --positions prompt --lens " + file;
        assertThat(Cli.profile(model, ask + " --untrained 4").succeeded().out())
                .contains("through the ridge lens twin.safetensors");
        assertThat(Cli.profile(model, ask).failed(1).err())
                .contains("twin.safetensors was made for a W_U with the SHA-256");
    }

    /// A header, and three vectors.
    private static long fileSize(Path file) {
        try {
            long header = Long.reverseBytes(ByteBuffer.wrap(Files.readAllBytes(file)).getLong());
            return 8 + header + 3 * 30 * 4;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void otherLensesAreShownToo() {
        String lenses = "../core/src/test/resources/lenses/";
        assertThat(
                        Cli.run("lens", "show", "jacobian:" + lenses + "jacobian-llama.pt")
                                .succeeded()
                                .out())
                .contains("kind                 jacobian\n")
                .contains("layers               2, from 1 to 2\n")
                .contains("n_prompts            7\n")
                .doesNotContain("KL divergence");
        assertThat(Cli.run("lens", "show", "tuned:" + lenses + "tuned-gpt2").succeeded().out())
                .contains("base_model_name_or_path org/model\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --lambda 0           | a.safetensors | lambda must be a number above 0
                    --length 1           | a.safetensors | --length must be at least 2
                    --batch 0            | a.safetensors | --batch must be at least 1
                    --skip-positions -1  | a.safetensors | --skip-positions must be at least 0
                    --kind best          | a.safetensors | --kind
                    ''                   | a.pt          | name the file something.safetensors
                    ''                   | folder        | name the file something.safetensors
                    --kind tuned         | a.bin         | or a folder without an ending
                    --steps 3            | a.safetensors | --steps says how a lens is trained, but --kind is ridge
                    --kind mean --seed 3 | a.safetensors | --seed says how a lens is trained, but --kind is mean
                    --kind tuned --rate 0 | a.safetensors | the learning rate must be a number above 0
                    --untrained 1 --adapter a | a.safetensors | --adapter and --untrained do not go together
                    """)
    void whatMakesNoSenseIsAWrongCommandLine(String options, String name, String reason) {
        assertThat(fit(options, name).failed(2).err()).contains(reason);
    }

    @Test
    void whatIsThereIsNotOverwrittenAndShortTextsMakeNoLens() throws IOException {
        Files.writeString(folder.resolve("there.safetensors"), "kept");
        assertThat(fit("", "there.safetensors").failed(1).err()).contains("there.safetensors");
        assertThat(folder.resolve("there.safetensors")).hasContent("kept");
        assertThat(fit("--skip-positions 300", "a.safetensors").failed(1).err())
                .contains("--prompts has 0 texts of more than 300 tokens");
        assertThat(Cli.run("lens").failed(2).err())
                .contains("a command is needed: fit, compare or show");
        assertThat(Cli.run("lens", "show", "a.pt").failed(2).err()).contains("'a.pt' is no lens");
    }
}
