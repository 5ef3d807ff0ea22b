package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.family.LoadOptions;
import entropylens.family.LoadedModel;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import entropylens.lens.SelfCheck;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The models that ship pass their own check; with another tokenizer they do not, and random
/// weights are not mistaken for that.
class ZooSelfCheckTest {
    private static final Path ZOO = Path.of("../zoo/models");
    private static final int VOCABULARIES = 20;
    private static final int SEEDS = 5;

    @TempDir Path folder;

    static Stream<Path> models() throws IOException {
        return Files.list(ZOO).filter(Files::isDirectory).sorted();
    }

    @ParameterizedTest
    @MethodSource("models")
    void aModelThatShipsPasses(Path model) {
        Cli run = Cli.run("models", "--check", model.toString());
        assertThat(run.succeeded().out()).contains("passed in ", "on 32 tokens of English");
    }

    @ParameterizedTest
    @MethodSource("models")
    void itsVocabularyShuffledIsFound(Path directory) {
        try (Arena arena = Arena.ofShared();
                WorkerPool pool = new WorkerPool(1)) {
            LoadedModel loaded =
                    LoadedModel.load(directory, arena, new CpuBackend(Kernels.best(), pool));
            int[] ids = new ModelText(directory).encode(SelfCheck.LINE);
            for (int seed = 0; seed < VOCABULARIES; seed++) {
                int[] other = permutation(loaded.model().config().dVocab(), seed);
                int[] wrong = Arrays.stream(ids).map(id -> other[id]).toArray();
                SelfCheck.Result result = SelfCheck.ofText(loaded.model(), wrong);
                assertThat(result.failures())
                        .as("seed %d: %s", seed, result)
                        .singleElement()
                        .asString()
                        .contains("no language to this model. Wrong tokenizer");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void beforeTrainingNoTokenizerIsBlamed(Path directory) {
        try (Arena arena = Arena.ofShared();
                WorkerPool pool = new WorkerPool(1)) {
            int[] ids = new ModelText(directory).encode(SelfCheck.LINE);
            for (int seed = 0; seed < SEEDS; seed++) {
                LoadOptions untrained = LoadOptions.NONE.untrained(seed);
                LoadedModel loaded =
                        LoadedModel.load(
                                directory, arena, new CpuBackend(Kernels.best(), pool), untrained);
                assertThat(SelfCheck.ofText(loaded.model(), ids).failures())
                        .allSatisfy(failure ->
                                assertThat(failure)
                                        .contains("as before training")
                                        .doesNotContain("Wrong tokenizer"));
            }
        }
    }

    /// The entries of tokenizer.json under other ids.
    @Test
    void aTokenizerOfOtherIdsFailsTheCheck() throws IOException {
        Path model = Files.createDirectory(folder.resolve("model"));
        try (Stream<Path> files = Files.list(ZOO.resolve("tinytown-llama-8"))) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
        Path file = model.resolve("tokenizer.json");
        ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(Files.readString(file));
        ObjectNode vocabulary = (ObjectNode) json.get("model").get("vocab");
        Set<Integer> special = special(json);
        List<Integer> ids =
                vocabulary.values().stream()
                        .map(id -> id.asInt())
                        .filter(id -> !special.contains(id))
                        .toList();
        List<Integer> others = new ArrayList<>(ids);
        Collections.shuffle(others, new Random(1));
        for (Map.Entry<String, Integer> entry : ids(vocabulary).entrySet()) {
            int place = ids.indexOf(entry.getValue());
            if (place >= 0) {
                vocabulary.put(entry.getKey(), others.get(place));
            }
        }
        Files.writeString(file, json.toString());
        Cli run = Cli.run("models", "--check", model.toString());
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).contains("failed in ", "shuffled have");
    }

    private static Set<Integer> special(ObjectNode json) {
        return json.get("added_tokens").values().stream()
                .map(token -> token.get("id").asInt())
                .collect(Collectors.toSet());
    }

    private static Map<String, Integer> ids(ObjectNode vocabulary) {
        return vocabulary.properties().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().asInt()));
    }

    private static int[] permutation(int size, long seed) {
        List<Integer> ids = new ArrayList<>(IntStream.range(0, size).boxed().toList());
        Collections.shuffle(ids, new Random(seed));
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }
}
