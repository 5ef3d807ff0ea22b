package entropylens.study.classify;

import entropylens.study.statistics.CrossValidation;
import entropylens.study.statistics.Fold;
import entropylens.study.statistics.Interval;
import entropylens.study.statistics.LabelledData;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/// Reads features of cases, and says how well the classes are told apart. The same seed gives the
/// same figures.
public final class Classification {
    /// Runs of neighbouring seeds share no shuffle.
    private static final long SHUFFLE_SEEDS = 1_000_003;

    private final Cases cases;
    private final GroupBootstrap bootstrap;
    private final long seed;

    /// @param draws of the bootstrap over groups
    /// @param level of the intervals, as 0.95
    public Classification(Cases cases, int draws, double level, long seed) {
        this.cases = cases;
        this.bootstrap = new GroupBootstrap(cases.groups(), draws, level, seed);
        this.seed = seed;
    }

    public Cases cases() {
        return cases;
    }

    /// Learns on the training side of every fold and scores the other. The interval is that of
    /// testing, given the folds.
    ///
    /// @param name of the features, in the report
    public Reading read(
            String name, double[][] features, Classifiers.Reader reader, Scheme scheme) {
        return reading(
                name,
                reader,
                scheme,
                probabilities(cases, features, reader, scheme),
                Optional.empty());
    }

    /// The same beside shuffled labels. The interval holds what the folds add to the spread.
    ///
    /// @param shuffles how many times the labels are shuffled; each time all is learnt again, but
    ///   for nearest neighbours
    public Reading readWithNull(
            String name,
            double[][] features,
            Classifiers.Reader reader,
            Scheme scheme,
            int shuffles) {
        return reader.neighbours().isPresent()
                ? readVotes(name, features, reader, scheme, shuffles)
                : reading(
                        name,
                        reader,
                        scheme,
                        probabilities(cases, features, reader, scheme),
                        Optional.of(
                                shuffled(
                                        shuffles,
                                        labelled ->
                                                probabilities(
                                                        labelled, features, reader, scheme))));
    }

    private Reading readVotes(
            String name,
            double[][] features,
            Classifiers.Reader reader,
            Scheme scheme,
            int shuffles) {
        NeighbourVotes votes = new NeighbourVotes(features, scheme, reader.neighbours().getAsInt());
        Function<Cases, double[][]> counted =
                labelled -> votes.probabilities(labelled.labels(), cases.classes().size());
        return reading(
                name,
                reader,
                scheme,
                counted.apply(cases),
                Optional.of(shuffled(shuffles, counted)));
    }

    private double[][] probabilities(
            Cases labelled, double[][] features, Classifiers.Reader reader, Scheme scheme) {
        LabelledData data =
                new LabelledData(
                        features, labelled.labels(), cases.classes().size(), scheme.groups());
        return CrossValidation.probabilities(data, scheme.folds(), reader.learner());
    }

    private ShuffledNull shuffled(int shuffles, Function<Cases, double[][]> probabilities) {
        int[] once = new int[cases.rows()];
        Arrays.fill(once, 1);
        double[] aucs = new double[shuffles];
        double[] variances = new double[shuffles];
        for (int i = 0; i < shuffles; i++) {
            Cases labelled = cases.shuffled(SHUFFLE_SEEDS * seed + i);
            WeightedScores scores =
                    new WeightedScores(probabilities.apply(labelled), labelled.labels());
            aucs[i] = scores.auc(once);
            variances[i] = scores.varianceOverGroups(cases.groups());
        }
        return ShuffledNull.of(aucs, variances);
    }

    private Reading reading(
            String name,
            Classifiers.Reader reader,
            Scheme scheme,
            double[][] probabilities,
            Optional<ShuffledNull> shuffled) {
        WeightedScores scores = new WeightedScores(probabilities, cases.labels());
        Interval given = bootstrap.interval(scores::auc);
        return new Reading(
                name,
                reader.name(),
                scheme.name(),
                shuffled.map(found -> found.widened(given)).orElse(given),
                bootstrap.interval(scores::accuracy),
                foldAucs(scores, scheme, cases.rows()),
                cases.labels(),
                probabilities,
                scheme.testToTrain(),
                shuffled);
    }

    private static double[] foldAucs(WeightedScores scores, Scheme scheme, int rows) {
        return scheme.folds().stream()
                .map(Fold::test)
                .mapToDouble(test -> scores.auc(weights(test, rows)))
                .toArray();
    }

    private static int[] weights(int[] chosen, int rows) {
        int[] weights = new int[rows];
        Arrays.stream(chosen).forEach(row -> weights[row] = 1);
        return weights;
    }

    /// The AUC of some of the rows of a reading, such as those of one variant.
    public Interval aucOf(Reading reading, boolean[] chosen) {
        WeightedScores scores = new WeightedScores(reading.probabilities(), reading.labels());
        return bootstrap.interval(weights -> {
            int[] kept = weights.clone();
            for (int row = 0; row < kept.length; row++) {
                kept[row] = chosen[row] ? kept[row] : 0;
            }
            return scores.auc(kept);
        });
    }

    /// One reading held beside another one of the same folds.
    public Comparison compare(Reading first, Reading second) {
        WeightedScores one = new WeightedScores(first.probabilities(), first.labels());
        WeightedScores other = new WeightedScores(second.probabilities(), second.labels());
        Interval difference = bootstrap.interval(weights -> one.auc(weights) - other.auc(weights));
        return Comparison.of(first, second, difference);
    }
}
