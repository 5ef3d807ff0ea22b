package entropylens.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.data.RunBrowser.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunBrowserTest {
    private static final Part PART = new Part("tasks", "a", "logit", "resid_post");

    @TempDir static Path folder;

    private static Path run;

    @BeforeAll
    static void aRun() {
        // a path that DuckDB would read as a pattern
        run = folder.resolve("a [run] of 'mine'");
        write(run);
    }

    private static void write(Path directory) {
        try (Store store = Store.open(directory, Samples.MANIFEST, Samples.ASKED, false)) {
            store.commit("one", Samples.unit("a", "t1", "t2"));
            store.exportParquet();
        }
    }

    @Test
    void aRunSaysWhatWasMeasuredAndWhatTellsItsTextsApart() {
        try (RunBrowser browser = RunBrowser.open(run)) {
            assertThat(browser.parts()).isEqualTo(Map.of(PART, 2L));
            assertThat(browser.conditions(PART)).containsExactly("label", "wording", "group_id");
        }
    }

    @Test
    void theMeanOfAConditionIsOverAllTokensOfItsTexts() {
        String sql =
                "SELECT layer, avg(entropy) AS mean, stddev_samp(entropy) AS spread FROM profiles WHERE study = 'tasks' GROUP BY layer ORDER BY layer";
        try (RunBrowser browser = RunBrowser.open(run);
                Query expected = Query.run(run, sql)) {
            List<Map<String, Object>> groups = browser.groups(PART, "label");
            assertThat(groups).hasSize(1);
            Map<String, Object> group = groups.getFirst();
            assertThat(group)
                    .containsEntry("value", "label")
                    .containsEntry("texts", 2L)
                    .containsEntry("tokens", 4L)
                    .containsEntry("layer", List.of(1, 2, 3));
            for (int layer = 0; layer < 3; layer++) {
                List<Object> row = expected.next();
                assertClose(((List<?>) group.get("mean")).get(layer), row.get(1));
                assertClose(((List<?>) group.get("spread")).get(layer), row.get(2));
            }
            assertThat(browser.groups(PART, "group_id")).hasSize(2);
        }
    }

    @Test
    void aRunThatWasWrittenAgainIsReadAgain(@TempDir Path folder) throws IOException {
        Path other = folder.resolve("other");
        try (Store store = Store.open(other, Samples.MANIFEST, Samples.ASKED, false)) {
            store.commit("one", Samples.unit("a", "t1", "t2", "t3"));
            store.exportParquet();
        }
        try (RunBrowser browser = RunBrowser.open(other)) {
            assertThat(browser.parts()).isEqualTo(Map.of(PART, 3L));
            assertThat(browser.conditions(PART)).hasSize(3);
            for (String table : List.of("texts.parquet", "profiles.parquet")) {
                Files.copy(
                        run.resolve(table),
                        other.resolve(table),
                        StandardCopyOption.REPLACE_EXISTING);
            }
            assertThat(browser.parts()).isEqualTo(Map.of(PART, 2L));
        }
    }

    private static void assertClose(Object found, Object expected) {
        assertThat(((Number) found).doubleValue())
                .isCloseTo(((Number) expected).doubleValue(), Offset.offset(1e-9));
    }

    @Test
    void theTextsOfAConditionAreFoundAndRead() {
        try (RunBrowser browser = RunBrowser.open(run)) {
            var texts = browser.texts(PART, "group_id", Optional.of("group t2"), 0, 10);
            assertThat(texts).hasSize(1);
            assertThat(texts.getFirst()).containsEntry("text_id", "t2").containsEntry("tokens", 2L);
            assertThat(browser.texts(PART, "label", Optional.of("label"), 1, 1))
                    .singleElement()
                    .satisfies(text -> assertThat(text).containsEntry("text_id", "t2"));
            assertThat(browser.texts(PART, "label", Optional.empty(), 0, 10)).isEmpty();
            assertThat(browser.text(PART, "t1").orElseThrow())
                    .containsEntry("prompt_ids", List.of(1, 2, 3))
                    .containsEntry("generated_ids", List.of(4, 5));
            assertThat(browser.text(PART, "' OR 1=1 --")).isEmpty();
            assertThat(browser.profile(PART, "t1", 100)).hasSize(6);
            assertThat(browser.profile(PART, "t1", 4)).hasSize(4);
            assertThat(browser.profile(PART, "t1", 100).getFirst())
                    .containsEntry("token", 1)
                    .containsEntry("layer", 1)
                    .containsKeys("entropy", "top_ids");
        }
    }

    @Test
    void aNameBecomesNoSql() {
        try (RunBrowser browser = RunBrowser.open(run)) {
            assertThatThrownBy(() -> browser.groups(PART, "label) FROM texts; --"))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("there is no condition 'label) FROM texts; --' here")
                    .hasMessageContaining("label, wording, group_id");
        }
    }

    @Test
    void whatIsNoRunIsRefusedByName(@TempDir Path other) throws IOException {
        assertRefused(other, "is not the directory of a run (it has no manifest.json)");
        assertRefused(other.resolve("none"), "is not the directory of a run");
        Files.writeString(other.resolve("manifest.json"), "{\"a\": 1}");
        assertRefused(other, "is not the manifest of a run");
    }

    @Test
    void aRunThatIsDamagedOrMixedIsRefusedByName(@TempDir Path other) throws IOException {
        Path copy = other.resolve("copy");
        write(copy);
        byte[] whole = Files.readAllBytes(copy.resolve("profiles.parquet"));
        Files.write(copy.resolve("profiles.parquet"), Arrays.copyOf(whole, whole.length / 2));
        assertRefused(copy, "profiles.parquet: is damaged, or no Parquet");
        Files.copy(
                copy.resolve("texts.parquet"),
                copy.resolve("profiles.parquet"),
                StandardCopyOption.REPLACE_EXISTING);
        assertRefused(copy, "profiles.parquet has no column lens");
        Files.write(copy.resolve("profiles.parquet"), whole);
        String manifest = Files.readString(copy.resolve("manifest.json"));
        Files.writeString(
                copy.resolve("manifest.json"),
                manifest.replaceFirst("\"run\" : \"[^\"]*\"", "\"run\" : \"000000000000\""));
        assertRefused(copy, "but manifest.json says 000000000000");
        Files.delete(copy.resolve("profiles.parquet"));
        assertRefused(copy, "has no profiles.parquet");
    }

    private static void assertRefused(Path directory, String reason) {
        assertThatThrownBy(() -> RunBrowser.open(directory).close())
                .isInstanceOf(DataException.class)
                .hasMessageContaining(directory.toString())
                .hasMessageContaining(reason);
    }
}
