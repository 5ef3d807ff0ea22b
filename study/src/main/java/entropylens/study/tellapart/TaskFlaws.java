package entropylens.study.tellapart;

import entropylens.data.Story;
import entropylens.study.workbench.Flaw;
import entropylens.study.workbench.StudySettings;
import java.util.List;
import java.util.Optional;

/// What flaws of the published code change about the prompts on stories, where it can be counted.
///
/// @param prompts makes them
record TaskFlaws(StudySettings settings, TaskStories stories, TaskPrompts prompts) {
    /// @param texts of one model
    Optional<PromptEffect> of(Flaw flaw, LabelledTexts texts) {
        return switch (flaw) {
            case WORDS_AT_BLANKS ->
                    Optional.of(
                            new PromptEffect(
                                    "stories whose words are cut otherwise", cutOtherwise()));
            case LONG_PROMPTS_DROPPED ->
                    Optional.of(new PromptEffect("prompts that are too long", tooLong(texts)));
            default -> Optional.empty();
        };
    }

    private int cutOtherwise() {
        return (int)
                stories.stories().stream()
                        .map(Story::text)
                        .filter(text ->
                                !TaskPrompts.atBlanks(text).equals(TaskPrompts.atSpace(text)))
                        .count();
    }

    private int tooLong(LabelledTexts texts) {
        int all = stories.stories().size() * prompts.perStory();
        if (settings.has(Flaw.LONG_PROMPTS_DROPPED)) {
            return all - texts.texts().size();
        }
        int count = 0;
        for (int number = 0; number < stories.stories().size(); number++) {
            List<TaskPrompts.Asked> whole =
                    prompts.asked(stories.stories().get(number).text(), number);
            for (int i = 0; i < whole.size(); i++) {
                String prompt = whole.get(i).prompt();
                String asked = texts.texts().get(number * prompts.perStory() + i).text().prompt();
                boolean dropped = TaskPrompts.tooManyCharacters(prompt) || !prompt.equals(asked);
                count += dropped ? 1 : 0;
            }
        }
        return count;
    }
}
