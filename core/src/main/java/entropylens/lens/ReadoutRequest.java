package entropylens.lens;

import java.util.List;

/// Which statistics a readout computes beside the entropy. What is not asked for costs nothing.
///
/// @param alphas orders of Rényi entropies, each ≥ 0 (1 is Shannon's, infinity the min-entropy)
/// @param topPs probabilities p of top-p sets, each in (0, 1]
/// @param overlap tokens that the top-p sets of neighbouring rows have in common
/// @param topK number of most probable tokens to keep, 0 to [#MOST_TOP_K]
/// @param target probability and rank of a given token
/// @param divergence KL divergence from a reference row (the last layer at the same position)
/// @param logitStd standard deviation of the logits
/// @param norm Euclidean norm of the row before the final norm
public record ReadoutRequest(
        List<Double> alphas,
        List<Double> topPs,
        boolean overlap,
        int topK,
        boolean target,
        boolean divergence,
        boolean logitStd,
        boolean norm) {
    /// Keeps the memory of a readout bounded.
    public static final int MOST_TOP_K = 100;

    /// Largest finite order of a Rényi entropy; beyond it, ask for infinity.
    public static final double MOST_ALPHA = 1000;

    /// The entropy alone.
    public static final ReadoutRequest ENTROPY =
            new ReadoutRequest(List.of(), List.of(), false, 0, false, false, false, false);

    public ReadoutRequest {
        alphas = List.copyOf(alphas);
        topPs = List.copyOf(topPs);
        for (double alpha : alphas) {
            if (!(alpha >= 0) || (alpha > MOST_ALPHA && !Double.isInfinite(alpha))) {
                throw new IllegalArgumentException(
                        "the order of a Rényi entropy must be 0 to %.0f, or infinity, but is %s"
                                .formatted(MOST_ALPHA, alpha));
            }
        }
        for (double p : topPs) {
            if (!(p > 0 && p <= 1)) {
                throw new IllegalArgumentException("a top-p set needs 0 < p <= 1, but p is " + p);
            }
        }
        if (overlap && topPs.isEmpty()) {
            throw new IllegalArgumentException("an overlap of top-p sets needs at least one p");
        }
        if (topK < 0 || topK > MOST_TOP_K) {
            throw new IllegalArgumentException(
                    "top-k can be 0 to %d, but is %d".formatted(MOST_TOP_K, topK));
        }
    }

    public ReadoutRequest withAlphas(List<Double> alphas) {
        return new ReadoutRequest(alphas, topPs, overlap, topK, target, divergence, logitStd, norm);
    }

    public ReadoutRequest withTopPs(List<Double> topPs) {
        return new ReadoutRequest(alphas, topPs, overlap, topK, target, divergence, logitStd, norm);
    }

    public ReadoutRequest withOverlap() {
        return new ReadoutRequest(alphas, topPs, true, topK, target, divergence, logitStd, norm);
    }

    public ReadoutRequest withTopK(int topK) {
        return new ReadoutRequest(alphas, topPs, overlap, topK, target, divergence, logitStd, norm);
    }

    public ReadoutRequest withTarget() {
        return new ReadoutRequest(alphas, topPs, overlap, topK, true, divergence, logitStd, norm);
    }

    public ReadoutRequest withDivergence() {
        return new ReadoutRequest(alphas, topPs, overlap, topK, target, true, logitStd, norm);
    }

    public ReadoutRequest withLogitStd() {
        return new ReadoutRequest(alphas, topPs, overlap, topK, target, divergence, true, norm);
    }

    public ReadoutRequest withNorm() {
        return new ReadoutRequest(alphas, topPs, overlap, topK, target, divergence, logitStd, true);
    }
}
