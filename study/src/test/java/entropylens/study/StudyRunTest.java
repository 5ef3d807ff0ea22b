package entropylens.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.study.workbench.Preset;
import entropylens.study.workbench.TestSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

class StudyRunTest {
    private static StudyRun run(String... ids) {
        return new StudyRun(List.of(ids), TestSettings.of(Preset.QUICK));
    }

    @Test
    void aRunKeepsTheOrdersOfEntropyThatItsStudiesMeasure() {
        assertThat(run("tasks", "formats").alphas())
                .containsExactly(0.0, 0.5, 2.0, 5.0, Double.POSITIVE_INFINITY);
        assertThat(run("tasks", "strategies").alphas()).isEmpty();
    }

    @Test
    void everyStudyMeasuresTwinsButSkippingAsInThePaper() {
        assertThat(StudyRun.ids()).allMatch(id -> run(id).wantsTwins());
        assertThat(new StudyRun(List.of("skip"), TestSettings.of(Preset.PAPER)).wantsTwins())
                .isFalse();
    }

    @Test
    void aStudyThatThereIsNotIsNamedBesideThoseThatThereAre() {
        assertThatThrownBy(() -> run("task"))
                .hasMessage(
                        "there is no study 'task'; there are strategies, families, tasks, formats, skip, correctness");
    }
}
