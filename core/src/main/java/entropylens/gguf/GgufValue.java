package entropylens.gguf;

import java.lang.foreign.MemorySegment;

/// A value of the metadata.
sealed interface GgufValue {
    /// Any integer; of 64 unsigned bits, those of a signed one.
    record Whole(long value) implements GgufValue {}

    /// A float, as the shortest decimal number that it is nearest to: what somebody wrote.
    record Real(double value) implements GgufValue {
        static Real of(float value) {
            return new Real(
                    Float.isFinite(value) ? Double.parseDouble(Float.toString(value)) : value);
        }
    }

    /// True or false.
    record Flag(boolean value) implements GgufValue {}

    /// A text.
    record Text(String value) implements GgufValue {}

    /// A list, in the bytes of the file: most are long, and many are never looked at.
    ///
    /// @param type of the elements
    record Array(GgufType type, long count, MemorySegment bytes) implements GgufValue {}
}
