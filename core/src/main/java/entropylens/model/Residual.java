package entropylens.model;

/// How the two halves of a block are joined to the residual stream.
public enum Residual {
    /// `mid = x + attention(ln1(x))`, `x = mid + mlp(ln2(mid))`.
    SEQUENTIAL,
    /// `x = x + attention(ln1(x)) + mlp(ln2(x))`; there is no resid_mid.
    PARALLEL,
    /// `n = ln1(x)`, `x = x + attention(n) + mlp(n)`: the MLP reads the very input of attention;
    /// there is neither ln2 nor resid_mid.
    PARALLEL_ONE_NORM,
    /// `mid = ln1(x + attention(x))`, `x = ln2(mid + mlp(mid))`: norms after the sum, on the stream
    /// itself. A contribution that is skipped leaves its norm out as well.
    POST_NORM,
    /// `x = x + f(ln1(x))`, where f is the block's mixer or its MLP: a block has only one of them.
    /// There is neither ln2 nor resid_mid.
    ONE_SUM;

    /// Whether a block writes to the stream twice, so that there is a resid_mid.
    public boolean hasMid() {
        return this == SEQUENTIAL || this == POST_NORM;
    }

    /// Whether attention and MLP read the stream side by side, so that nothing lies between them.
    public boolean isParallel() {
        return this == PARALLEL || this == PARALLEL_ONE_NORM;
    }
}
