package entropylens.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.checkpoint.Remedy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A name becomes a directory, or a message that says what to do.
class ModelsTest {
    private static final String COMMIT = "0123456789abcdef".repeat(2) + "01234567";
    private static final String OTHER = "f".repeat(40);

    @TempDir Path folder;
    private HubSettings settings;
    private Path repository;

    @BeforeEach
    void anEmptyCache() {
        settings = HubSettings.of(Map.of("HF_HUB_CACHE", folder.resolve("hub").toString()), folder);
        repository = folder.resolve("hub/models--org--tiny");
    }

    private Path find(String name) {
        return Models.find(name, settings);
    }

    private void refused(String name, String... message) {
        assertThatThrownBy(() -> find(name))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll(message);
    }

    private Path snapshot(String commit, String... files) throws IOException {
        Path snapshot = repository.resolve("snapshots").resolve(commit);
        Files.createDirectories(snapshot);
        for (String file : files) {
            Files.writeString(
                    snapshot.resolve(file),
                    "{\"weight_map\": {\"a\": \"s1.safetensors\", \"b\": \"s2.safetensors\"}}");
        }
        return snapshot;
    }

    private void ref(String revision, String content) throws IOException {
        Path ref = repository.resolve("refs").resolve(revision);
        Files.createDirectories(ref.getParent());
        Files.writeString(ref, content);
    }

    @Test
    void aDirectoryIsItself() {
        assertThat(find(folder.toString())).isEqualTo(folder);
        assertThat(find("src")).isEqualTo(Path.of("src")); // and would be an id
        assertThat(find("src/main")).isEqualTo(Path.of("src/main"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"./gpt2", "../gpt2", "/none/gpt2", ".", ".gpt2"})
    void whatLooksLikeAPathIsOneWhetherItExistsOrNot(String name) {
        assertThat(find(name)).isEqualTo(Path.of(name));
    }

    @Test
    void aTildeIsTheUsersHome() {
        assertThat(find("~/models/x")).isEqualTo(folder.resolve("models/x"));
        assertThat(find("~")).isEqualTo(folder);
    }

    @Test
    void aFileIsAPathToo() {
        assertThat(find("pom.xml")).isEqualTo(Path.of("pom.xml"));
    }

    @Test
    void whatIsNeitherIsSaidToBeNeither() {
        refused("a/b/c", "a/b/c: there is no such directory, nor is it the id of a model");
        refused("https://huggingface.co/gpt2", "without the address before it");
        refused("no\u0000name", "there is no such directory, nor is it");
        refused("gpt2@../../x", "is no revision of gpt2");
    }

    @Test
    void aModelThatIsNotInTheCacheCanBePulled() {
        refused(
                "org/tiny@v1",
                "org/tiny@v1: there is no such directory, and the Hugging Face cache, "
                        + folder.resolve("hub"));
        canBeDownloaded("org/tiny@v1");
    }

    private void canBeDownloaded(String name) {
        assertThatThrownBy(() -> find(name))
                .isInstanceOfSatisfying(
                        HubException.class,
                        e -> assertThat(e.remedy()).isEqualTo(new Remedy.Download(name)));
    }

    @Test
    void aRevisionNamesACommit() throws IOException {
        Path main = snapshot(COMMIT, "config.json", "model.safetensors");
        Path other = snapshot(OTHER, "config.json", "pytorch_model.bin");
        ref("main", COMMIT);
        ref("refs/pr/1", OTHER + "\n");
        assertThat(find("org/tiny")).isEqualTo(main);
        assertThat(find("org/tiny@main")).isEqualTo(main);
        assertThat(find("org/tiny@refs/pr/1")).isEqualTo(other);
        assertThat(find("org/tiny@" + OTHER)).isEqualTo(other);
        refused("org/tiny@v2", "does not know its revision 'v2'", "there are org/tiny@" + COMMIT);
        canBeDownloaded("org/tiny@v2");
    }

    @Test
    void theOnlySnapshotIsNotTakenForMain() throws IOException {
        snapshot(OTHER, "config.json", "model.safetensors");
        refused("org/tiny", "does not know its revision 'main'", "there are org/tiny@" + OTHER);
        canBeDownloaded("org/tiny");
    }

    @Test
    void aRefWithoutItsSnapshotIsNoModel() throws IOException {
        ref("main", COMMIT);
        canBeDownloaded("org/tiny");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../../../etc", "/etc", "", "a/b", "..", "."})
    void aRefLeadsNowhereElse(String content) throws IOException {
        ref("main", content);
        refused("org/tiny", "refs/main: should hold a commit hash, but does not");
    }

    @Test
    void anIncompleteSnapshotIsSaidToBeOne() throws IOException {
        Path snapshot = snapshot(COMMIT);
        ref("main", COMMIT);
        refused("org/tiny", snapshot + " is incomplete: there is no config.json");
        snapshot(COMMIT, "config.json");
        refused("org/tiny", "there are no weights");
        canBeDownloaded("org/tiny");
        snapshot(COMMIT, "model.safetensors.index.json", "s2.safetensors");
        refused("org/tiny", "1 of 2 shards are not there, the first is s1.safetensors");
        Files.createSymbolicLink(snapshot.resolve("s1.safetensors"), Path.of("../../blobs/gone"));
        refused("org/tiny", "1 of 2 shards are not there, the first is s1.safetensors");
        Files.createDirectories(repository.resolve("blobs"));
        Files.createFile(repository.resolve("blobs/gone"));
        assertThat(find("org/tiny")).isEqualTo(snapshot);
    }

    @Test
    void aSnapshotIsCalledByItsId() {
        assertThat(Models.nameOf(repository.resolve("snapshots/" + OTHER))).isEqualTo("org/tiny");
        assertThat(Models.nameOf(folder.resolve("models/stories260K"))).isEqualTo("stories260K");
        assertThat(Models.nameOf(Path.of("."))).isEqualTo("core");
        assertThat(Models.nameOf(Path.of("/"))).isEqualTo("/");
    }
}
