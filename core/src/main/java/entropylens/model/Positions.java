package entropylens.model;

import java.util.List;

/// How a token knows where it stands.
public sealed interface Positions {
    /// Equal for all lengths of a text that turn queries and keys alike; see [Rope].
    default List<Integer> kindOf(int length) {
        return List.of();
    }

    /// Not at all, but for the order in which it comes.
    record None() implements Positions {}

    /// A table of vectors, added to the embedding.
    record Learned() implements Positions {}

    /// Rotary embedding of queries and keys (Su et al. 2021, arXiv 2104.09864): pair i of a head is
    /// turned by `position · inverseFrequencies[i]`.
    ///
    /// @param ropes one per block; most models have the same in all, some have none in a few
    record Rotary(List<Rope> ropes, Pairing pairing) implements Positions {
        public Rotary {
            ropes = List.copyOf(ropes);
        }

        @Override
        public List<Integer> kindOf(int length) {
            return ropes.stream().distinct().map(rope -> rope.kindOf(length)).toList();
        }
    }

    /// Attention with linear biases (Press et al. 2022, arXiv 2108.12409): `slope · position of the
    /// key` is added to the scores of a head.
    ///
    /// @param slopes one per head
    /// @param roundedToBfloat16 whether slope, position and their product are rounded to bfloat16,
    ///   whatever the weights are (Falcon was trained so)
    /// @param scale factor on the bias, after that rounding
    record Alibi(float[] slopes, boolean roundedToBfloat16, float scale) implements Positions {
        /// What is added to the score of a key.
        float bias(int head, int position) {
            float bias =
                    roundedToBfloat16
                            ? bfloat16(bfloat16(slopes[head]) * bfloat16(position))
                            : slopes[head] * position;
            return scale == 1 ? bias : bias * scale;
        }

        private static float bfloat16(float value) {
            int bits = Float.floatToRawIntBits(value);
            int rounded = bits + 0x7FFF + ((bits >>> 16) & 1); // to nearest, ties to even
            return Float.intBitsToFloat(rounded & 0xFFFF0000);
        }
    }

    /// Which elements of the turned part of a head, `r` wide, make a pair.
    enum Pairing {
        /// i and i + r/2.
        HALVES,
        /// 2i and 2i + 1.
        NEIGHBOURS
    }
}
