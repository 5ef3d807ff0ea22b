package entropylens.study.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FlawTest {
    private static final StudySettings PAPER = TestSettings.of(Preset.PAPER);

    @ParameterizedTest
    @EnumSource(Flaw.class)
    void eachFlawIsKeptByThePresetOfThePaperAloneAndCorrectedByItself(Flaw flaw) {
        assertThat(PAPER.has(flaw)).isTrue();
        assertThat(TestSettings.of(Preset.SOUND).has(flaw)).isFalse();
        assertThat(TestSettings.of(Preset.QUICK).has(flaw)).isFalse();
        StudySettings corrected = PAPER.correcting(Set.of(flaw));
        assertThat(Arrays.stream(Flaw.values()).filter(each -> !corrected.has(each)))
                .containsExactly(flaw);
        assertThat(Flaw.of(flaw.word())).contains(flaw);
    }

    @Test
    void otherPresetsHaveNoFlawToCorrect() {
        StudySettings sound = TestSettings.of(Preset.SOUND);
        assertThatThrownBy(() -> sound.correcting(Set.of(Flaw.PAST_END)))
                .hasMessage(
                        "flaws of the published code (past-end) can be corrected in preset paper alone, not in sound");
    }

    @Test
    void aCorrectionWithoutEffectIsNamed() {
        assertThat(Flaw.withoutEffect(Set.of(Flaw.BEGIN_TWICE), List.of("tasks", "skip")))
                .contains(
                        "begin-twice is a flaw of strategies, families, and the studies of this run are tasks, skip");
        assertThat(
                        Flaw.withoutEffect(
                                EnumSet.of(Flaw.UNGROUPED_FOLDS, Flaw.FOLDS_IN_ORDER),
                                List.of("formats")))
                .contains(
                        "folds-in-order changes nothing beside ungrouped-folds, whose folds are drawn with the seed");
        assertThat(Flaw.withoutEffect(Set.of(Flaw.FOLDS_IN_ORDER), List.of("formats"))).isEmpty();
    }

    @Test
    void theBeginTokenStandsTwiceUnlessThatIsCorrected() {
        try (ZooSubject zoo = new ZooSubject()) {
            int[] flawed = StudyPrompt.ofBeginToken(zoo.subject, 1, PAPER).getFirst().ids();
            assertThat(flawed).hasSize(2);
            StudySettings corrected = PAPER.correcting(Set.of(Flaw.BEGIN_TWICE));
            assertThat(StudyPrompt.ofBeginToken(zoo.subject, 1, corrected).getFirst().ids())
                    .containsExactly(flawed[0]);
        }
    }
}
