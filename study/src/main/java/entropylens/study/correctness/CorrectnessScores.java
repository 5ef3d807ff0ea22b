package entropylens.study.correctness;

import entropylens.data.AnswerRow;
import entropylens.data.StoredText;
import entropylens.study.classify.Classification;
import entropylens.study.classify.Comparison;
import entropylens.study.classify.Readers;
import entropylens.study.classify.Reading;
import entropylens.study.classify.Scheme;
import entropylens.study.classify.ShuffledNull;
import entropylens.study.questions.MultipleChoice;
import entropylens.study.statistics.Proportions;
import entropylens.study.workbench.Intervals;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

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

    /// Of nearest neighbours, whose votes are only counted anew.
    static final int SHUFFLES = 200;

    static final String GROUPED = "folds by text or fact";
    static final String UNGROUPED = "folds of questions, as in the paper";

    static final String PROFILE = "profile";

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
            Reading nearest =
                    classification.readWithNull(
                            PROFILE,
                            data.profiles(),
                            Readers.nearest(NEIGHBOURS),
                            scheme,
                            SHUFFLES);
            readings.add(nearest);
            if (paper) {
                return new CorrectnessScores(about, data, readings, Optional.empty());
            }
            Control control = control(nearest);
            readings.addAll(List.of(control.logistic(), control.last(), control.margin()));
            readings.add(
                    read(
                            "profile and margin",
                            Readers.joined(data.profiles(), data.margins()),
                            Readers.logistic()));
            return new CorrectnessScores(about, data, readings, Optional.of(control));
        }

        private Control control(Reading nearest) {
            Reading logistic = read(PROFILE, data.profiles(), Readers.logistic());
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

        private Reading read(String name, double[][] features, Readers.Reader reader) {
            return classification.read(name, features, reader, scheme);
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

    boolean enough() {
        return !readings.isEmpty();
    }

    static String label(Reading reading) {
        return reading.features() + ", " + reading.reader();
    }
}
