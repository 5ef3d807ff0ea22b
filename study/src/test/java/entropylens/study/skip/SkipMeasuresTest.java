package entropylens.study.skip;

import static entropylens.study.skip.InventedSkips.CHANGE;
import static entropylens.study.skip.InventedSkips.measures;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import entropylens.study.report.Outcome;
import entropylens.study.report.Verdict;
import entropylens.study.statistics.Interval;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Invented answers and losses, whose figures can be told by hand.
class SkipMeasuresTest {
    private final SkipMeasures measures =
            measures(CHANGE, InventedSkips::right, InventedSkips::nats);

    @Test
    void accuracyIsTheShareOfRightAnswers() {
        SkipEffects accuracy = measures.accuracy();
        assertThat(accuracy.intact().estimate()).isEqualTo(0.9);
        assertThat(accuracy.of(SkipCondition.EXPANSION, SkipPart.BLOCK, 1).estimate())
                .isEqualTo(0.7);
        assertThat(accuracy.of(SkipCondition.EXPANSION, SkipPart.BLOCK, 2).estimate())
                .isEqualTo(0.5);
        assertThat(accuracy.of(SkipCondition.PRUNING, SkipPart.BLOCK, 2).estimate())
                .isEqualTo(0.85);
        assertThat(
                        accuracy.average(SkipCondition.EXPANSION, SkipPart.BLOCK, List.of(1, 2))
                                .estimate())
                .isCloseTo(0.6, within(1e-12));
    }

    @Test
    void differencesArePairedAndAveragedOverK() {
        Interval difference =
                measures.accuracy()
                        .difference(
                                SkipCondition.PRUNING,
                                SkipCondition.EXPANSION,
                                SkipPart.BLOCK,
                                List.of(1, 2));
        // (35 - 28 + 34 - 20) / 2 of 40
        assertThat(difference.estimate()).isCloseTo(10.5 / 40, within(1e-12));
        assertThat(difference.low()).isPositive();
        // a rise that is the same in every text has no spread over texts
        Interval loss =
                measures.loss()
                        .difference(
                                SkipCondition.EXPANSION,
                                SkipCondition.PRUNING,
                                SkipPart.BLOCK,
                                List.of(1, 2));
        assertThat(loss.estimate()).isCloseTo(0.75 * 1.5, within(1e-12));
        assertThat(loss.high() - loss.low()).isLessThan(1e-9);
    }

    @Test
    void drawsAreAveraged() {
        List<Skip> draws = measures.plan().of(SkipCondition.RANDOM, SkipPart.BLOCK, 1);
        double expected =
                draws.stream()
                        .mapToDouble(draw -> measures.loss().of(draw).estimate())
                        .average()
                        .orElseThrow();
        assertThat(draws).hasSize(2);
        assertThat(measures.loss().of(SkipCondition.RANDOM, SkipPart.BLOCK, 1).estimate())
                .isCloseTo(expected, within(1e-12));
    }

    @Test
    void mcNemarIsAgainstTheIntactModelAndCorrectedOverK() {
        Map<String, SkipMeasures.Test> tests = measures.tests();
        Skip one = measures.plan().of(SkipCondition.EXPANSION, SkipPart.BLOCK, 1).getFirst();
        Skip two = measures.plan().of(SkipCondition.EXPANSION, SkipPart.BLOCK, 2).getFirst();
        SkipMeasures.Test first = tests.get(one.name());
        SkipMeasures.Test second = tests.get(two.name());
        // only the intact model is right, 8 and 16 times: 2 · 2⁻⁸ and 2 · 2⁻¹⁶
        assertThat(first.p()).isCloseTo(1 / 128.0, within(1e-12));
        assertThat(second.p()).isCloseTo(1 / 32768.0, within(1e-12));
        assertThat(second.adjusted()).isCloseTo(2 / 32768.0, within(1e-12));
        assertThat(first.adjusted()).isCloseTo(1 / 128.0, within(1e-12));
        assertThat(tests).doesNotContainKey(Skip.NONE.name());
    }

    @Test
    void oneModelOfSixBlocksIsTooSmall() {
        List<Verdict> verdicts = new SkipVerdicts(measures, 1).all();
        assertThat(verdicts).hasSize(4);
        assertThat(verdicts).extracting(Verdict::outcome).containsOnly(Outcome.NOT_TESTABLE);
        assertThat(verdicts.get(0).sentence()).contains("6 blocks").contains("takes 12 blocks");
        assertThat(verdicts.get(1).sentence()).contains("takes 14 blocks");
        assertThat(verdicts.get(0).evidence().n()).isEqualTo(5);
    }

    @Test
    void whoGuessesHasNothingToLose() {
        SkipMeasures guessing =
                measures(
                        CHANGE,
                        (skip, question) -> question < (skip.k() > 0 ? 0 : 12) ? 1 : 0,
                        InventedSkips::nats);
        Verdict verdict = new SkipVerdicts(guessing, 1).all().getLast();
        assertThat(verdict.outcome()).isEqualTo(Outcome.NOT_TESTABLE);
        assertThat(verdict.sentence()).contains("30.0 %").contains("25.0 % of guessing");
    }

    @Test
    void whereNothingExpandsTheSentenceSaysSo() {
        double[] falling = {-0.1, -1, -0.2, -3, -2};
        SkipDesign paper =
                new SkipDesign(
                        InventedSkips.QUESTIONS,
                        InventedSkips.TEXTS,
                        List.of(1, 2),
                        List.of(SkipPart.BLOCK),
                        0,
                        false);
        SkipMeasures measures = measures(paper, falling, InventedSkips::right, InventedSkips::nats);
        assertThat(new SkipVerdicts(measures, 1).all().getFirst().sentence())
                .contains("prunes least");
    }
}
