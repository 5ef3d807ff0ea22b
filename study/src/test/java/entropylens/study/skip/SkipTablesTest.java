package entropylens.study.skip;

import static entropylens.study.skip.InventedSkips.CHANGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import entropylens.study.report.Table;
import entropylens.study.workbench.Intervals;
import java.util.List;
import org.junit.jupiter.api.Test;

class SkipTablesTest {
    private final SkipMeasures measures =
            InventedSkips.measures(CHANGE, InventedSkips::right, InventedSkips::nats);
    private final List<Table> tables = new SkipTables(List.of(measures)).all();

    private static Object cell(Table table, int row, String column) {
        return table.rows().get(row).get(table.columns().indexOf(column));
    }

    @Test
    void differencesArePositiveWhereTheFirstCostsMore() {
        Table accuracies = tables.get(0);
        assertThat(accuracies.rows()).hasSize(1);
        assertThat(cell(accuracies, 0, "k")).isEqualTo("1, 2");
        assertThat((String) cell(accuracies, 0, "intact")).startsWith("0.900 (");
        assertThat((String) cell(accuracies, 0, "expansion skipped")).startsWith("0.600 (");
        assertThat((String) cell(accuracies, 0, "pruning skipped")).startsWith("0.863 (");
        assertThat(cell(accuracies, 0, "pruning − expansion"))
                .isEqualTo(
                        Intervals.shown(
                                measures.accuracy()
                                        .difference(
                                                SkipCondition.PRUNING,
                                                SkipCondition.EXPANSION,
                                                SkipPart.BLOCK,
                                                List.of(1, 2))));
        Table losses = tables.get(1);
        assertThat((String) cell(losses, 0, "intact")).startsWith("2.000 (");
        assertThat(cell(losses, 0, "expansion − pruning")).isEqualTo("1.125 (1.125 to 1.125)");
    }

    @Test
    void aDifferenceFromWhatWasNotMeasuredIsADash() {
        SkipDesign uncontrolled =
                new SkipDesign(
                        InventedSkips.QUESTIONS,
                        InventedSkips.TEXTS,
                        List.of(1),
                        List.of(SkipPart.BLOCK),
                        0,
                        false);
        SkipMeasures without =
                InventedSkips.measures(
                        uncontrolled, CHANGE, InventedSkips::right, InventedSkips::nats);
        List<Table> few = new SkipTables(List.of(without)).all();
        assertThat(few).hasSize(3);
        assertThat(cell(few.get(0), 0, "near expansion − expansion")).isEqualTo("–");
        assertThat(cell(few.get(1), 0, "pruning − near pruning")).isEqualTo("–");
        assertThat((String) cell(few.get(0), 0, "pruning − expansion")).startsWith("0.175 (");
    }

    @Test
    void everyChoiceHasItsBlocksItsFiguresAndItsTest() {
        Table choices = tables.get(4);
        assertThat(choices.title()).isEqualTo("Blocks skipped in made up");
        assertThat(cell(choices, 0, "choice")).isEqualTo("intact");
        assertThat(cell(choices, 0, "blocks")).isEqualTo("–");
        assertThat(cell(choices, 0, "McNemar p")).isEqualTo("–");
        assertThat(cell(choices, 1, "choice")).isEqualTo("expansion: largest ΔH");
        assertThat(cell(choices, 1, "blocks")).isEqualTo("2");
        assertThat((Double) cell(choices, 1, "mean depth")).isCloseTo(2 / 6.0, within(1e-12));
        assertThat((String) cell(choices, 1, "accuracy (95 %)")).startsWith("0.700 (");
        // only the intact model is right, 8 times
        assertThat((Double) cell(choices, 1, "McNemar p")).isCloseTo(1 / 128.0, within(1e-12));
        assertThat(choices.rows())
                .noneMatch(row -> row.getFirst().equals(SkipCondition.SINGLE.label()));
    }

    /// ΔH and the rise of the loss are both largest in blocks 2 and 4.
    @Test
    void whatBlocksCostStandsBesideTheirChange() {
        Table blocks = tables.get(2);
        // five traits, by loss and by wrong answers
        assertThat(blocks.rows()).hasSize(10);
        assertThat(cell(blocks, 0, "cost")).isEqualTo("loss");
        assertThat(cell(blocks, 0, "blocks")).isEqualTo(5);
        assertThat(cell(blocks, 0, "told by")).isEqualTo("ΔH");
        // ranks 5 3 4 1 2 and 4.5 2 4.5 2 2
        assertThat((String) cell(blocks, 0, "alone")).startsWith("0.87 (");
        // four held fixed leave nothing of five blocks
        assertThat(cell(blocks, 0, "given the other four")).isEqualTo("–");
        assertThat(cell(blocks, 2, "told by")).isEqualTo("depth");
        assertThat(cell(blocks, 2, "given depth")).isEqualTo("–");
        // 0.75 more than those near, 0.75 less than those near
        Table kinds = tables.get(3);
        assertThat(cell(kinds, 0, "expanding, of blocks")).isEqualTo("2 of 5");
        assertThat((String) cell(kinds, 0, "(expanding − near) − (pruning − near) (95 %)"))
                .startsWith("1.500 (");
    }

    @Test
    void everyBlockByItselfHasItsTraitsAndItsCost() {
        Table singles = tables.get(5);
        assertThat(singles.rows()).hasSize(6);
        assertThat(cell(singles, 0, "block")).isEqualTo(1);
        assertThat(cell(singles, 0, "ΔH, nats (95 %)")).isEqualTo("0.500 from the embedding");
        assertThat(cell(singles, 2, "norm of the block's update")).isEqualTo(3.0);
        assertThat((Double) cell(singles, 2, "cosine of its input and output"))
                .isCloseTo(0.5, within(1e-12));
        assertThat(cell(singles, 1, "ΔH, nats (95 %)")).isEqualTo("2.000 (2.000 to 2.000)");
        assertThat((String) cell(singles, 1, "accuracy without (95 %)")).startsWith("0.700 (");
        assertThat(cell(singles, 1, "loss without, nats a token (95 %)"))
                .isEqualTo("3.000 (3.000 to 3.000)");
    }
}
