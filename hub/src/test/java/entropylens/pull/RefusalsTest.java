package entropylens.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.hub.HubException;
import entropylens.pull.TestServer.Reply;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the hub refuses, and what is refused of a hub.
class RefusalsTest {
    private static final String ID = "org/tiny";

    @TempDir Path folder;
    private final FakeHub hub = FakeHub.withModel(1000);

    @AfterEach
    void close() {
        hub.close();
    }

    private String refused(String... variables) {
        String message =
                new Pulling(hub.environment(folder.resolve("hub"), variables), folder).refused(ID);
        assertThat(Files.exists(folder.resolve("hub/models--org--tiny/refs"))).isFalse();
        return message;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    401 | GatedRepo        | .  | no  | open HUB/org/tiny and accept them, then set HF_TOKEN
                    401 | GatedRepo        | .  | yes | with the account that the access token from HF_TOKEN belongs to
                    403 | GatedRepo        | .  | yes | a fine-grained token must also allow
                    401 | RepoNotFound     | .  | no  | there is no such model at HUB, or it is private; check the spelling at HUB/org/tiny; if it is private, set HF_TOKEN
                    404 | RepoNotFound     | .  | yes | if it is private, the access token from HF_TOKEN may not read it
                    401 | .                | Invalid credentials in Authorization header | yes | the hub does not accept the access token from HF_TOKEN; make a new one
                    401 | .                | .  | no  | or run: hf auth login
                    403 | .                | .  | yes | the access token from HF_TOKEN may not read this model
                    403 | .                | .  | no  | accept its terms at HUB/org/tiny
                    403 | .                | Access to this resource is disabled. | no | the hub has disabled access
                    403 | DisabledRepo     | .  | no  | the hub has disabled access
                    404 | RevisionNotFound | .  | no  | the model has no revision 'main'; its branches and tags are listed at HUB/org/tiny/tree/main
                    404 | .                | .  | no  | there is no such model
                    407 | .                | .  | no  | the proxy asks for a name and a password
                    418 | .                | .  | no  | HUB/api/models/org/tiny/revision/main answered 418, which was not expected
                    203 | .                | .  | no  | answered 203, which was not expected
                    """)
    void aRefusalSaysWhatToDo(int status, String code, String said, String token, String message) {
        hub.upset(
                "hub",
                "GET main",
                reply ->
                        Reply.of(status, FakeHub.TOKEN)
                                .with("X-Error-Code", code)
                                .with("X-Error-Message", said));
        String[] variables =
                token.equals("yes") ? new String[] {"HF_TOKEN", FakeHub.TOKEN} : new String[0];
        assertThat(refused(variables))
                .startsWith(ID + ": ")
                .contains(message.replace("HUB", hub.hub.uri().toString()));
    }

    @Test
    void aModelMayBeGatedForItsFilesOnly() {
        hub.upset(
                "hub",
                "HEAD config.json",
                reply -> Reply.of(403, "").with("X-Error-Code", "GatedRepo"));
        assertThat(refused()).contains("its makers want their terms accepted first");
    }

    @Test
    void aFileThatIsListedButGoneIsNamed() {
        hub.listedOnly.add("vocab.json");
        assertThat(refused()).contains("the hub lists vocab.json, but does not have it");
    }

    @Test
    void withoutWeightsItSaysWhatIsThere() {
        hub.large.clear();
        hub.large.put("onnx/model.onnx", new byte[10]);
        assertThat(refused())
                .contains(
                        "holds weights neither as safetensors nor as pytorch_model.bin; it holds onnx/model.onnx, README.md");
    }

    @Test
    void withoutAConfigurationItIsNoCheckpoint() {
        hub.files.remove("config.json");
        assertThat(refused()).contains("holds no config.json", "it holds model.safetensors");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../evil",
                "a/../../evil",
                "/etc/passwd",
                "a//b",
                "./a",
                "a\\\\b",
                "C:/x",
                "a\\nb",
                "\\u001b[31mred",
                "\\u202egnp.exe",
                ""
            })
    void aListingWithAHostileNameIsRefused(String name) {
        hub.listedOnly.add(name);
        assertThat(refused()).contains("which is no plain path inside a model");
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../evil.safetensors",
                "/tmp/evil.safetensors",
                "sub/evil.safetensors",
                "..\\\\evil.safetensors",
                "evil.bin",
                "evil\\u0000.safetensors",
                ""
            })
    void anIndexWithAHostileShardIsRefused(String shard) {
        hub.large.clear();
        hub.files.put(
                "model.safetensors.index.json",
                FakeHub.bytes("{\"weight_map\": {\"a\": \"" + shard + "\"}}"));
        assertThat(refused()).contains("is not the plain name of a .safetensors file");
    }

    @Test
    void aShardThatTheHubDoesNotHaveIsNamed() {
        hub.large.clear();
        hub.files.put(
                "model.safetensors.index.json",
                FakeHub.bytes("{\"weight_map\": {\"a\": \"b.safetensors\"}}"));
        assertThat(refused()).contains("names b.safetensors, which the hub does not have");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../evil",
                "abc",
                "",
                "0123456789abcdefg123456789abcdef01234567",
                "0123456789abcdef"
            })
    void anETagThatIsNoHashIsRefused(String etag) {
        hub.upset(
                "hub",
                "HEAD model.safetensors",
                reply -> reply.with("X-Linked-ETag", "\"" + etag + "\""));
        assertThat(refused()).contains("gives no hash to check model.safetensors with");
    }

    @Test
    void aWeakETagIsReadWithoutItsMarks() {
        String etag = FakeHub.sha256(hub.large.get("model.safetensors"));
        hub.upset(
                "hub",
                "HEAD model.safetensors",
                reply -> reply.with("X-Linked-ETag", "W/\"" + etag + "\""));
        new Pulling(hub.environment(folder.resolve("hub")), folder).pull(ID);
    }

    @Test
    void anotherCommitThanListedIsRefused() {
        hub.upset("hub", "HEAD config.json", reply -> reply.with("X-Repo-Commit", "f".repeat(40)));
        assertThat(refused()).contains("does not say that its config.json is of commit 0123");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>a portal</html>",
                "[]",
                "{}",
                "{\"sha\": \"../../evil\", \"siblings\": []}",
                "{\"sha\": 7, \"siblings\": []}",
                "{\"sha\": \"0123456789abcdef0123456789abcdef01234567\", \"siblings\": [{}]}",
                "{\"sha\": \"0123456789abcdef0123456789abcdef01234567\", \"siblings\": [7]}"
            })
    void anAnswerThatIsNoListingIsRefused(String text) {
        hub.upset("hub", "GET main", reply -> Reply.of(200, text));
        assertThat(refused()).isNotEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void anAnswerWithoutEndIsCutOff() {
        byte[] spaces = new byte[Hub.MAX_LISTING + 1];
        Arrays.fill(spaces, (byte) ' ');
        hub.upset("hub", "GET main", reply -> Reply.of(spaces));
        assertThat(refused()).contains("longer than 67,108,864 bytes");
    }

    @Test
    void redirectsWithoutEndAreCutOff() {
        hub.upset(
                "hub",
                "GET main",
                Stream.generate(() -> loop()).limit(50).toArray(UnaryOperator[]::new));
        assertThat(refused()).contains("was redirected more than 10 times");
        assertThat(hub.hub.requests()).hasSize(11);
    }

    private static UnaryOperator<Reply> loop() {
        return reply -> Reply.of(302, "").with("Location", "/api/models/org/tiny/revision/main");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///etc/passwd",
                "ftp://x/y",
                "http://a b/?Signature=secretOfTheCdn",
                "http:///x",
                "gopher:x"
            })
    void redirectsToNoWebAddressAreRefused(String location) {
        hub.upset("hub", "GET main", reply -> Reply.of(302, "").with("Location", location));
        assertThat(refused()).contains("the server redirects to something that is no");
    }

    @Test
    void encryptionIsNotGivenUp() {
        URI hub = URI.create("https://huggingface.co/gpt2");
        assertThatThrownBy(
                        () -> HubHttp.target(hub, "http://cdn.example/x?Signature=secretOfTheCdn"))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("away from https, to http://cdn.example;")
                .hasMessageNotContaining("secret");
        assertThat(HubHttp.target(hub, "/b")).isEqualTo(URI.create("https://huggingface.co/b"));
        assertThat(HubHttp.target(hub, "https://cdn/x")).isEqualTo(URI.create("https://cdn/x"));
    }

    @Test
    void theOriginIsSchemeHostAndPort() {
        URI hub = URI.create("https://huggingface.co/gpt2");
        assertThat(HubHttp.isSameOrigin(hub, URI.create("https://HuggingFace.co:443/x"))).isTrue();
        for (String other :
                new String[] {
                    "http://huggingface.co/x",
                    "https://huggingface.co:8443/x",
                    "https://cdn.huggingface.co/x",
                    "https://huggingface.co.evil.org/x"
                }) {
            assertThat(HubHttp.isSameOrigin(hub, URI.create(other))).as(other).isFalse();
        }
    }

    @Test
    void aRedirectElsewhereGetsNoToken() {
        hub.upset(
                "hub",
                "GET main",
                reply -> Reply.of(302, "").with("Location", hub.cdn.uri() + "/model.safetensors"));
        refused("HF_TOKEN", FakeHub.TOKEN);
        assertThat(hub.cdn.requests())
                .hasSize(1)
                .allSatisfy(request ->
                        assertThat(request.headers()).doesNotContainKey("authorization"));
    }
}
