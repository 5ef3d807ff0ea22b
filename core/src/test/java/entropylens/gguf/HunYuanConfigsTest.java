package entropylens.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.checkpoint.ConfigJson;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// A base that alpha has raised is rounded in the file, and alpha is not there.
class HunYuanConfigsTest {
    private static ConfigJson config(String model) {
        Path path = Path.of("src/test/resources/gguf/" + model + ".gguf");
        try (Arena arena = Arena.ofConfined()) {
            return GgufModel.open(path, arena).config();
        }
    }

    @Test
    void alphaIsFoundFromTheBaseThatItRaised() {
        ConfigJson config = config("hunyuan-dense");
        assertThat(config.requireDouble("rope_theta")).isEqualTo(10_000);
        ConfigJson scaling = config.object("rope_scaling").orElseThrow();
        assertThat(scaling.requireDouble("alpha")).isEqualTo(1000);
    }

    @Test
    void aBaseThatNothingRaisedStays() {
        ConfigJson config = config("hunyuan-moe");
        assertThat(config.requireDouble("rope_theta")).isEqualTo(50_000);
        assertThat(config.object("rope_scaling")).isEmpty();
    }
}
