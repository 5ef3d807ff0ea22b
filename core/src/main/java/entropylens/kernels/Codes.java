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
        int even = highFirst ? 4 : 0;
        int i = 0;
        if ((first & 1) != 0 && count > 0) {
            int pair = data.get(ValueLayout.JAVA_BYTE, first >> 1);
            to[toAt] = table[tableAt + ((pair >> (4 - even)) & 15)];
            i = 1;
        }
        long at = (first + i) >> 1;
        for (; i + 8 <= count; i += 8, at += 4) {
            eight(data.get(INT, at), even, table, tableAt, to, toAt + i);
        }
        for (; i < count; i++) {
            long code = first + i;
            int pair = data.get(ValueLayout.JAVA_BYTE, code >> 1);
            to[toAt + i] = table[tableAt + ((pair >> ((code & 1) == 0 ? even : 4 - even)) & 15)];
        }
    }

    private static void eight(
            int codes, int even, float[] table, int tableAt, float[] to, int toAt) {
        int odd = 4 - even;
        for (int b = 0; b < 4; b++) {
            to[toAt + 2 * b] = table[tableAt + ((codes >>> (8 * b + even)) & 15)];
            to[toAt + 2 * b + 1] = table[tableAt + ((codes >>> (8 * b + odd)) & 15)];
        }
    }

    /// `to[i] = value · scale` for `count` bytes that are floats of the kind e4m3fn: no infinities,
    /// NaN where all bits but the sign are 1.
    public static void e4m3(
            MemorySegment data, long at, int count, float scale, float[] to, int toAt) {
        for (int i = 0; i < count; i++) {
            to[toAt + i] = E4M3[data.get(ValueLayout.JAVA_BYTE, at + i) & 0xFF] * scale;
        }
    }

    /// `to[i] = (value - zero) · scale` for `count` signed bytes.
    public static void int8(
            MemorySegment data, long at, int count, int zero, float scale, float[] to, int toAt) {
        for (int i = 0; i < count; i++) {
            to[toAt + i] = (data.get(ValueLayout.JAVA_BYTE, at + i) - zero) * scale;
        }
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
