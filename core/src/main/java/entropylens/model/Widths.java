package entropylens.model;

/// Bounds of sizes.
final class Widths {
    /// Fused projections have some widths side by side, and their sum must be an int.
    static final int MAX = 1 << 28;

    private Widths() {}

    static void requirePositive(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " must be positive, but is " + value);
        }
    }
}
