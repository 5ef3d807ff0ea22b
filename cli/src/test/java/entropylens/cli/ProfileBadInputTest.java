package entropylens.cli;

import static entropylens.cli.TestModel.PLAIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Bad input gets one clear line, an exit code, and leaves nothing behind.
class ProfileBadInputTest {
    static final int FAILED = 1;
    static final int WRONG = 2;
    static final String IDS = "--token-ids 5,6,7 ";

    @TempDir Path folder;

    /// What is refused before the model is read.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    --token-ids 1 --tokns 3             | Unknown option: '--tokns'
                    --tokens 3                          | a prompt is needed
                    hello --token-ids 1                 | the prompt is given more than once
                    hello --prompt-file x.txt           | the prompt is given more than once
                    once upon                           | Unmatched argument at index 4: 'upon'; a prompt of several words needs quotes
                    --token-ids 1,x                     | 'x' is not an int
                    --token-ids 1 --tokens many         | Invalid value for option '--tokens': 'many' is not an int
                    --token-ids 1 --tokens 0            | --tokens must be at least 1, but is 0
                    --token-ids 1 --tokens -3           | --tokens must be at least 1, but is -3
                    --token-ids 1 --tokens 99999999999  | '99999999999' is not an int
                    --token-ids 1 --format xml          | '--format': expected one of [TABLE, JSON, CSV] (case-insensitive) but was 'xml'
                    --token-ids 1 --positions all       | '--positions': expected one of [GENERATED, PROMPT] (case-insensitive) but was 'all'
                    --token-ids 1 --stats kl,x          | --stats: there is no statistic 'x'; there are kl, next, router, and those of docs/method.md
                    --token-ids 1 --samples 2           | 2 samples would all be the same without a --temperature above 0
                    --token-ids 1 --samples 0           | --samples must be at least 1, but is 0
                    --token-ids 1 --samples 2 --positions prompt | 2 samples would all be the same with --positions prompt
                    --token-ids 1 --tokens 2 --positions prompt  | leave out --tokens
                    --token-ids 1 --temperature 1 --positions prompt | leave out --temperature
                    --token-ids 1 --batch 0             | --batch must be at least 1, but is 0
                    --token-ids 1 --temperature NaN     | the temperature must be 0 (greedy) or positive, but is NaN
                    --token-ids 1 --temperature -1      | the temperature must be 0 (greedy) or positive, but is -1.0
                    --token-ids 1 --temperature Infinity | but is Infinity
                    --token-ids 1 --temperature hot     | 'hot' is not a double
                    --token-ids 1 --temperature 1 --top-p 0   | top-p must be above 0 and at most 1, but is 0.0
                    --token-ids 1 --temperature 1 --top-p 1.5 | top-p must be above 0 and at most 1, but is 1.5
                    --token-ids 1 --temperature 1 --top-p NaN | top-p must be above 0 and at most 1, but is NaN
                    --token-ids 1 --top-p 0.9           | --top-p has no effect without a --temperature above 0
                    --token-ids 1 --top-p-set 0         | a top-p set needs 0 < p <= 1, but p is 0.0
                    --token-ids 1 --top-p-set NaN       | a top-p set needs 0 < p <= 1, but p is NaN
                    --token-ids 1 --top-k 0             | --top-k must be at least 1, but is 0
                    --token-ids 1 --top-k 101           | top-k can be 0 to 100, but is 101
                    --token-ids 1 --alpha -1            | the order of a Rényi entropy must be 0 to 1000, or infinity, but is -1.0
                    --token-ids 1 --alpha NaN           | but is NaN
                    --token-ids 1 --alpha two           | --alpha: 'two' is not a number or inf
                    --token-ids 1 --alpha 2,0.5,2.0     | --alpha names 2.0 twice
                    --token-ids 1 --windows 0           | --windows must be at least 1, but is 0
                    --token-ids 1 --windows 5           | --windows 5 does not divide 32 tokens into equal parts
                    --token-ids 1 --tokens 10 --windows 3 | --windows 3 does not divide 10 tokens into equal parts
                    --token-ids 1,2,3 --positions prompt --windows 2 | --windows 2 does not divide 3 tokens into equal parts
                    --token-ids 1 --skip-blocks 0       | --skip-blocks must be at least 1, but is 0
                    --token-ids 1 --skip-blocks 3,2,3   | --skip-blocks names block 3 twice
                    --token-ids 1 --skip-blocks all     | 'all' is not an int
                    --token-ids 1 --threads 0           | --threads must be at least 1, but is 0
                    --token-ids 1 --threads 5000        | --threads must be at most 1024, but is 5000
                    --token-ids 1 --plot profile.svg    | --plot writes PNG
                    --token-ids 1 --plot a.png -o a.png | -o and --plot name the same file, a.png
                    """)
    void wrongCommandLines(String options, String message) {
        Cli run = Cli.profile(PLAIN, options);
        assertRefused(run, WRONG, message);
    }

    @Test
    void aCommandIsNeeded() {
        assertThat(Cli.run().code()).isEqualTo(WRONG);
        assertThat(Cli.run().err()).contains("a command is needed", "Try 'entropy-lens --help'.");
        assertThat(Cli.run("profil").code()).isEqualTo(WRONG);
    }

    @Test
    void thereIsNoSuchDirectory() {
        refused(folder.resolve("none"), IDS, "there is no such directory");
    }

    @Test
    void theModelIsAFile() {
        refused(PLAIN.resolve("config.json"), IDS, "is not a directory");
    }

    @Test
    void theDirectoryHoldsNoConfig() {
        refused(folder, IDS, "there is no config.json in");
    }

    @Test
    void theDirectoryHoldsNoWeights() throws IOException {
        Path model = TestModel.copy(folder, "llama-gqa-tied");
        Files.delete(model.resolve("model.safetensors"));
        refused(model, IDS, "holds neither model.safetensors nor");
    }

    @Test
    void theArchitectureIsUnknown() {
        Path model = TestModel.copy(folder, "llama-gqa-tied");
        TestModel.edit(model.resolve("config.json"), "LlamaForCausalLM", "BertModel");
        refused(
                model,
                IDS,
                "the architecture BertModel is not supported; closest is llama, which understands every key of it; supported are ");
        refused(model, IDS, "; if it is a fine-tuned llama, try --as llama");
    }

    @Test
    void theConfigIsNoJson() {
        Path model = TestModel.copy(folder, "llama-gqa-tied");
        TestModel.write(model.resolve("config.json"), "{\n\"architectures\": [\n");
        refused(model, IDS, "is not valid JSON");
    }

    @Test
    void theWeightsAreTruncated() throws IOException {
        Path model = TestModel.copy(folder, "llama-gqa-tied");
        Path file = model.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1000));
        refused(model, IDS, "the file is damaged, download it again");
    }

    @ParameterizedTest
    @CsvSource({"NaN", "Infinity"})
    void theWeightsAreNotFinite(float value) {
        Path model = TestModel.copy(folder, "llama-gqa-tied");
        TestModel.poke(
                model.resolve("model.safetensors"),
                "model.layers.1.mlp.down_proj.weight",
                3,
                value);
        refused(model, IDS + "--tokens 4", model + ": ", "the weights or the stream overflow");
        refused(model, IDS + "--positions prompt --format json", model + ": ", "not finite");
    }

    @Test
    void aNormIsNotFinite() {
        Path model = TestModel.copy(folder, "llama-gqa-tied");
        TestModel.poke(model.resolve("model.safetensors"), "model.norm.weight", 0, Float.NaN);
        refused(model, IDS, "the weights or the stream overflow");
    }

    @Test
    void anIgnoredKeyMatchesNothing() {
        refused(PLAIN, IDS + "--ignore-config-key rope_size", "has no unread key rope_size");
    }

    @Test
    void aKeyThatTransformersReadsStopsTheLoadUnlessIgnored() {
        Path model = TestModel.copy(folder, "llama-gqa-tied");
        TestModel.edit(
                model.resolve("config.json"),
                "\"mlp_bias\"",
                "\"sliding_window\": 2, \"mlp_bias\"");
        refused(model, IDS, "sliding_window = 2");
        String ignoring = IDS + "--ignore-config-key sliding_window ";
        assertThat(Cli.json(model, ignoring).get("model").get("ignored_config_keys").toString())
                .isEqualTo("{\"sliding_window\":\"2\"}");
        assertThat(Cli.profile(model, ignoring).succeeded().out())
                .contains("ignored keys of config.json, not understood: {sliding_window=2}");
    }

    @Test
    void aKeyThatTransformersDoesNotReadIsNamedOnceAndRecorded() {
        Path model = TestModel.copy(folder, "llama-gqa-tied");
        TestModel.edit(
                model.resolve("config.json"), "\"mlp_bias\"", "\"novel_trick\": 2, \"mlp_bias\"");
        JsonNode recorded = recorded(model, IDS);
        assertThat(recorded.get("inert_config_keys").toString())
                .isEqualTo("{\"novel_trick\":\"2\"}");
        assertThat(recorded.get("ignored_config_keys")).isEmpty();
        assertThat(Cli.profile(model, IDS).err())
                .containsOnlyOnce("transformers does not read")
                .contains("novel_trick = 2");
    }

    /// What the result says of a model, though there is something to note on standard error.
    private static JsonNode recorded(Path model, String options) {
        Cli run = Cli.profile(model, options + "--format json ");
        assertThat(run.code()).isZero();
        return JsonMapper.shared().readTree(run.out()).get("model");
    }

    @Test
    void anUnembeddingThatContradictsTheConfigurationIsNamed() {
        Path model = Path.of("../core/src/test/resources/cases/tied-both-differ-llama");
        String ids = "--token-ids 1,5,9 ";
        assertThat(Cli.profile(model, ids).err())
                .containsOnlyOnce("config.json ties the unembedding to the embedding, but");
        assertThat(recorded(model, ids).get("untied_by_file").asBoolean()).isTrue();
        assertThat(Cli.profile(PLAIN, IDS).succeeded().err()).doesNotContain("ties");
    }

    @Test
    void thereIsNoTokenizer() {
        refused(PLAIN, "hello", "tokenizer.json: is not there", "ids can be given: --token-ids");
    }

    @Test
    void theTokenizerIsDamaged() {
        Path model = TestModel.withTokenizer(folder);
        TestModel.write(model.resolve("tokenizer.json"), "{\"model\": ");
        refused(model, "hello", "tokenizer.json: is not valid JSON");
        // where only ids go in, and only ids come out, it is not needed
        Cli ids = Cli.profile(model, IDS);
        assertThat(ids.code()).isZero();
        assertThat(ids.err())
                .containsOnlyOnce("tokenizer.json: is not valid JSON")
                .contains("tokens are shown by their ids");
        assertThat(ids.out()).contains("'#");
    }

    @Test
    void theTokenizerIsOfALargerModel() {
        Path model = TestModel.withTokenizer(folder);
        String[] tokens = TestModel.vocabulary();
        String[] more = Arrays.copyOf(tokens, 102);
        more[101] = "?";
        TestModel.write(model.resolve("tokenizer.json"), TestModel.tokenizer(more));
        refused(model, "what?", "makes token 101 of the prompt", "vocabulary is 0..100");
    }

    @ParameterizedTest
    @CsvSource({"101", "-1", "2147483647"})
    void aTokenIdIsOutsideTheVocabulary(int id) {
        refused(
                PLAIN,
                "--token-ids 3," + id,
                "--token-ids: " + id + " is not in the model's vocabulary, 0..100");
    }

    @Test
    void thePromptIsEmpty() throws IOException {
        Path model = TestModel.withTokenizer(folder);
        Path file = Files.writeString(folder.resolve("empty.txt"), "\n");
        assertRefused(
                Cli.run("profile", "--model", model.toString(), ""), FAILED, "the prompt is empty");
        refused(
                model,
                "--prompt-file " + file,
                "the prompt is empty",
                "start from the begin token alone with --token-ids 0");
        refused(model, "-", withInput(""), "the prompt is empty");
        // no character of it is in the vocabulary
        refused(model, "%", "the prompt is empty");
    }

    @Test
    void thePromptIsNoText() throws IOException {
        Path model = TestModel.withTokenizer(folder);
        Path file = Files.write(folder.resolve("latin.txt"), new byte[] {'a', (byte) 0xE9, 'b'});
        refused(model, "--prompt-file " + file, file + " is not UTF-8 text");
        refused(model, "--prompt-file " + folder, "cannot read the prompt from " + folder + ": ");
        refused(
                model,
                "--prompt-file " + folder.resolve("none.txt"),
                "none.txt: there is no such file");
    }

    @Test
    void aPromptThatDidNotArriveWholeIsRefused() {
        assertThatThrownBy(() -> PromptOptions.arrived("na\uFFFD\uFFFDve", "ANSI_X3.4-1968"))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("set LC_ALL=C.UTF-8, or use --prompt-file");
        assertThat(PromptOptions.arrived("a\uFFFD", "UTF-8")).isEqualTo("a\uFFFD");
        assertThat(PromptOptions.arrived("plain", null)).isEqualTo("plain");
    }

    @Test
    void theContextIsTooShort() {
        refused(
                PLAIN,
                IDS + "--tokens 62",
                "3 prompt tokens and 62 generated ones exceed the model's context of 64");
        Cli.profile(PLAIN, IDS + "--tokens 61").succeeded();
    }

    @Test
    void memoryIsTooSmall() {
        Path model = TestModel.copy(folder, "llama-gqa-tied");
        TestModel.edit(
                model.resolve("config.json"),
                "\"max_position_embeddings\": 64",
                "\"max_position_embeddings\": 200000000");
        refused(model, IDS + "--tokens 100000000", "GiB of heap", "but the JVM may use");
    }

    @Test
    void topKIsLargerThanTheVocabulary() {
        var golden = TestModel.golden("mistral-window");
        refused(
                golden,
                IDS + "--top-k 84",
                "--top-k is 84, but the model's vocabulary has only 83 tokens");
    }

    @Test
    void theBlockDoesNotExist() {
        refused(
                PLAIN,
                IDS + "--skip-blocks 1,4",
                "--skip-blocks: there is no block 4; this model has blocks 1..3");
    }

    @Test
    void theTextEndsWhereWindowsDoNotDivideIt() {
        var golden = TestModel.golden("llama-f16");
        refused(
                golden,
                TestModel.inputs(golden) + "--windows 2",
                "the text ended after 1 tokens, which 2 windows do not divide");
    }

    @ParameterizedTest
    @CsvSource({"-o", "--plot"})
    void theOutputCannotBeWritten(String option) throws IOException {
        Path there = Files.writeString(folder.resolve("there.png"), "keep me");
        refused(PLAIN, IDS + option + " " + there, "there.png exists already; --force overwrites");
        assertThat(there).hasContent("keep me");
        Path none = folder.resolve("none");
        refused(
                PLAIN,
                IDS + option + " " + none.resolve("a.png"),
                "there is no folder " + none.toAbsolutePath() + " to write a.png to");
        Path directory = Files.createDirectory(folder.resolve("dir.png"));
        refused(PLAIN, IDS + option + " " + directory + " --force", "dir.png is a directory");
    }

    @Test
    void aFullDiskIsSaid() {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(full), "a device of Linux");
        refused(PLAIN, IDS + "-o /dev/full", "cannot write /dev/full: the disk may be full");
    }

    @Test
    void aFailingStandardOutputIsSaid() {
        Writer failing =
                new Writer() {
                    @Override
                    public void write(char[] chars, int offset, int length) throws IOException {
                        throw new IOException("no");
                    }

                    @Override
                    public void flush() {}

                    @Override
                    public void close() {}
                };
        StringWriter err = new StringWriter();
        int code =
                Main.run(
                        new PrintWriter(failing),
                        new PrintWriter(err),
                        "profile",
                        "--model",
                        PLAIN.toString(),
                        "--token-ids",
                        "5");
        assertThat(code).isEqualTo(FAILED);
        assertThat(err.toString())
                .isEqualTo("entropy-lens: cannot write to standard output; the disk may be full\n");
    }

    @Test
    void aStackTraceOnlyWhereAskedFor() {
        Path none = folder.resolve("none");
        assertThat(Cli.profile(none, IDS + "--stacktrace").err())
                .contains("no such directory", "\tat entropylens.");
        assertThat(Cli.run("--stacktrace", "profile", "--model", none.toString(), "x").err())
                .contains("\tat entropylens.");
        assertThat(Cli.profile(none, IDS).err()).doesNotContain("\tat ");
    }

    @Test
    void aMessageStaysOnOneLineWhateverItNames() {
        refused(
                folder.resolve("a\u001b[31m\nb\u009b"),
                IDS,
                "a·[31m⏎b·: there is no such directory");
    }

    private void refused(Path model, String options, String... message) {
        refused(model, options, System.in, message);
    }

    private void refused(Path model, String options, InputStream in, String... message) {
        var before = contents();
        InputStream was = System.in;
        System.setIn(in);
        try {
            assertRefused(Cli.profile(model, options), FAILED, message);
        } finally {
            System.setIn(was);
        }
        assertThat(contents()).as("files").isEqualTo(before);
    }

    private static InputStream withInput(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    static void assertRefused(Cli run, int code, String... message) {
        assertThat(run.err()).startsWith("entropy-lens: ").contains(message);
        assertThat(run.code()).isEqualTo(code);
        assertThat(run.out()).isEmpty();
        List<String> lines = run.err().lines().toList();
        assertThat(lines).hasSize(code);
        if (code == WRONG) {
            assertThat(lines.get(1)).isEqualTo("Try 'entropy-lens profile --help'.");
        }
    }

    /// Every file of the folder, with its size.
    private TreeMap<String, Long> contents() {
        var sizes = new TreeMap<String, Long>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                sizes.put(file.toString(), Files.size(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sizes;
    }
}
