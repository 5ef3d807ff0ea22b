package entropylens.kernels;

import static entropylens.kernels.VectorMath.FLOATS;
import static entropylens.kernels.VectorMath.INTS;
import static entropylens.kernels.VectorMath.LANES;
import static entropylens.kernels.VectorMath.load;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Rows of blocks times one row of activations, of the types that most files have: codes are
/// multiplied as whole numbers, and sums of a group by its scale, so that a weight by itself is
/// never computed. What is taken off all codes of a group is taken off once, by the group's sum of
/// activations.
final class VectorBlockDots {
    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE);

    /// As many bytes as there are float lanes.
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(
                    byte.class, VectorShape.forBitSize(Math.max(64, FLOATS.vectorBitSize() / 4)));

    /// Half of the low bits of 64 numbers.
    private static final VectorSpecies<Integer> WORDS = IntVector.SPECIES_256;

    private static final VectorSpecies<Long> LONGS =
            VectorSpecies.of(long.class, BYTES.vectorShape());

    private VectorBlockDots() {}

    static float q8(MemorySegment data, long row, int blocks, float[] x) {
        FloatVector total = FloatVector.zero(FLOATS);
        for (int block = 0; block < blocks; block++) {
            long at = row + 34L * block;
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int j = 0; j < 32; j += LANES) {
                sum = floats(signed(data, at + 2 + j)).fma(load(x, 32 * block + j), sum);
            }
            total = sum.fma(FloatVector.broadcast(FLOATS, half(data, at)), total);
        }
        return sum(total);
    }

    /// @param offsets -8 times the sum of x over each block
    static float q4(MemorySegment data, long row, int blocks, float[] x, float[] offsets) {
        FloatVector total = FloatVector.zero(FLOATS);
        float taken = 0;
        for (int block = 0; block < blocks; block++) {
            long at = row + 18L * block;
            FloatVector low = FloatVector.zero(FLOATS);
            FloatVector high = low;
            for (int j = 0; j < 16; j += LANES) {
                IntVector codes = unsigned(data, at + 2 + j);
                low = floats(codes.and(15)).fma(load(x, 32 * block + j), low);
                high =
                        floats(codes.lanewise(VectorOperators.LSHR, 4))
                                .fma(load(x, 32 * block + 16 + j), high);
            }
            float scale = half(data, at);
            total = low.add(high).fma(FloatVector.broadcast(FLOATS, scale), total);
            taken = Math.fma(scale, offsets[block], taken);
        }
        return sum(total) + taken;
    }

    /// @param offsets the sums of x over the 8 groups of each block, negated, and zeros up to a
    ///   vector
    /// @param scales takes those of one block
    static float q4K(
            MemorySegment data, long row, int blocks, float[] x, float[] offsets, float[] scales) {
        FloatVector total = FloatVector.zero(FLOATS);
        FloatVector other = total;
        FloatVector taken = total;
        for (int block = 0; block < blocks; block++) {
            long at = row + 144L * block;
            float d = half(data, at);
            float dmin = half(data, at + 2);
            int first = data.get(INT, at + 4);
            int second = data.get(INT, at + 8);
            int third = data.get(INT, at + 12);
            // 6 bits in each byte, in the order of groups; see SuperBlocksOf4Bits
            long high = third & 0x0F0F0F0F | first >>> 2 & 0x30303030;
            eight(high << 32 | first & 0x3F3F3F3F).mul(d).intoArray(scales, 0);
            high = third >>> 4 & 0x0F0F0F0F | second >>> 2 & 0x30303030;
            FloatVector minima = eight(high << 32 | second & 0x3F3F3F3F).mul(dmin);
            taken = minima.fma(load(offsets, LANES * block), taken);
            for (int pair = 0; pair < 4; pair++) {
                int xAt = 256 * block + 64 * pair;
                FloatVector lower = FloatVector.zero(FLOATS);
                FloatVector upper = lower;
                for (int j = 0; j < 32; j += LANES) {
                    IntVector codes = unsigned(data, at + 16 + 32 * pair + j);
                    lower = floats(codes.and(15)).fma(load(x, xAt + j), lower);
                    upper =
                            floats(codes.lanewise(VectorOperators.LSHR, 4))
                                    .fma(load(x, xAt + 32 + j), upper);
                }
                total = lower.fma(FloatVector.broadcast(FLOATS, scales[2 * pair]), total);
                other = upper.fma(FloatVector.broadcast(FLOATS, scales[2 * pair + 1]), other);
            }
        }
        return sum(total.add(other).add(taken));
    }

    /// Eight bytes as floats, once more in the other lanes of 16.
    private static FloatVector eight(long bytes) {
        return floats(
                (IntVector)
                        LongVector.broadcast(LONGS, bytes)
                                .reinterpretAsBytes()
                                .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0));
    }

    /// @param codes takes a byte for each weight of the row
    /// @param scales takes those of the row
    static float q6K(
            MemorySegment data, long row, int blocks, float[] x, byte[] codes, float[] scales) {
        for (int half = 0; half < 2 * blocks; half++) {
            long block = row + 210L * (half >> 1);
            int second = half & 1;
            codes6(data, block + 64 * second, block + 128 + 32 * second, codes, 128 * half);
        }
        scales6(data, row, blocks, scales);
        return sixteens(codes, 16 * blocks, x, scales);
    }

    private static void scales6(MemorySegment data, long row, int blocks, float[] to) {
        for (int block = 0; block < blocks; block++) {
            long at = row + 210L * block;
            float d = half(data, at + 208);
            for (int j = 0; j < 16; j += LANES) {
                floats(signed(data, at + 192 + j)).mul(d).intoArray(to, 16 * block + j);
            }
        }
    }

    /// Groups of 16 codes and their scales.
    private static float sixteens(byte[] codes, int groups, float[] x, float[] scales) {
        FloatVector total = FloatVector.zero(FLOATS);
        FloatVector other = total;
        for (int group = 0; group < groups; group += 2) {
            int at = 16 * group;
            FloatVector scale = FloatVector.broadcast(FLOATS, scales[group]);
            FloatVector next = FloatVector.broadcast(FLOATS, scales[group + 1]);
            for (int j = at; j < at + 16; j += LANES) {
                total = floats(signed(codes, j)).mul(load(x, j)).fma(scale, total);
                other = floats(signed(codes, j + 16)).mul(load(x, j + 16)).fma(next, other);
            }
        }
        return sum(total.add(other));
    }

    /// 128 numbers of 6 bits, less 32; see [SuperBlocksOf6Bits].
    private static void codes6(MemorySegment data, long lowAt, long highAt, byte[] to, int at) {
        for (int j = 0; j < 32; j += WORDS.vectorByteSize()) {
            IntVector first = words(data, lowAt + j);
            IntVector second = words(data, lowAt + 32 + j);
            IntVector high = words(data, highAt + j);
            store(first, high.lanewise(VectorOperators.LSHL, 4), to, at + j);
            store(second, high.lanewise(VectorOperators.LSHL, 2), to, at + 32 + j);
            first = first.lanewise(VectorOperators.LSHR, 4);
            second = second.lanewise(VectorOperators.LSHR, 4);
            store(first, high, to, at + 64 + j);
            store(second, high.lanewise(VectorOperators.LSHR, 2), to, at + 96 + j);
        }
    }

    private static IntVector words(MemorySegment data, long at) {
        return IntVector.fromMemorySegment(WORDS, data, at, LITTLE);
    }

    private static void store(IntVector low, IntVector high, byte[] to, int at) {
        low.and(0x0F0F0F0F)
                .or(high.and(0x30303030))
                .reinterpretAsBytes()
                .sub((byte) 32)
                .intoArray(to, at);
    }

    private static float sum(FloatVector lanes) {
        float[] sums = new float[LANES];
        lanes.intoArray(sums, 0);
        return VectorRows.tree(sums, 0);
    }

    private static IntVector unsigned(MemorySegment from, long at) {
        return (IntVector)
                ByteVector.fromMemorySegment(BYTES, from, at, LITTLE)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
    }

    private static IntVector signed(MemorySegment from, long at) {
        return (IntVector)
                ByteVector.fromMemorySegment(BYTES, from, at, LITTLE)
                        .convertShape(VectorOperators.B2I, INTS, 0);
    }

    private static float half(MemorySegment from, long at) {
        return Float.float16ToFloat(from.get(SHORT, at));
    }

    private static IntVector signed(byte[] from, int at) {
        return (IntVector)
                ByteVector.fromArray(BYTES, from, at).convertShape(VectorOperators.B2I, INTS, 0);
    }

    private static FloatVector floats(IntVector ints) {
        return (FloatVector) ints.convertShape(VectorOperators.I2F, FLOATS, 0);
    }
}
