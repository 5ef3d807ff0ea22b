package entropylens.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.lens.PointReadouts;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.Readouts;
import entropylens.lens.Statistic;
import entropylens.lens.StreamPoint;
import entropylens.lens.TextProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
    @TempDir Path folder;

    private Store open(Path directory, boolean resume) {
        return Store.open(directory, Samples.MANIFEST, Samples.ASKED, resume);
    }

    private static List<StoredText> read(Results results, String model, List<String> statistics) {
        List<StoredText> texts = new ArrayList<>();
        results.texts("tasks", model, statistics, texts::add);
        return texts;
    }

    @Test
    void whatIsKeptReadsBackInTheOrderOfItsIds() {
        try (Store store = open(folder.resolve("run"), false)) {
            store.commit("two", Samples.unit("a", "t3", "t1"));
            store.commit("one", Samples.unit("a", "t2").add(Samples.text("b", "t1")));
            try (Results results = store.results()) {
                assertThat(results.studies()).containsExactly("skip", "tasks");
                assertThat(results.models("tasks")).containsExactly("a", "b");
                List<StoredText> texts = read(results, "a", results.statistics());
                assertThat(texts)
                        .extracting(t -> t.text().textId())
                        .containsExactly("t1", "t2", "t3");
                texts.forEach(StoreTest::isAsMeasured);
                StoredText unprofiled = read(results, "b", List.of("entropy")).getFirst();
                assertThat(unprofiled.statistic("entropy")).isEmpty();
            }
        }
    }

    @Test
    void ofSeveralPointsTheStreamAfterTheBlocksReadsBack() {
        TextProfile post = Samples.profile("a", "t1").measured();
        Readouts pre = Samples.profile("a", "another").measured().readouts();
        TextProfile both =
                new TextProfile(
                        post.promptIds(),
                        post.generatedIds(),
                        post.firstPosition(),
                        List.of(
                                new PointReadouts(StreamPoint.RESID_PRE, 3, pre),
                                post.read().getFirst()));
        UnitRows unit = new UnitRows().add(Samples.text("a", "t1"));
        unit.add(new ProfileRows("tasks", "a", "t1", true, both));
        try (Store store = open(folder.resolve("run"), false)) {
            store.commit("one", unit);
            try (Results results = store.results()) {
                StoredText read = read(results, "a", List.of("entropy")).getFirst();
                assertThat(read.firstLayer()).isZero();
                assertThat(read.statistic("entropy")).isDeepEqualTo(post.table(Statistic.ENTROPY));
            }
        }
    }

    @Test
    void theFirstTextsAreThoseOfTheFirstIds() {
        try (Store store = open(folder.resolve("run"), false)) {
            store.commit("two", Samples.unit("a", "t3", "t1"));
            store.commit("one", Samples.unit("a", "t2").add(Samples.text("b", "t0")));
            try (Results results = store.results()) {
                List<TextRow> first = results.firstTexts("tasks", "a", 2);
                assertThat(first).extracting(TextRow::textId).containsExactly("t1", "t2");
                assertThat(first.getFirst())
                        .usingRecursiveComparison()
                        .isEqualTo(Samples.text("a", "t1"));
                assertThat(results.firstTexts("tasks", "a", 9)).hasSize(3);
                assertThat(results.firstTexts("skip", "a", 9)).isEmpty();
            }
        }
    }

    private static void isAsMeasured(StoredText stored) {
        TextRow given = Samples.text("a", stored.text().textId());
        assertThat(stored.text()).usingRecursiveComparison().isEqualTo(given);
        assertThat(stored.firstPosition()).isEqualTo(2);
        assertThat(stored.firstLayer()).isEqualTo(1);
        ProfileRows rows = Samples.profile("a", given.textId());
        var measured = rows.measured();
        assertThat(stored.statistic("entropy")).isDeepEqualTo(measured.table(Statistic.ENTROPY));
        assertThat(stored.statistic("renyi_0_5"))
                .isDeepEqualTo(measured.table(Statistic.renyi(0.5)));
        assertThat(stored.statistic("renyi_inf"))
                .isDeepEqualTo(measured.table(Statistic.renyi(Double.POSITIVE_INFINITY)));
        assertThat(stored.statistic("top_p_size_0_9")[1][2])
                .isEqualTo(measured.table(Statistic.topPSize(0.9))[1][2]);
        assertThat(stored.statistic("kl_to_last"))
                .isDeepEqualTo(measured.table(Statistic.KL_TO_LAST));
        assertThat(stored.statistic("h_norm")).isDeepEqualTo(measured.table(Statistic.H_NORM));
        assertThat(stored.statistic("jaccard_0_6")[0][0]).isNaN();
        assertThat(stored.statistic("containment_0_6")[0][1])
                .isEqualTo(measured.table(Statistic.containment(0.6))[0][1]);
        assertThat(stored.statistic("next_rank")[1][2])
                .isEqualTo(measured.table(Statistic.NEXT_RANK)[1][2]);
    }

    @Test
    void answersAndLossesReadBackExactly() {
        try (Store store = open(folder.resolve("run"), false)) {
            store.commit("one", Samples.unit("a", "q2", "q1"));
            List<AnswerRow> answers = new ArrayList<>();
            List<LossRow> losses = new ArrayList<>();
            List<MoveRow> moves = new ArrayList<>();
            List<BlockRow> blocks = new ArrayList<>();
            try (Results results = store.results()) {
                results.answers("skip", "a", answers::add);
                results.losses("skip", "a", losses::add);
                results.moves("tasks", "a", moves::add);
                results.blocks("skip", "a", blocks::add);
            }
            assertThat(answers)
                    .usingRecursiveFieldByFieldElementComparator()
                    .containsExactly(
                            Samples.answer("a", "q1", 2),
                            Samples.answer("a", "q2", 2),
                            Samples.answer("a", "q1", 0),
                            Samples.answer("a", "q2", 0));
            assertThat(losses).containsExactly(Samples.loss("a", "q1"), Samples.loss("a", "q2"));
            assertThat(moves).containsExactly(Samples.move("a", "q1"), Samples.move("a", "q2"));
            assertThat(blocks).containsExactly(Samples.block("a", "q1"), Samples.block("a", "q2"));
        }
    }

    @Test
    void theModelsOfARunAreKept() {
        ModelRow untrained = new ModelRow("a", "llama", 4, 1024, 940_032, 3L);
        ModelRow trained = new ModelRow("b", "gpt2", 12, 50_257, 124_439_808, null);
        try (Store store = open(folder.resolve("run"), false)) {
            store.commit("models", new UnitRows().add(trained).add(untrained));
        }
        try (Results results = Results.open(folder.resolve("run"))) {
            assertThat(results.modelRows()).containsExactly(untrained, trained);
        }
        try (Query query =
                Query.run(folder.resolve("run"), "SELECT DISTINCT manifest->>'run' FROM runs")) {
            assertThat(query.next()).containsExactly(Samples.MANIFEST.run());
        }
    }

    @Test
    void aTextMayHaveFewerStatisticsThanTheRunKeeps() {
        try (Store store = open(folder.resolve("run"), false)) {
            ProfileRows full = Samples.profile("a", "t");
            var entropyAlone =
                    Readouts.of(
                            ReadoutRequest.ENTROPY,
                            new double[][] {full.measured().readouts().entropy()},
                            new int[0][],
                            new float[0][]);
            var measured = full.measured();
            store.commit(
                    "one",
                    new UnitRows()
                            .add(Samples.text("a", "t"))
                            .add(
                                    new ProfileRows(
                                            "tasks",
                                            "a",
                                            "t",
                                            true,
                                            new entropylens.lens.TextProfile(
                                                    measured.promptIds(),
                                                    measured.generatedIds(),
                                                    2,
                                                    3,
                                                    entropyAlone))));
            try (Results results = store.results()) {
                StoredText text = read(results, "a", results.statistics()).getFirst();
                assertThat(text.firstLayer()).isZero();
                assertThat(text.statistic("entropy"))
                        .isDeepEqualTo(measured.table(Statistic.ENTROPY));
                assertThat(text.statistic("renyi_0")[1][1]).isNaN();
                assertThat(text.statistic("top_p_size_0_6")[0][0]).isNaN();
            }
        }
    }

    /// Absent is NULL, what is not finite is NaN: in the database and in Parquet.
    @Test
    void whatIsNotAFiniteNumberIsNaN() throws Exception {
        ProfileRows rows = Samples.profile("a", "t");
        double[] spread = rows.measured().readouts().column(Statistic.LOGIT_STD);
        spread[0] = Double.NaN;
        spread[1] = Double.POSITIVE_INFINITY;
        try (Store store = open(folder.resolve("run"), false)) {
            store.commit("one", new UnitRows().add(Samples.text("a", "t")).add(rows));
            store.exportParquet();
        }
        Path parquet = folder.resolve("run").resolve("profiles.parquet");
        try (var connection = Database.inMemory();
                var statement = connection.createStatement();
                var found =
                        statement.executeQuery(
                                "SELECT count(*) FILTER (isnan(logit_std)), count(logit_std), count(jaccard_0_6) FROM %s"
                                        .formatted(Database.quoted(parquet.toString())))) {
            found.next();
            assertThat(List.of(found.getInt(1), found.getInt(2), found.getInt(3)))
                    .containsExactly(2, 6, 5);
        }
    }

    @Test
    void aRunGoesOnWhereItStopped() {
        Path run = folder.resolve("run");
        try (Store store = open(run, false)) {
            assertThat(store.resumed()).isFalse();
            assertThat(store.done("one")).isFalse();
            store.commit("one", Samples.unit("a", "t1"));
        }
        try (Store store = open(run, true)) {
            assertThat(store.resumed()).isTrue();
            assertThat(store.done("one")).isTrue();
            assertThat(store.done("two")).isFalse();
            assertThatThrownBy(() -> store.commit("one", Samples.unit("a", "t1")))
                    .isInstanceOf(IllegalStateException.class);
            store.commit("two", Samples.unit("a", "t2"));
            assertThat(store.unitsDone()).isEqualTo(2);
            try (Results results = store.results()) {
                assertThat(read(results, "a", List.of("entropy"))).hasSize(2);
            }
        }
    }

    @Test
    void aFailedCommitKeepsNothingOfItsUnit() {
        try (Store store = open(folder.resolve("run"), false)) {
            ProfileRows good = Samples.profile("a", "t1");
            // tokens of some rows only: the second text fails half way
            var measured = good.measured();
            var broken =
                    new ProfileRows(
                            "tasks",
                            "a",
                            "t2",
                            false,
                            new entropylens.lens.TextProfile(
                                    measured.promptIds(),
                                    measured.generatedIds(),
                                    2,
                                    3,
                                    Readouts.of(
                                            Samples.ASKED,
                                            Samples.ASKED.statistics().stream()
                                                    .map(measured.readouts()::column)
                                                    .toArray(double[][]::new),
                                            java.util.Arrays.copyOf(
                                                    measured.readouts().topIds(), 3),
                                            measured.readouts().topProbabilities())));
            UnitRows rows = Samples.unit("a", "t1").add(Samples.text("a", "t2")).add(broken);
            assertThatThrownBy(() -> store.commit("one", rows))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThat(store.done("one")).isFalse();
            store.commit("one", Samples.unit("a", "t1"));
            try (Results results = store.results()) {
                assertThat(read(results, "a", List.of("entropy"))).hasSize(1);
            }
        }
    }

    @Test
    void twoRunsOfOneIdentityExportTheSameBytes() throws IOException {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        String[] ids = new String[400];
        java.util.Arrays.setAll(ids, i -> "t" + i);
        try (Store store = open(first, false)) {
            store.commit("one", Samples.unit("a", ids));
            store.commit("two", Samples.unit("b", "t1"));
            assertThat(store.exportParquet())
                    .extracting(file -> file.getFileName().toString())
                    .containsExactly(
                            "texts.parquet",
                            "profiles.parquet",
                            "answers.parquet",
                            "losses.parquet",
                            "moves.parquet",
                            "blocks.parquet");
        }
        try (Store store = open(second, false)) {
            store.commit("two", Samples.unit("b", "t1"));
        }
        try (Store store = open(second, true)) {
            java.util.Collections.reverse(java.util.Arrays.asList(ids));
            store.commit("one", Samples.unit("a", ids));
            store.exportParquet();
            store.exportParquet();
        }
        for (String name : List.of("texts", "profiles", "answers", "losses", "moves", "blocks")) {
            Path one = first.resolve(name + ".parquet");
            assertThat(second.resolve(name + ".parquet")).hasSameBinaryContentAs(one);
        }
    }

    @Test
    void aTableWithoutRowsIsNotExported() {
        try (Store store = open(folder.resolve("run"), false)) {
            store.commit("one", new UnitRows().add(Samples.answer("a", "q", 1)));
            assertThat(store.exportParquet())
                    .containsExactly(folder.resolve("run/answers.parquet"));
            assertThat(folder.resolve("run")).isDirectoryNotContaining("glob:**unfinished*");
        }
    }

    @Test
    void aStatisticThatIsNotKeptIsRefusedWithTheNearest() {
        try (Store store = open(folder.resolve("run"), false);
                Results results = store.results()) {
            assertThatThrownBy(() -> read(results, "a", List.of("entropie")))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("does not keep 'entropie' (did you mean entropy?)");
        }
    }

    @Test
    void doneIsAnsweredWithoutADatabaseInANewRun() {
        try (Store store = open(folder.resolve("run"), false)) {
            assertThat(store.done("one")).isFalse();
            assertThat(Files.exists(folder.resolve("run/run.duckdb"))).isFalse();
        }
    }

    @Test
    void columnsAreNamedByTheirNumbers() {
        assertThat(Samples.ASKED.statistics())
                .extracting(Statistic::column)
                .containsExactly(
                        "entropy",
                        "varentropy",
                        "renyi_0",
                        "renyi_0_5",
                        "renyi_inf",
                        "top_p_size_0_6",
                        "top_p_size_0_9",
                        "jaccard_0_6",
                        "containment_0_6",
                        "jaccard_0_9",
                        "containment_0_9",
                        "top_entropy_10",
                        "next_probability",
                        "next_rank",
                        "kl_to_last",
                        "logit_std",
                        "h_norm",
                        "router_entropy",
                        "expert_1",
                        "expert_2");
        assertThat(Statistic.renyi(10).column()).isEqualTo("renyi_10");
        assertThat(Statistic.topPSize(1).column()).isEqualTo("top_p_size_1");
        assertThat(
                        ReadoutRequest.ENTROPY
                                .with(Statistic.renyi(2), Statistic.renyi(2.0))
                                .statistics())
                .as("each has one column")
                .hasSize(2);
    }

    @Test
    void aRunWithOtherStatisticsIsRefused() {
        Path run = folder.resolve("run");
        try (Store store = open(run, false)) {
            store.commit("one", new UnitRows());
        }
        var entropyAlone = ReadoutRequest.ENTROPY;
        try (Store store = Store.open(run, Samples.MANIFEST, entropyAlone, true)) {
            assertThatThrownBy(() -> store.done("one"))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("keeps the statistics");
        }
    }
}
