package entropylens.model;

/// The slopes of attention with linear biases (Press et al. 2022, arXiv 2108.12409), computed as
/// Hugging Face transformers does.
public final class AlibiSlopes {
    private AlibiSlopes() {}

    /// For n heads, n a power of two: `b, b², b³ …` with `b = 2^(−8 / n)`. Between powers of two:
    /// those of the next lower one, then every other of the next higher one.
    public static float[] of(int nHeads) {
        int power = Integer.highestOneBit(nHeads);
        float[] slopes = new float[nHeads];
        for (int head = 0; head < nHeads; head++) {
            slopes[head] =
                    head < power
                            ? slope(power, head + 1)
                            : slope(2 * power, 2 * (head - power) + 1);
        }
        return slopes;
    }

    private static float slope(int heads, int exponent) {
        float base = (float) Math.pow(2, -8.0 / heads);
        return (float) Math.pow(base, exponent);
    }
}
