package entropylens.study.skip;

import static entropylens.study.skip.InventedSkips.CHANGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import entropylens.study.report.Chart;
import java.util.List;
import org.junit.jupiter.api.Test;

class SkipChartsTest {
    private static final SkipDesign UNCONTROLLED =
            new SkipDesign(
                    InventedSkips.QUESTIONS,
                    InventedSkips.TEXTS,
                    List.of(1, 2),
                    List.of(SkipPart.BLOCK),
                    0,
                    false);

    private final SkipMeasures measures =
            InventedSkips.measures(CHANGE, InventedSkips::right, InventedSkips::nats);
    private final List<Chart> charts = new SkipCharts(List.of(measures)).all();

    private static Chart chart(List<Chart> charts, String id) {
        return charts.stream().filter(chart -> chart.id().equals(id)).findFirst().orElseThrow();
    }

    private static Chart.Series series(Chart chart, String name) {
        return chart.series().stream()
                .filter(series -> series.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void accuracyIsDrawnFromTheIntactModelOnForEachKindOfChoice() {
        Chart chart = chart(charts, "skip-accuracy-made-up");
        assertThat(chart.series())
                .extracting(Chart.Series::name)
                .containsExactly(
                        "expansion: largest ΔH",
                        "pruning: most negative ΔH",
                        "random",
                        "not expanding, near expansion",
                        "expanding, near pruning",
                        "guessing");
        Chart.Series expansion = series(chart, "expansion: largest ΔH");
        assertThat(expansion.x()).containsExactly(0, 1, 2);
        assertThat(expansion.y()).containsExactly(0.9, 0.7, 0.5);
        assertThat(expansion.control()).isFalse();
        for (int i = 0; i < 3; i++) {
            assertThat(expansion.y()[i]).isBetween(expansion.low()[i], expansion.high()[i]);
        }
        assertThat(series(chart, "random").control()).isTrue();
        assertThat(series(chart, "guessing").x()).containsExactly(0, 2);
        assertThat(series(chart, "guessing").y()).containsOnly(0.25);
    }

    @Test
    void lossIsDrawnInNatsAToken() {
        Chart.Series expansion =
                series(chart(charts, "skip-loss-made-up"), "expansion: largest ΔH");
        assertThat(expansion.y()).containsExactly(new double[] {2, 3, 4}, within(1e-12));
    }

    @Test
    void differencesAreAboveZeroWhereExpansionMattersMore() {
        Chart.Series accuracy = series(chart(charts, "skip-accuracy-difference"), "made up");
        assertThat(accuracy.x()).containsExactly(1 / 6.0, 2 / 6.0);
        // 35 less 28 right, and 34 less 20, of 40
        assertThat(accuracy.y()).containsExactly(new double[] {0.175, 0.35}, within(1e-12));
        Chart.Series loss = series(chart(charts, "skip-loss-difference"), "made up");
        assertThat(loss.y()).containsExactly(new double[] {0.75, 1.5}, within(1e-12));
    }

    @Test
    void everyBlockButTheFirstIsAPointOfItsChangeAndItsCost() {
        Chart.Series single = series(chart(charts, "skip-single"), "made up");
        assertThat(single.x()).containsExactly(CHANGE);
        assertThat(single.y())
                .containsExactly(new double[] {1, 0.25, 1, 0.25, 0.25}, within(1e-12));
    }

    @Test
    void whatWasNotMeasuredIsNotDrawn() {
        SkipMeasures few =
                InventedSkips.measures(
                        UNCONTROLLED, CHANGE, InventedSkips::right, InventedSkips::nats);
        List<Chart> without = new SkipCharts(List.of(few)).all();
        assertThat(without)
                .extracting(Chart::id)
                .containsExactly(
                        "skip-accuracy-made-up",
                        "skip-loss-made-up",
                        "skip-accuracy-difference",
                        "skip-loss-difference");
        assertThat(chart(without, "skip-accuracy-made-up").series())
                .extracting(Chart.Series::name)
                .containsExactly("expansion: largest ΔH", "pruning: most negative ΔH", "guessing");
    }
}
