package entropylens.cli;

/// Names of statistics, shared by JSON keys and CSV columns.
final class Names {
    private Names() {}

    /// The order of a Rényi entropy: `0.5`, `2`, `inf`.
    static String order(double alpha) {
        if (Double.isInfinite(alpha)) {
            return "inf";
        }
        return alpha == Math.rint(alpha) ? Long.toString((long) alpha) : Double.toString(alpha);
    }
}
