package entropylens.pull;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.hub.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Models in GGUF are pulled by their quantisation.
class GgufPullTest {
    private static final String ID = "org/tiny";
    private static final List<String> PARTS =
            List.of("BF16/Tiny-BF16-00001-of-00002.gguf", "BF16/Tiny-BF16-00002-of-00002.gguf");

    @TempDir Path folder;
    private final FakeHub hub = new FakeHub();

    @BeforeEach
    void fill() {
        hub.files.put("README.md", FakeHub.bytes("# Tiny"));
        hub.files.put("config.json", FakeHub.bytes("{}"));
        hub.large.put("Tiny-Q4_K_M.gguf", FakeHub.noise(70_000));
        hub.large.put("Tiny-UD-Q4_K_XL.gguf", FakeHub.noise(500));
        hub.large.put("Tiny-Q8_0.gguf", FakeHub.noise(600));
        hub.large.put("mmproj-Q8_0.gguf", FakeHub.noise(700));
        hub.large.put(PARTS.get(0), FakeHub.noise(800));
        hub.large.put(PARTS.get(1), FakeHub.noise(900));
    }

    @AfterEach
    void close() {
        hub.close();
    }

    private Path repository() {
        return folder.resolve("hub/models--org--tiny");
    }

    private Path snapshot() {
        return repository().resolve("snapshots").resolve(FakeHub.COMMIT);
    }

    private Pulling pulling() {
        return new Pulling(hub.environment(folder.resolve("hub")), folder);
    }

    @Test
    void theOneFileOfAQuantisationIsFetchedAndFoundByItsName() throws IOException {
        Path file = pulling().pull(ID + ":q4_k_m");
        assertThat(file).isEqualTo(snapshot().resolve("Tiny-Q4_K_M.gguf"));
        String blob = FakeHub.sha256(hub.large.get("Tiny-Q4_K_M.gguf"));
        assertThat(Pulling.files(repository()))
                .containsExactlyInAnyOrder(
                        "blobs/" + blob,
                        "refs/main",
                        "snapshots/" + FakeHub.COMMIT + "/Tiny-Q4_K_M.gguf");
        assertThat(Files.readSymbolicLink(file)).isEqualTo(Path.of("../../blobs/" + blob));
        assertThat(Models.find(ID + ":Q4_K_M", pulling().settings())).isEqualTo(file);
    }

    @Test
    void allPartsAreFetchedFromTheirFolder() throws IOException {
        Pulling pulling = pulling();
        Path first = pulling.pull(ID + "@main:BF16");
        assertThat(first).isEqualTo(snapshot().resolve(PARTS.getFirst()));
        assertThat(pulling.fetched).isEqualTo(PARTS);
        assertThat(Pulling.files(snapshot())).isEqualTo(PARTS);
        assertThat(first).hasBinaryContent(hub.large.get(PARTS.getFirst()));
        assertThat(Models.find(ID + ":BF16", pulling.settings())).isEqualTo(first);
        Pulling again = pulling();
        again.pull(ID + ":BF16");
        assertThat(again.fetched).isEmpty();
        assertThat(again.missing).isZero();
        assertThat(hub.gets()).anyMatch(path -> path.endsWith("/" + PARTS.getFirst()));
    }

    @Test
    void aBeginningThatIsThereIsFinished() throws IOException {
        byte[] content = hub.large.get("Tiny-Q4_K_M.gguf");
        Path blobs = Files.createDirectories(repository().resolve("blobs"));
        Files.write(
                blobs.resolve(FakeHub.sha256(content) + ".incomplete"),
                Arrays.copyOf(content, 50_000));
        Pulling pulling = pulling();
        assertThat(pulling.pull(ID + ":Q4_K_M")).hasBinaryContent(content);
        assertThat(pulling.missing).isEqualTo(20_000);
        assertThat(hub.ranges("Tiny-Q4_K_M.gguf")).containsExactly("bytes=50000-");
    }

    @Test
    void aFileWithAnotherHashIsNotKept() {
        byte[] wrong = hub.large.get("Tiny-Q8_0.gguf").clone();
        wrong[5]++;
        UnaryOperator<TestServer.Reply> damaged = _ -> TestServer.Reply.of(wrong);
        hub.upset(
                "cdn", "GET Tiny-Q8_0.gguf", damaged, damaged, damaged, damaged, damaged, damaged);
        assertThat(pulling().refused(ID + ":Q8_0")).contains("Tiny-Q8_0.gguf");
        assertThat(snapshot().resolve("Tiny-Q8_0.gguf")).doesNotExist();
    }

    @Test
    void aQuantisationThatIsNotThereNamesThoseThatAre() {
        assertThat(pulling().refused(ID + ":Q5_K_M"))
                .isEqualTo(
                        "org/tiny:Q5_K_M: holds no GGUF models of quantisation Q5_K_M; name one of them: org/tiny:BF16, org/tiny:Q4_K_M, org/tiny:Q8_0, org/tiny:Q4_K_XL");
        assertThat(hub.gets()).isEmpty();
    }

    @Test
    void oneThatFitsSeveralIsRefusedWithTheirNames() {
        hub.large.put("Tiny-Q4_K_XL.gguf", FakeHub.noise(100));
        assertThat(pulling().refused(ID + ":Q4_K_XL"))
                .contains(
                        "holds 2 GGUF models of quantisation Q4_K_XL; name one of them: org/tiny:Tiny-Q4_K_XL, org/tiny:UD-Q4_K_XL");
        assertThat(pulling().pull(ID + ":UD-Q4_K_XL").getFileName().toString())
                .isEqualTo("Tiny-UD-Q4_K_XL.gguf");
        assertThat(pulling().pull(ID + ":Tiny-Q4_K_XL").getFileName().toString())
                .isEqualTo("Tiny-Q4_K_XL.gguf");
    }

    @Test
    void withoutAQuantisationItSaysWhichThereAre() {
        String which =
                "org/tiny: holds its weights in GGUF only; say which: org/tiny:BF16, org/tiny:Q4_K_M, org/tiny:Q4_K_XL, org/tiny:Q8_0";
        assertThat(pulling().refused(ID)).isEqualTo(which);
        hub.files.remove("config.json");
        assertThat(pulling().refused(ID)).isEqualTo(which);
    }

    @Test
    void aSplitThatTheHubHasNotAllOfIsRefused() {
        hub.large.remove(PARTS.get(1));
        assertThat(pulling().refused(ID + ":BF16"))
                .contains(PARTS.getFirst() + " is one of 2 parts, of which 1 are there");
        assertThat(hub.gets()).isEmpty();
    }

    @Test
    void otherModelsHaveNone() {
        hub.large.clear();
        assertThat(pulling().refused(ID + ":Q8_0"))
                .contains("holds no GGUF models of quantisation Q8_0; there are none");
    }
}
