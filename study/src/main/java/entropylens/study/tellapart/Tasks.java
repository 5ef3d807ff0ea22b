package entropylens.study.tellapart;

import entropylens.study.workbench.Protocol;
import entropylens.study.workbench.Study;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.Workbench;
import entropylens.zoo.town.Task;
import java.util.Arrays;
import java.util.List;

/// Claim (iii), first part: profiles tell task types apart, whatever the wording and the place of
/// the question.
public final class Tasks implements Study {
    /// As on the command line.
    public static final String ID = "tasks";

    /// Mean over all tokens, as in the paper.
    private static final int WINDOWS = 1;

    /// Of a text, as in the paper, and read one by one.
    private static final int TOKENS = 8;

    static final ClassPlan PLAN =
            new ClassPlan(
                    ID,
                    Arrays.stream(Task.values()).map(TaskPrompts.Asked::label).toList(),
                    "task types",
                    "stories",
                    "story",
                    List.of(29),
                    false,
                    "0.948 to 0.984 over six models, k-NN, k = 29, folds that split stories (as summarised of arXiv 2502.16570 v3; not verified)");

    private final StudySettings settings;
    private final TaskStories stories;
    private final ClassWordings wordings;

    /// Reads the user's files, if there are any.
    ///
    /// @throws entropylens.data.DataException that names file, row and column
    public Tasks(StudySettings settings) {
        this.settings = settings;
        this.stories = TaskStories.of(settings);
        this.wordings = ClassWordings.ofTasks(settings.inputs());
    }

    @Override
    public boolean prompts() {
        return true;
    }

    @Override
    public boolean wantsTwins() {
        return true;
    }

    @Override
    public void measure(Subject subject, Workbench bench) {
        Protocol protocol = protocol(settings);
        TaskPrompts prompts = new TaskPrompts(settings, wordings);
        bench.profile(ID, subject, prompts.of(subject, stories, protocol.tokens()), protocol);
    }

    static Protocol protocol(StudySettings settings) {
        return new Protocol(
                settings.tokens(TOKENS, TOKENS, TOKENS),
                settings.temperature(1.0),
                Protocol.STATISTICS);
    }

    @Override
    public Findings conclude(List<Subject.About> subjects, Workbench bench) {
        return new ClassConclusion(
                        PLAN.knownAs(wordings.known("such questions on stories")),
                        settings,
                        wordings,
                        List.of(ClassConclusion.ENTROPY),
                        Tasks::features,
                        new TaskFlaws(settings, stories, new TaskPrompts(settings, wordings))::of)
                .of(subjects, bench, new TasksSection(settings, stories, wordings));
    }

    static ClassFeatures features(LabelledTexts texts) {
        return ClassFeatures.of(
                texts,
                "prompt length",
                texts.feature(LabelledTexts::prompted),
                WINDOWS,
                TOKENS,
                TOKENS);
    }
}
