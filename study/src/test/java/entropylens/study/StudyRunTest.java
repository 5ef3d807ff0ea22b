package entropylens.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class StudyRunTest {
    @Test
    void aRunKeepsTheOrdersOfEntropyThatItsStudiesMeasure() {
        assertThat(StudyRun.alphas(List.of("tasks", "formats")))
                .containsExactly(0.0, 0.5, 2.0, 5.0, Double.POSITIVE_INFINITY);
        assertThat(StudyRun.alphas(List.of("tasks", "strategies"))).isEmpty();
    }

    @Test
    void onlyStudiesOfProfilesMeasureTwins() {
        assertThat(StudyRun.wantTwins(List.of("skip", "correctness"))).isFalse();
        assertThat(StudyRun.wantTwins(List.of("skip", "families"))).isTrue();
    }

    @Test
    void aStudyThatThereIsNotIsNamedBesideThoseThatThereAre() {
        assertThatThrownBy(() -> StudyRun.alphas(List.of("task")))
                .hasMessage(
                        "there is no study 'task'; there are strategies, families, tasks, formats, skip, correctness");
    }
}
