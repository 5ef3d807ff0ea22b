package entropylens.model;

/// A normalisation of rows, before weights are applied.
public sealed interface Norm {
    /// Added to the variance or mean square.
    double eps();

    /// LayerNorm: `(x - mean) / √(variance + eps) · w + b`.
    record Layer(double eps) implements Norm {}

    /// RMSNorm: `x / √(mean(x²) + eps) · w`.
    record Rms(double eps) implements Norm {}
}
