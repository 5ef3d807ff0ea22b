package entropylens.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import entropylens.data.AnswerRow;
import entropylens.data.BlockRow;
import entropylens.data.Manifest;
import entropylens.data.Results;
import entropylens.data.Store;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.Statistic;
import entropylens.study.report.Outcome;
import entropylens.study.report.Verdict;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.StudyProgress;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.TestSettings;
import entropylens.study.workbench.ZooSubject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The studies that ask questions, whole, on the smallest model of the zoo.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QuestionStudiesTest {
    private static final List<String> IDS = List.of("skip", "correctness");
    private static final StudySettings SETTINGS = TestSettings.of(Preset.QUICK, 8);

    @TempDir Path folder;

    private final ZooSubject zoo = new ZooSubject();

    @AfterAll
    void close() {
        zoo.close();
    }

    /// Stands for whatever stops a run.
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private StudyRun.Conclusions run(Path directory, int stopAfter, List<Integer> updates) {
        Manifest manifest = Manifest.of(Map.of("seed", 1), Map.of());
        ReadoutRequest columns =
                ReadoutRequest.ENTROPY.with(Statistic.LOGIT_STD).with(Statistic.H_NORM);
        StudyProgress progress =
                (_, _, _, _) -> {
                    updates.add(1);
                    if (updates.size() == stopAfter) {
                        throw new Stopped();
                    }
                };
        try (Store store = Store.open(directory, manifest, columns, true)) {
            StudyRun run = new StudyRun(IDS, SETTINGS);
            run.measure(zoo.subject, store, progress);
            return run.conclude(List.of(zoo.subject.about()), store, progress);
        }
    }

    @Test
    void aRunThatIsStoppedAnywhereEndsAsIfItHadNotBeen() throws IOException {
        Path straight = folder.resolve("straight");
        List<Integer> updates = new ArrayList<>();
        StudyRun.Conclusions whole = run(straight, 0, updates);
        Path broken = folder.resolve("broken");
        for (int stop : new int[] {1, 4, updates.size() / 2, updates.size() - 1}) {
            assertThatThrownBy(() -> run(broken, stop, new ArrayList<>()))
                    .isInstanceOf(Stopped.class);
        }
        StudyRun.Conclusions resumed = run(broken, 0, new ArrayList<>());
        assertThat(resumed.verdicts()).isEqualTo(whole.verdicts());
        assertThat(resumed.sections().toString()).isEqualTo(whole.sections().toString());
        for (String file :
                List.of(
                        "texts.parquet",
                        "profiles.parquet",
                        "answers.parquet",
                        "losses.parquet",
                        "blocks.parquet")) {
            assertThat(Files.readAllBytes(broken.resolve(file)))
                    .as(file)
                    .isEqualTo(Files.readAllBytes(straight.resolve(file)));
        }
        answersAreWhole(straight);
        updatesFitTheStream(straight);
        verdictsAreOnBothStudies(whole.verdicts());
    }

    /// A block's input is the stream after the block before, whose norm the profiles have; and its
    /// update is no longer than both together, and no shorter than their difference.
    private static void updatesFitTheStream(Path directory) {
        List<BlockRow> rows = new ArrayList<>();
        Map<String, double[][]> norms = new java.util.HashMap<>();
        try (Results results = Results.open(directory)) {
            results.blocks("skip", "small", rows::add);
            results.texts(
                    "skip",
                    "small",
                    List.of("h_norm"),
                    text -> norms.put(text.text().textId(), text.statistic("h_norm")));
        }
        assertThat(rows).hasSize(4 * norms.size());
        for (BlockRow row : rows) {
            double[][] norm = java.util.Objects.requireNonNull(norms.get(row.textId()));
            double input = mean(norm, row.block() - 1);
            double output = mean(norm, row.block());
            assertThat(row.inputNorm()).isCloseTo(input, within(1e-5 * input));
            assertThat(row.updateNorm())
                    .isBetween(Math.abs(output - input) - 1e-5, output + input + 1e-5);
            assertThat(row.cosine()).isBetween(-1.0, 1.0);
        }
    }

    /// Of a layer, 0 the embedding, over positions.
    private static double mean(double[][] values, int layer) {
        return java.util.Arrays.stream(values)
                .mapToDouble(row -> row[layer])
                .average()
                .orElseThrow();
    }

    /// Every choice has every question once; those that skip the same blocks have the same answers.
    private static void answersAreWhole(Path directory) {
        List<AnswerRow> answers = new ArrayList<>();
        try (Results results = Results.open(directory)) {
            results.answers("skip", "small", answers::add);
        }
        Map<String, List<AnswerRow>> byChoice =
                answers.stream().collect(Collectors.groupingBy(QuestionStudiesTest::choice));
        // intact; 1 and 2 of 4 blocks; two draws; two blocks have no stand-ins in three
        assertThat(byChoice).containsKey("intact/null/0/null");
        assertThat(byChoice.keySet().stream().filter(name -> name.startsWith("single/")))
                .hasSize(4);
        assertThat(byChoice.keySet())
                .contains("expansion/block/2/null", "pruning/block/1/null", "random/block/2/2")
                .contains("random_near_expansion/block/1/1")
                .doesNotContain("random_near_expansion/block/2/1");
        assertThat(byChoice.values())
                .allSatisfy(rows -> {
                    assertThat(rows).hasSize(8);
                    assertThat(rows.stream().map(AnswerRow::questionId)).doesNotHaveDuplicates();
                });
        Map<String, double[]> logits = new java.util.HashMap<>();
        for (AnswerRow row : answers) {
            String what = java.util.Arrays.toString(row.skipped()) + row.questionId();
            double[] before = logits.putIfAbsent(what, row.logits());
            assertThat(before == null ? row.logits() : before).isEqualTo(row.logits());
        }
    }

    private static String choice(AnswerRow row) {
        return "%s/%s/%d/%s".formatted(row.condition(), row.part(), row.k(), row.draw());
    }

    private static void verdictsAreOnBothStudies(List<Verdict> verdicts) {
        assertThat(verdicts)
                .extracting(Verdict::study)
                .containsExactly("skip", "skip", "skip", "skip", "correctness");
        // of 8 answers there cannot be 20 right and 20 wrong ones
        assertThat(verdicts.getLast().outcome()).isEqualTo(Outcome.NOT_TESTABLE);
        assertThat(verdicts.getLast().sentence()).contains("at least 20 of either kind");
    }
}
