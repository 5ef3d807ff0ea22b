package entropylens.study.correctness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import entropylens.study.classify.Reading;
import entropylens.study.questions.QuestionSet;
import entropylens.study.report.Chart;
import entropylens.study.report.Section;
import entropylens.study.report.Table;
import entropylens.study.workbench.Intervals;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.TestSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

class CorrectnessSectionTest {
    private static final StudySettings SETTINGS = TestSettings.of(Preset.QUICK);

    private final InventedAnswers invented = new InventedAnswers();

    private static Section section(CorrectnessScores scores) {
        CorrectnessSection section = new CorrectnessSection(SETTINGS, QuestionSet.of(SETTINGS, 8));
        section.add(scores);
        return section.build();
    }

    private static Chart profiles(Section section) {
        return section.charts().getLast();
    }

    @Test
    void aBarIsTheAreaOfTheReadingThatItIsNamedAfter() {
        invented.addTold();
        CorrectnessScores scores = invented.scores(Preset.QUICK);
        Chart chart = section(scores).charts().getFirst();
        assertThat(chart.id()).isEqualTo("correctness-auroc");
        Chart.Series bars = chart.series().getFirst();
        assertThat(bars.name()).isEqualTo("made up");
        assertThat(bars.x()).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(chart.categories()).hasSize(6).endsWith("profile, k-NN, labels shuffled");
        for (int i = 0; i < scores.readings().size(); i++) {
            Reading reading = scores.readings().get(i);
            assertThat(chart.categories().get(i)).isEqualTo(CorrectnessScores.label(reading));
            assertThat(bars.y()[i]).isEqualTo(reading.auc().estimate());
            assertThat(bars.low()[i]).isEqualTo(reading.auc().low());
            assertThat(bars.high()[i]).isEqualTo(reading.auc().high());
        }
        assertThat(bars.y()[5]).isEqualTo(scores.control().orElseThrow().shuffled().mean());
    }

    @Test
    void aRowOfTheTableIsTheSameFigureAsTheBar() {
        invented.addTold();
        CorrectnessScores scores = invented.scores(Preset.QUICK);
        Table table = section(scores).tables().getFirst();
        assertThat(table.rows()).hasSize(6);
        for (int i = 0; i < scores.readings().size(); i++) {
            Reading reading = scores.readings().get(i);
            assertThat(table.rows().get(i).subList(0, 5))
                    .containsExactly(
                            "made up",
                            120,
                            60,
                            CorrectnessScores.label(reading),
                            Intervals.shown(reading.auc()));
        }
    }

    @Test
    void rightAndWrongAnswersHaveALineEachOfTheirMeanProfile() {
        invented.add(0, true, new double[] {1, 2, 3}, 0.5);
        invented.add(2, true, new double[] {3, 2, 1}, 0.5);
        invented.add(4, false, new double[] {4, 5, 6}, 0.5);
        Chart chart = profiles(section(invented.scores(Preset.QUICK)));
        assertThat(chart.id()).isEqualTo("correctness-profile");
        assertThat(chart.series())
                .extracting(Chart.Series::name)
                .containsExactly("made up, right", "made up, wrong");
        assertThat(chart.series()).extracting(Chart.Series::control).containsExactly(false, true);
        Chart.Series right = chart.series().getFirst();
        assertThat(right.x()).containsExactly(1 / 3.0, 2 / 3.0, 1);
        assertThat(right.y()).containsExactly(new double[] {2, 2, 2}, within(1e-12));
        assertThat(chart.series().getLast().y())
                .containsExactly(new double[] {4, 5, 6}, within(1e-12));
    }

    @Test
    void tooFewOfAKindAreSaidAndNotDrawn() {
        invented.add(0, true, new double[] {1, 2, 3}, 0.5);
        invented.add(2, true, new double[] {3, 2, 1}, 0.5);
        Section section = section(invented.scores(Preset.QUICK));
        assertThat(section.charts()).extracting(Chart::id).containsExactly("correctness-profile");
        assertThat(profiles(section).series())
                .extracting(Chart.Series::name)
                .containsExactly("made up, right");
        assertThat(section.tables().getFirst().rows())
                .containsExactly(List.of("made up", 2, 2, "too few to tell", "–", "–"));
        assertThat(section.notes())
                .contains(
                        "made up: 2 right and 0 wrong answers; with fewer than 20 of a kind nothing is classified.");
    }
}
