package entropylens.study.correctness;

import entropylens.data.AnswerRow;
import entropylens.data.StoredText;
import entropylens.study.classify.Cases;
import entropylens.study.classify.Classification;
import entropylens.study.classify.Readers;
import entropylens.study.classify.Reading;
import entropylens.study.classify.Scheme;
import entropylens.study.questions.MultipleChoice;
import entropylens.study.report.Outcome;
import entropylens.study.report.Verdict;
import entropylens.study.statistics.Interval;
import entropylens.study.statistics.Proportions;
import entropylens.study.statistics.Quantiles;
import entropylens.study.statistics.Shuffles;
import entropylens.study.workbench.Intervals;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// How well one model's right answers are told from its wrong ones. All intervals are over groups
/// of questions.
///
/// @param readings nearest neighbours first; empty where too few answers are right, or wrong
/// @param control what the paper's protocol does not have
record CorrectnessScores(
        Subject.About about,
        CorrectnessData data,
        List<Reading> readings,
        Optional<Control> control) {
    /// Of fewer, little can be learnt.
    static final int FEWEST = 20;

    static final int NEIGHBOURS = 29;
    static final int SHUFFLES = 20;
    static final String GROUPED = "folds by text or fact";
    static final String UNGROUPED = "folds of questions, as in the paper";

    private static final String CLAIM = "(v2) the profile tells right answers from wrong ones";
    private static final String PROFILE = "profile";
    private static final String PAPER =
            "claimed in v2, dropped in v3 of arXiv 2502.16570; an independent re-test on models of 7 to 8 billion weights: 0.55 to 0.58 with nearest neighbours, 0.64 to 0.66 with logistic regression";

    /// @param logistic the profile by logistic regression
    /// @param last the last layer's entropy alone
    /// @param margin the answer margin alone
    /// @param beyondMargin AUC of `logistic` less that of `margin`
    /// @param shuffled AUC of the profile by logistic regression where the labels are in random
    ///   order: the mean over shuffles, and the ends of the middle 95 % of them
    record Control(
            Reading logistic,
            Reading last,
            Reading margin,
            Interval beyondMargin,
            Interval shuffled) {}

    CorrectnessScores {
        readings = List.copyOf(readings);
    }

    static CorrectnessScores of(
            Subject.About about,
            List<AnswerRow> answers,
            List<StoredText> texts,
            StudySettings settings) {
        CorrectnessData data = CorrectnessData.of(answers, texts);
        return data.fewer() < FEWEST || data.cases().obstacle("texts or facts").isPresent()
                ? new CorrectnessScores(about, data, List.of(), Optional.empty())
                : new Measuring(about, data, settings).scores();
    }

    /// Reads, one after the other.
    private static final class Measuring {
        private final Subject.About about;
        private final CorrectnessData data;
        private final StudySettings settings;
        private final Classification classification;
        private final boolean paper;
        private final Scheme scheme;

        Measuring(Subject.About about, CorrectnessData data, StudySettings settings) {
            this.about = about;
            this.data = data;
            this.settings = settings;
            classification =
                    new Classification(
                            data.cases(), settings.draws(), Intervals.LEVEL, settings.seed());
            paper = settings.preset() == Preset.PAPER;
            scheme =
                    paper
                            ? Scheme.ungrouped(UNGROUPED, data.cases(), settings.seed())
                            : Scheme.grouped(GROUPED, data.cases(), settings.seed());
        }

        CorrectnessScores scores() {
            List<Reading> readings = new ArrayList<>();
            readings.add(read(PROFILE, data.profiles(), Readers.nearest(NEIGHBOURS)));
            if (paper) {
                return new CorrectnessScores(about, data, readings, Optional.empty());
            }
            Control control = control();
            readings.addAll(List.of(control.logistic(), control.last(), control.margin()));
            readings.add(
                    read(
                            "profile and margin",
                            Readers.joined(data.profiles(), data.margins()),
                            Readers.logistic()));
            return new CorrectnessScores(about, data, readings, Optional.of(control));
        }

        private Control control() {
            Reading logistic = read(PROFILE, data.profiles(), Readers.logistic());
            Reading margin = read("answer margin", data.margins(), asItIs());
            return new Control(
                    logistic,
                    read("last layer's entropy", data.sureness(), asItIs()),
                    margin,
                    classification
                            .compare(List.of(logistic), List.of(margin))
                            .getFirst()
                            .difference(),
                    shuffled());
        }

        private Reading read(String name, double[][] features, Readers.Reader reader) {
            return classification.read(name, features, reader, scheme);
        }

        private Interval shuffled() {
            double[] found =
                    IntStream.range(0, SHUFFLES)
                            .mapToDouble(i -> shuffled(settings.seed() + i))
                            .toArray();
            return new Interval(
                    Arrays.stream(found).average().orElseThrow(),
                    Quantiles.linear(found, (1 - Intervals.LEVEL) / 2),
                    Quantiles.linear(found, (1 + Intervals.LEVEL) / 2),
                    Intervals.LEVEL);
        }

        /// Over all questions: most are alone in their group, where nothing could be shuffled.
        private double shuffled(long seed) {
            Cases cases = data.cases();
            Cases shuffled =
                    new Cases(Shuffles.all(cases.labels(), seed), cases.classes(), cases.groups());
            return new Classification(shuffled, 1, Intervals.LEVEL, seed)
                    .read(
                            PROFILE,
                            data.profiles(),
                            Readers.logistic(),
                            Scheme.grouped(GROUPED, shuffled, settings.seed()))
                    .auc()
                    .estimate();
        }
    }

    /// Learns nothing: the larger the one feature, the likelier a right answer.
    private static Readers.Reader asItIs() {
        return new Readers.Reader(
                "nothing learnt",
                _ ->
                        rows ->
                                Arrays.stream(rows)
                                        .map(row -> 1 / (1 + Math.exp(-row[0])))
                                        .map(p -> new double[] {1 - p, p})
                                        .toArray(double[][]::new));
    }

    /// Whether the model knows more than which letters there are: what is right by chance has
    /// nothing in common.
    boolean knowsSomething() {
        return Proportions.wilson(data.rights(), data.questions(), Intervals.LEVEL).low()
                > MultipleChoice.CHANCE;
    }

    private Outcome above(double threshold, Interval interval) {
        return knowsSomething()
                ? Verdict.above(threshold, interval.low(), interval.high())
                : Outcome.UNDECIDED;
    }

    private String unlessGuessing(String sentence) {
        return knowsSomething()
                ? sentence
                : sentence + " The model answers no better than guessing, so this decides nothing.";
    }

    boolean enough() {
        return !readings.isEmpty();
    }

    static String label(Reading reading) {
        return reading.features() + ", " + reading.reader();
    }

    List<Verdict> verdicts() {
        if (!enough()) {
            return List.of(tooFew());
        }
        List<Verdict> verdicts = new ArrayList<>(List.of(tellsApart()));
        control.ifPresent(found -> verdicts.add(moreThanMargin(found)));
        return verdicts;
    }

    private Verdict tooFew() {
        return verdict(
                CLAIM,
                Outcome.UNDECIDED,
                "AUROC of right against wrong",
                new Interval(Double.NaN, Double.NaN, Double.NaN, Intervals.LEVEL),
                0.5,
                "Only %d of %d answers are %s; at least %d of either kind, on several texts or facts, are needed."
                        .formatted(
                                data.fewer(),
                                data.questions(),
                                2 * data.rights() < data.questions() ? "right" : "wrong",
                                FEWEST));
    }

    private Verdict tellsApart() {
        Interval interval = readings.getFirst().auc();
        return verdict(
                CLAIM,
                above(0.5, interval),
                "AUROC of right against wrong, %d nearest neighbours".formatted(NEIGHBOURS),
                interval,
                0.5,
                "Of %d questions, %d are answered right; of a right and a wrong answer, the right one looks more like right ones in %.0f %% of pairs."
                        .formatted(data.questions(), data.rights(), 100 * interval.estimate()));
    }

    private Verdict moreThanMargin(Control found) {
        Interval interval = found.beyondMargin();
        return verdict(
                "(v2) the profile tells more than the answer margin does",
                above(0, interval),
                "AUROC of the profile by logistic regression less AUROC of the margin alone",
                interval,
                0,
                "The profile has %.2f, the answer margin alone %.2f, the last layer's entropy alone %.2f, the profile with shuffled labels %.2f."
                        .formatted(
                                found.logistic().auc().estimate(),
                                found.margin().auc().estimate(),
                                found.last().auc().estimate(),
                                found.shuffled().estimate()));
    }

    private Verdict verdict(
            String claim,
            Outcome outcome,
            String effect,
            Interval interval,
            double threshold,
            String sentence) {
        return new Verdict(
                Correctness.ID,
                claim,
                about.name(),
                outcome,
                effect,
                interval.estimate(),
                interval.low(),
                interval.high(),
                Intervals.LEVEL,
                threshold,
                PAPER,
                enough() ? unlessGuessing(sentence) : sentence);
    }
}
