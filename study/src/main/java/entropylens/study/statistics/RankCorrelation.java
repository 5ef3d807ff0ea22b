package entropylens.study.statistics;

import java.util.Arrays;
import java.util.OptionalDouble;
import org.hipparchus.stat.correlation.SpearmansCorrelation;

/// Whether two series rise and fall together.
public final class RankCorrelation {
    private RankCorrelation() {}

    /// Spearman's rank correlation, from -1 to 1; tied values share the mean of their ranks. Empty
    /// when one side is constant, since its ranks then say nothing.
    public static OptionalDouble spearman(double[] a, double[] b) {
        Require.paired(a, b, 2, "Spearman correlation");
        return isConstant(a) || isConstant(b)
                ? OptionalDouble.empty()
                : OptionalDouble.of(new SpearmansCorrelation().correlation(a, b));
    }

    private static boolean isConstant(double[] values) {
        return Arrays.stream(values).allMatch(value -> value == values[0]);
    }
}
