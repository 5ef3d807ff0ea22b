package entropylens.kernels;

/// xIELU (Huang and Schlag 2024, arXiv 2411.13010), an activation whose slopes are learned: above 0
/// `positive · x² + beta · x`, elsewhere `negative · (e^min(x, limit) − 1 − x) + beta · x`.
///
/// @param limit just below 0
public record Xielu(float positive, float negative, float beta, float limit) {
    /// The value in float64, which the kernels approximate in float32.
    double of(double x) {
        double curve = x > 0 ? positive * x * x : negative * (Math.expm1(Math.min(x, limit)) - x);
        return curve + beta * x;
    }
}
