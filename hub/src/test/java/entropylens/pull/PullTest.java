package entropylens.pull;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.hub.Models;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What lies in the cache after a pull, and what went over the wire for it.
class PullTest {
    private static final String ID = "org/tiny";

    @TempDir Path folder;
    private FakeHub hub = FakeHub.withModel(100_000);

    @AfterEach
    void close() {
        hub.close();
    }

    private Path cache() {
        return folder.resolve("hub");
    }

    private Pulling pulling(String... variables) {
        return new Pulling(hub.environment(cache(), variables), folder);
    }

    private void model(FakeHub other) {
        hub.close();
        hub = other;
    }

    @Test
    void theCacheLooksAsPythonWouldLeaveIt() throws IOException {
        Path snapshot = pulling().pull(ID);
        Path repository = cache().resolve("models--org--tiny");
        assertThat(snapshot).isEqualTo(repository.resolve("snapshots/" + FakeHub.COMMIT));
        String weights = FakeHub.sha256(hub.large.get("model.safetensors"));
        String config = FakeHub.gitHash(hub.files.get("config.json"));
        assertThat(Files.readString(repository.resolve("refs/main"))).isEqualTo(FakeHub.COMMIT);
        assertThat(Files.readSymbolicLink(snapshot.resolve("model.safetensors")))
                .isEqualTo(Path.of("../../blobs/" + weights));
        assertThat(Files.readSymbolicLink(snapshot.resolve("config.json")))
                .isEqualTo(Path.of("../../blobs/" + config));
        assertThat(snapshot.resolve("model.safetensors"))
                .hasBinaryContent(hub.large.get("model.safetensors"));
        assertThat(Pulling.files(repository))
                .containsExactlyInAnyOrder(
                        "blobs/" + weights,
                        "blobs/" + config,
                        "blobs/" + FakeHub.gitHash(hub.files.get("tokenizer.json")),
                        "refs/main",
                        "snapshots/" + FakeHub.COMMIT + "/config.json",
                        "snapshots/" + FakeHub.COMMIT + "/model.safetensors",
                        "snapshots/" + FakeHub.COMMIT + "/tokenizer.json");
        assertThat(Models.find(ID, pulling().settings())).isEqualTo(snapshot);
    }

    @Test
    void onlyWhatIsNeededIsFetched() {
        for (String name :
                List.of(
                        "generation_config.json",
                        "tokenizer_config.json",
                        "special_tokens_map.json",
                        "vocab.json",
                        "merges.txt",
                        "tokenizer.model")) {
            hub.files.put(name, FakeHub.bytes(name));
        }
        for (String name :
                List.of(
                        "model.fp16.safetensors",
                        "consolidated.safetensors",
                        "pytorch_model.bin",
                        "flax_model.msgpack",
                        "tf_model.h5",
                        "model.gguf",
                        "onnx/model.onnx",
                        "original/consolidated.00.pth")) {
            hub.large.put(name, FakeHub.noise(10));
        }
        Path snapshot = pulling().pull(ID);
        assertThat(Pulling.files(snapshot))
                .containsExactlyInAnyOrder(
                        "config.json",
                        "generation_config.json",
                        "tokenizer.json",
                        "tokenizer_config.json",
                        "special_tokens_map.json",
                        "vocab.json",
                        "merges.txt",
                        "tokenizer.model",
                        "model.safetensors");
    }

    @Test
    void aSecondPullDownloadsNothing() {
        pulling().pull(ID);
        int before = hub.gets().size();
        Pulling again = pulling();
        again.pull(ID);
        assertThat(hub.gets()).hasSize(before);
        assertThat(again.fetched).isEmpty();
        assertThat(again.found)
                .containsExactly("config.json", "tokenizer.json", "model.safetensors");
        assertThat(again.missing).isZero();
    }

    @Test
    void whatIsDamagedInLengthIsFetchedAgain() throws IOException {
        Path snapshot = pulling().pull(ID);
        Files.write(snapshot.resolve("model.safetensors"), new byte[7]); // through the link
        Pulling again = pulling();
        again.pull(ID);
        assertThat(again.fetched).containsExactly("model.safetensors");
        assertThat(snapshot.resolve("model.safetensors"))
                .hasBinaryContent(hub.large.get("model.safetensors"));
    }

    @Test
    void theShardsThatTheIndexNamesAreFetched() {
        model(FakeHub.withShards(5000));
        hub.large.put("model-00003-of-00003.safetensors", FakeHub.noise(9)); // of another index
        Pulling pulling = pulling();
        Path snapshot = pulling.pull(ID);
        assertThat(pulling.found).isEmpty();
        assertThat(Pulling.files(snapshot))
                .containsExactly(
                        "config.json",
                        "model-00001-of-00002.safetensors",
                        "model-00002-of-00002.safetensors",
                        "model.safetensors.index.json",
                        "tokenizer.json");
        assertThat(Models.find(ID, pulling().settings())).isEqualTo(snapshot);
    }

    @Test
    void withoutSafetensorsTheBinIsFetched() {
        hub.large.put("pytorch_model.bin", hub.large.remove("model.safetensors"));
        assertThat(Pulling.files(pulling().pull(ID)))
                .containsExactly("config.json", "pytorch_model.bin", "tokenizer.json");
    }

    @Test
    void shardsOfBinsAreFetchedToo() {
        model(FakeHub.withModel(10));
        hub.large.clear();
        hub.files.put(
                "pytorch_model.bin.index.json",
                FakeHub.bytes("{\"weight_map\": {\"a\": \"pytorch_model-00001-of-00001.bin\"}}"));
        hub.large.put("pytorch_model-00001-of-00001.bin", FakeHub.noise(100));
        assertThat(Pulling.files(pulling().pull(ID))).contains("pytorch_model-00001-of-00001.bin");
    }

    @Test
    void filesOfTheSameContentShareABlob() {
        model(FakeHub.withShards(3000));
        hub.large.put(
                "model-00002-of-00002.safetensors",
                hub.large.get("model-00001-of-00002.safetensors"));
        Pulling pulling = pulling();
        Path snapshot = pulling.pull(ID);
        assertThat(Pulling.files(cache().resolve("models--org--tiny/blobs"))).hasSize(4);
        assertThat(hub.ranges("model-0000")).containsExactly("");
        assertThat(pulling.fetched).doesNotContain("model-00002-of-00002.safetensors");
        assertThat(snapshot.resolve("model-00002-of-00002.safetensors")).hasSize(3000);
    }

    @Test
    void aRevisionMayHaveSlashes() throws IOException {
        hub.revision = "refs/pr/1";
        Path snapshot = pulling().pull(ID + "@refs/pr/1");
        Path refs = cache().resolve("models--org--tiny/refs");
        assertThat(Pulling.files(refs)).containsExactly("refs/pr/1");
        assertThat(Models.find(ID + "@refs/pr/1", pulling().settings())).isEqualTo(snapshot);
        assertThat(hub.hub.requests().getFirst().target()).endsWith("/revision/refs%2Fpr%2F1");
    }

    @Test
    void aCommitNeedsNoReference() {
        pulling().pull(ID + "@" + FakeHub.COMMIT);
        assertThat(cache().resolve("models--org--tiny/refs")).doesNotExist();
    }

    @Test
    void theReferenceComesLast() {
        hub.upset("cdn", "GET model.safetensors", reply -> TestServer.Reply.of(new byte[100_000]));
        pulling().refused(ID);
        assertThat(cache().resolve("models--org--tiny/refs")).doesNotExist();
    }

    @Test
    void withoutLinksFilesAreCopied() {
        Path snapshot = pulling("HF_HUB_DISABLE_SYMLINKS", "1").pull(ID);
        assertThat(snapshot.resolve("model.safetensors"))
                .isRegularFile()
                .satisfies(file -> assertThat(Files.isSymbolicLink(file)).isFalse())
                .hasBinaryContent(hub.large.get("model.safetensors"));
    }

    @Test
    void theTokenGoesToTheHubAndNowhereElse() {
        pulling("HF_TOKEN", FakeHub.TOKEN).pull(ID);
        assertThat(hub.hub.requests())
                .allSatisfy(request ->
                        assertThat(request.header("authorization"))
                                .isEqualTo("Bearer " + FakeHub.TOKEN));
        assertThat(hub.cdn.requests())
                .isNotEmpty()
                .allSatisfy(request -> {
                    assertThat(request.headers()).doesNotContainKey("authorization");
                    assertThat(request.headers().toString()).doesNotContain(FakeHub.TOKEN);
                });
    }

    @Test
    void withoutATokenNoneIsSent() {
        pulling().pull(ID);
        assertThat(hub.hub.requests())
                .allSatisfy(request ->
                        assertThat(request.headers()).doesNotContainKey("authorization"));
    }

    @Test
    void aRenamedModelIsFollowedOnTheSameHost() {
        hub.model = "neworg/tiny";
        for (String name : List.of("config.json", "tokenizer.json", "model.safetensors")) {
            for (String method : List.of("HEAD", "GET")) {
                hub.upset(
                        "hub",
                        method + " " + name,
                        reply -> renamed("/resolve/" + FakeHub.COMMIT + "/" + name));
            }
        }
        hub.upset("hub", "GET main", reply -> renamed("/revision/main"));
        Path snapshot = pulling("HF_TOKEN", FakeHub.TOKEN).pull(ID);
        assertThat(snapshot.toString()).contains("models--org--tiny");
        assertThat(snapshot.resolve("model.safetensors")).hasSize(100_000);
    }

    private static TestServer.Reply renamed(String end) {
        String start = end.startsWith("/revision") ? "/api/models/neworg/tiny" : "/neworg/tiny";
        return TestServer.Reply.of(307, "").with("Location", start + end);
    }

    @Test
    void aPullGoesThroughTheProxyOfTheEnvironment() {
        String proxy = hub.hub.uri().toString().replace("http://", "http://user:pass@");
        // the model is kept at the hub as a whole, since the other host is no proxy
        hub.files.put("model.safetensors", hub.large.remove("model.safetensors"));
        Path snapshot = pulling("HF_ENDPOINT", "http://hub.invalid", "HTTP_PROXY", proxy).pull(ID);
        assertThat(snapshot.resolve("model.safetensors")).hasSize(100_000);
        assertThat(hub.hub.requests())
                .allSatisfy(request -> {
                    assertThat(request.target()).startsWith("http://hub.invalid/");
                    assertThat(request.header("proxy-authorization"))
                            .isEqualTo("Basic dXNlcjpwYXNz");
                });
    }

    @Test
    void twoPullsAtOnceFetchEachFileOnce() throws Exception {
        try (var threads = Executors.newFixedThreadPool(2)) {
            var one = threads.submit(() -> pulling().pull(ID));
            var two = threads.submit(() -> pulling().pull(ID));
            assertThat(one.get()).isEqualTo(two.get());
        }
        assertThat(hub.ranges("model.safetensors")).containsExactly("");
    }

    @Test
    void offlineNothingIsAsked() {
        assertThat(pulling("HF_HUB_OFFLINE", "1").refused(ID))
                .contains("nothing is downloaded while HF_HUB_OFFLINE", cache().toString());
        assertThat(hub.hub.requests()).isEmpty();
    }

    @Test
    void aHubThatIsNotThereIsSaidToBeUnreachable() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }
        Pulling pulling =
                pulling("HF_ENDPOINT", "http://127.0.0.1:" + closed, "HF_TOKEN", FakeHub.TOKEN);
        assertThat(pulling.refused(ID))
                .contains(
                        "cannot reach http://127.0.0.1:" + closed + ": the connection was refused",
                        "HF_ENDPOINT",
                        "HTTPS_PROXY");
        assertThat(pulling.waits).isEmpty();
    }

    @Test
    void whatDoesNotFitOnTheDiskIsNotBegun() {
        hub.upset(
                "hub",
                "HEAD model.safetensors",
                reply -> reply.with("X-Linked-Size", "1000000000000000"));
        assertThat(pulling().refused(ID))
                .contains(
                        "1,000,000,001 MB are to be downloaded, but there are only", "MB free at");
        assertThat(hub.gets()).isEmpty();
    }

    @Test
    void aCacheThatCannotBeWrittenIsNamed() throws IOException {
        Files.writeString(cache(), "a file in the way");
        assertThat(pulling().refused(ID))
                .contains("cannot write to the cache, " + cache(), "set HF_HUB_CACHE to another");
    }
}
