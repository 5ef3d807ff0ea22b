package entropylens.cli;

import static entropylens.cli.Cli.ints;
import static entropylens.cli.TestModel.PLAIN;
import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Formats, files and prompts.
class ProfileOutputTest {
    static final String IDS = TestModel.inputs(PLAIN);

    @TempDir Path folder;

    /// A readout with a bias of −∞, which has no standard deviation.
    @Test
    void whatIsNotAFiniteNumberIsNullInJsonAndEmptyInCsv() {
        Path model = Path.of("../core/src/test/resources/cases/logit-std-nan");
        String ids = "--token-ids 1,5,9 --positions prompt --stats kl,next --alpha 0,2 ";
        Cli json = Cli.profile(model, ids + "--format json");
        assertThat(json.out()).doesNotContain("NaN").doesNotContain("Infinity");
        JsonNode table = Cli.json(model, ids).get("logit_std");
        assertThat(table).hasSize(3);
        assertThat(table)
                .allSatisfy(row -> {
                    assertThat(row).hasSize(3);
                    assertThat(row).allMatch(JsonNode::isNull);
                });
        List<String> lines = Cli.profile(model, ids + "--format csv").out().lines().toList();
        int column = List.of(lines.getFirst().split(",")).indexOf("logit_std");
        assertThat(lines).hasSize(1 + 3 * 3);
        assertThat(lines.subList(1, lines.size()))
                .allMatch(line -> line.split(",", -1)[column].isEmpty());
    }

    @Test
    void jsonKeysAreStable() {
        JsonNode json = Cli.json(PLAIN, IDS + "--alpha 0.5 --top-p-set 0.6 --stats kl,next");
        assertThat(json.propertyNames())
                .containsExactly(
                        "model",
                        "kernels",
                        "threads",
                        "program",
                        "jvm",
                        "definition",
                        "unit",
                        "positions",
                        "sampling",
                        "skip_blocks",
                        "scale_blocks",
                        "patched",
                        "chat",
                        "at",
                        "lens",
                        "layer",
                        "depth",
                        "prompt_ids",
                        "generated_ids",
                        "text",
                        "entropy",
                        "profile",
                        "spread",
                        "delta",
                        "renyi_0.5",
                        "top_p_size_0.6",
                        "logit_std",
                        "h_norm",
                        "kl_to_last",
                        "next_probability",
                        "next_rank",
                        "top_ids",
                        "top_probabilities",
                        "top_tokens");
        assertThat(json.get("model").propertyNames())
                .startsWith("name", "path", "family", "layers", "vocab", "dtype");
        assertThat(json.get("model").get("path").asString()).isEqualTo(PLAIN.toString());
        assertThat(json.get("model").get("family").asString()).isEqualTo("llama");
        assertThat(json.get("model").get("layers").asInt()).isEqualTo(3);
        assertThat(json.get("model").get("vocab").asInt()).isEqualTo(101);
        assertThat(json.get("model").get("dtype").asString()).isEqualTo("F32");
        assertThat(json.get("program").propertyNames()).containsExactly("version", "commit");
        assertThat(json.get("text").isNull()).as("no tokenizer, no text").isTrue();
        for (String key :
                List.of("entropy", "renyi_0.5", "top_p_size_0.6", "logit_std", "h_norm")) {
            assertThat(json.get(key)).as(key).hasSize(32);
            assertThat(json.get(key).get(0)).as(key).hasSize(3);
        }
    }

    @Test
    void severalSamplesAreAList() {
        JsonNode json = Cli.json(PLAIN, IDS + "--tokens 4 --temperature 1 --samples 2");
        assertThat(json.propertyNames())
                .contains("model", "profile", "spread", "delta", "samples")
                .doesNotContain("entropy", "generated_ids");
        assertThat(json.get("samples").get(0).propertyNames())
                .startsWith(
                        "prompt_ids",
                        "generated_ids",
                        "text",
                        "entropy",
                        "profile",
                        "spread",
                        "delta")
                .contains("logit_std", "h_norm", "top_ids");
    }

    @Test
    void csvHasALinePerSampleTokenAndLayer() {
        Cli run =
                Cli.profile(
                                PLAIN,
                                IDS
                                        + "--tokens 4 --windows 2 --temperature 1 --samples 2 --embedding --format csv"
                                        + " --alpha 0.5,inf --top-p-set 0.6 --stats kl,next --top-k 2")
                        .succeeded();
        List<String> lines = List.of(run.out().split("\r\n"));
        assertThat(lines).hasSize(1 + 2 * 4 * 4);
        assertThat(lines.getFirst())
                .isEqualTo(
                        "sample,token,window,position,next_id,layer,depth,entropy,renyi_0.5,renyi_inf,top_p_size_0.6,logit_std,h_norm,kl_to_last,next_probability,next_rank,top_1_id,top_1_probability,top_2_id,top_2_probability");
        for (String line : lines.subList(1, lines.size())) {
            assertThat(line.split(",")).hasSize(20).allMatch(cell -> cell.matches("[-+.\\dE]+"));
        }
        // the last row: second sample, fourth token, second window, position 11 + 3, layer 3
        assertThat(lines.getLast()).startsWith("2,4,2,14,").contains(",3,1.0,");
    }

    @Test
    void csvAndJsonHoldTheSameNumbers() {
        JsonNode json = Cli.json(PLAIN, IDS + "--tokens 3");
        String[] lines = Cli.profile(PLAIN, IDS + "--tokens 3 --format csv").out().split("\r\n");
        for (int row = 0; row < 9; row++) {
            String[] cells = lines[1 + row].split(",");
            assertThat(cells[7])
                    .isEqualTo(json.get("entropy").get(row / 3).get(row % 3).toString());
            assertThat(cells[4]).isEqualTo(json.get("generated_ids").get(row / 3).toString());
        }
    }

    @Test
    void nothingFollowsAPromptInCsv() {
        Cli run =
                Cli.profile(PLAIN, "--token-ids 5,6 --positions prompt --format csv --stats next");
        String[] lines = run.succeeded().out().split("\r\n");
        assertThat(lines[1].split(",")[4]).isEqualTo("6");
        assertThat(lines[1].split(",")).doesNotContain("");
        String[] last = lines[lines.length - 1].split(",");
        assertThat(last[4]).isEmpty();
        assertThat(last[10]).isEmpty();
        assertThat(last[11]).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"table", "json", "csv"})
    void aFileHoldsWhatStandardOutputWould(String format) throws IOException {
        Path file = folder.resolve("result");
        String options = IDS + "--tokens 4 --format " + format;
        assertThat(Cli.profile(PLAIN, options + " -o " + file).succeeded().out()).isEmpty();
        assertThat(Files.readString(file)).isEqualTo(Cli.profile(PLAIN, options).out());
        assertThat(folder).isDirectoryContaining(path -> path.equals(file));
        assertThat(Files.list(folder)).hasSize(1);
    }

    @Test
    void forceOverwrites() throws IOException {
        Path file = Files.writeString(folder.resolve("result.csv"), "old");
        Cli.profile(PLAIN, IDS + "--format csv --force -o " + file).succeeded();
        assertThat(Files.readString(file)).startsWith("sample,");
    }

    @Test
    void aFileHasOrdinaryPermissions() throws IOException {
        Path other = Files.createFile(folder.resolve("other"));
        Assumptions.assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
        Path file = folder.resolve("result.csv");
        Cli.profile(PLAIN, IDS + "--format csv -o " + file).succeeded();
        assertThat(Files.getPosixFilePermissions(file))
                .contains(PosixFilePermission.OWNER_READ)
                .isEqualTo(Files.getPosixFilePermissions(other));
    }

    @Test
    void aDeviceIsWrittenToAndNotReplaced() {
        Path device = Path.of("/dev/null");
        Assumptions.assumeTrue(Files.exists(device) && !Files.isRegularFile(device));
        Cli.profile(PLAIN, IDS + "-o /dev/null").succeeded();
        Cli.profile(PLAIN, IDS + "--force -o /dev/null").succeeded();
        assertThat(Files.isRegularFile(device)).isFalse();
    }

    @Test
    void aPlotIsAPicture() throws IOException {
        Path file = folder.resolve("profile.png");
        Cli run = Cli.profile(PLAIN, IDS + "--tokens 4 --embedding --plot " + file).succeeded();
        assertThat(run.out()).as("the table comes as well").contains("most frequent top token");
        BufferedImage picture = ImageIO.read(file.toFile());
        assertThat(picture.getWidth()).isEqualTo(1200);
        assertThat(picture.getHeight()).isEqualTo(720);
        assertThat(colours(picture)).isGreaterThan(10);
    }

    private static long colours(BufferedImage picture) {
        int[] pixels =
                picture.getRGB(
                        0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
        return Arrays.stream(pixels).distinct().count();
    }

    @Test
    void thePromptMayComeFromEverywhere() throws IOException {
        Path model = TestModel.withTokenizer(folder);
        int[] ids = TestModel.ids("once upon");
        JsonNode argument = Cli.json(model, "--tokens 2", "once upon");
        assertThat(ints(argument.get("prompt_ids"))).isEqualTo(ids);
        assertThat(argument.get("text").isString()).isTrue();
        Path file = Files.writeString(folder.resolve("prompt.txt"), "once upon");
        assertThat(promptIds(model, "--prompt-file " + file)).isEqualTo(ids);
        assertThat(promptIds(model, "--token-ids " + TestModel.joined(ids))).isEqualTo(ids);
        assertThat(fromStandardInput(model, "once upon")).isEqualTo(ids);
    }

    @Test
    void oneLineBreakAtTheEndIsDropped() {
        Path model = TestModel.withTokenizer(folder);
        assertThat(fromStandardInput(model, "abc\n")).containsExactly(1, 2, 3);
        assertThat(fromStandardInput(model, "abc\r\n")).containsExactly(1, 2, 3);
        assertThat(fromStandardInput(model, "abc\n\n")).containsExactly(1, 2, 3, 28);
        assertThat(ints(Cli.json(model, "--tokens 1", "abc\n").get("prompt_ids")))
                .as("an argument is taken as it is")
                .containsExactly(1, 2, 3, 28);
    }

    @Test
    void aPromptMayLookLikeSomethingElse() throws IOException {
        Path model = TestModel.withTokenizer(folder);
        Path file = Files.writeString(folder.resolve("args"), "--tokens 9");
        assertThat(promptIds(model, "--tokens 1 @a")).containsExactly(31, 1);
        assertThat(Cli.json(model, "--tokens 1", "@" + file).get("prompt_ids").get(0).asInt())
                .as("no file of arguments")
                .isEqualTo(31);
        assertThat(promptIds(model, "--tokens 1 -- -a")).containsExactly(32, 1);
    }

    private static int[] promptIds(Path model, String options) {
        return ints(Cli.json(model, options).get("prompt_ids"));
    }

    private static int[] fromStandardInput(Path model, String text) {
        InputStream was = System.in;
        System.setIn(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        try {
            return promptIds(model, "-");
        } finally {
            System.setIn(was);
        }
    }
}
