package entropylens.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RunDirectoryTest {
    @TempDir Path folder;

    private Store open(Manifest manifest, boolean resume) {
        return Store.open(folder.resolve("run"), manifest, Samples.ASKED, resume);
    }

    private AbstractThrowableAssert<?, ?> refused(Manifest manifest, boolean resume) {
        return assertThatThrownBy(() -> open(manifest, resume).close())
                .isInstanceOf(DataException.class);
    }

    private static Manifest manifest(Map<String, Object> identity) {
        return Manifest.of(identity, Map.of("start", "then"));
    }

    @Test
    void aSecondRunInADirectoryIsRefusedUnlessItGoesOn() {
        open(Samples.MANIFEST, false).close();
        refused(Samples.MANIFEST, false).hasMessageContaining("holds a run already; --resume");
        open(Samples.MANIFEST, true).close();
    }

    @Test
    void resumingNothingStartsAnew() {
        try (Store store = open(Samples.MANIFEST, true)) {
            assertThat(store.resumed()).isFalse();
        }
    }

    @Test
    void aDirectoryWithOtherFilesIsRefusedAndLeftAlone() throws IOException {
        Path run = Files.createDirectories(folder.resolve("run"));
        Files.writeString(run.resolve("thesis.tex"), "");
        refused(Samples.MANIFEST, false).hasMessageContaining("holds other files (thesis.tex)");
        refused(Samples.MANIFEST, true).hasMessageContaining("and no run");
        assertThat(run).isDirectoryNotContaining("glob:**run.lock");
    }

    @Test
    void aFileInPlaceOfTheDirectoryIsRefused() throws IOException {
        Files.writeString(folder.resolve("run"), "");
        refused(Samples.MANIFEST, false).hasMessageContaining("is a file; a run needs a directory");
        assertThatThrownBy(() ->
                        Store.open(
                                folder.resolve("run/below"),
                                Samples.MANIFEST,
                                Samples.ASKED,
                                false))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("cannot be used as the directory of a run");
    }

    @Test
    void anotherIdentityIsRefusedByTheKeyThatDiffers() {
        Map<String, Object> identity = new HashMap<>();
        identity.put("seed", 7);
        identity.put("models", List.of(Map.of("name", "a", "weights_sha256", "aa")));
        identity.put("top_p", 0.6);
        open(manifest(identity), false).close();
        open(manifest(new HashMap<>(identity)), true).close();

        Map<String, Object> seed = new HashMap<>(identity);
        seed.put("seed", 8L);
        refused(manifest(seed), true).hasMessageContaining("seed is 7 there, but 8 here");

        Map<String, Object> models = new HashMap<>(identity);
        models.put("models", List.of(Map.of("name", "a", "weights_sha256", "bb")));
        refused(manifest(models), true)
                .hasMessageContaining("models[0].weights_sha256 is \"aa\" there, but \"bb\" here");

        Map<String, Object> more = new HashMap<>(identity);
        more.put("lanes", 16);
        refused(manifest(more), true).hasMessageContaining("lanes is absent there, but 16 here");
        more.put("lanes", null);
        refused(manifest(more), true).hasMessageContaining("lanes is absent there, but null here");
    }

    @Test
    void detailsMayDifferAndAreNoted() throws IOException {
        open(Samples.MANIFEST, false).close();
        Manifest later = Manifest.of(identityOfSamples(), Map.of("jvm", "another"));
        open(later, true).close();
        open(later, true).close();
        JsonNode json =
                JsonMapper.shared().readTree(Files.readString(folder.resolve("run/manifest.json")));
        assertThat(json.path("details").path("command_line").size()).isEqualTo(2);
        assertThat(json.path("resumed").size()).isEqualTo(2);
        assertThat(json.path("resumed").path(0).path("jvm").stringValue()).isEqualTo("another");
        assertThat(json.path("run").stringValue()).isEqualTo(Samples.MANIFEST.run());
    }

    private static Map<String, Object> identityOfSamples() {
        JsonNode json = JsonMapper.shared().readTree(Samples.MANIFEST.json());
        Map<String, Object> identity = new HashMap<>();
        json.path("identity").properties().forEach(e -> identity.put(e.getKey(), e.getValue()));
        return identity;
    }

    @Test
    void theOrderOfKeysIsNoDifference() {
        Map<String, Object> forwards = new java.util.LinkedHashMap<>();
        forwards.put("a", 1);
        forwards.put("b", 2);
        Map<String, Object> backwards = new java.util.LinkedHashMap<>();
        backwards.put("b", 2);
        backwards.put("a", 1);
        assertThat(manifest(forwards).run()).isEqualTo(manifest(backwards).run());
    }

    @Test
    void aDamagedManifestIsRefused() throws IOException {
        open(Samples.MANIFEST, false).close();
        Path file = folder.resolve("run/manifest.json");
        String whole = Files.readString(file);
        for (String damaged :
                Arrays.asList("", "{", "[]", "{}", whole + "x", whole.substring(0, 30))) {
            Files.writeString(file, damaged);
            refused(Samples.MANIFEST, true).hasMessageContaining("manifest.json: is ");
        }
        Files.write(file, new byte[] {(byte) 0xFF, (byte) 0xFE, 0, 1});
        refused(Samples.MANIFEST, true).hasMessageContaining("manifest.json");
        Files.writeString(file, whole.replace("\"schema_version\" : 5", "\"schema_version\" : 9"));
        refused(Samples.MANIFEST, true)
                .hasMessageContaining("version 9, this program writes version 5");
    }

    @Test
    void aDamagedDatabaseIsRefused() throws IOException {
        open(Samples.MANIFEST, false).close();
        Files.writeString(folder.resolve("run/run.duckdb"), "not a database");
        try (Store store = open(Samples.MANIFEST, true)) {
            assertThatThrownBy(() -> store.done("x"))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("run.duckdb: cannot be read");
        }
    }

    @Test
    void aRunThatIsBeingWrittenIsRefused() {
        try (Store store = open(Samples.MANIFEST, false)) {
            refused(Samples.MANIFEST, true).hasMessageContaining("is writing this run already");
            store.commit("one", new UnitRows());
            assertThatThrownBy(() -> Query.run(folder.resolve("run"), "SELECT 1"))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("this run is being written; ask again");
        }
        open(Samples.MANIFEST, true).close();
    }

    @Test
    void whatWasLeftUnfinishedIsRemoved() throws IOException {
        open(Samples.MANIFEST, false).close();
        Path left = folder.resolve("run/texts.parquet.unfinished");
        Files.writeString(left, "half");
        open(Samples.MANIFEST, true).close();
        assertThat(left).doesNotExist();
    }
}
