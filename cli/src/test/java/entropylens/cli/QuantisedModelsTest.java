package entropylens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// A result of a quantised checkpoint says so.
class QuantisedModelsTest {
    private static final Path FP8 =
            Path.of("../core/src/test/resources/quantised/fp8-block").toAbsolutePath().normalize();

    @Test
    void theProfileNamesTheQuantisationBesideTheTypeOfTheRest() {
        JsonNode model = Cli.json(FP8, "--token-ids 1,2,3 --tokens 2").get("model");
        assertThat(model.get("dtype").asString()).isEqualTo("BF16");
        assertThat(model.get("quantisation").asString()).isEqualTo("fp8 e4m3, blocks of 16×32");
        assertThat(Cli.profile(FP8, "--token-ids 1,2,3 --tokens 2").succeeded().out())
                .contains("BF16 · quantised: fp8 e4m3, blocks of 16×32");
    }

    @Test
    void theCheckSaysThatActivationsStayFloats() {
        assertThat(ModelsCheckTest.check(FP8).succeeded().out())
                .contains("quantised: fp8 e4m3, blocks of 16×32")
                .contains("activations stay float32")
                .contains("supported");
        JsonNode weights = ModelsCheckTest.json(FP8).get("weights");
        assertThat(weights.get("quantisation").asString()).isEqualTo("fp8 e4m3, blocks of 16×32");
        assertThat(weights.get("parameters").asLong())
                .as("weights, not bytes")
                .isEqualTo(
                        ModelsCheckTest.json(FP8, "--untrained", "1")
                                .get("weights")
                                .get("parameters")
                                .asLong());
    }

    @Test
    void aModelThatIsNotQuantisedHasNone() {
        JsonNode model = Cli.json(TestModel.PLAIN, "--token-ids 1,2 --tokens 1").get("model");
        assertThat(model.get("quantisation").isNull()).isTrue();
    }
}
