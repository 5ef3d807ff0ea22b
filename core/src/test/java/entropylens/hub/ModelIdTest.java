package entropylens.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelIdTest {
    private static final String COMMIT = "0123456789abcdef".repeat(2) + "01234567";

    @Test
    void aNameMayCarryItsRevision() {
        assertThat(ModelId.parse("gpt2")).isEqualTo(new ModelId("gpt2", "main"));
        assertThat(ModelId.parse("Qwen/Qwen3-0.6B@refs/pr/1"))
                .isEqualTo(new ModelId("Qwen/Qwen3-0.6B", "refs/pr/1"));
        assertThat(ModelId.parse("a/b@" + COMMIT).revision()).isEqualTo(COMMIT);
        assertThat(ModelId.parse("org/name").folder()).isEqualTo("models--org--name");
        assertThat(ModelId.parse("gpt2@main")).hasToString("gpt2");
        assertThat(ModelId.parse("gpt2@v1")).hasToString("gpt2@v1");
    }

    /// The examples of `validate_repo_id` in huggingface_hub 1.33, and both ends of the lengths.
    @ParameterizedTest
    @ValueSource(strings = {"foo", "foo/bar", "123", "Foo-BAR_foo.bar123", "_a/b_"})
    void whatTheHubAllowsIsAName(String name) {
        assertThat(ModelId.parse(name).name()).isEqualTo(name);
        assertThat(ModelId.parse("a".repeat(96)).name()).hasSize(96);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "a/",
                "/a",
                "..",
                "../a",
                "a/..",
                "a/b/c",
                "datasets/foo/bar",
                ".repo",
                "foo--bar",
                "foo..bar",
                "foo.git",
                "-a",
                "a-",
                "a.",
                "a b",
                "café",
                "a\\b",
                "a\nb",
                "a\u0000b",
                "https://huggingface.co/gpt2",
                "C:/x"
            })
    void whatCouldLeaveTheCacheIsNoName(String name) {
        assertThatThrownBy(() -> ModelId.parse(name))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("'" + name + "' is no model id: ");
        assertThatThrownBy(() -> ModelId.parse("a".repeat(97))).isInstanceOf(HubException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "/", "../x", "a/../b", "a//b", "/a", "a/", ".hidden", "a/.b", "-x", "a.lock",
                "a\\b", "a b", "a~1", "a^", "a:b", "a?", "a*", "a[", "a@{1}", "a%2f", "ü", "a\u0000"
            })
    void whatCouldLeaveTheCacheIsNoRevision(String revision) {
        assertThatThrownBy(() -> ModelId.parse("gpt2@" + revision))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("is no revision of gpt2; give a branch");
    }
}
