package entropylens.study.correctness;

import entropylens.study.classify.Reading;
import entropylens.study.questions.MultipleChoice;
import entropylens.study.questions.QuestionSet;
import entropylens.study.report.Chart;
import entropylens.study.report.Chart.Series;
import entropylens.study.report.Section;
import entropylens.study.report.Table;
import entropylens.study.statistics.Interval;
import entropylens.study.workbench.Intervals;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.Protocol;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import java.util.ArrayList;
import java.util.List;

/// How the report shows right and wrong answers.
final class CorrectnessSection {
    private static final String SHUFFLED = "profile, k-NN, labels shuffled";

    private static final String NONE = "–";

    private final StudySettings settings;
    private final QuestionSet questions;
    private final List<CorrectnessScores> models = new ArrayList<>();

    CorrectnessSection(StudySettings settings, QuestionSet questions) {
        this.settings = settings;
        this.questions = questions;
    }

    void add(CorrectnessScores scores) {
        models.add(scores);
    }

    Section build() {
        List<Chart> charts = new ArrayList<>();
        if (models.stream().anyMatch(CorrectnessScores::enough)) {
            charts.add(aurocs());
        }
        charts.add(profiles());
        return new Section(
                Correctness.ID,
                "Does the profile tell right answers from wrong ones?",
                protocol(),
                charts,
                List.of(table()),
                notes());
    }

    private Chart aurocs() {
        List<CorrectnessScores> enough = models.stream().filter(CorrectnessScores::enough).toList();
        List<String> categories =
                new ArrayList<>(
                        enough.getFirst().readings().stream()
                                .map(CorrectnessScores::label)
                                .toList());
        if (enough.getFirst().control().isPresent()) {
            categories.add(SHUFFLED);
        }
        return new Chart(
                "correctness-auroc",
                "What tells right answers from wrong ones",
                "Area under the ROC curve with its 95 % interval over questions; 0.5 is guessing. Of shuffled labels, the mean over shuffles and the middle 95 % of them.",
                Chart.Kind.BAR,
                "what is looked at",
                "AUROC",
                categories,
                List.of(),
                enough.stream().map(CorrectnessSection::aurocs).toList());
    }

    private static Series aurocs(CorrectnessScores model) {
        List<Interval> found = new ArrayList<>();
        model.readings().forEach(reading -> found.add(reading.auc()));
        model.control().ifPresent(control -> found.add(control.shuffled().range(Intervals.LEVEL)));
        return Intervals.bars(
                model.about().name(), model.about().family(), found.toArray(Interval[]::new));
    }

    private Chart profiles() {
        List<Series> series = new ArrayList<>();
        for (CorrectnessScores model : models) {
            for (boolean right : new boolean[] {true, false}) {
                double[][] rows = model.data().profiles(right);
                if (rows.length > 0) {
                    series.add(line(model.about(), right, Intervals.ofMeans(rows, settings)));
                }
            }
        }
        return new Chart(
                "correctness-profile",
                "Profiles of right and of wrong answers",
                "Mean over questions with its 95 % interval; each question's profile is the mean over the tokens generated after it. Dashed: wrong answers.",
                Chart.Kind.LINE,
                "relative depth l / L",
                "entropy, nats",
                List.of(),
                List.of(),
                series);
    }

    private static Series line(Subject.About about, boolean right, Interval[] means) {
        Series line =
                Intervals.series(
                        about.name() + (right ? ", right" : ", wrong"),
                        about.name(),
                        about.depths(1, means.length),
                        means);
        return right ? line : line.asControl();
    }

    private Table table() {
        List<List<Object>> rows = new ArrayList<>();
        for (CorrectnessScores model : models) {
            for (Reading reading : model.readings()) {
                rows.add(
                        row(
                                model,
                                CorrectnessScores.label(reading),
                                Intervals.shown(reading.auc()),
                                reTest(reading)));
            }
            model.control()
                    .ifPresent(control ->
                            rows.add(
                                    row(
                                            model,
                                            SHUFFLED,
                                            Intervals.shown(
                                                    control.shuffled().range(Intervals.LEVEL)),
                                            NONE)));
            if (!model.enough()) {
                rows.add(row(model, "too few to tell", NONE, NONE));
            }
        }
        return new Table(
                "Area under the ROC curve",
                List.of(
                        "model",
                        "questions",
                        "answered right",
                        "what is looked at",
                        "AUROC (95 %)",
                        "independent re-test, 7 to 8 billion weights"),
                rows,
                3);
    }

    private static List<Object> row(
            CorrectnessScores model, String what, String auroc, String reTest) {
        return List.of(
                model.about().name(),
                model.data().questions(),
                model.data().rights(),
                what,
                auroc,
                reTest);
    }

    private static String reTest(Reading reading) {
        if (!reading.features().equals("profile")) {
            return NONE;
        }
        return reading.reader().startsWith("k-NN") ? "0.55 to 0.58" : "0.64 to 0.66";
    }

    private List<String> protocol() {
        Protocol protocol = Correctness.protocol(settings);
        boolean paper = settings.preset() == Preset.PAPER;
        return List.of(
                "%s, %s. Prompt: %s.%s After each, up to %d greedy tokens are generated; the entropy profile is the mean over them (w = 1), one number for each layer."
                        .formatted(
                                questions.source(),
                                questions.shotsInWords(),
                                MultipleChoice.FORMAT,
                                settings.chatInWords(),
                                protocol.tokens()),
                "Right or wrong: by the letter with the largest logit after the prompt, not by what is generated. Margin: the largest logit of the four letters less the second largest. Last layer's entropy: of the profile; a lower one counts as surer. With these two nothing is learnt from the answers.",
                "At most 10 folds, %s; every question is scored by the fold that tests it, and the area under the ROC curve is over all of them. Nearest neighbours: k = %d, euclidean, as in the paper.%s"
                        .formatted(
                                paper
                                        ? "stratified, as in the paper: questions on one text may stand on both sides (a known flaw)"
                                        : "stratified, with the questions on one text or fact in one fold",
                                CorrectnessScores.NEIGHBOURS,
                                paper
                                        ? " The paper has no comparison with the margin or the last layer; neither has this preset."
                                        : " Logistic regression: standardised features, C = 1. Nearest neighbours once more on labels in random order, %d times."
                                                .formatted(CorrectnessScores.SHUFFLES)),
                "Intervals: percentile bootstrap over questions, those on one text or fact together; that of the profile by nearest neighbours is widened by the part of the variance that only shuffled labels show. The profile must beat the last layer's entropy and the margin by both readers.",
                "The untrained twin answers the same questions, and its profiles tell its own right answers from its wrong ones in the same way. Whether a model exceeds guessing: by a bootstrap over texts and facts.");
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>(questions.notes());
        for (CorrectnessScores model : models) {
            if (!model.enough()) {
                notes.add(
                        "%s: %d right and %d wrong answers; with fewer than %d of a kind nothing is classified."
                                .formatted(
                                        model.about().name(),
                                        model.data().rights(),
                                        model.data().questions() - model.data().rights(),
                                        CorrectnessScores.FEWEST));
            }
        }
        notes.add(
                "Where there is nothing to learn, a cross-validated AUROC lies below 0.5 more often than above it, since what a fold has too much of, the others have too little of: compare with the shuffled labels.");
        notes.add(
                "A model that answers at chance is right by chance: its right and wrong answers then have nothing to be told apart by.");
        return notes;
    }
}
