package entropylens.study.tellapart;

import entropylens.data.StoredText;
import entropylens.study.classify.Classification;
import entropylens.study.report.Chart;
import entropylens.study.report.Section;
import entropylens.study.report.Table;
import entropylens.study.statistics.Interval;
import entropylens.study.workbench.Flaw;
import entropylens.study.workbench.Protocol;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How the report shows what tells task types apart.
final class TasksSection implements ClassSection {
    private final StudySettings settings;
    private final TaskStories stories;
    private final ClassWordings wordings;
    private final TaskPrompts prompts;
    private final List<ClassReadings> models = new ArrayList<>();
    private final List<List<Object>> rows = new ArrayList<>();

    TasksSection(StudySettings settings, TaskStories stories, ClassWordings wordings) {
        this.settings = settings;
        this.stories = stories;
        this.wordings = wordings;
        this.prompts = new TaskPrompts(settings, wordings);
    }

    @Override
    public void add(ClassReadings readings) {
        models.add(readings);
        addUnread(readings.about(), readings.texts());
    }

    @Override
    public void addUnread(Subject.About about, LabelledTexts texts) {
        int[] lengths = texts.texts().stream().mapToInt(LabelledTexts::prompted).toArray();
        rows.add(
                List.of(
                        about.name(),
                        stories.stories().size(),
                        cut(texts.texts()),
                        texts.texts().size(),
                        stories.stories().size() * prompts.perStory() - texts.texts().size(),
                        Arrays.stream(lengths).average().orElse(0),
                        Arrays.stream(lengths).max().orElse(0)));
    }

    /// Stories that were cut: those whose first prompt is not that of the whole story.
    private int cut(List<StoredText> texts) {
        if (settings.has(Flaw.LONG_PROMPTS_DROPPED)) {
            return 0; // there, long prompts are left out
        }
        int cut = 0;
        for (int number = 0; number < stories.stories().size(); number++) {
            String whole = prompts.first(stories.stories().get(number).text(), number);
            String asked = texts.get(number * prompts.perStory()).text().prompt();
            cut += whole.equals(asked) ? 0 : 1;
        }
        return cut;
    }

    @Override
    public Section build() {
        ClassCharts charts = new ClassCharts(Tasks.PLAN, settings);
        List<Chart> drawn = new ArrayList<>();
        List<Table> tables = new ArrayList<>();
        if (!models.isEmpty()) {
            drawn.add(charts.auc(models));
            drawn.add(byVariant(charts));
            drawn.add(charts.confusion(models));
            drawn.addAll(charts.profiles(models));
            drawn.addAll(charts.examples(models));
            tables.addAll(ClassTables.of(Tasks.PLAN, models));
        }
        tables.add(prompts());
        return new Section(
                Tasks.ID, "Do profiles tell task types apart?", protocol(), drawn, tables, notes());
    }

    private Chart byVariant(ClassCharts charts) {
        List<List<Interval>> values = new ArrayList<>();
        for (ClassReadings model : models) {
            Classification classification = ClassReadings.classification(model.texts(), settings);
            values.add(
                    Arrays.stream(TaskVariant.values())
                            .map(variant ->
                                    classification.aucOf(
                                            model.headline(), ofVariant(model, variant)))
                            .toList());
        }
        return charts.aucBy(
                "tasks-variants",
                "The same, variant by variant",
                "AUC of the headline's reading on the prompts of each variant; learnt from all of them.",
                Arrays.stream(TaskVariant.values()).map(TaskVariant::words).toList(),
                models,
                values);
    }

    private static boolean[] ofVariant(ClassReadings model, TaskVariant variant) {
        List<StoredText> texts = model.texts().texts();
        boolean[] chosen = new boolean[texts.size()];
        for (int row = 0; row < chosen.length; row++) {
            chosen[row] = variant.words().equals(texts.get(row).text().variant());
        }
        return chosen;
    }

    private Table prompts() {
        return new Table(
                "Prompts",
                List.of(
                        "model",
                        "stories",
                        "stories cut to fit the context",
                        "prompts",
                        "prompts left out, too long",
                        "mean tokens of a prompt",
                        "most tokens of a prompt"),
                rows,
                1);
    }

    private List<String> protocol() {
        Protocol protocol = Tasks.protocol(settings);
        List<String> lines = new ArrayList<>();
        lines.add(
                "%d stories%s. Each is asked about in three task types (continue it, count its words, say what it is about), in %s and in four variants: question after the story, before it, and both again with the words of the story in random order."
                        .formatted(
                                stories.stories().size(),
                                settings.inputs().stories().isPresent()
                                        ? " of " + settings.inputs().stories().get().getFileName()
                                        : " of Tinytown that no model of the zoo was trained on",
                                wordings.inWords()));
        lines.add(
                "Up to %d tokens are generated at temperature %s. A text's profile is the mean entropy of each layer over its tokens (one window): as many features as there are blocks."
                        .formatted(protocol.tokens(), protocol.temperature()));
        lines.add(
                "%s, %s. %s."
                        .formatted(
                                settings.has(Flaw.BARE_PROMPTS)
                                        ? "Prompts are laid out as in the published code, whose wordings are not copied"
                                        : "Prompts are plain text",
                                settings.promptsInWords(),
                                settings.has(Flaw.LONG_PROMPTS_DROPPED)
                                        ? "Prompts of more than 1,500 characters, or too long for the context, are left out"
                                        : "A story that is too long for the context is cut behind a sentence, for all of its prompts alike"));
        lines.addAll(ClassWords.protocol(Tasks.PLAN, settings));
        return lines;
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (settings.has(Flaw.SCRAMBLED_IN_PLACE)) {
            notes.add(
                    "Flaw of the published code, kept: a story is scrambled in place, so after the first scrambled prompt on a story all of its prompts carry scrambled text, whatever their variant says. Only the first two of a story's %d prompts, both of them of the first task type, carry the story as it was written, so being in order tells a class apart. The chart by variant shows what that does."
                            .formatted(prompts.perStory()));
        }
        notes.addAll(ClassWords.notes(Tasks.PLAN, settings));
        notes.add(
                "The question stands in the prompt, and differs between task types in its words and its length. What is told apart may be the question that was read and not the work that is done; the untrained twin, the prompt's length and the folds that test other wordings are there to tell.");
        notes.addAll(stories.warnings());
        return notes;
    }
}
