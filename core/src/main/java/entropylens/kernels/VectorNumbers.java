package entropylens.kernels;

import static entropylens.kernels.VectorMath.FLOATS;
import static entropylens.kernels.VectorMath.INTS;
import static entropylens.kernels.VectorMath.LANES;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// [BlockNumbers] with vectors of 8 or 16 floats; counts are whole vectors.
final class VectorNumbers {
    /// As many bytes as there are float lanes.
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(
                    byte.class, VectorShape.forBitSize(Math.max(64, FLOATS.vectorBitSize() / 4)));

    private VectorNumbers() {}

    static void bytes(byte[] from, int at, int count, float scale, float[] to, int toAt) {
        for (int i = 0; i < count; i += LANES) {
            floats(ints(from, at + i)).mul(scale).intoArray(to, toAt + i);
        }
    }

    static void nibbles(
            byte[] from,
            int at,
            int count,
            int shift,
            int offset,
            float scale,
            float minimum,
            float[] to,
            int toAt) {
        for (int i = 0; i < count; i += LANES) {
            floats(nibbles(from, at + i, shift).sub(offset))
                    .mul(scale)
                    .sub(minimum)
                    .intoArray(to, toAt + i);
        }
    }

    static void withHigh(
            byte[] from,
            int at,
            int count,
            int shift,
            int highAt,
            int highShift,
            int mask,
            int offset,
            float scale,
            float minimum,
            float[] to,
            int toAt) {
        for (int i = 0; i < count; i += LANES) {
            IntVector high =
                    ints(from, highAt + i)
                            .lanewise(VectorOperators.LSHR, highShift)
                            .and(mask)
                            .lanewise(VectorOperators.LSHL, 4);
            floats(nibbles(from, at + i, shift).or(high).sub(offset))
                    .mul(scale)
                    .sub(minimum)
                    .intoArray(to, toAt + i);
        }
    }

    static void values(
            byte[] from,
            int at,
            int count,
            int shift,
            float scale,
            float[] values,
            float[] to,
            int toAt) {
        FloatVector low = FloatVector.fromArray(FLOATS, values, 0);
        FloatVector high = LANES == 16 ? low : FloatVector.fromArray(FLOATS, values, 8);
        for (int i = 0; i < count; i += LANES) {
            lookedUp(nibbles(from, at + i, shift), low, high).mul(scale).intoArray(to, toAt + i);
        }
    }

    /// One of 16 values for each code; of 8 lanes, from two vectors.
    private static FloatVector lookedUp(IntVector codes, FloatVector low, FloatVector high) {
        if (LANES == 16) {
            return codes.selectFrom(low.reinterpretAsInts()).reinterpretAsFloats();
        }
        IntVector within = codes.and(7);
        return within.selectFrom(low.reinterpretAsInts())
                .blend(
                        within.selectFrom(high.reinterpretAsInts()),
                        codes.compare(VectorOperators.GT, 7))
                .reinterpretAsFloats();
    }

    private static IntVector nibbles(byte[] from, int at, int shift) {
        return ints(from, at).lanewise(VectorOperators.LSHR, shift).and(15);
    }

    private static IntVector ints(byte[] from, int at) {
        return (IntVector)
                ByteVector.fromArray(BYTES, from, at).convertShape(VectorOperators.B2I, INTS, 0);
    }

    private static FloatVector floats(IntVector ints) {
        return (FloatVector) ints.convertShape(VectorOperators.I2F, FLOATS, 0);
    }
}
