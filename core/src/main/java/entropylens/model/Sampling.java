package entropylens.model;

/// How the next token is chosen from logits.
///
/// @param temperature divides the logits; 0 means greedy
/// @param topP samples among the smallest set of tokens whose probability reaches it; 1 means all
/// @param seed of the random numbers; each sequence of a run draws its own from it
public record Sampling(double temperature, double topP, long seed) {
    /// The most probable token; of equal ones that with the smallest id.
    public static final Sampling GREEDY = new Sampling(0, 1, 0);

    /// Spreads neighbouring sequences over all seeds (as SplittableRandom itself does).
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    public Sampling {
        if (!(temperature >= 0) || Double.isInfinite(temperature)) {
            throw new IllegalArgumentException(
                    "the temperature must be 0 (greedy) or positive, but is " + temperature);
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException(
                    "top-p must be above 0 and at most 1, but is " + topP);
        }
    }

    /// The same for one sequence alone, which draws what it draws as the i-th of a run.
    ///
    /// @param sequence its index; 0 changes nothing
    public Sampling ofSequence(int sequence) {
        return new Sampling(temperature, topP, seed + sequence * GOLDEN_RATIO);
    }
}
