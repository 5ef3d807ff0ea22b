package entropylens.model;

/// The frequencies of a rotary embedding, some of which depend on how long the text is.
///
/// The length that counts is the one a session is opened for ([Session#capacity]): all its tokens
/// are turned alike, and a text in pieces equals the same text in one pass. Hugging Face
/// transformers looks at the tokens so far instead, so a text that grows past the border while it
/// is generated changes its frequencies on the way there, and here it does not.
public sealed interface Rope {
    /// For blocks that turn nothing.
    Rope NONE = new None();

    /// Queries and keys of a block stay as they are.
    record None() implements Rope {
        @Override
        public Fixed at(int length) {
            return new Fixed(new float[0]);
        }
    }

    /// What a text of at most `length` tokens is turned by.
    Fixed at(int length);

    /// The same number for all lengths that are turned alike.
    default int kindOf(int length) {
        return 0;
    }

    /// The same for every length.
    ///
    /// @param inverseFrequencies radians per position, one per pair of elements; scaling applied
    /// @param magnitude factor on cosines and sines (YaRN and longrope; otherwise 1)
    record Fixed(float[] inverseFrequencies, float magnitude) implements Rope {
        public Fixed(float[] inverseFrequencies) {
            this(inverseFrequencies, 1);
        }

        @Override
        public Fixed at(int length) {
            return this;
        }

        /// Writes the cosines and sines of a position, one for each pair of elements.
        ///
        /// Angles are float32 products, as in Hugging Face transformers: at position 100,000 the
        /// rounding of the angle is larger than any error in the cosine, and a model was trained
        /// with that rounding.
        public void turn(int position, float[] cos, float[] sin, int at) {
            for (int i = 0; i < inverseFrequencies.length; i++) {
                float angle = position * inverseFrequencies[i];
                cos[at + i] = (float) Math.cos(angle) * magnitude;
                sin[at + i] = (float) Math.sin(angle) * magnitude;
            }
        }
    }

    /// Longrope: one set of frequencies up to the length of pre-training, another beyond it.
    record Long(int originalContext, Fixed within, Fixed beyond) implements Rope {
        @Override
        public Fixed at(int length) {
            return length > originalContext ? beyond : within;
        }

        @Override
        public int kindOf(int length) {
            return length > originalContext ? 1 : 0;
        }
    }

    /// Dynamic NTK: beyond the original context the base grows with the length.
    record Dynamic(double theta, int rotated, double factor, int originalContext) implements Rope {
        @Override
        public Fixed at(int length) {
            return new Fixed(
                    RotaryFrequencies.dynamic(theta, rotated, factor, originalContext, length));
        }

        @Override
        public int kindOf(int length) {
            return Math.max(length, originalContext);
        }
    }

    /// How many elements of a head are turned; the rest stay as they are.
    default int rotated() {
        return 2 * at(1).inverseFrequencies().length;
    }
}
