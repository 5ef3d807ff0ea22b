package entropylens.study.classify;

import entropylens.study.statistics.CrossValidation;
import entropylens.study.statistics.Fold;
import entropylens.study.statistics.Interval;
import entropylens.study.statistics.LabelledData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reads features of cases, and says how well the classes are told apart. The same seed gives the
/// same figures.
public final class Classification {
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

    /// Learns on the training side of every fold and scores the other.
    ///
    /// @param name of the features, in the report
    public Reading read(String name, double[][] features, Readers.Reader reader, Scheme scheme) {
        return read(cases, name, features, reader, scheme);
    }

    /// The same with shuffled labels: what is found in them is found by chance.
    public Reading readShuffled(
            String name, double[][] features, Readers.Reader reader, Scheme scheme) {
        return read(cases.shuffled(seed), name, features, reader, scheme);
    }

    private Reading read(
            Cases labelled,
            String name,
            double[][] features,
            Readers.Reader reader,
            Scheme scheme) {
        LabelledData data =
                new LabelledData(
                        features, labelled.labels(), cases.classes().size(), scheme.groups());
        double[][] probabilities =
                CrossValidation.probabilities(data, scheme.folds(), reader.learner());
        WeightedScores scores = new WeightedScores(probabilities, labelled.labels());
        return new Reading(
                name,
                reader.name(),
                scheme.name(),
                bootstrap.interval(scores::auc),
                bootstrap.interval(scores::accuracy),
                foldAucs(scores, scheme, cases.rows()),
                labelled.labels(),
                probabilities,
                scheme.testToTrain());
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

    /// One reading held beside others of the same folds; p-values corrected over all pairs.
    public List<Comparison> compare(List<Reading> firsts, List<Reading> seconds) {
        List<Comparison> pairs = new ArrayList<>();
        for (int i = 0; i < firsts.size(); i++) {
            pairs.add(compare(firsts.get(i), seconds.get(i)));
        }
        return Comparison.corrected(pairs);
    }

    private Comparison compare(Reading first, Reading second) {
        WeightedScores one = new WeightedScores(first.probabilities(), first.labels());
        WeightedScores other = new WeightedScores(second.probabilities(), second.labels());
        Interval difference = bootstrap.interval(weights -> one.auc(weights) - other.auc(weights));
        return Comparison.of(first, second, difference);
    }
}
