package entropylens.study.correctness;

import entropylens.data.AnswerRow;
import entropylens.data.StoredText;
import entropylens.study.classify.Classification;
import entropylens.study.classify.Classifiers;
import entropylens.study.classify.Comparison;
import entropylens.study.classify.Reading;
import entropylens.study.classify.Scheme;
import entropylens.study.classify.ShuffledNull;
import entropylens.study.questions.MultipleChoice;
import entropylens.study.statistics.Interval;
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
/// @param accuracy share of right answers
/// @param readings nearest neighbours first; empty where too few answers are right, or wrong
/// @param control what the paper's protocol does not have
/// @param overSeeds the figures of the verdicts in folds of other seeds
record CorrectnessScores(
        Subject.About about,
        CorrectnessData data,
        Interval accuracy,
        List<Reading> readings,
        Optional<Control> control,
        OverSeeds overSeeds) {
    /// Of fewer, little can be learnt.
    static final int FEWEST = 20;

    static final int NEIGHBOURS = 29;

    /// Of nearest neighbours, whose votes are only counted anew.
    static final int SHUFFLES = 200;

    static final String GROUPED = "folds by text or fact";
    static final String UNGROUPED = "folds of questions, as in the paper";

    static final String PROFILE = "profile";

    private static final int SEEDS = 5;

    /// @param nearest the profile by nearest neighbours
    /// @param logistic the profile by logistic regression
    /// @param last the last layer's entropy alone
    /// @param margin the answer margin alone
    /// @param beyondLast the profile beside `last`, by nearest neighbours and logistic regression
    /// @param beyondMargin the profile beside `margin`, likewise
    record Control(
            Reading nearest,
            Reading logistic,
            Reading last,
            Reading margin,
            List<Comparison> beyondLast,
            List<Comparison> beyondMargin) {
        ShuffledNull shuffled() {
            return nearest.shuffled().orElseThrow();
        }
    }

    /// Figures in folds of five seeds, the first of which is the run's.
    ///
    /// @param auc the profile by nearest neighbours
    /// @param beyondLast the profile by the worse of two readers, less the last layer's entropy
    /// @param beyondMargin the same less the answer margin
    record OverSeeds(double[] auc, double[] beyondLast, double[] beyondMargin) {
        static final OverSeeds NONE = new OverSeeds(new double[0], new double[0], new double[0]);
    }

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
                ? new CorrectnessScores(
                        about,
                        data,
                        data.accuracy(settings),
                        List.of(),
                        Optional.empty(),
                        OverSeeds.NONE)
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
            scheme = scheme(settings.seed());
        }

        private Scheme scheme(long seed) {
            return paper
                    ? Scheme.ungrouped(UNGROUPED, data.cases(), seed)
                    : Scheme.grouped(GROUPED, data.cases(), seed);
        }

        CorrectnessScores scores() {
            List<Reading> readings = new ArrayList<>();
            Reading nearest =
                    classification.readWithNull(
                            PROFILE,
                            data.profiles(),
                            Classifiers.nearest(NEIGHBOURS),
                            scheme,
                            SHUFFLES);
            readings.add(nearest);
            if (paper) {
                double[] seeds = overSeeds(Classifiers.nearest(NEIGHBOURS));
                return scores(
                        readings,
                        Optional.empty(),
                        new OverSeeds(seeds, new double[0], new double[0]));
            }
            Control control = control(nearest);
            readings.addAll(List.of(control.logistic(), control.last(), control.margin()));
            readings.add(
                    read(
                            "profile and margin",
                            Classifiers.joined(data.profiles(), data.margins()),
                            Classifiers.logistic()));
            return scores(readings, Optional.of(control), overSeeds(control));
        }

        private CorrectnessScores scores(
                List<Reading> readings, Optional<Control> control, OverSeeds overSeeds) {
            return new CorrectnessScores(
                    about, data, data.accuracy(settings), readings, control, overSeeds);
        }

        /// With the last layer's entropy and the margin nothing is learnt: they have no folds, and
        /// the same AUC whatever the seed.
        private OverSeeds overSeeds(Control control) {
            double last = control.last().auc().estimate();
            double margin = control.margin().auc().estimate();
            double[] nearest = overSeeds(Classifiers.nearest(NEIGHBOURS));
            double[] worse = overSeeds(Classifiers.logistic());
            Arrays.setAll(worse, i -> Math.min(nearest[i], worse[i]));
            return new OverSeeds(
                    nearest,
                    Arrays.stream(worse).map(auc -> auc - last).toArray(),
                    Arrays.stream(worse).map(auc -> auc - margin).toArray());
        }

        private double[] overSeeds(Classifiers.Reader reader) {
            return IntStream.range(0, SEEDS)
                    .mapToObj(i -> scheme(settings.seed() + i))
                    .map(folds -> classification.read("", data.profiles(), reader, folds))
                    .mapToDouble(reading -> reading.auc().estimate())
                    .toArray();
        }

        private Control control(Reading nearest) {
            Reading logistic = read(PROFILE, data.profiles(), Classifiers.logistic());
            Reading margin = read("answer margin", data.margins(), asItIs());
            Reading last = read("last layer's entropy", data.sureness(), asItIs());
            return new Control(
                    nearest,
                    logistic,
                    last,
                    margin,
                    beside(List.of(nearest, logistic), last),
                    beside(List.of(nearest, logistic), margin));
        }

        private List<Comparison> beside(List<Reading> profiles, Reading control) {
            return profiles.stream()
                    .map(profile -> classification.compare(profile, control))
                    .toList();
        }

        private Reading read(String name, double[][] features, Classifiers.Reader reader) {
            return classification.read(name, features, reader, scheme);
        }
    }

    /// Learns nothing: the larger the one feature, the likelier a right answer.
    private static Classifiers.Reader asItIs() {
        return new Classifiers.Reader(
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
        return accuracy.low() > MultipleChoice.CHANCE;
    }

    boolean enough() {
        return !readings.isEmpty();
    }

    static String label(Reading reading) {
        return reading.features() + ", " + reading.reader();
    }
}
