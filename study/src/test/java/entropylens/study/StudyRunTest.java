package entropylens.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.lens.Statistic;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.TestSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

class StudyRunTest {
    private static StudyRun run(String... ids) {
        return new StudyRun(List.of(ids), TestSettings.of(Preset.QUICK));
    }

    @Test
    void aRunKeepsWhatItsStudiesMeasure() {
        assertThat(run("tasks", "formats").columns().statistics())
                .extracting(Statistic::column)
                .containsExactly(
                        "entropy",
                        "logit_std",
                        "h_norm",
                        "renyi_0",
                        "renyi_0_5",
                        "renyi_2",
                        "renyi_5",
                        "renyi_inf");
        assertThat(run("tasks", "strategies").columns().statistics())
                .contains(Statistic.jaccard(0.6))
                .doesNotContain(Statistic.renyi(2));
    }

    @Test
    void everyStudyMeasuresTwinsButSkippingAsInThePaper() {
        // groups has no texts of its own
        assertThat(StudyRun.ids().stream().filter(id -> !id.equals("groups")))
                .hasSize(6)
                .allMatch(id -> run(id).wantsTwins());
        assertThat(new StudyRun(List.of("skip"), TestSettings.of(Preset.PAPER)).wantsTwins())
                .isFalse();
    }

    @Test
    void groupsWithoutPromptsAndAsInThePaperAreRefused() {
        assertThatThrownBy(() -> run("groups")).hasMessageContaining("give a file (--prompts)");
        assertThatThrownBy(() -> new StudyRun(List.of("groups"), TestSettings.of(Preset.PAPER)))
                .hasMessageContaining("is no experiment of the paper's");
    }

    @Test
    void aStudyThatThereIsNotIsNamedBesideThoseThatThereAre() {
        assertThatThrownBy(() -> run("task"))
                .hasMessage(
                        "there is no study 'task'; there are strategies, families, tasks, formats, groups, skip, correctness");
    }
}
