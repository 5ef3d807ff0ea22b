package entropylens.cli;

import static entropylens.cli.TestModel.PLAIN;
import static org.assertj.core.api.Assertions.assertThat;

import entropylens.family.LoadOptions;
import entropylens.family.LoadedModel;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.Profiler;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.TextProfile;
import entropylens.result.ProfileResult;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// `--untrained`: a model before it has learned anything, and every result says so.
class UntrainedModelsTest {
    private static final String IDS = "--token-ids 5,6,7 --tokens 4 --ignore-eos ";

    @TempDir Path folder;

    static Stream<Path> goldens() throws IOException {
        return Files.list(TestModel.golden("")).sorted();
    }

    @Test
    void theTableSaysSo() {
        assertThat(Cli.profile(PLAIN, IDS + "--untrained 7").succeeded().out())
                .startsWith("llama-gqa-tied · untrained, seed 7 · llama · 3 blocks");
        assertThat(Cli.profile(PLAIN, IDS).succeeded().out()).doesNotContain("untrained");
    }

    @Test
    void jsonSaysSo() {
        JsonNode untrained = Cli.json(PLAIN, IDS + "--untrained -7");
        assertThat(untrained.at("/model/untrained_seed").asLong()).isEqualTo(-7);
        assertThat(Cli.json(PLAIN, IDS).at("/model/untrained_seed").isNull()).isTrue();
    }

    @Test
    void thePictureSaysSo() {
        try (Arena arena = Arena.ofShared();
                WorkerPool pool = new WorkerPool(1)) {
            LoadedModel loaded =
                    LoadedModel.load(
                            PLAIN,
                            arena,
                            new CpuBackend(Kernels.best(), pool),
                            LoadOptions.NONE.untrained(7));
            ProfileRequest request = new ProfileRequest(Positions.PROMPT, ReadoutRequest.ENTROPY);
            TextProfile text = new Profiler(loaded.model()).profile(new int[] {5, 6}, request);
            ProfileResult result =
                    new ProfileResult(
                            loaded,
                            new ModelText(PLAIN).tokens(),
                            request,
                            List.of(text),
                            1,
                            false,
                            1,
                            Optional.empty(),
                            Optional.empty());
            assertThat(ProfilePlot.title(result))
                    .isEqualTo(
                            "llama-gqa-tied (untrained, seed 7), 3 blocks: entropy profile over 2 tokens");
        }
    }

    @Test
    void itKnowsNothingAndTheSeedDecides() {
        JsonNode one = Cli.json(PLAIN, IDS + "--untrained 7");
        double[] entropy = Cli.doubles(one.required("profile").get(0));
        assertThat(DoubleStream.of(entropy))
                .allMatch(nats -> nats > 0.99 * Math.log(101) && nats <= Math.log(101));
        assertThat(Cli.json(PLAIN, IDS + "--untrained 7 --threads 3").required("entropy"))
                .isEqualTo(one.required("entropy"));
        assertThat(Cli.json(PLAIN, IDS + "--untrained 8").required("entropy"))
                .isNotEqualTo(one.required("entropy"));
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void everyGoldenPassesTheCheckUntrained(Path golden) {
        Cli run = Cli.run("models", "--check", golden.toString(), "--untrained", "1").succeeded();
        // a long title goes on in the next line
        assertThat(run.out())
                .containsPattern(" · untrained, seed 1( · |\\n)supported\\n")
                .contains("tokens of noise");
    }

    @Test
    void anUntrainedModelIsNotAskedForEnglish() {
        Path model = TestModel.withTokenizer(folder);
        JsonNode json =
                Cli.run(
                                "models",
                                "--check",
                                model.toString(),
                                "--untrained",
                                "1",
                                "--format",
                                "json")
                        .succeeded()
                        .json();
        assertThat(json.required("untrained_seed").asLong()).isEqualTo(1);
        assertThat(json.at("/self_check/input").asString()).isEqualTo("noise");
        assertThat(json.at("/self_check/loss").isNull()).isTrue();
    }

    @Test
    void aSeedIsAWholeNumber() {
        Cli run = Cli.profile(PLAIN, IDS + "--untrained x");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("Invalid value for option '--untrained'");
    }
}
