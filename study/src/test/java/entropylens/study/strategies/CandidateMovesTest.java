package entropylens.study.strategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import entropylens.data.Manifest;
import entropylens.data.MoveRow;
import entropylens.data.Store;
import entropylens.data.StoredText;
import entropylens.data.TextRow;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.Statistic;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.StudyProgress;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.TestSettings;
import entropylens.study.workbench.Workbench;
import entropylens.study.workbench.ZooSubject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Moves of the smallest model of the zoo, beside the set sizes and entropies that the same run
/// measured while it generated.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CandidateMovesTest {
    private static final int TEXTS = 6;
    private static final String NONSENSE = "nonsense";

    /// Two entropies below 8 nats, kept as float32: half a unit in the last place of each.
    private static final double ROUNDING = 0x1p-21;

    private final ZooSubject zoo = new ZooSubject();
    private List<MoveRow> moves = List.of();
    private List<MoveRow> ofNonsense = List.of();
    private Map<String, StoredText> texts = Map.of();

    @BeforeAll
    void measure(@TempDir Path folder) {
        StudySettings settings = TestSettings.of(Preset.QUICK, TEXTS);
        ReadoutRequest columns =
                ReadoutRequest.ENTROPY
                        .with(Statistic.topPSize(0.6), Statistic.topPSize(0.9))
                        .with(Statistic.LOGIT_STD)
                        .with(Statistic.H_NORM);
        Manifest manifest = Manifest.of(Map.of("seed", 1), Map.of());
        try (Store store = Store.open(folder.resolve("run"), manifest, columns, false)) {
            Workbench bench = new Workbench(store, settings, StudyProgress.NONE);
            new Strategies(settings).measure(zoo.subject, bench);
            moves = bench.moves(Strategies.ID, zoo.subject.name());
            bench.once(
                    NONSENSE,
                    zoo.subject,
                    () -> CandidateMoves.of(zoo.subject, List.of(nonsense(zoo.subject))));
            ofNonsense = bench.moves(NONSENSE, zoo.subject.name());
            texts =
                    bench
                            .texts(
                                    Strategies.ID,
                                    zoo.subject.name(),
                                    List.of("entropy", "top_p_size_0_6"))
                            .stream()
                            .collect(
                                    Collectors.toMap(
                                            text -> text.text().textId(), Function.identity()));
        }
    }

    /// After words in random order a model has many candidates.
    private static TextRow nonsense(Subject subject) {
        int[] ids = new Random(1).ints(32, 3, subject.model().config().dVocab()).toArray();
        return new TextRow(
                NONSENSE,
                subject.name(),
                "000000",
                null,
                null,
                null,
                null,
                null,
                new int[] {subject.loaded().beginIds().first()},
                ids,
                null,
                null);
    }

    @AfterAll
    void close() {
        zoo.close();
    }

    private double change(MoveRow move, String statistic) {
        double[] layers = texts.get(move.textId()).statistic(statistic)[move.token() - 1];
        return layers[move.layer() - 1] - layers[move.layer() - 2];
    }

    @Test
    void fourPositionsOfTheFirstFourTextsHaveAMoveForEveryBlockButTheFirst() {
        assertThat(texts).hasSize(TEXTS);
        assertThat(moves.stream().map(MoveRow::textId).distinct())
                .containsExactly("000000", "000001", "000002", "000003");
        assertThat(moves).hasSize(CandidateMoves.POSITIONS * 3);
        assertThat(moves.stream().map(MoveRow::layer).distinct()).containsExactly(2, 3, 4);
        assertThat(moves.stream().filter(move -> move.textId().equals("000000")))
                .extracting(MoveRow::token)
                .contains(1, texts.get("000000").statistic("entropy").length);
    }

    /// One definition of the set: exactly as many enter, less those that leave, as it grows by.
    @Test
    void whatEntersLessWhatLeavesIsTheChangeOfTheMeasuredSize() {
        for (MoveRow move : moves) {
            assertThat((double) move.entering() - move.leaving())
                    .as("%s, token %d, layer %d", move.textId(), move.token(), move.layer())
                    .isEqualTo(change(move, "top_p_size_0_6"));
        }
        assertThat(moves).anyMatch(move -> move.entering() > 0 && move.leaving() > 0);
    }

    @Test
    void theChangeIsThatOfTheMeasuredEntropy() {
        for (MoveRow move : moves) {
            assertThat(move.change()).isCloseTo(change(move, "entropy"), within(ROUNDING));
        }
    }

    @Test
    void atMostSixTokensAreNamedOfEitherKind() {
        assertThat(ofNonsense)
                .allSatisfy(move -> {
                    assertThat(move.enter()).hasSize(Math.min(6, move.entering()));
                    assertThat(move.leave()).hasSize(Math.min(6, move.leaving()));
                })
                .anyMatch(move -> move.entering() > 6);
    }

    @Test
    void whatEntersIsWhatWasNotThereInItsOrder() {
        assertThat(CandidateMoves.without(new int[] {5, 2, 9}, new int[] {2, 7}))
                .containsExactly(5, 9);
        assertThat(CandidateMoves.without(new int[] {5}, new int[] {5})).isEmpty();
    }
}
