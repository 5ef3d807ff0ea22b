package entropylens.kernels;

import static entropylens.kernels.VectorMath.FLOATS;
import static entropylens.kernels.VectorMath.INTS;
import static entropylens.kernels.VectorMath.LANES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// [Codes] with vectors of 8 or 16 floats. Each method does whole vectors and says how many
/// elements that were; the rest is left to the scalar code.
final class VectorCodes {
    /// Four bits are looked up in one vector of 16 values, or in two of 8.
    static final boolean USABLE = LANES == 8 || LANES == 16;

    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// As many bytes as there are float lanes.
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(
                    byte.class, VectorShape.forBitSize(Math.max(64, FLOATS.vectorBitSize() / 4)));

    private static final IntVector LOW_FIRST = shifts(false);
    private static final IntVector HIGH_FIRST = shifts(true);

    /// Lanes of the second word.
    private static final VectorMask<Integer> SECOND =
            VectorMask.fromLong(INTS, LANES == 16 ? 0xFF00 : 0);

    private static final int NAN = 0x7FC00000;
    private static final IntVector FROM_ZERO = IntVector.zero(INTS).addIndex(1);

    private VectorCodes() {}

    private static IntVector shifts(boolean highFirst) {
        int[] shifts = new int[LANES];
        for (int i = 0; i < LANES; i++) {
            shifts[i] = 4 * ((highFirst ? i ^ 1 : i) % 8);
        }
        return IntVector.fromArray(INTS, shifts, 0);
    }

    /// Eight codes of each of `count` words that lie `stride` bytes apart; returns how many words.
    static int words(
            MemorySegment data,
            long at,
            long stride,
            int count,
            boolean highFirst,
            float[] table,
            int tableAt,
            float[] to,
            int toAt) {
        IntVector shifts = highFirst ? HIGH_FIRST : LOW_FIRST;
        return LANES == 16
                ? pairs(data, at, stride, count, shifts, table, tableAt, to, toAt)
                : singles(data, at, stride, count, shifts, table, tableAt, to, toAt);
    }

    private static int pairs(
            MemorySegment data,
            long at,
            long stride,
            int count,
            IntVector shifts,
            float[] table,
            int tableAt,
            float[] to,
            int toAt) {
        IntVector values = FloatVector.fromArray(FLOATS, table, tableAt).reinterpretAsInts();
        int whole = count & ~1;
        for (int w = 0; w < whole; w += 2, at += 2 * stride) {
            IntVector both =
                    IntVector.broadcast(INTS, data.get(INT, at))
                            .blend(data.get(INT, at + stride), SECOND);
            both.lanewise(VectorOperators.LSHR, shifts)
                    .and(15)
                    .selectFrom(values)
                    .reinterpretAsFloats()
                    .intoArray(to, toAt + 8 * w);
        }
        return whole;
    }

    private static int singles(
            MemorySegment data,
            long at,
            long stride,
            int count,
            IntVector shifts,
            float[] table,
            int tableAt,
            float[] to,
            int toAt) {
        IntVector low = FloatVector.fromArray(FLOATS, table, tableAt).reinterpretAsInts();
        IntVector high = FloatVector.fromArray(FLOATS, table, tableAt + 8).reinterpretAsInts();
        for (int w = 0; w < count; w++, at += stride) {
            IntVector codes =
                    IntVector.broadcast(INTS, data.get(INT, at))
                            .lanewise(VectorOperators.LSHR, shifts)
                            .and(15);
            IntVector within = codes.and(7);
            within.selectFrom(low)
                    .blend(within.selectFrom(high), codes.compare(VectorOperators.GT, 7))
                    .reinterpretAsFloats()
                    .intoArray(to, toAt + 8 * w);
        }
        return count;
    }

    /// One code of each of `count` words; returns how many words.
    static int oneOfEach(
            int[] words,
            int from,
            int count,
            int shift,
            float[] table,
            int tableAt,
            float[] to,
            int toAt) {
        int whole = count / LANES * LANES;
        IntVector low = FloatVector.fromArray(FLOATS, table, tableAt).reinterpretAsInts();
        if (LANES == 16) {
            for (int i = 0; i < whole; i += LANES) {
                codes(words, from + i, shift)
                        .selectFrom(low)
                        .reinterpretAsFloats()
                        .intoArray(to, toAt + i);
            }
            return whole;
        }
        IntVector high = FloatVector.fromArray(FLOATS, table, tableAt + 8).reinterpretAsInts();
        for (int i = 0; i < whole; i += LANES) {
            IntVector codes = codes(words, from + i, shift);
            IntVector within = codes.and(7);
            within.selectFrom(low)
                    .blend(within.selectFrom(high), codes.compare(VectorOperators.GT, 7))
                    .reinterpretAsFloats()
                    .intoArray(to, toAt + i);
        }
        return whole;
    }

    private static IntVector codes(int[] words, int at, int shift) {
        return IntVector.fromArray(INTS, words, at).lanewise(VectorOperators.LSHR, shift).and(15);
    }

    /// Floats of 8 bits: the exponent is moved by the difference of the biases, 127 - 7; below the
    /// smallest normal number, the value is the code times 2⁻⁹.
    static int e4m3(MemorySegment data, long at, int count, float scale, float[] to, int toAt) {
        int whole = count / LANES * LANES;
        for (int i = 0; i < whole; i += LANES) {
            IntVector codes = bytes(data, at + i, VectorOperators.ZERO_EXTEND_B2I);
            IntVector size = codes.and(0x7F);
            IntVector bits = size.lanewise(VectorOperators.LSHL, 20).add(120 << 23);
            IntVector small =
                    ((FloatVector) size.convertShape(VectorOperators.I2F, FLOATS, 0))
                            .mul(0x1p-9f)
                            .reinterpretAsInts();
            IntVector sign = codes.and(0x80).lanewise(VectorOperators.LSHL, 24);
            bits.blend(small, size.compare(VectorOperators.LT, 8))
                    .blend(NAN, size.compare(VectorOperators.EQ, 0x7F))
                    .or(sign)
                    .reinterpretAsFloats()
                    .mul(scale)
                    .intoArray(to, toAt + i);
        }
        return whole;
    }

    static int int8(
            MemorySegment data, long at, int count, int zero, float scale, float[] to, int toAt) {
        int whole = count / LANES * LANES;
        for (int i = 0; i < whole; i += LANES) {
            IntVector codes = bytes(data, at + i, VectorOperators.B2I).sub(zero);
            ((FloatVector) codes.convertShape(VectorOperators.I2F, FLOATS, 0))
                    .mul(scale)
                    .intoArray(to, toAt + i);
        }
        return whole;
    }

    private static IntVector bytes(
            MemorySegment data, long at, VectorOperators.Conversion<Byte, Integer> extension) {
        return (IntVector)
                ByteVector.fromMemorySegment(BYTES, data, at, ByteOrder.LITTLE_ENDIAN)
                        .convertShape(extension, INTS, 0);
    }

    /// To the nearest bfloat16, of two the even one.
    static int bf16(float[] values, int from, int count) {
        int whole = count / LANES * LANES;
        for (int i = from; i < from + whole; i += LANES) {
            FloatVector value = FloatVector.fromArray(FLOATS, values, i);
            IntVector bits = value.reinterpretAsInts();
            IntVector rounded =
                    bits.lanewise(VectorOperators.LSHR, 16)
                            .and(1)
                            .add(0x7FFF)
                            .add(bits)
                            .and(0xFFFF0000);
            rounded.reinterpretAsFloats()
                    .blend(value, value.test(VectorOperators.IS_NAN))
                    .intoArray(values, i);
        }
        return whole;
    }

    /// To the nearest float16, of two the even one: 13 bits fewer; below 2⁻¹⁴ a multiple of 2⁻²⁴,
    /// which adding 0.5 rounds to; from 65,520 on infinite.
    static int f16(float[] values, int from, int count) {
        int whole = count / LANES * LANES;
        for (int i = from; i < from + whole; i += LANES) {
            FloatVector value = FloatVector.fromArray(FLOATS, values, i);
            IntVector bits = value.reinterpretAsInts();
            FloatVector size = value.abs();
            FloatVector rounded =
                    bits.lanewise(VectorOperators.LSHR, 13)
                            .and(1)
                            .add(0xFFF)
                            .add(bits)
                            .and(0x7FFFE000)
                            .reinterpretAsFloats()
                            .blend(size.add(0.5f).sub(0.5f), size.lt(0x1p-14f))
                            .blend(
                                    Float.POSITIVE_INFINITY,
                                    size.compare(VectorOperators.GE, 65_520f));
            rounded.reinterpretAsInts()
                    .or(bits.and(0x80000000))
                    .reinterpretAsFloats()
                    .blend(value, value.test(VectorOperators.IS_NAN))
                    .intoArray(values, i);
        }
        return whole;
    }

    /// `to[c] = (c - zero) · scale` for 16 codes.
    static void steps(int zero, float scale, float[] to, int toAt) {
        for (int i = 0; i < Codes.NIBBLES; i += LANES) {
            IntVector codes = FROM_ZERO.add(i - zero);
            ((FloatVector) codes.convertShape(VectorOperators.I2F, FLOATS, 0))
                    .mul(scale)
                    .intoArray(to, toAt + i);
        }
    }

    /// `to[c] = from[c] · scale` for 16 codes.
    static void scaled(float[] from, float scale, float[] to, int toAt) {
        for (int i = 0; i < Codes.NIBBLES; i += LANES) {
            FloatVector.fromArray(FLOATS, from, i).mul(scale).intoArray(to, toAt + i);
        }
    }
}
