package entropylens.kernels;

/// An operator on rows of activations, applied by a [Backend]: `out[r] = W x[r] + bias`. How W is
/// kept is the operator's own affair.
public sealed interface Projection permits Linear, Adapted, Scaled {
    /// Width of what it takes.
    int inputs();

    /// Width of what it gives.
    int outputs();

    /// Whether a bias is added.
    boolean biased();

    /// Bytes of weights that are read when it is applied to one row.
    long bytes();

    /// The outputs `[from, to)` as an operator of their own, sharing the memory: fused projections
    /// are cut so.
    Projection outputs(int from, int to);
}
