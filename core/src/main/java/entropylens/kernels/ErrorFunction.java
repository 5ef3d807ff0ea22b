package entropylens.kernels;

/// The normal distribution function, for GELU.
final class ErrorFunction {
    private ErrorFunction() {}

    /// `Φ(x) = ½ (1 + erf(x / √2))`, by its Taylor series near 0 (`Φ(x) = ½ + φ(x)(x + x³/3 + x⁵/15
    /// + …)`) and by Lentz's continued fraction in the tail; Abramowitz and Stegun 26.2.11 and
    ///   26.2.14. Relative error below 1e-13, on both sides; the worst is the cancellation above
    ///   -3.
    static double normalCdf(double x) {
        double magnitude = Math.abs(x);
        if (magnitude > 38) {
            return x > 0 ? 1 : 0;
        }
        double density = Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
        if (magnitude < 3) {
            return 0.5 + density * series(x);
        }
        double tail = density / fraction(magnitude);
        return x > 0 ? 1 - tail : tail;
    }

    private static double series(double x) {
        double term = x;
        double sum = x;
        for (int n = 3; Math.abs(term) > 1e-18; n += 2) {
            term *= x * x / n;
            sum += term;
        }
        return sum;
    }

    private static double fraction(double x) {
        double value = x;
        for (int n = 120; n >= 1; n--) {
            value = x + n / value;
        }
        return value;
    }
}
