package entropylens.study.tellapart;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.data.StoredText;
import entropylens.data.Story;
import entropylens.data.TextRow;
import entropylens.study.report.Section;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.StudyInputs;
import entropylens.study.workbench.StudyPrompt;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.TestSettings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Models whose texts are too few to be read: they stand in the table of texts, and no chart is
/// drawn of them.
class ClassSectionTest {
    private static final Subject.About MODEL = InventedReadings.model("small");
    private static final StudySettings SETTINGS = TestSettings.of(Preset.QUICK);

    private static StoredText text(
            ClassPlan plan, int number, String label, String prompt, int prompted, int generated) {
        TextRow row =
                new TextRow(
                        plan.study(),
                        MODEL.name(),
                        StudyPrompt.id(number),
                        "group",
                        label,
                        null,
                        null,
                        prompt,
                        new int[prompted],
                        new int[generated],
                        null,
                        null);
        return new StoredText(row, 0, 1, Map.of());
    }

    @Test
    void unreadFormatsAreCountedByTheirLengths() {
        List<StoredText> texts =
                List.of(
                        text(Formats.PLAN, 0, "chat", "", 5, 48),
                        text(Formats.PLAN, 1, "chat", "", 5, 3),
                        text(Formats.PLAN, 2, "poem", "", 5, 20));
        FormatsSection section = new FormatsSection(SETTINGS, ClassWordings.ofFormats(SETTINGS));
        section.addUnread(MODEL, LabelledTexts.of(texts, Formats.PLAN.classes()));
        Section built = section.build();
        assertThat(built.charts()).isEmpty();
        assertThat(built.tables()).hasSize(1);
        assertThat(built.tables().getFirst().rows())
                .containsExactly(
                        List.of("small", "chat", 2, 25.5, 3, 48, 1, 1),
                        List.of("small", "poem", 1, 20.0, 20, 20, 0, 0),
                        List.of("small", "scientific note", 0, 0.0, 0, 0, 0, 0));
    }

    @Test
    void unreadTasksAreCountedByTheirPromptsAndTheStoriesThatWereCut() {
        TaskStories stories =
                new TaskStories(
                        List.of(new Story("1", "One. Two."), new Story("2", "Three. Four.")),
                        List.of("a warning"));
        ClassWordings wordings = ClassWordings.ofTasks(StudyInputs.NONE);
        TaskPrompts prompts = new TaskPrompts(SETTINGS, wordings);
        List<StoredText> texts = new java.util.ArrayList<>();
        for (int i = 0; i < 2 * prompts.perStory(); i++) {
            String story = i < prompts.perStory() ? "One." : "Three. Four.";
            texts.add(text(Tasks.PLAN, i, "counting", prompts.first(story, 0), 10 + i % 2, 1));
        }
        TasksSection section = new TasksSection(SETTINGS, stories, wordings);
        section.addUnread(MODEL, LabelledTexts.of(texts, Tasks.PLAN.classes()));
        Section built = section.build();
        assertThat(built.charts()).isEmpty();
        assertThat(built.tables()).hasSize(1);
        assertThat(built.tables().getFirst().rows())
                .containsExactly(List.of("small", 2, 1, 2 * prompts.perStory(), 0, 10.5, 11));
        assertThat(built.notes()).endsWith("a warning");
    }
}
