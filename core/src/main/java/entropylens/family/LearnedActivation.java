package entropylens.family;

import entropylens.kernels.Xielu;

/// Where an MLP keeps the activation that it learned.
final class LearnedActivation {
    /// What training begins with (transformers' `XIELUActivation`).
    private static final double SLOPE = 0.8;

    private static final float BETA = 0.5f;
    private static final float LIMIT = -1e-6f;

    private LearnedActivation() {}

    /// xIELU. Slopes are stored before a softplus that keeps them positive, that of the negative
    /// side less beta.
    ///
    /// @param prefix what the names of its tensors begin with
    static Xielu xielu(TensorReader tensors, String prefix) {
        float beta = tensors.scalar(prefix + "beta", BETA);
        return new Xielu(
                softplus(slope(tensors, prefix + "alpha_p", SLOPE)),
                beta + softplus(slope(tensors, prefix + "alpha_n", SLOPE - BETA)),
                beta,
                tensors.scalar(prefix + "eps", LIMIT));
    }

    private static double slope(TensorReader tensors, String name, double atFirst) {
        return tensors.gain(name, 1, (float) Math.log(Math.expm1(atFirst)))[0];
    }

    private static float softplus(double x) {
        return (float) (Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))));
    }
}
