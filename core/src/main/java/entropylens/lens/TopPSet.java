package entropylens.lens;

import java.util.Arrays;
import java.util.BitSet;

/// The smallest set of tokens whose probability reaches p.
final class TopPSet {
    /// Probabilities are positive floats, whose bits order as they do; buckets share the upper 16.
    private static final int SHIFT = 16;

    private static final int BUCKETS = (Float.floatToIntBits(1.01f) >>> SHIFT) + 1;

    private TopPSet() {}

    /// How many tokens a set has, and the smallest probability among them.
    record Cut(int size, float least) {}

    /// Where the sets for several p end.
    ///
    /// @param probabilities holds a distribution of `count` tokens at `[0, count)`, perhaps without
    ///   such as are less than [#least]
    static Cut[] cuts(float[] probabilities, int count, double[] ps) {
        int[] tokens = new int[BUCKETS];
        double[] mass = new double[BUCKETS];
        for (int i = 0; i < count; i++) {
            int bucket = bucket(probabilities[i]);
            tokens[bucket]++;
            mass[bucket] += probabilities[i];
        }
        Cut[] cuts = new Cut[ps.length];
        for (int i = 0; i < ps.length; i++) {
            cuts[i] = cut(probabilities, count, ps[i], tokens, mass);
        }
        return cuts;
    }

    /// Tokens less probable than this are in none of the sets: all of them have less than `1 - p`
    /// together. A bound half as large leaves room for probabilities that do not quite add up to 1.
    static double least(int count, double[] ps) {
        double largest = Arrays.stream(ps).max().orElse(1);
        return largest > 0.9999 ? 0 : 0.5 * (1 - largest) / count;
    }

    /// The tokens of a set, one bit each; of equally probable ones at its end, those with the
    /// smallest ids.
    static long[] members(float[] probabilities, int count, Cut cut) {
        long[] bits = new long[(count + Long.SIZE - 1) / Long.SIZE];
        int equal = cut.size();
        for (int i = 0; i < count; i++) {
            if (probabilities[i] > cut.least()) {
                bits[i >> 6] |= 1L << i;
                equal--;
            }
        }
        for (int i = 0; i < count && equal > 0; i++) {
            if (probabilities[i] == cut.least()) {
                bits[i >> 6] |= 1L << i;
                equal--;
            }
        }
        return bits;
    }

    /// The tokens of a set by id, the most probable first; of equally probable ones the smaller id.
    static int[] ids(float[] probabilities, int count, Cut cut) {
        return BitSet.valueOf(members(probabilities, count, cut)).stream()
                .mapToLong(
                        id -> -(long) Float.floatToIntBits(probabilities[id]) << Integer.SIZE | id)
                .sorted()
                .mapToInt(key -> (int) key)
                .toArray();
    }

    /// Tokens that two sets have in common.
    static int shared(long[] one, long[] other) {
        int shared = 0;
        for (int i = 0; i < one.length; i++) {
            shared += Long.bitCount(one[i] & other[i]);
        }
        return shared;
    }

    private static int bucket(float probability) {
        return Math.min(Float.floatToRawIntBits(probability) >>> SHIFT, BUCKETS - 1);
    }

    private static Cut cut(
            float[] probabilities, int count, double p, int[] tokens, double[] mass) {
        double reached = 0;
        int size = 0;
        for (int bucket = BUCKETS - 1; bucket >= 0; bucket--) {
            if (tokens[bucket] > 0 && reached + mass[bucket] >= p) {
                Cut cut = within(probabilities, count, bucket, tokens[bucket], p - reached);
                return new Cut(size + cut.size(), cut.least());
            }
            reached += mass[bucket];
            size += tokens[bucket];
        }
        return new Cut(count, 0); // p = 1 and a sum that rounding left below it
    }

    private static Cut within(
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
                return new Cut(i + 1, members[tokens - 1 - i]);
            }
        }
        return new Cut(tokens, members[0]);
    }
}
