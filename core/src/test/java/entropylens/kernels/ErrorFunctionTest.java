package entropylens.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.Worst;
import org.junit.jupiter.api.Test;

class ErrorFunctionTest {
    /// Relative: worst seen 3.4e-14 (x = -2.9999, by cancellation); doubled.
    static final double NORMAL_CDF = 7e-14;

    /// `x, Φ(x)`: `erfc(-x / sqrt(2)) / 2` with mpmath 1.3.0 at 40 digits.
    private static final double[][] REFERENCE = {
        {-37.5, 4.605353009581954844e-308},
        {-20.0, 2.753624118606233695e-89},
        {-8.0, 6.220960574271784124e-16},
        {-6.0, 9.865876450376981407e-10},
        {-5.0, 2.866515718791939117e-7},
        {-4.0, 0.00003167124183311992125},
        {-3.5, 0.0002326290790355250363},
        {-3.0001, 0.001349454913260717171},
        {-3.0, 0.001349898031630094527},
        {-2.9999, 0.001350341282954924906},
        {-2.0, 0.0227501319481792072},
        {-1.0, 0.1586552539314570514},
        {-0.5, 0.3085375387259868964},
        {-0.001, 0.4996010577860889374},
        {-1e-10, 0.499999999960105772},
        {0.0, 0.5},
        {1e-10, 0.500000000039894228},
        {0.001, 0.5003989422139110626},
        {0.5, 0.6914624612740131036},
        {1.0, 0.8413447460685429486},
        {2.0, 0.9772498680518207928},
        {2.9999, 0.9986496587170450751},
        {3.0, 0.9986501019683699055},
        {3.0001, 0.9986505450867392828},
        {4.0, 0.9999683287581668801},
        {5.0, 0.9999997133484281208},
        {6.0, 0.999999999013412355},
        {8.0, 0.9999999999999993779},
        {20.0, 1.0},
    };

    @Test
    void theNormalDistributionAgreesWithMpmath() {
        Worst worst = new Worst("normalCdf (relative)");
        for (double[] pair : REFERENCE) {
            double error = (ErrorFunction.normalCdf(pair[0]) - pair[1]) / pair[1];
            worst.see(error, () -> "x = " + pair[0]);
        }
        worst.requireWithin(NORMAL_CDF);
    }

    @Test
    void theFarTailsAreZeroAndOne() {
        assertThat(ErrorFunction.normalCdf(-100)).isZero();
        assertThat(ErrorFunction.normalCdf(100)).isEqualTo(1);
        assertThat(ErrorFunction.normalCdf(Double.NEGATIVE_INFINITY)).isZero();
        assertThat(ErrorFunction.normalCdf(Double.POSITIVE_INFINITY)).isEqualTo(1);
        assertThat(ErrorFunction.normalCdf(Double.NaN)).isNaN();
    }

    @Test
    void theNormalDistributionNeverFalls() {
        double before = 0;
        for (int i = -8000; i <= 8000; i++) {
            double now = ErrorFunction.normalCdf(i / 1000.0);
            assertThat(now).isGreaterThanOrEqualTo(before);
            before = now;
        }
    }
}
