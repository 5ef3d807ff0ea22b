package entropylens.study.tellapart;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.study.report.Chart;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.TestSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClassChartsTest {
    private final ClassCharts charts =
            new ClassCharts(InventedReadings.PLAN, TestSettings.of(Preset.SOUND));
    private final ClassReadings one = InventedReadings.of(InventedReadings.model("one"), 0, false);
    private final ClassReadings two =
            InventedReadings.of(InventedReadings.model("two"), 0.0625, true);

    /// The headline's reader on everything, and beside it logistic regression and guessing.
    @Test
    void barsAreTheHeadlineAndItsControls() {
        Chart chart = charts.auc(List.of(one));
        assertThat(chart.categories())
                .containsExactly(
                        "profile",
                        "profile, logistic regression",
                        "profile, folds ungrouped (the paper's)",
                        "length alone",
                        "guessing");
        Chart.Series bars = chart.series().getFirst();
        assertThat(bars.name()).isEqualTo("one");
        assertThat(bars.x()).containsExactly(0, 1, 2, 3, 4);
        assertThat(bars.y()).containsExactly(0.75, 0.6875, 0.875, 0.5, 0.375);
        assertThat(bars.low()[0]).isEqualTo(0.75 - 0.1);
        assertThat(bars.high()[0]).isEqualTo(0.75 + 0.1);
    }

    @Test
    void aControlThatOnlyOneModelHasStandsUnderItsOwnName() {
        Chart chart = charts.auc(List.of(one, two));
        assertThat(chart.categories())
                .containsExactly(
                        "profile",
                        "profile, logistic regression",
                        "profile, folds ungrouped (the paper's)",
                        "length alone",
                        "guessing",
                        "profile of the untrained twin");
        assertThat(chart.series()).extracting(Chart.Series::name).containsExactly("one", "two");
        assertThat(chart.series().getFirst().x()).containsExactly(0, 1, 2, 3, 4);
        Chart.Series second = chart.series().getLast();
        assertThat(second.x()).containsExactly(0, 1, 2, 3, 5, 4);
        assertThat(second.y()).containsExactly(0.8125, 0.75, 0.9375, 0.5625, 0.3125, 0.4375);
    }

    @Test
    void sharesOfAConfusionAreOfTheTextsOfARow() {
        Chart chart = charts.confusion(List.of(one));
        assertThat(chart.rows()).containsExactly("red", "blue");
        assertThat(chart.categories()).containsExactly("red", "blue");
        assertThat(chart.series().getFirst().y()).containsExactly(2 / 3.0, 1 / 3.0, 0, 1);
        assertThat(charts.confusion(List.of(one, two)).rows())
                .containsExactly("one: red", "one: blue", "two: red", "two: blue");
    }

    /// Two texts of one story count as much as one text of another.
    @Test
    void aProfileIsTheMeanOverStoriesOfTheTextsOfAClass() {
        Chart chart = charts.profiles(List.of(one)).getFirst();
        assertThat(chart.id()).isEqualTo("colours-profile");
        assertThat(chart.series()).extracting(Chart.Series::name).containsExactly("red", "blue");
        Chart.Series red = chart.series().getFirst();
        assertThat(red.x()).containsExactly(0.5, 1);
        assertThat(red.y()).containsExactly(4, 4);
        assertThat(red.low()).containsExactly(2, 3);
        assertThat(red.high()).containsExactly(6, 5);
        assertThat(chart.series().getLast().y()).containsExactly(1.5, 0.5);
    }

    @Test
    void everyModelHasAChartOfProfilesOfItsOwn() {
        assertThat(charts.profiles(List.of(one, two)))
                .extracting(Chart::id)
                .containsExactly("colours-profile-1", "colours-profile-2");
    }
}
