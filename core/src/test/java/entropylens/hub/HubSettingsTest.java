package entropylens.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubSettingsTest {
    @TempDir Path home;

    private HubSettings settings(String... variables) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return HubSettings.of(environment, home);
    }

    @Test
    void theCacheIsWherePythonHasIt() {
        assertThat(settings().cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
        assertThat(settings("XDG_CACHE_HOME", "/x").cache()).hasToString("/x/huggingface/hub");
        assertThat(settings("XDG_CACHE_HOME", "/x", "HF_HOME", "/h").cache()).hasToString("/h/hub");
        assertThat(settings("HF_HOME", "/h", "HUGGINGFACE_HUB_CACHE", "/old").cache())
                .hasToString("/old");
        assertThat(settings("HUGGINGFACE_HUB_CACHE", "/old", "HF_HUB_CACHE", "/new").cache())
                .hasToString("/new");
        assertThat(settings("HF_HUB_CACHE", "").cache())
                .isEqualTo(home.resolve(".cache/huggingface/hub"));
    }

    @Test
    void homeAndVariablesInPathsAreReplaced() {
        assertThat(settings("HF_HOME", "~/hf").cache()).isEqualTo(home.resolve("hf/hub"));
        assertThat(settings("HF_HUB_CACHE", "$DISK/a/${USER}", "DISK", "/d", "USER", "u").cache())
                .hasToString("/d/a/u");
        assertThat(settings("HF_HUB_CACHE", "/a/$NOT_SET").cache()).hasToString("/a/$NOT_SET");
        assertThat(settings("HF_HUB_CACHE", "relative").cache()).isAbsolute();
    }

    @Test
    void nothingPrintsTheToken() {
        assertThat(settings("HF_TOKEN", "hf_secret").toString()).doesNotContain("secret");
    }
}
