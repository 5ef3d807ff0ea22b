package entropylens.study.tellapart;

import entropylens.data.Story;
import entropylens.study.workbench.Flaw;
import entropylens.study.workbench.StudyPrompt;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import entropylens.zoo.town.Dice;
import entropylens.zoo.town.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The prompts on stories: every story is asked about in every task, wording and variant.
final class TaskPrompts {
    private static final int SCRAMBLES = 21;

    /// Of a prompt, in the preset of the paper.
    private static final int MAX_CHARACTERS = 1500;

    private final StudySettings settings;
    private final ClassWordings wordings;

    TaskPrompts(StudySettings settings, ClassWordings wordings) {
        this.settings = settings;
        this.wordings = wordings;
    }

    /// Prompts on one story.
    int perStory() {
        return wordings.count() * TaskVariant.values().length;
    }

    /// A prompt as text.
    ///
    /// @param wording the question
    record Asked(Task task, String wording, TaskVariant variant, String prompt) {
        String label() {
            return label(task);
        }

        static String label(Task task) {
            return task.name().toLowerCase(Locale.ROOT);
        }
    }

    /// All prompts of a subject, story after story.
    ///
    /// @throws StudyException when not even a short story fits its context
    List<StudyPrompt> of(Subject subject, TaskStories stories, int tokens) {
        List<String> groups = stories.groups();
        StoryFitting fitting = new StoryFitting(subject, tokens, this::asked);
        List<StudyPrompt> prompts = new ArrayList<>();
        for (int number = 0; number < stories.stories().size(); number++) {
            Story story = stories.stories().get(number);
            for (Asked asked : asked(fitting, story, number, subject, tokens)) {
                prompts.add(
                        StudyPrompt.asked(
                                subject,
                                StudyPrompt.id(prompts.size()),
                                groups.get(number),
                                asked.label(),
                                asked.variant().words(),
                                asked.wording(),
                                asked.prompt()));
            }
        }
        return prompts;
    }

    /// As the published code does, long prompts are left out in the preset of the paper; else the
    /// story is cut.
    private List<Asked> asked(
            StoryFitting fitting, Story story, int number, Subject subject, int tokens) {
        if (!settings.has(Flaw.LONG_PROMPTS_DROPPED)) {
            return fitting.fitted(story, number);
        }
        int most = subject.model().config().nCtx() - tokens;
        return asked(story.text(), number).stream()
                .filter(asked -> !tooManyCharacters(asked.prompt()))
                .filter(asked -> subject.encode(asked.prompt()).length <= most)
                .toList();
    }

    /// Whether the published code leaves a prompt out.
    static boolean tooManyCharacters(String prompt) {
        return prompt.length() > MAX_CHARACTERS;
    }

    /// The prompts on one story. In the paper's preset the story is scrambled in place, as its
    /// published code does: once for each question, before the two scrambled prompts on it, and
    /// what comes after is scrambled as well, whatever its variant says. So a story has seven
    /// orders of words. Else all scrambled prompts share one order.
    ///
    /// @param number of the story, which decides its order of words
    List<Asked> asked(String story, int number) {
        Dice dice = Dice.of(settings.seed(), SCRAMBLES, number);
        boolean inPlace = settings.has(Flaw.SCRAMBLED_IN_PLACE);
        String scrambled = scrambled(story, dice);
        String current = story;
        List<Asked> all = new ArrayList<>();
        for (Task task : Task.values()) {
            for (String question : wordings.of(Asked.label(task))) {
                for (TaskVariant variant : TaskVariant.values()) {
                    if (inPlace && variant == TaskVariant.SCRAMBLED_AFTER) {
                        current = scrambled(current, dice);
                    }
                    String text = inPlace || !variant.scrambled() ? current : scrambled;
                    String prompt =
                            settings.has(Flaw.BARE_PROMPTS)
                                    ? published(text, question, variant.questionFirst())
                                    : Task.prompt(text, question, variant.questionFirst());
                    all.add(new Asked(task, question, variant, prompt));
                }
            }
        }
        return all;
    }

    /// The layout of the published code: no labels, an empty line behind each part.
    private static String published(String story, String question, boolean questionFirst) {
        return questionFirst
                ? question + "\n\n" + story + "\n\n"
                : story + "\n\n" + question + "\n\n";
    }

    /// The words in random order: what stands between blanks, as in the published code, which keeps
    /// the ends of lines inside words; else what stands between white space.
    private String scrambled(String text, Dice dice) {
        return String.join(
                " ",
                dice.shuffled(settings.has(Flaw.WORDS_AT_BLANKS) ? atBlanks(text) : atSpace(text)));
    }

    static List<String> atBlanks(String text) {
        return List.of(text.split(" ", -1));
    }

    static List<String> atSpace(String text) {
        return List.of(text.strip().split("\\s+"));
    }

    /// The first prompt on a story, which has the whole of it, unscrambled.
    String first(String story, int number) {
        return asked(story, number).getFirst().prompt();
    }
}
