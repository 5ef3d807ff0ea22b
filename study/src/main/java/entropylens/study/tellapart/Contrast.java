package entropylens.study.tellapart;

import entropylens.study.classify.Classification;
import entropylens.study.classify.Classifiers;
import entropylens.study.classify.Comparison;
import entropylens.study.classify.Reading;
import entropylens.study.classify.Scheme;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/// A comparison of two readings that can be made anew: on the untrained twin's texts, or in folds
/// of other seeds.
///
/// @param found the comparison
/// @param first the features of its first reading
/// @param firstReader who reads them
/// @param second the features of its second reading
/// @param folds its folds, by seed; of the run's seed those of `found`
record Contrast(
        Comparison found,
        Function<ClassFeatures, double[][]> first,
        Classifiers.Reader firstReader,
        Function<ClassFeatures, double[][]> second,
        Classifiers.Reader secondReader,
        LongFunction<Scheme> folds) {
    /// What the hardest of several comparisons is elsewhere.
    ///
    /// @param twin the same comparison of the untrained twin's texts, where there is a twin
    /// @param overSeeds the same difference in folds of other seeds
    record Elsewhere(Optional<Comparison> twin, double[] overSeeds) {}

    /// The comparison in which the first reading gains least.
    static Contrast hardest(List<Contrast> contrasts) {
        return contrasts.stream()
                .min(Comparator.comparingDouble(each -> each.found.difference().estimate()))
                .orElseThrow();
    }

    static List<Comparison> found(List<Contrast> contrasts) {
        return contrasts.stream().map(Contrast::found).toList();
    }

    /// @param twin the features of its texts, which are on the same prompts in the same order
    /// @param seed the run's
    /// @param seeds how many, from the run's on; 0 where the folds are cut in the order of the
    ///   texts
    Elsewhere elsewhere(
            Classification classification,
            ClassFeatures own,
            Optional<ClassFeatures> twin,
            long seed,
            int seeds) {
        return new Elsewhere(
                twin.map(features -> compare(classification, features, seed)),
                LongStream.range(seed, seed + seeds)
                        .mapToDouble(other -> difference(classification, own, other))
                        .toArray());
    }

    private Comparison compare(Classification classification, ClassFeatures features, long seed) {
        Scheme scheme = folds.apply(seed);
        return classification.compare(
                read(classification, features, first, firstReader, scheme),
                read(classification, features, second, secondReader, scheme));
    }

    private double difference(Classification classification, ClassFeatures features, long seed) {
        Scheme scheme = folds.apply(seed);
        return read(classification, features, first, firstReader, scheme).auc().estimate()
                - read(classification, features, second, secondReader, scheme).auc().estimate();
    }

    private static Reading read(
            Classification classification,
            ClassFeatures features,
            Function<ClassFeatures, double[][]> which,
            Classifiers.Reader reader,
            Scheme scheme) {
        return classification.read("", which.apply(features), reader, scheme);
    }
}
