package entropylens.study.workbench;

import entropylens.lens.ReadoutRequest;

/// How texts are generated and what is measured on them.
///
/// @param tokens to generate per text, the one that ends it included
/// @param temperature 0 for greedy
/// @param readout statistics
public record Protocol(int tokens, double temperature, ReadoutRequest readout) {
    /// What every study measures: the entropy, the spread of the logits and the norm of the stream.
    public static final ReadoutRequest STATISTICS =
            ReadoutRequest.ENTROPY.withLogitStd().withNorm();
}
