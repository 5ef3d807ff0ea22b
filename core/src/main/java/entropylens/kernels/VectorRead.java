package entropylens.kernels;

import static entropylens.kernels.VectorMath.FLOATS;
import static entropylens.kernels.VectorMath.INTS;
import static entropylens.kernels.VectorMath.LANES;
import static entropylens.kernels.VectorRows.floats;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Mapped weights into arrays, widened to float32 on the way.
final class VectorRead {
    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE);

    /// As many 16-bit values as there are float lanes.
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));

    /// Floats in the widest tile.
    private static final int FOUR = Kernels.TILE_VECTORS * LANES;

    private VectorRead() {}

    static void read(
            DenseMatrix weights, long byteOffset, int rows, int count, float[] to, int toOffset) {
        long stride = (long) weights.stride() * weights.type().bytes();
        if (count == FOUR && weights.type() == WeightType.F32) {
            fourF32(weights.data(), byteOffset, stride, rows, to, toOffset);
        } else if (count == FOUR && weights.type() == WeightType.BF16) {
            fourBf16(weights.data(), byteOffset, stride, rows, to, toOffset);
        } else {
            for (int r = 0; r < rows; r++) {
                row(weights, byteOffset + r * stride, to, toOffset + r * count, count);
            }
        }
    }

    /// The pieces that fill a tile, without a call for each.
    private static void fourF32(
            MemorySegment data, long at, long stride, int rows, float[] to, int toOffset) {
        for (int r = 0; r < rows; r++) {
            long from = at + r * stride;
            int into = toOffset + r * FOUR;
            floats(data, from).intoArray(to, into);
            floats(data, from + 4L * LANES).intoArray(to, into + LANES);
            floats(data, from + 8L * LANES).intoArray(to, into + 2 * LANES);
            floats(data, from + 12L * LANES).intoArray(to, into + 3 * LANES);
        }
    }

    private static void fourBf16(
            MemorySegment data, long at, long stride, int rows, float[] to, int toOffset) {
        for (int r = 0; r < rows; r++) {
            long from = at + r * stride;
            int into = toOffset + r * FOUR;
            bf16(data, from).intoArray(to, into);
            bf16(data, from + 2L * LANES).intoArray(to, into + LANES);
            bf16(data, from + 4L * LANES).intoArray(to, into + 2 * LANES);
            bf16(data, from + 6L * LANES).intoArray(to, into + 3 * LANES);
        }
    }

    private static void row(DenseMatrix weights, long at, float[] to, int toOffset, int count) {
        switch (weights.type()) {
            case F32 -> MemorySegment.copy(weights.data(), FLOAT, at, to, toOffset, count);
            case BF16 -> {
                int whole = count / LANES * LANES;
                rowBf16(weights.data(), at, to, toOffset, whole);
                for (int i = whole; i < count; i++) {
                    to[toOffset + i] = ScalarKernels.weight(weights, at + 2L * i);
                }
            }
            case F16 -> rowF16(weights.data(), at, to, toOffset, count);
        }
    }

    private static void rowBf16(MemorySegment data, long at, float[] to, int toOffset, int whole) {
        for (int i = 0; i < whole; i += LANES) {
            bf16(data, at + 2L * i).intoArray(to, toOffset + i);
        }
    }

    private static FloatVector bf16(MemorySegment data, long at) {
        IntVector wide =
                (IntVector)
                        ShortVector.fromMemorySegment(SHORTS, data, at, LITTLE)
                                .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
        return wide.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
    }

    /// Half floats have no vector conversion of their own; the JIT compiler vectorises this loop.
    private static void rowF16(MemorySegment data, long at, float[] to, int toOffset, int count) {
        short[] halves = new short[count];
        MemorySegment.copy(data, SHORT, at, halves, 0, count);
        for (int i = 0; i < count; i++) {
            to[toOffset + i] = Float.float16ToFloat(halves[i]);
        }
    }
}
