package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A study measures, concludes, reports, and goes on where it was stopped.
class StudyCommandTest {
    private static final int FAILED = 1;
    private static final int WRONG = 2;

    @TempDir Path folder;

    private Path model;

    @BeforeEach
    void model() {
        model = TestModel.withTokenizer(folder);
    }

    private Cli study(String studies, Path run, String... more) {
        List<String> args = new ArrayList<>(List.of("study"));
        args.addAll(List.of(studies.split(" ")));
        args.addAll(
                List.of(
                        "--preset",
                        "quick",
                        "--tokens",
                        "4",
                        "--model",
                        model.toString(),
                        "-o",
                        run.toString()));
        args.addAll(List.of(more));
        return Cli.run(args.toArray(String[]::new));
    }

    @Test
    void strategiesEndWithVerdictsAndAReport() throws IOException {
        Path run = folder.resolve("run");
        Cli cli = study("strategies", run, "--samples", "3").succeeded();
        assertThat(cli.out())
                .contains("(i) some blocks expand and others prune: ")
                .contains("(i) entropy tracks the size of the candidate set more closely");
        JsonNode report =
                JsonMapper.shared().readTree(Files.readString(run.resolve("report.json")));
        assertThat(report.required("verdicts").size()).isEqualTo(3);
        assertThat(report.required("command").asString())
                .startsWith("entropy-lens study strategies --preset quick");
        assertThat(report.required("sections").get(0).required("charts").size()).isEqualTo(4);
        assertThat(run.resolve("report.html")).isRegularFile();
        assertThat(run.resolve("profiles.parquet")).isRegularFile();
        assertThat(run.resolve("strategies-profile.png")).isRegularFile();
    }

    @Test
    void aRunThatGoesOnEndsWithTheSameReport() throws IOException {
        Path run = folder.resolve("run");
        study("strategies", run, "--samples", "3").succeeded();
        byte[] profiles = Files.readAllBytes(run.resolve("profiles.parquet"));
        String verdicts = verdicts(run);
        assertThat(study("strategies", run, "--samples", "3").code()).isEqualTo(FAILED);
        study("strategies", run, "--samples", "3", "--resume").succeeded();
        assertThat(Files.readAllBytes(run.resolve("profiles.parquet"))).isEqualTo(profiles);
        assertThat(verdicts(run)).isEqualTo(verdicts);
    }

    @Test
    void keysThatTransformersDoesNotReadAreNamedAndRecorded() throws IOException {
        TestModel.edit(
                model.resolve("config.json"),
                "\"model_type\"",
                "\"novel_trick\": 2, \"model_type\"");
        Path run = folder.resolve("run");
        Cli cli = study("strategies", run, "--samples", "3");
        assertThat(cli.code()).isZero();
        String name = model.getFileName().toString();
        assertThat(cli.err())
                .containsOnlyOnce(name + ": config.json has keys that transformers does not read")
                .contains("novel_trick = 2");
        assertThat(
                        json(run.resolve("manifest.json"))
                                .findValue("models")
                                .required(name)
                                .required("inert_config_keys")
                                .stringValue())
                .isEqualTo("novel_trick = 2");
    }

    /// Two trainings of one architecture have the same names, shapes and types.
    @Test
    void aRunDoesNotGoOnWithOtherWeightsOfTheSameShape() throws IOException {
        Path run = folder.resolve("run");
        study("strategies", run, "--samples", "3").succeeded();
        Path weights = model.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 2] ^= 1;
        Files.write(weights, bytes);
        Cli resumed = study("strategies", run, "--samples", "3", "--resume");
        assertThat(resumed.code()).isEqualTo(FAILED);
        assertThat(resumed.err())
                .containsPattern(
                        "models\\.\\Q%s\\E\\.weights_sha256 is \"[0-9a-f]{64}\" there, but \"[0-9a-f]{64}\" here"
                                .formatted(model.getFileName()));
    }

    /// The directory has what a shell would take apart.
    @Test
    void theCommandInReportAndManifestIsTheOneThatWasGiven() throws IOException {
        Path run = folder.resolve("a run's $HOME \"*\"");
        study("strategies", run, "--samples", "3").succeeded();
        String reported = json(run.resolve("report.json")).required("command").stringValue();
        JsonNode details = json(run.resolve("manifest.json")).required("details");
        assertThat(details.required("command").stringValue()).isEqualTo(reported);
        List<String> words = ShellWords.of(reported);
        assertThat(words)
                .startsWith("entropy-lens", "study", "strategies", "--preset", "quick")
                .containsSequence("-o", run.toString(), "--samples", "3");
        List<String> given = words.subList(1, words.size());
        assertThatCode(() -> Main.commandLine(new Main()).parseArgs(given.toArray(String[]::new)))
                .doesNotThrowAnyException();
    }

    private static JsonNode json(Path file) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(file));
    }

    private static String verdicts(Path run) throws IOException {
        return JsonMapper.shared()
                .readTree(Files.readString(run.resolve("report.json")))
                .required("verdicts")
                .toString();
    }

    @Test
    void aRunDoesNotGoOnAsAnotherOne() {
        Path run = folder.resolve("run");
        study("strategies", run, "--samples", "3").succeeded();
        Cli other = study("strategies", run, "--samples", "4", "--resume");
        assertThat(other.code()).isEqualTo(FAILED);
        assertThat(other.err()).contains("samples is 3 there, but 4 here");
    }

    @Test
    void familiesOfOneModelAreNotTested() {
        Cli cli = study("families", folder.resolve("run"), "--samples", "4").succeeded();
        assertThat(cli.out())
                .contains("profiles of a family are closer than those of others: not testable")
                .contains("two families of 4 models each");
    }

    @Test
    void whatIsNotAStudyIsAWrongCommandLine() {
        Cli cli = study("strategy", folder.resolve("run"));
        assertThat(cli.code()).isEqualTo(WRONG);
        assertThat(cli.err()).contains("there is no study 'strategy'; there are strategies");
    }

    @Test
    void optionsThatMakeNoSenseAreAWrongCommandLine() {
        assertThat(study("strategies", folder.resolve("run"), "--samples", "0").code())
                .isEqualTo(WRONG);
        Cli untrained = study("strategies", folder.resolve("run"), "--untrained", "1");
        assertThat(untrained.code()).isEqualTo(WRONG);
        assertThat(untrained.err()).contains("studies measure untrained twins by themselves");
        assertThat(Cli.run("study", "--help").succeeded().out()).doesNotContain("--untrained=");
        assertThat(folder.resolve("run")).doesNotExist();
    }
}
