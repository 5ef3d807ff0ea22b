package entropylens.study.families;

import entropylens.study.report.Evidence;
import entropylens.study.report.Outcome;
import entropylens.study.report.Verdict;
import entropylens.study.statistics.Arrangements;
import entropylens.study.statistics.GroupDistances;
import entropylens.study.statistics.Interval;
import entropylens.study.statistics.Permuted;
import entropylens.study.workbench.SmallestEffects;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Verdicts;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// What profiles say of claim (ii). Models are the units: texts of one model say nothing of its
/// family that other texts of it do not. So p comes from exchanging the families of whole models,
/// and where even the best exchange is not rare, nothing can be concluded.
///
/// @param trained the profiles of trained models
/// @param twins those of their untrained twins
record FamilyVerdicts(FamilyProfiles trained, FamilyProfiles twins, StudySettings settings) {
    private static final String CLOSER =
            "(ii) over relative depth, profiles of a family are closer than those of others";
    private static final String CLOSER_EFFECT =
            "distance between families less distance within, nats (root mean square over depth)";
    private static final String CLOSER_PAPER =
            "profiles of a family align over l / L (arXiv 2502.16570, abstract); no figure given";
    private static final String RECOGNISED =
            "(ii) a model's family is recognised by models of other depths";
    private static final String RECOGNISED_EFFECT =
            "share of texts whose family is recognised when their whole model is left out";
    private static final String RECOGNISED_PAPER =
            "a t-SNE map shows families apart (arXiv 2502.16570); no figure given";
    private static final String ALL = "all models";
    private static final String FIFTHS = "fifths of the texts";
    private static final String EXCHANGED = "families exchanged between models";

    List<Verdict> all() {
        if (!trained.canCompare()) {
            return notTestable(
                    "Needs two families of %d models each, or three of %d each; name them with several --model."
                            .formatted(modelsNeeded(2), modelsNeeded(3)),
                    models().withSmallest(SmallestEffects.DISTANCE, Double.NaN),
                    models());
        }
        double smallest = Arrangements.smallestP(trained.familyOfModel());
        if (smallest >= Verdict.ALPHA) {
            Permuted closer = trained.closer(trained.rescaled(), settings);
            Permuted recognised = recognised(trained);
            return notTestable(
                    "With these %d models no test can have a p below %.2f: so many ways of exchanging their families group them alike. Two families take %d models each; three take %d each. Distance within families %.2f nats, between %.2f; recognised %.0f %%, by chance %.0f %%."
                            .formatted(
                                    trained.modelCount(),
                                    smallest,
                                    modelsNeeded(2),
                                    modelsNeeded(3),
                                    distances().within(),
                                    distances().between(),
                                    100 * recognised.statistic(),
                                    100 * recognised.mean()),
                    ofCloser(closer, Double.NaN),
                    ofRecognised(recognised, comparableTwins().map(this::recognised), Double.NaN));
        }
        return List.of(closer(), recognised());
    }

    private static List<Verdict> notTestable(String why, Evidence closer, Evidence recognised) {
        return List.of(
                new Verdicts(Families.ID, ALL, 0, CLOSER_PAPER)
                        .notTestable(CLOSER, CLOSER_EFFECT, why, closer),
                new Verdicts(Families.ID, ALL, 0.5, RECOGNISED_PAPER)
                        .notTestable(RECOGNISED, RECOGNISED_EFFECT, why, recognised));
    }

    private Evidence models() {
        return Evidence.of(trained.modelCount(), "models");
    }

    /// What a distance rests on, but for its p. What is drawn are the texts: up to 20,000 exchanges
    /// of families are all taken, so there is no seed of theirs that could move anything.
    ///
    /// @param detectable NaN where no difference is
    private Evidence ofCloser(Permuted test, double detectable) {
        return withTwin(models(), ofTwins())
                .withNull(test.mean())
                .withSmallest(SmallestEffects.DISTANCE, detectable)
                .withSeeds(
                        FIFTHS,
                        trained.fifths().stream()
                                .mapToDouble(some -> some.distances(some.rescaled()).difference())
                                .toArray());
    }

    /// The same of recognition.
    private Evidence ofRecognised(Permuted test, Optional<Permuted> ofTwins, double detectable) {
        return withTwin(models(), ofTwins.map(Permuted::statistic))
                .withNull(test.mean())
                .withSmallest(test.mean() + SmallestEffects.RECOGNITION, test.mean() + detectable)
                .withSeeds(
                        FIFTHS,
                        trained.fifths().stream()
                                .map(some -> some.recognisedByModel(some.rescaled()))
                                .mapToDouble(
                                        shares -> Arrays.stream(shares).average().orElseThrow())
                                .toArray());
    }

    private static Evidence withTwin(Evidence evidence, Optional<Double> figure) {
        return figure.map(evidence::withTwin)
                .orElseGet(() -> evidence.withoutTwin("too few twins to compare"));
    }

    /// How many models each of so many families must have for a p below the level to exist.
    static int modelsNeeded(int families) {
        return IntStream.iterate(2, each -> each + 1)
                .filter(each ->
                        Arrangements.smallestP(
                                        IntStream.range(0, families * each)
                                                .map(model -> model % families)
                                                .toArray())
                                < Verdict.ALPHA)
                .findFirst()
                .orElseThrow();
    }

    private GroupDistances distances() {
        return trained.distances(trained.rescaled());
    }

    private Verdict closer() {
        double[][] rows = trained.rescaled();
        Interval interval = trained.difference(rows);
        Permuted test = trained.closer(rows, settings);
        double worth = SmallestEffects.DISTANCE;
        return verdict(
                CLOSER,
                outcome(
                        test,
                        interval,
                        worth,
                        comparableTwins().map(found -> found.closer(found.rescaled(), settings))),
                CLOSER_EFFECT,
                interval,
                0,
                CLOSER_PAPER,
                "%.2f nats within families, %.2f between, over %d models; exchanging the families gives a difference of %.2f on average."
                        .formatted(
                                distances().within(),
                                distances().between(),
                                trained.modelCount(),
                                test.mean()),
                ofCloser(test, interval.detectable()).withTest(EXCHANGED, test.pValue()));
    }

    private Optional<FamilyProfiles> comparableTwins() {
        return Optional.of(twins).filter(found -> found.modelCount() > 0 && found.canCompare());
    }

    private Optional<Double> ofTwins() {
        return comparableTwins().map(found -> found.distances(found.rescaled()).difference());
    }

    private Permuted recognised(FamilyProfiles profiles) {
        return profiles.recognised(profiles.rescaled(), settings);
    }

    private Verdict recognised() {
        Permuted test = recognised(trained);
        Optional<Permuted> ofTwins = comparableTwins().map(this::recognised);
        Interval interval = trained.recognisedOverModels(trained.rescaled());
        double worth = test.mean() + SmallestEffects.RECOGNITION;
        return verdict(
                RECOGNISED,
                outcome(test, interval, worth, ofTwins),
                RECOGNISED_EFFECT,
                interval,
                test.mean(),
                RECOGNISED_PAPER,
                "%d nearest neighbours among the texts of the other models, a family's votes divided by the number of its texts there; recognised %.0f %% of texts by model (%s), where families exchanged between models give %.0f %%."
                        .formatted(
                                FamilyProfiles.NEIGHBOURS,
                                100 * interval.estimate(),
                                byModel(),
                                100 * test.mean()),
                ofRecognised(test, ofTwins, interval.detectable())
                        .withTest(EXCHANGED, test.pValue()));
    }

    private String byModel() {
        double[] shares = trained.recognisedByModel(trained.rescaled());
        return "%.0f to %.0f %%"
                .formatted(
                        100 * Arrays.stream(shares).min().orElseThrow(),
                        100 * Arrays.stream(shares).max().orElseThrow());
    }

    /// The exchange of families decides what is found; the interval over models, what is not there.
    ///
    /// @param ofTwins the same test of the untrained twins: what they show, training did not make
    private static Outcome outcome(
            Permuted test, Interval interval, double worth, Optional<Permuted> ofTwins) {
        if (test.pValue() < Verdict.ALPHA && interval.estimate() >= worth) {
            boolean twinsToo =
                    ofTwins.filter(twin ->
                                    twin.pValue() < Verdict.ALPHA && twin.statistic() >= worth)
                            .isPresent();
            return twinsToo ? Outcome.BY_CONSTRUCTION : Outcome.SUPPORTED;
        }
        return interval.high() < worth ? Outcome.NO_EFFECT : Outcome.UNDECIDED;
    }

    private static Verdict verdict(
            String claim,
            Outcome outcome,
            String effect,
            Interval interval,
            double threshold,
            String paper,
            String sentence,
            Evidence evidence) {
        return new Verdicts(Families.ID, ALL, threshold, paper)
                .of(claim, outcome, effect, interval, sentence, evidence);
    }
}
