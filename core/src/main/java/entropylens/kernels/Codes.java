package entropylens.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Runs of codes of 4 or 8 bits, decoded into float32: what the decoders of quantised formats are
/// made of. Every result is one lookup or one rounded product, so its bits are the same with
/// vectors and without.
public final class Codes {
    /// Values that four bits tell apart.
    public static final int NIBBLES = 16;

    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// As [Kernels#best] has them.
    static final boolean VECTORS =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent() && VectorCodes.USABLE;

    private Codes() {}

    /// `to[i] = table[code]` for `count` codes of 4 bits that follow each other.
    ///
    /// @param first place of the first code in `data`: code 2b and 2b + 1 are in byte b
    /// @param highFirst whether the upper half of a byte comes first
    /// @param tableAt where the 16 values are
    public static void nibbles(
            MemorySegment data,
            long first,
            int count,
            boolean highFirst,
            float[] table,
            int tableAt,
            float[] to,
            int toAt) {
        int i = 0;
        if ((first & 1) != 0 && count > 0) {
            to[toAt] = table[tableAt + nibble(data, first, highFirst)];
            i = 1;
        }
        int words = (count - i) / 8;
        words(data, (first + i) >> 1, 4, words, highFirst, table, tableAt, to, toAt + i);
        for (i += 8 * words; i < count; i++) {
            to[toAt + i] = table[tableAt + nibble(data, first + i, highFirst)];
        }
    }

    private static int nibble(MemorySegment data, long place, boolean highFirst) {
        int pair = data.get(ValueLayout.JAVA_BYTE, place >> 1);
        return (((place & 1) == 0) == highFirst ? pair >> 4 : pair) & 15;
    }

    /// `to[8w + i] = table[code i of word w]` for `count` words of 32 bits, eight codes in each,
    /// the first in the lowest bits.
    ///
    /// @param at where the first word is, in bytes
    /// @param stride from one word to the next, in bytes
    /// @param highFirst whether two neighbours have changed places
    public static void words(
            MemorySegment data,
            long at,
            long stride,
            int count,
            boolean highFirst,
            float[] table,
            int tableAt,
            float[] to,
            int toAt) {
        int done =
                VECTORS
                        ? VectorCodes.words(
                                data, at, stride, count, highFirst, table, tableAt, to, toAt)
                        : 0;
        int flip = highFirst ? 1 : 0;
        for (int w = done; w < count; w++) {
            int word = data.get(INT, at + w * stride);
            for (int i = 0; i < 8; i++) {
                to[toAt + 8 * w + i] = table[tableAt + ((word >>> (4 * (i ^ flip))) & 15)];
            }
        }
    }

    /// `to[i] = table[code]` for the code at bit `shift` of each of `count` words.
    public static void oneOfEach(
            int[] words,
            int from,
            int count,
            int shift,
            float[] table,
            int tableAt,
            float[] to,
            int toAt) {
        int done =
                VECTORS
                        ? VectorCodes.oneOfEach(words, from, count, shift, table, tableAt, to, toAt)
                        : 0;
        for (int i = done; i < count; i++) {
            to[toAt + i] = table[tableAt + ((words[from + i] >>> shift) & 15)];
        }
    }

    /// `to[i] = value · scale` for `count` bytes that are floats of the kind e4m3fn: no infinities,
    /// NaN where all bits but the sign are 1.
    public static void e4m3(
            MemorySegment data, long at, int count, float scale, float[] to, int toAt) {
        int done = VECTORS ? VectorCodes.e4m3(data, at, count, scale, to, toAt) : 0;
        for (int i = done; i < count; i++) {
            to[toAt + i] = E4M3[data.get(ValueLayout.JAVA_BYTE, at + i) & 0xFF] * scale;
        }
    }

    /// `to[i] = (value - zero) · scale` for `count` signed bytes.
    public static void int8(
            MemorySegment data, long at, int count, int zero, float scale, float[] to, int toAt) {
        int done = VECTORS ? VectorCodes.int8(data, at, count, zero, scale, to, toAt) : 0;
        for (int i = done; i < count; i++) {
            to[toAt + i] = (data.get(ValueLayout.JAVA_BYTE, at + i) - zero) * scale;
        }
    }

    /// Rounds values to the nearest bfloat16, of two the even one.
    public static void roundToBf16(float[] values, int from, int to) {
        int done = VECTORS ? VectorCodes.bf16(values, from, to - from) : 0;
        for (int i = from + done; i < to; i++) {
            values[i] = bf16(values[i]);
        }
    }

    /// Rounds values to the nearest float16, of two the even one.
    public static void roundToF16(float[] values, int from, int to) {
        int done = VECTORS ? VectorCodes.f16(values, from, to - from) : 0;
        for (int i = from + done; i < to; i++) {
            values[i] = Float.float16ToFloat(Float.floatToFloat16(values[i]));
        }
    }

    /// `to[c] = (c - zero) · scale` for the 16 codes c of 4 bits.
    public static void steps(int zero, float scale, float[] to, int toAt) {
        if (VECTORS) {
            VectorCodes.steps(zero, scale, to, toAt);
            return;
        }
        for (int code = 0; code < NIBBLES; code++) {
            to[toAt + code] = (code - zero) * scale;
        }
    }

    /// `to[c] = from[c] · scale` for the 16 codes c of 4 bits.
    public static void scaled(float[] from, float scale, float[] to, int toAt) {
        if (VECTORS) {
            VectorCodes.scaled(from, scale, to, toAt);
            return;
        }
        for (int code = 0; code < NIBBLES; code++) {
            to[toAt + code] = from[code] * scale;
        }
    }

    /// The nearest bfloat16, of two the even one.
    public static float bf16(float value) {
        int bits = Float.floatToRawIntBits(value);
        int rounded = (bits + 0x7FFF + ((bits >>> 16) & 1)) & 0xFFFF0000;
        return Float.isNaN(value) ? value : Float.intBitsToFloat(rounded);
    }

    private static final float[] E4M3 = e4m3Values();

    private static float[] e4m3Values() {
        float[] values = new float[256];
        for (int code = 0; code < 256; code++) {
            int exponent = (code >> 3) & 15;
            int fraction = code & 7;
            float size =
                    exponent == 0
                            ? Math.scalb((float) fraction, -9)
                            : Math.scalb((float) (8 + fraction), exponent - 10);
            values[code] = (code & 0x7F) == 0x7F ? Float.NaN : code < 128 ? size : -size;
        }
        return values;
    }
}
