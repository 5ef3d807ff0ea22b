package entropylens.study.workbench;

import entropylens.lens.ReadoutRequest;
import entropylens.lens.Statistic;

/// How texts are generated and what is measured on them.
///
/// @param tokens to generate per text, the one that ends it included
/// @param temperature 0 for greedy
/// @param readout statistics
/// @param embedding also reads the stream before the first block, as layer 0
/// @param ofAnswers whether the positions that predict the prompts' answers are measured, and
///   nothing is generated
public record Protocol(
        int tokens,
        double temperature,
        ReadoutRequest readout,
        boolean embedding,
        boolean ofAnswers) {
    /// What every study measures: the entropy, the spread of the logits and the norm of the stream.
    public static final ReadoutRequest STATISTICS =
            ReadoutRequest.ENTROPY.with(Statistic.LOGIT_STD, Statistic.H_NORM);

    /// Reads the stream after each block, as profiles do.
    public Protocol(int tokens, double temperature, ReadoutRequest readout) {
        this(tokens, temperature, readout, false);
    }

    /// Of texts that are generated, or where there are 0 tokens, of the prompts.
    public Protocol(int tokens, double temperature, ReadoutRequest readout, boolean embedding) {
        this(tokens, temperature, readout, embedding, false);
    }

    /// Of answers that stand beside the prompts.
    public static Protocol ofAnswers(ReadoutRequest readout) {
        return new Protocol(0, 0, readout, false, true);
    }
}
