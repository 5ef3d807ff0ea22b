package entropylens.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import entropylens.family.LoadedModel;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.Profiler;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.TextProfile;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Files that are easily read as something else: the entropies are those of transformers 5.18
/// (float32, eager attention), whose expected.json has five decimals.
class CasesTest {
    private static final Path CASES = Path.of("src/test/resources/cases");
    private static final double HALF_A_DECIMAL = 0.5e-5;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "logit-std-nan",
                "metadata-null",
                "partial-rotary-llama",
                "tied-both-differ-llama",
                "tokenizer-config-added-token",
                "yarn-attn-factor"
            })
    void theEntropiesAreThoseOfTransformers(String name) {
        Path directory = CASES.resolve(name);
        JsonNode expected = JsonMapper.shared().readTree(directory.resolve("expected.json"));
        int[] ids = expected.get("ids").valueStream().mapToInt(JsonNode::asInt).toArray();
        CpuBackend backend = new CpuBackend(Kernels.best(), new WorkerPool(1));
        LoadedModel loaded = LoadedModel.load(directory, Arena.ofAuto(), backend);
        TextProfile profile =
                new Profiler(loaded.model())
                        .profile(ids, new ProfileRequest(Positions.PROMPT, ReadoutRequest.ENTROPY));
        JsonNode rows = expected.get("entropy_by_position");
        assertThat(profile.positions()).isEqualTo(rows.size());
        for (int position = 0; position < rows.size(); position++) {
            for (int layer = 0; layer < rows.get(position).size(); layer++) {
                assertThat(profile.profile().entropy()[position][layer])
                        .as("position %d, layer %d", position, layer)
                        .isCloseTo(
                                rows.get(position).get(layer).asDouble(),
                                within(HALF_A_DECIMAL + TransformersParityTest.ENTROPY_CEILING));
            }
        }
    }
}
