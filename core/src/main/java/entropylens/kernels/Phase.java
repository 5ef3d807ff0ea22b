package entropylens.kernels;

/// Whose rows a product sees. It decides, with the operator, in which order a row's sums are
/// formed.
public enum Phase {
    /// Rows of one text that no other text joins. Its prompt is many rows; each token after that is
    /// a single row, which is bound by memory and may take sums of its own.
    ALONE,

    /// Rows of several texts. A row has the same bits whatever number of rows stand beside it, and
    /// also when all other texts have ended.
    TOGETHER
}
