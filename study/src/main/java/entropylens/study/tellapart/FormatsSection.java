package entropylens.study.tellapart;

import entropylens.study.classify.Reading;
import entropylens.study.report.Chart;
import entropylens.study.report.Section;
import entropylens.study.report.Table;
import entropylens.study.workbench.Intervals;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// How the report shows what tells output formats apart.
final class FormatsSection implements ClassSection {
    private final StudySettings settings;
    private final ClassPlan plan;
    private final ClassWordings wordings;
    private final List<ClassReadings> models = new ArrayList<>();
    private final List<FormatSweep> sweeps = new ArrayList<>();
    private final List<List<Object>> lengths = new ArrayList<>();

    FormatsSection(StudySettings settings, ClassWordings wordings) {
        this.settings = settings;
        this.plan = Formats.plan(settings);
        this.wordings = wordings;
    }

    @Override
    public void add(ClassReadings readings) {
        models.add(readings);
        sweeps.add(FormatSweep.of(readings.texts(), settings));
        addUnread(readings.about(), readings.texts());
    }

    @Override
    public void addUnread(Subject.About about, LabelledTexts texts) {
        int longest = texts.texts().stream().mapToInt(LabelledTexts::generated).max().orElse(0);
        for (int c = 0; c < plan.classes().size(); c++) {
            int[] generated =
                    Arrays.stream(texts.rowsOf(c))
                            .map(row -> LabelledTexts.generated(texts.texts().get(row)))
                            .toArray();
            lengths.add(
                    List.of(
                            about.name(),
                            plan.classes().get(c),
                            generated.length,
                            Arrays.stream(generated).average().orElse(0),
                            Arrays.stream(generated).min().orElse(0),
                            Arrays.stream(generated).max().orElse(0),
                            (int) Arrays.stream(generated).filter(n -> n == longest).count(),
                            (int)
                                    Arrays.stream(generated)
                                            .filter(n -> n < Formats.WINDOWS)
                                            .count()));
        }
    }

    @Override
    public Section build() {
        ClassCharts charts = new ClassCharts(plan, settings);
        List<Chart> drawn = new ArrayList<>();
        List<Table> tables = new ArrayList<>();
        if (!models.isEmpty()) {
            drawn.add(charts.auc(models));
            drawn.add(byOrder(charts));
            drawn.add(byWindows(charts));
            drawn.add(charts.confusion(models));
            drawn.addAll(charts.profiles(models));
            drawn.addAll(charts.examples(models));
            tables.addAll(ClassTables.of(plan, models));
            tables.add(sweep());
        }
        tables.add(lengths());
        return new Section(
                Formats.ID,
                "Do profiles tell output formats apart?",
                protocol(),
                drawn,
                tables,
                notes());
    }

    private Chart byOrder(ClassCharts charts) {
        return charts.aucBy(
                "formats-orders",
                "By the order α of the Rényi entropy",
                "The headline's reader and folds, on profiles of entropies of other orders: α = 1 is Shannon's, ∞ looks at the most probable token alone. The paper shows ½, 1 and 5. α = 0 counts the tokens that are possible at all, which are all of them, so it tells nothing.",
                Formats.ORDERS.stream().map(order -> "α = " + FormatSweep.shown(order)).toList(),
                models,
                sweeps.stream()
                        .map(sweep -> sweep.byOrder().stream().map(Reading::auc).toList())
                        .toList());
    }

    private Chart byWindows(ClassCharts charts) {
        return charts.aucBy(
                "formats-windows",
                "By the number of windows",
                "The headline's reader and folds, Shannon's entropy, averaged in 1, 2, 4 or 8 windows of a text.",
                FormatSweep.WINDOWS.stream().map(count -> "w = " + count).toList(),
                models,
                sweeps.stream()
                        .map(sweep -> sweep.byWindows().stream().map(Reading::auc).toList())
                        .toList());
    }

    private Table sweep() {
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            FormatSweep sweep = sweeps.get(i);
            String name = models.get(i).about().name();
            Stream.of(
                            sweep.byOrder(),
                            sweep.byOrderLogistic(),
                            sweep.byWindows(),
                            sweep.byWindowsLogistic())
                    .flatMap(List::stream)
                    .forEach(reading -> rows.add(row(name, reading)));
        }
        return new Table(
                "Orders and windows, folds " + plan.headlineFolds(settings),
                List.of("model", "profile of", "reader", "AUC (95 %)", "accuracy (95 %)"),
                rows,
                3);
    }

    private static List<Object> row(String model, Reading reading) {
        return List.of(
                model,
                reading.features(),
                reading.reader(),
                Intervals.shown(reading.auc()),
                Intervals.shown(reading.accuracy()));
    }

    private Table lengths() {
        return new Table(
                "Texts",
                List.of(
                        "model",
                        "format",
                        "texts",
                        "mean tokens",
                        "fewest",
                        "most",
                        "texts as long as the longest",
                        "texts of fewer tokens than windows"),
                lengths,
                1);
    }

    private List<String> protocol() {
        List<String> lines = new ArrayList<>();
        lines.add(
                "A chat, a poem and a scientific note are asked for on each of %d topics, %s."
                        .formatted(
                                FormatPrompts.topics(settings).size(),
                                wordings.single()
                                        ? "in " + wordings.inWords()
                                        : "in %s, which take turns from topic to topic"
                                                .formatted(wordings.inWords())));
        lines.add(
                "Up to %d tokens are generated, %s; fewer where the model's context is shorter, for all texts of a model alike. A text that ends by itself is shorter still: windows are cut from what there is."
                        .formatted(Formats.wantedTokens(settings), sampling()));
        lines.add(
                "The tokens of a text are cut into %d windows, whose lengths differ by at most one token, and the entropies of each layer are averaged inside each: %d times as many features as there are blocks. Where a text has fewer tokens than windows, a window without a token repeats the nearest one; the table of texts counts them."
                        .formatted(Formats.WINDOWS, Formats.WINDOWS));
        lines.add(
                "All orders of the entropy are read in one pass over the same texts. Prompts are plain text, %s."
                        .formatted(settings.promptsInWords()));
        lines.addAll(ClassWords.protocol(plan, settings));
        return lines;
    }

    private String sampling() {
        double temperature = settings.temperature(0);
        return temperature == 0 ? "greedily" : "at temperature " + temperature;
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>(ClassWords.notes(plan, settings));
        notes.add(
                "The Rényi entropy of order 0 is ln of the number of tokens whose logit is not −∞. Unless a model masks tokens that is ln V in every layer of every text: it cannot tell anything apart, and its AUC of 0.5 is no finding.");
        notes.add(
                "Formats differ in their words and in how long they are. That they are told apart says that entropies go with the text that is written; it does not say that the model has a strategy of its own for a format.");
        return notes;
    }
}
