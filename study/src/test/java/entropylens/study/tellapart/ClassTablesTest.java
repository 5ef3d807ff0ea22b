package entropylens.study.tellapart;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.study.report.Table;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClassTablesTest {
    private final ClassReadings one = InventedReadings.of(InventedReadings.model("one"), 0, true);
    private final List<Table> tables = ClassTables.of(InventedReadings.PLAN, List.of(one));

    @Test
    void everyReadingHasARowOfItsFigures() {
        Table readings = tables.get(0);
        assertThat(readings.title()).isEqualTo("All figures: one");
        assertThat(readings.rows()).hasSize(one.all().size());
        assertThat(readings.rows().get(1))
                .containsExactly(
                        "profile",
                        "k-NN, k = 5",
                        "by story",
                        "0.750 (0.650 to 0.850)",
                        0.625,
                        "0.375 (0.275 to 0.475)");
    }

    /// NaN has no place in a report.
    @Test
    void aMeanOfFoldsThatThereIsNotIsADash() {
        ClassReadings readings =
                new ClassReadings(
                        one.about(),
                        one.texts(),
                        one.headline(),
                        one.otherWordings(),
                        one.otherFolds(),
                        one.twin(),
                        List.of(
                                InventedReadings.reading(
                                        "profile", "a reader", "folds", Double.NaN)),
                        List.of(),
                        InventedReadings.NOWHERE,
                        List.of(),
                        List.of(),
                        InventedReadings.NOWHERE,
                        new double[0]);
        Table table = ClassTables.of(InventedReadings.PLAN, List.of(readings)).getFirst();
        assertThat(table.rows().getFirst().get(4)).isEqualTo("–");
    }

    @Test
    void comparisonsAreNamedByWhatStandsBesideTheProfile() {
        Table comparisons = tables.get(1);
        assertThat(comparisons.rows())
                .containsExactly(
                        List.of(
                                "length alone",
                                "k-NN, k = 5",
                                "by story",
                                0.75,
                                0.5,
                                "0.250 (-1.000 to 1.000)",
                                0.01,
                                0.02,
                                0.03),
                        List.of(
                                "stratified dummy",
                                "k-NN, k = 5",
                                "by story",
                                0.75,
                                0.375,
                                "0.375 (-1.000 to 1.000)",
                                0.01,
                                0.02,
                                0.03));
    }

    @Test
    void aConfusionCountsTextsAndEndsInTheShareThatIsRight() {
        Table confusion = tables.getLast();
        assertThat(confusion.columns())
                .containsExactly("model", "asked for", "taken for red", "taken for blue", "right");
        assertThat(confusion.rows())
                .containsExactly(
                        List.of("one", "red", 2, 1, 2 / 3.0), List.of("one", "blue", 0, 2, 1.0));
    }
}
