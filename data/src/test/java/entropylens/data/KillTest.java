package entropylens.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs that end where they should not.
class KillTest {
    /// `-Dkills=N` for more.
    private static final int KILLS = Integer.getInteger("kills", 5);

    /// Kills of the even kind come this long after the start at most: while DuckDB is loaded, and
    /// the file made.
    private static final int START_MS = 2_000;

    /// Those of the odd kind come this long after the run wrote something.
    private static final int WORK_MS = 400;

    @TempDir Path folder;

    @Test
    void aRunKilledAtAnyMomentHoldsEveryUnitWhollyOrNotAtAll() throws Exception {
        Path run = folder.resolve("run");
        SplittableRandom random = new SplittableRandom(5);
        long before = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Process child = ChildJvm.start(folder.resolve("log"), KilledRun.class, run.toString());
            if (kill % 2 == 1) {
                awaitWork(child, run.resolve("run.duckdb.wal"));
            }
            int most = kill % 2 == 1 ? WORK_MS : START_MS;
            child.waitFor(random.nextInt(most), TimeUnit.MILLISECONDS);
            child.destroyForcibly().waitFor();
            long units = Files.exists(run.resolve("run.duckdb")) ? requireWholeUnits(run) : 0;
            assertThat(units).as("units after kill %d", kill).isGreaterThanOrEqualTo(before);
            before = units;
        }
        assertThat(before).as("the child got some work done").isPositive();
        assertThat(folder.resolve("log")).isEmptyFile();
        try (Store store = Store.open(run, Samples.MANIFEST, Samples.ASKED, true)) {
            assertThat(store.unitsDone()).isEqualTo((int) before);
            assertThat(store.exportParquet()).hasSize(6);
        }
    }

    private static void awaitWork(Process child, Path log) throws Exception {
        long before = size(log);
        while (size(log) == before) {
            assertThat(child.isAlive()).isTrue();
            Thread.sleep(5);
        }
    }

    private static long size(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    /// @return the number of units
    private static long requireWholeUnits(Path run) {
        String wrong =
                """
                WITH per_unit AS (
                  SELECT name,
                    (SELECT count(*) FROM texts WHERE starts_with(text_id, name || '/')) AS texts,
                    (SELECT count(DISTINCT text_id) FROM texts WHERE starts_with(text_id, name || '/')) AS different,
                    (SELECT count(*) FROM profiles WHERE starts_with(text_id, name || '/')) AS profiles,
                    (SELECT count(*) FROM answers WHERE starts_with(question_id, name || '/')) AS answers,
                    (SELECT count(*) FROM losses WHERE starts_with(text_id, name || '/')) AS losses,
                    (SELECT count(*) FROM moves WHERE starts_with(text_id, name || '/')) AS moves
                  FROM units)
                SELECT (SELECT count(*) FROM units), (SELECT count(DISTINCT name) FROM units),
                  (SELECT count(*) FROM texts) - (SELECT coalesce(sum(texts), 0) FROM per_unit) AS strays,
                  (SELECT count(*) FROM per_unit WHERE texts <> $n OR different <> $n
                     OR profiles <> 6 * $n OR answers <> 2 * $n OR losses <> $n
                     OR moves <> $n) AS broken
                """
                        .replace("$n", Integer.toString(KilledRun.TEXTS));
        try (Query query = Query.run(run, wrong)) {
            List<Object> row = query.next();
            assertThat(row).isNotNull();
            assertThat(row.get(0)).isEqualTo(row.get(1));
            assertThat(row.get(2).toString()).isEqualTo("0");
            assertThat(row.get(3)).isEqualTo(0L);
            return (Long) row.get(0);
        }
    }

    @Test
    void aRunOfAnotherProcessIsRefusedAndNamesIt() throws Exception {
        Path run = folder.resolve("run");
        Process child = ChildJvm.start(folder.resolve("log"), KilledRun.class, run.toString());
        try {
            // the database is there before it is opened; once it is written to, this is beside it
            while (!Files.exists(run.resolve("run.duckdb.wal"))) {
                assertThat(child.isAlive()).isTrue();
                Thread.sleep(20);
            }
            assertThatThrownBy(() -> Store.open(run, Samples.MANIFEST, Samples.ASKED, true).close())
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining(
                            "another process (process id %d) is writing this run", child.pid());
            assertThatThrownBy(() -> Query.run(run, "SELECT 1").close())
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("this run is being written");
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskIsAOneLineErrorAndWhatWasDoneIsKept() throws Exception {
        Path run = folder.resolve("run");
        Path log = folder.resolve("log");
        Process child = ChildJvm.start(log, FullDisk.class, run.toString(), "1", "2000000");
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String said = Files.readString(log);
        assertThat(child.exitValue()).as(said).isEqualTo(1);
        assertThat(said).hasLineCount(1).contains("run.duckdb: cannot be written: ");
        assertThat(requireWholeUnits(run)).isPositive();
    }

    /// An empty run.duckdb has some 270 kB.
    @ParameterizedTest
    @ValueSource(ints = {3_000, 20_000, 60_000, 130_000, 250_000})
    @EnabledOnOs(OS.LINUX)
    void whereThereIsNoRoomForADatabaseNoneIsPublishedAndTheRunGoesOnLater(int room)
            throws Exception {
        Path run = folder.resolve("run");
        Path log = folder.resolve("log");
        String limit = Integer.toString(room);
        Process child = ChildJvm.start(log, FullDisk.class, run.toString(), "0", limit);
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String said = Files.readString(log);
        assertThat(child.exitValue()).as(said).isEqualTo(1);
        assertThat(said).hasLineCount(1).contains("run.duckdb: cannot be made: ");
        try (Stream<Path> files = Files.list(run)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("manifest.json", "run.lock");
        }
        try (Store store = Store.open(run, Samples.MANIFEST, Samples.ASKED, true)) {
            store.commit(KilledRun.name(0), KilledRun.unit(0));
        }
        assertThat(requireWholeUnits(run)).isOne();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "IO Error: Could not write file \"run.duckdb\": No space left on device",
                "No space left on device",
                "Disk quota exceeded"
            })
    void aFullDiskIsCalledSo(String reason) {
        assertThat(new RunDirectory(folder).explained(reason)).startsWith("the disk is full (");
        assertThat(new RunDirectory(folder).explained("else")).isEqualTo("else");
    }
}
