package entropylens.study.tellapart;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.study.tellapart.TaskPrompts.Asked;
import entropylens.study.workbench.Flaw;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.StudyInputs;
import entropylens.study.workbench.StudySettings;
import entropylens.zoo.town.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TaskPromptsTest {
    private static final String STORY =
            "Rosa found a kite. It was red, and it was torn. She mended it with care.";

    private static StudySettings settings(Preset preset) {
        return new StudySettings(
                preset,
                OptionalInt.of(4),
                OptionalInt.empty(),
                OptionalDouble.empty(),
                3,
                16,
                StudyInputs.NONE);
    }

    private static TaskPrompts prompts(Preset preset) {
        return new TaskPrompts(settings(preset), ClassWordings.ofTasks(StudyInputs.NONE));
    }

    private static List<Asked> correcting(Flaw flaw, String story) {
        StudySettings settings = settings(Preset.PAPER).correcting(Set.of(flaw));
        return new TaskPrompts(settings, ClassWordings.ofTasks(StudyInputs.NONE)).asked(story, 0);
    }

    @Test
    void scramblingInPlaceIsCorrectedByItself() {
        for (Asked one : correcting(Flaw.SCRAMBLED_IN_PLACE, STORY)) {
            assertThat(one.prompt().contains(STORY)).isEqualTo(!one.variant().scrambled());
            assertThat(one.prompt()).doesNotContain("Story:");
        }
    }

    @Test
    void labelsAreSetByThemselves() {
        List<Asked> asked = correcting(Flaw.BARE_PROMPTS, STORY);
        assertThat(asked).allMatch(one -> one.prompt().endsWith("Answer:"));
        // scrambled in place all the same
        assertThat(asked.stream().filter(one -> one.prompt().contains(STORY))).hasSize(2);
    }

    @Test
    void wordsAreCutAtWhiteSpaceByThemselves() {
        String lines = "One fox.\nTwo owls.\n\nThree bees.";
        Asked last = correcting(Flaw.WORDS_AT_BLANKS, lines).getLast();
        assertThat(last.prompt()).doesNotContain(".\nTwo");
        assertThat(prompts(Preset.PAPER).asked(lines, 0).getLast().prompt()).contains("fox.\nTwo");
    }

    private static List<Asked> asked(Preset preset) {
        return prompts(preset).asked(STORY, 0);
    }

    @Test
    void everyTaskIsAskedInTwoWordingsAndFourVariants() {
        List<Asked> asked = asked(Preset.SOUND);
        assertThat(asked).hasSize(prompts(Preset.SOUND).perStory()).doesNotHaveDuplicates();
        Map<Task, Long> counts =
                asked.stream().collect(Collectors.groupingBy(Asked::task, Collectors.counting()));
        assertThat(counts.values()).containsOnly(8L);
        assertThat(asked.stream().map(Asked::wording).distinct()).hasSize(6);
        for (Asked one : asked) {
            boolean first = one.prompt().startsWith("Question: " + one.wording());
            assertThat(first).isEqualTo(one.variant().questionFirst());
            assertThat(one.prompt()).endsWith("Answer:").contains(one.wording());
        }
    }

    @Test
    void onlyScrambledVariantsAreScrambledAndAllInOneOrder() {
        String scrambled = null;
        for (Asked one : asked(Preset.SOUND)) {
            assertThat(one.prompt().contains(STORY)).isEqualTo(!one.variant().scrambled());
            if (one.variant().scrambled()) {
                assertThat(words(story(one))).isEqualTo(words(STORY));
                scrambled = scrambled == null ? story(one) : scrambled;
                assertThat(story(one)).isEqualTo(scrambled);
            }
        }
    }

    @Test
    void thePublishedCodeScramblesInPlaceOnceForEachQuestion() {
        List<Asked> asked = asked(Preset.PAPER);
        List<String> bodies = new ArrayList<>();
        for (Asked each : asked) {
            String body =
                    Arrays.stream(each.prompt().split("\n\n"))
                            .filter(part -> !part.equals(each.wording()))
                            .findFirst()
                            .orElseThrow();
            assertThat(words(body)).isEqualTo(words(STORY));
            bodies.add(body);
        }
        assertThat(bodies.stream().filter(STORY::equals)).hasSize(2);
        assertThat(bodies.subList(0, 2)).containsOnly(STORY);
        // the story, and one scramble for each of six questions
        assertThat(bodies.stream().distinct()).hasSize(7);
        // the two scrambled prompts of a question share it, and so do the next question's first two
        assertThat(bodies.subList(2, 6)).containsOnly(bodies.get(2));
    }

    @Test
    void theFirstPromptHasTheStoryAsItWasWritten() {
        assertThat(prompts(Preset.SOUND).first(STORY, 0)).startsWith("Story: " + STORY);
        assertThat(prompts(Preset.PAPER).first(STORY, 0)).startsWith(STORY);
    }

    @Test
    void thePublishedLayoutHasNoLabels() {
        Asked first = asked(Preset.PAPER).getFirst();
        assertThat(first.prompt()).isEqualTo(STORY + "\n\n" + first.wording() + "\n\n");
    }

    private static String story(Asked asked) {
        return asked.prompt()
                .lines()
                .filter(line -> line.startsWith("Story: "))
                .findFirst()
                .orElseThrow()
                .substring("Story: ".length());
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.split(" ")).sorted().toList();
    }

    @Test
    void storiesAreCutBehindASentenceUnlessThatLosesTooMuch() {
        assertThat(StoryFitting.cut(STORY, 12))
                .isEqualTo("Rosa found a kite. It was red, and it was torn.");
        assertThat(StoryFitting.cut(STORY, 7)).isEqualTo("Rosa found a kite.");
        assertThat(StoryFitting.cut(STORY, 10))
                .isEqualTo("Rosa found a kite. It was red, and it was");
        assertThat(StoryFitting.cut("One two \"three.\" four", 4)).isEqualTo("One two \"three.\"");
        assertThat(StoryFitting.cut("no end here", 2)).isEqualTo("no end");
    }

    @Test
    void storiesOfOneTextAreOneGroup() {
        TaskStories stories =
                new TaskStories(
                        List.of(
                                new entropylens.data.Story("1", "same"),
                                new entropylens.data.Story("2", "other"),
                                new entropylens.data.Story("3", "same")),
                        List.of());
        assertThat(stories.groups()).containsExactly("1", "2", "1");
    }

    @Test
    void theTownsStoriesDoNotDependOnTheSeedAndDiffer() {
        TaskStories stories = TaskStories.of(settings(Preset.QUICK));
        assertThat(stories.stories()).hasSize(4);
        assertThat(stories.groups()).doesNotHaveDuplicates();
    }
}
