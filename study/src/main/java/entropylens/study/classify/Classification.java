package entropylens.study.classify;

import entropylens.study.statistics.CrossValidation;
import entropylens.study.statistics.Fold;
import entropylens.study.statistics.Interval;
import entropylens.study.statistics.LabelledData;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

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

    /// The same beside labels that are shuffled in place.
    ///
    /// @param shuffles how many times the labels are shuffled; each time all is learnt again, but
    ///   for nearest neighbours
    public Reading readWithNull(
            String name,
            double[][] features,
            Classifiers.Reader reader,
            Scheme scheme,
            int shuffles) {
        return readWithNull(name, features, reader, scheme, Shuffling.IN_PLACE, shuffles);
    }

    /// The same beside shuffled labels. The interval holds what the folds add to the spread.
    public Reading readWithNull(
            String name,
            double[][] features,
            Classifiers.Reader reader,
            Scheme scheme,
            Shuffling shuffling,
            int shuffles) {
        BiFunction<Cases, Scheme, double[][]> read =
                reader.neighbours().isPresent()
                        ? votes(features, reader.neighbours().getAsInt(), scheme)
                        : (labelled, folds) -> probabilities(labelled, features, reader, folds);
        return reading(
                name,
                reader,
                scheme,
                read.apply(cases, scheme),
                Optional.of(
                        shuffled(
                                shuffles,
                                shuffling,
                                labelled ->
                                        read.apply(labelled, shuffling.folds(labelled, scheme)))));
    }

    /// Neighbours are looked for once where the folds stay.
    private BiFunction<Cases, Scheme, double[][]> votes(double[][] features, int k, Scheme scheme) {
        NeighbourVotes own = new NeighbourVotes(features, scheme, k);
        return (labelled, folds) ->
                (folds == scheme ? own : new NeighbourVotes(features, folds, k))
                        .probabilities(labelled.labels(), cases.classes().size());
    }

    private double[][] probabilities(
            Cases labelled, double[][] features, Classifiers.Reader reader, Scheme scheme) {
        LabelledData data =
                new LabelledData(
                        features, labelled.labels(), cases.classes().size(), scheme.groups());
        return CrossValidation.probabilities(data, scheme.folds(), reader.learner());
    }

    private ShuffledNull shuffled(
            int shuffles, Shuffling shuffling, Function<Cases, double[][]> probabilities) {
        int[] once = new int[cases.rows()];
        Arrays.fill(once, 1);
        double[] aucs = new double[shuffles];
        double[] variances = new double[shuffles];
        IntStream.range(0, shuffles)
                .parallel() // each has a seed of its own
                .forEach(i -> {
                    Cases labelled = shuffling.labels(cases, SHUFFLE_SEEDS * seed + i);
                    WeightedScores scores =
                            new WeightedScores(probabilities.apply(labelled), labelled.labels());
                    aucs[i] = scores.auc(once);
                    variances[i] = scores.varianceOverGroups(cases.groups());
                });
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

    /// The interval over groups of any statistic of the rows, by how often each counts. It may be
    /// NaN where a class is not drawn; such draws are made again.
    public Interval interval(ToDoubleFunction<int[]> statistic) {
        return bootstrap.interval(statistic);
    }

    /// One reading held beside another one of the same folds.
    public Comparison compare(Reading first, Reading second) {
        WeightedScores one = new WeightedScores(first.probabilities(), first.labels());
        WeightedScores other = new WeightedScores(second.probabilities(), second.labels());
        Interval difference = bootstrap.interval(weights -> one.auc(weights) - other.auc(weights));
        return Comparison.of(first, second, difference);
    }
}
