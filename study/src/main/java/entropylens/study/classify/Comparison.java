package entropylens.study.classify;

import entropylens.study.statistics.Interval;
import entropylens.study.statistics.PairedTests;
import entropylens.study.statistics.SignedRanks;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Whether one reading tells the classes apart better than another one of the same folds. The tests
/// are two-sided, on the AUCs of the folds.
///
/// @param first one reading
/// @param second the other
/// @param difference AUC of the first less that of the second, rows of all folds together; interval
///   over groups
/// @param pairedT p of Student's t-test over folds, as in the paper; it finds too much, since folds
///   share training rows
/// @param correctedT p of the same with Nadeau and Bengio's correction for that
/// @param signedRanks p of Wilcoxon's signed-rank test
public record Comparison(
        Reading first,
        Reading second,
        Interval difference,
        double pairedT,
        double correctedT,
        double signedRanks) {
    static Comparison of(Reading first, Reading second, Interval difference) {
        int[] both =
                IntStream.range(0, first.foldAucs().length)
                        .filter(fold ->
                                !Double.isNaN(first.foldAucs()[fold])
                                        && !Double.isNaN(second.foldAucs()[fold]))
                        .toArray();
        double[] a = pick(first.foldAucs(), both);
        double[] b = pick(second.foldAucs(), both);
        if (both.length < 2) {
            return new Comparison(first, second, difference, 1, 1, 1);
        }
        double ranks = SignedRanks.wilcoxon(a, b).pValue();
        double[] differences = IntStream.range(0, a.length).mapToDouble(i -> a[i] - b[i]).toArray();
        if (sameInEveryFold(differences)) {
            // without spread there is nothing for t to measure by
            return new Comparison(first, second, difference, ranks, ranks, ranks);
        }
        double corrected = PairedTests.correctedT(differences, first.testToTrain()).pValue();
        return new Comparison(
                first, second, difference, PairedTests.pairedT(a, b).pValue(), corrected, ranks);
    }

    private static boolean sameInEveryFold(double[] differences) {
        return Arrays.stream(differences).allMatch(d -> d == differences[0]);
    }

    private static double[] pick(double[] values, int[] chosen) {
        return Arrays.stream(chosen).mapToDouble(i -> values[i]).toArray();
    }
}
