package entropylens.lens;

import java.util.Arrays;

/// The smallest set of tokens whose probability reaches p.
final class TopPSet {
    /// Probabilities are positive floats, whose bits order as they do; buckets share the upper 16.
    private static final int SHIFT = 16;

    private static final int BUCKETS = (Float.floatToIntBits(1.01f) >>> SHIFT) + 1;

    private TopPSet() {}

    /// Sizes of the sets for several p.
    ///
    /// @param probabilities holds a distribution of `count` tokens at `[0, count)`
    static int[] sizes(float[] probabilities, int count, double[] ps) {
        int[] tokens = new int[BUCKETS];
        double[] mass = new double[BUCKETS];
        for (int i = 0; i < count; i++) {
            int bucket = bucket(probabilities[i]);
            tokens[bucket]++;
            mass[bucket] += probabilities[i];
        }
        int[] sizes = new int[ps.length];
        for (int i = 0; i < ps.length; i++) {
            sizes[i] = size(probabilities, count, ps[i], tokens, mass);
        }
        return sizes;
    }

    private static int bucket(float probability) {
        return Math.min(Float.floatToRawIntBits(probability) >>> SHIFT, BUCKETS - 1);
    }

    private static int size(
            float[] probabilities, int count, double p, int[] tokens, double[] mass) {
        double reached = 0;
        int size = 0;
        for (int bucket = BUCKETS - 1; bucket >= 0; bucket--) {
            if (tokens[bucket] > 0 && reached + mass[bucket] >= p) {
                return size + within(probabilities, count, bucket, tokens[bucket], p - reached);
            }
            reached += mass[bucket];
            size += tokens[bucket];
        }
        return count; // p = 1 and a sum that rounding left below it
    }

    private static int within(
            float[] probabilities, int count, int bucket, int tokens, double missing) {
        float[] members = new float[tokens];
        int n = 0;
        for (int i = 0; i < count; i++) {
            if (bucket(probabilities[i]) == bucket) {
                members[n++] = probabilities[i];
            }
        }
        Arrays.sort(members);
        double reached = 0;
        for (int i = 0; i < tokens; i++) {
            reached += members[tokens - 1 - i];
            if (reached >= missing) {
                return i + 1;
            }
        }
        return tokens;
    }
}
