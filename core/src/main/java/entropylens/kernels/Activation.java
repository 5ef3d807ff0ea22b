package entropylens.kernels;

/// Element-wise functions between the two projections of an MLP.
public enum Activation {
    /// `x · sigmoid(x)`.
    SILU,
    /// `½ x (1 + tanh(√(2/π) (x + 0.044715 x³)))`, Hugging Face's `gelu_new` and
    /// `gelu_pytorch_tanh`.
    GELU_TANH,
    /// `½ x (1 + erf(x / √2))`, Hugging Face's `gelu`.
    GELU_ERF,
    /// `max(0, x)`.
    RELU,
    /// `max(0, x)²`, Hugging Face's `relu2`.
    RELU_SQUARED;

    /// `√(8/π)`: GELU's tanh form is `x · sigmoid(√(8/π) (x + 0.044715 x³))`.
    static final double GELU_SLOPE = Math.sqrt(8 / Math.PI);

    /// The value in float64, which the kernels approximate in float32.
    double of(double x) {
        return switch (this) {
            case SILU -> x / (1 + Math.exp(-x));
            case GELU_TANH -> x / (1 + Math.exp(-GELU_SLOPE * (x + 0.044715 * x * x * x)));
            case GELU_ERF -> x * ErrorFunction.normalCdf(x);
            case RELU -> Math.max(0, x);
            case RELU_SQUARED -> Math.max(0, x) * Math.max(0, x);
        };
    }

    /// The derivative in float64; 0 where there is a corner.
    public double slope(double x) {
        return switch (this) {
            case SILU -> slopeOfGated(x, x, 1);
            case GELU_TANH ->
                    slopeOfGated(
                            x,
                            GELU_SLOPE * (x + 0.044715 * x * x * x),
                            GELU_SLOPE * (1 + 3 * 0.044715 * x * x));
            case GELU_ERF ->
                    ErrorFunction.normalCdf(x) + x * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
            case RELU -> x > 0 ? 1 : 0;
            case RELU_SQUARED -> 2 * Math.max(0, x);
        };
    }

    /// Of `x · sigmoid(u)`.
    ///
    /// @param slope of u by x
    private static double slopeOfGated(double x, double u, double slope) {
        double open = 1 / (1 + Math.exp(-u));
        return open + x * open * (1 - open) * slope;
    }
}
