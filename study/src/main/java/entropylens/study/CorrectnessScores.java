package entropylens.study;

import entropylens.data.AnswerRow;
import entropylens.data.StoredText;
import entropylens.study.report.Outcome;
import entropylens.study.report.Verdict;
import entropylens.study.statistics.CrossValidation;
import entropylens.study.statistics.Fold;
import entropylens.study.statistics.Folds;
import entropylens.study.statistics.Interval;
import entropylens.study.statistics.LabelledData;
import entropylens.study.statistics.Learner;
import entropylens.study.statistics.LogisticRegression;
import entropylens.study.statistics.NearestNeighbours;
import entropylens.study.statistics.Quantiles;
import entropylens.study.statistics.Resampling;
import entropylens.study.statistics.Scores;
import entropylens.study.statistics.Shuffles;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How well one model's right answers are told from its wrong ones.
///
/// @param readings by what is looked at: a number for each question, larger where a right answer is
///   more likely; empty where too few answers are right, or wrong
/// @param shuffled what the profile has by logistic regression where the labels are shuffled and
///   mean nothing: the mean over shuffles, and the ends of the middle 95 % of them; empty like
///   `readings`, and in the paper's protocol
/// @param resamples within right and wrong answers, so that every sample has both
record CorrectnessScores(
        Subject.About about,
        CorrectnessData data,
        Map<Reading, double[]> readings,
        Optional<Interval> shuffled,
        Resamples resamples) {
    /// Of fewer, little can be learnt.
    static final int FEWEST = 20;

    static final int NEIGHBOURS = 29;
    static final int FOLDS = 10;
    static final int SHUFFLES = 20;

    private static final Learner LOGISTIC = new LogisticRegression(1).standardised();

    private static final String PAPER =
            "claimed in v2, dropped in v3 of arXiv 2502.16570; an independent re-test on models of 7 to 8 billion weights: 0.55 to 0.58 with nearest neighbours, 0.64 to 0.66 with logistic regression";

    /// What tells right from wrong.
    enum Reading {
        PROFILE_NEIGHBOURS("profile, 29 nearest neighbours"),
        PROFILE_LOGISTIC("profile, logistic regression"),
        LAST_ENTROPY("entropy of the last layer alone"),
        MARGIN("answer margin alone"),
        PROFILE_AND_MARGIN("profile and margin, logistic regression");

        private final String label;

        Reading(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    static CorrectnessScores of(
            Subject.About about,
            List<AnswerRow> answers,
            List<StoredText> texts,
            StudySettings settings) {
        CorrectnessData data = CorrectnessData.of(answers, texts);
        boolean enough = data.fewer() >= FEWEST;
        return new CorrectnessScores(
                about,
                data,
                enough ? readings(data, settings) : Map.of(),
                enough && settings.preset() != Preset.PAPER
                        ? Optional.of(shuffled(data, settings.seed()))
                        : Optional.empty(),
                Resamples.of(data.questions(), Resampling.withinStrata(data.labels()), settings));
    }

    private static Map<Reading, double[]> readings(CorrectnessData data, StudySettings settings) {
        LabelledData profiles = data.ofProfiles();
        boolean paper = settings.preset() == Preset.PAPER;
        List<Fold> folds =
                paper
                        ? Folds.stratified(data.labels(), FOLDS, settings.seed())
                        : grouped(profiles, settings.seed());
        Map<Reading, double[]> readings = new EnumMap<>(Reading.class);
        readings.put(
                Reading.PROFILE_NEIGHBOURS,
                learnt(profiles, folds, new NearestNeighbours(NEIGHBOURS)));
        if (!paper) {
            readings.put(Reading.PROFILE_LOGISTIC, learnt(profiles, folds, LOGISTIC));
            readings.put(Reading.LAST_ENTROPY, data.sureness());
            readings.put(Reading.MARGIN, data.margins());
            readings.put(
                    Reading.PROFILE_AND_MARGIN,
                    learnt(data.ofProfilesAndMargins(), folds, LOGISTIC));
        }
        return readings;
    }

    private static List<Fold> grouped(LabelledData data, long seed) {
        return Folds.stratifiedGroups(data.labels(), data.groups(), FOLDS, seed);
    }

    /// The probability of a right answer, from the fold that tests it.
    private static double[] learnt(LabelledData data, List<Fold> folds, Learner learner) {
        return Arrays.stream(CrossValidation.probabilities(data, folds, learner))
                .mapToDouble(row -> row[1])
                .toArray();
    }

    private static Interval shuffled(CorrectnessData data, long seed) {
        double[] found = new double[SHUFFLES];
        for (int i = 0; i < SHUFFLES; i++) {
            LabelledData labelled =
                    data.ofProfiles().withLabels(Shuffles.all(data.labels(), seed + i));
            double[] scores = learnt(labelled, grouped(labelled, seed), LOGISTIC);
            boolean[] positive = new boolean[scores.length];
            for (int row = 0; row < positive.length; row++) {
                positive[row] = labelled.labels()[row] == 1;
            }
            found[i] = Scores.auc(scores, positive);
        }
        return new Interval(
                Arrays.stream(found).average().orElseThrow(),
                Quantiles.linear(found, (1 - Intervals.LEVEL) / 2),
                Quantiles.linear(found, (1 + Intervals.LEVEL) / 2),
                Intervals.LEVEL);
    }

    boolean enough() {
        return !readings.isEmpty();
    }

    /// Area under the ROC curve of a reading.
    Interval auroc(Reading reading) {
        return resamples.interval(chosen -> auroc(reading, chosen));
    }

    /// How much more one reading has than another, on the same questions.
    Interval difference(Reading more, Reading less) {
        return resamples.interval(chosen -> auroc(more, chosen) - auroc(less, chosen));
    }

    private double auroc(Reading reading, int[] chosen) {
        double[] values = readings.getOrDefault(reading, new double[0]);
        double[] scores = new double[chosen.length];
        boolean[] positive = new boolean[chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            scores[i] = values[chosen[i]];
            positive[i] = data.right()[chosen[i]];
        }
        return Scores.auc(scores, positive);
    }

    List<Verdict> verdicts() {
        if (!enough()) {
            return List.of(tooFew());
        }
        return readings.containsKey(Reading.MARGIN)
                ? List.of(tellsApart(), moreThanMargin())
                : List.of(tellsApart());
    }

    private Verdict tooFew() {
        return verdict(
                "(v2) the profile tells right answers from wrong ones",
                Outcome.UNDECIDED,
                "AUROC of the profile",
                new Interval(Double.NaN, Double.NaN, Double.NaN, Intervals.LEVEL),
                0.5,
                "Only %d of %d answers are %s; at least %d of either kind are needed."
                        .formatted(
                                data.fewer(),
                                data.questions(),
                                2 * data.rights() < data.questions() ? "right" : "wrong",
                                FEWEST));
    }

    private Verdict tellsApart() {
        Interval interval = auroc(Reading.PROFILE_NEIGHBOURS);
        return verdict(
                "(v2) the profile tells right answers from wrong ones",
                Verdict.above(0.5, interval.low(), interval.high()),
                "AUROC of right against wrong, 29 nearest neighbours",
                interval,
                0.5,
                "Of %d questions, %d are answered right; a right answer looks more like right ones than a wrong answer does in %.0f %% of pairs."
                        .formatted(data.questions(), data.rights(), 100 * interval.estimate()));
    }

    private Verdict moreThanMargin() {
        Interval interval = difference(Reading.PROFILE_LOGISTIC, Reading.MARGIN);
        return verdict(
                "(v2) the profile tells more than the answer margin does",
                Verdict.above(0, interval.low(), interval.high()),
                "AUROC of the profile by logistic regression less AUROC of the margin alone",
                interval,
                0,
                "The profile has %.2f, the margin of the answer's logit alone %.2f, the last layer's entropy alone %.2f."
                        .formatted(
                                auroc(Reading.PROFILE_LOGISTIC).estimate(),
                                auroc(Reading.MARGIN).estimate(),
                                auroc(Reading.LAST_ENTROPY).estimate()));
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
                sentence);
    }
}
