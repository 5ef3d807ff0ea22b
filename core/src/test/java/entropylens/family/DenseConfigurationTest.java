package entropylens.family;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.Goldens;
import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.model.DecoderConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What configurations of dense families say is read or refused by name, where no golden shows it.
class DenseConfigurationTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir Path directory;

    private DecoderConfig read(String golden, Consumer<ObjectNode> change) {
        Path source = Goldens.directory(golden).resolve("config.json");
        try {
            ObjectNode config = (ObjectNode) JSON.readTree(source.toFile());
            change.accept(config);
            Path file = Files.writeString(directory.resolve("config.json"), config.toString());
            ConfigJson json = ConfigJson.read(file);
            return Families.blueprint(Families.of(json, Optional.empty()), json).config();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(
            String golden, Consumer<ObjectNode> change) {
        return assertThatThrownBy(() -> read(golden, change))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(directory.toString());
    }

    @Test
    void apertusSaysHowItsPositionsAreScaled() {
        refused(
                        "apertus-biased",
                        c -> {
                            c.remove("rope_parameters");
                            c.put("rope_theta", 500_000).putNull("rope_scaling");
                        })
                .hasMessageContaining("neither rope_parameters nor rope_scaling")
                .hasMessageContaining("version of transformers");
    }

    @Test
    void apertusHasLearnedItsActivation() {
        refused("apertus-biased", c -> c.put("hidden_act", "silu"))
                .hasMessageContaining("hidden_act is \"silu\", but must be \"xielu\"");
    }
}
