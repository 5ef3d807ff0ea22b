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
    private static final String EXCHANGED = "families exchanged between models";

    List<Verdict> all() {
        if (!trained.canCompare()) {
            return notTestable(
                    "Needs at least two families of at least two models each; name them with several --model.");
        }
        double smallest = Arrangements.smallestP(trained.familyOfModel());
        if (smallest >= Verdict.ALPHA) {
            return notTestable(
                    "With these %d models no test can have a p below %.2f: so many ways of exchanging their families group them alike. Two families take %d models each; three take %d each. Distance within families %.2f nats, between %.2f; recognised %.0f %%, by chance %.0f %%."
                            .formatted(
                                    trained.modelCount(),
                                    smallest,
                                    modelsNeeded(2),
                                    modelsNeeded(3),
                                    distances().within(),
                                    distances().between(),
                                    100 * recognised(trained).statistic(),
                                    100 * recognised(trained).mean()));
        }
        return List.of(closer(), recognised());
    }

    private static List<Verdict> notTestable(String why) {
        return List.of(
                new Verdicts(Families.ID, ALL, 0, CLOSER_PAPER)
                        .notTestable(CLOSER, CLOSER_EFFECT, why),
                new Verdicts(Families.ID, ALL, 0.5, RECOGNISED_PAPER)
                        .notTestable(RECOGNISED, RECOGNISED_EFFECT, why));
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
        Evidence evidence =
                Evidence.of(trained.modelCount(), "models")
                        .withTest(EXCHANGED, test.pValue())
                        .withNull(test.mean())
                        .withTwin(ofTwins())
                        .withSmallest(worth, interval.detectable());
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
                evidence);
    }

    private Optional<FamilyProfiles> comparableTwins() {
        return Optional.of(twins).filter(found -> found.modelCount() > 0 && found.canCompare());
    }

    private double ofTwins() {
        return comparableTwins()
                .map(found -> found.distances(found.rescaled()).difference())
                .orElse(Double.NaN);
    }

    private Permuted recognised(FamilyProfiles profiles) {
        return profiles.recognised(profiles.rescaled(), settings);
    }

    private Verdict recognised() {
        Permuted test = recognised(trained);
        Optional<Permuted> ofTwins = comparableTwins().map(this::recognised);
        Interval interval = trained.recognisedOverModels(trained.rescaled());
        double worth = test.mean() + SmallestEffects.RECOGNITION;
        Evidence evidence =
                Evidence.of(trained.modelCount(), "models")
                        .withTest(EXCHANGED, test.pValue())
                        .withNull(test.mean())
                        .withTwin(ofTwins.map(Permuted::statistic).orElse(Double.NaN))
                        .withSmallest(worth, test.mean() + interval.detectable());
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
                evidence);
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
