package entropylens.model;

import entropylens.kernels.Kernels;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Draws the tokens of one sequence. Its random numbers depend on the seed and on the sequence's
/// index alone, so a sequence is the same whatever runs beside it.
public final class Sampler {
    private final Sampling sampling;
    private final Kernels kernels;
    private final SplittableRandom random;

    /// @param sequence index of the sequence in its run
    public Sampler(Sampling sampling, int sequence, Kernels kernels) {
        this.sampling = sampling;
        this.kernels = kernels;
        this.random = new SplittableRandom(sampling.ofSequence(sequence).seed());
    }

    /// Leaves out the random numbers of some tokens, as if they had been drawn.
    void skip(int tokens) {
        for (int i = 0; i < tokens && sampling.temperature() > 0; i++) {
            random.nextDouble();
        }
    }

    /// The next token, from the logits at `[offset, offset + count)`.
    ///
    /// @throws ArithmeticException when no logit is finite
    public int next(float[] logits, int offset, int count) {
        int best = greedy(logits, offset, count);
        return sampling.temperature() == 0 ? best : draw(logits, offset, count, best);
    }

    /// A token that was found elsewhere.
    ///
    /// @param token −1 where none was found
    static int requireFound(int token) {
        if (token < 0) {
            throw new ArithmeticException(
                    "a logit is NaN or infinite, or none is finite; the weights or the stream overflow");
        }
        return token;
    }

    private static int greedy(float[] logits, int offset, int count) {
        int best = -1;
        for (int i = 0; i < count; i++) {
            float logit = logits[offset + i];
            if (Float.isNaN(logit) || logit == Float.POSITIVE_INFINITY) {
                throw new ArithmeticException(
                        "the logit of token %d is %s; the weights or the stream overflow"
                                .formatted(i, logit));
            }
            if (logit > (best < 0 ? Float.NEGATIVE_INFINITY : logits[offset + best])) {
                best = i;
            }
        }
        if (best < 0) {
            throw new ArithmeticException("no logit is finite; nothing can be sampled");
        }
        return best;
    }

    private int draw(float[] logits, int offset, int count, int best) {
        float[] probabilities = new float[count];
        for (int i = 0; i < count; i++) {
            // relative to the largest, so that a low temperature cannot overflow
            double shifted = (double) logits[offset + i] - logits[offset + best];
            probabilities[i] = (float) (shifted / sampling.temperature());
        }
        kernels.softmax(probabilities, count);
        double target = random.nextDouble();
        if (sampling.topP() < 1) {
            target *= keepNucleus(probabilities, count);
        }
        double reached = 0;
        int last = best;
        for (int i = 0; i < count; i++) {
            if (probabilities[i] > 0) {
                reached += probabilities[i];
                last = i;
                if (reached > target) {
                    return i;
                }
            }
        }
        return last; // rounding left the sum below 1
    }

    /// Sets the probabilities outside the top-p set to 0.
    ///
    /// @return the probability of the set
    private double keepNucleus(float[] probabilities, int count) {
        // tokens below this add up to less than 1 - p, so none of them can be needed
        double negligible = (1 - sampling.topP()) / count;
        int[] candidates =
                IntStream.range(0, count)
                        .filter(i -> probabilities[i] >= negligible)
                        .boxed()
                        .sorted((a, b) -> Float.compare(probabilities[b], probabilities[a]))
                        .mapToInt(i -> i)
                        .toArray();
        float[] kept = new float[candidates.length];
        double reached = 0;
        int size = 0;
        while (size < candidates.length && reached < sampling.topP()) {
            kept[size] = probabilities[candidates[size]];
            reached += kept[size];
            size++;
        }
        java.util.Arrays.fill(probabilities, 0, count, 0);
        for (int i = 0; i < size; i++) {
            probabilities[candidates[i]] = kept[i];
        }
        return reached;
    }
}
