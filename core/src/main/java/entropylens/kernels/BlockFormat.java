package entropylens.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntToLongFunction;

/// How weights are stored in blocks of a few bits each, under the names that ggml gives them. A row
/// of a matrix is a whole number of blocks, so rows may be reordered without decoding them.
///
/// Decoding is exact: every weight is the float32 that the format means, computed in float32 in the
/// order of the reference (`gguf.quants.dequantize` of llama.cpp's Python package), and equal to it
/// bit for bit. A scale that is no number gives weights that are none.
public enum BlockFormat {
    /// 4 bits and a scale.
    Q4_0(32, 18, BlocksOf4Bits::decode),
    /// 4 bits, a scale and a minimum.
    Q4_1(32, 20, BlocksOf4Bits::decodeWithMinimum),
    /// 5 bits and a scale.
    Q5_0(32, 22, BlocksOf5Bits::decode),
    /// 5 bits, a scale and a minimum.
    Q5_1(32, 24, BlocksOf5Bits::decodeWithMinimum),
    /// 8 bits and a scale.
    Q8_0(32, 34, BlocksOf8Bits::decode),
    /// 2 bits; 16 groups with a scale and a minimum of 4 bits each.
    Q2_K(256, 84, SuperBlocksOf2Bits::decode),
    /// 3 bits; 16 groups with a scale of 6 bits.
    Q3_K(256, 110, SuperBlocksOf3Bits::decode),
    /// 4 bits; 8 groups with a scale and a minimum of 6 bits each.
    Q4_K(256, 144, SuperBlocksOf4Bits::decode),
    /// 5 bits; 8 groups with a scale and a minimum of 6 bits each.
    Q5_K(256, 176, SuperBlocksOf5Bits::decode),
    /// 6 bits; 16 groups with a scale of 8 bits.
    Q6_K(256, 210, SuperBlocksOf6Bits::decode),
    /// 4 bits that choose one of 16 values, and a scale.
    IQ4_NL(32, 18, BlocksOf16Values::decode),
    /// 4 bits that choose one of 16 values; 8 groups with a scale of 6 bits.
    IQ4_XS(256, 136, SuperBlocksOf16Values::decode),
    /// 4-bit floats, and a power of two.
    MXFP4(32, 17, BlocksOf4BitFloats::decode),
    /// -1, 0 or 1, five in a byte; a scale.
    TQ1_0(256, 54, SuperBlocksOfTernaries::decodeBase3),
    /// -1, 0 or 1 in 2 bits, and a scale.
    TQ2_0(256, 66, SuperBlocksOfTernaries::decodeBits);

    /// Decodes whole blocks.
    @FunctionalInterface
    interface Decoder {
        /// @param from the bytes of the blocks, from the first one on
        /// @param to takes the weights, from `at` on
        void decode(byte[] from, int blocks, float[] to, int at);
    }

    /// What is copied out of the segment at once; it stays in the nearest cache.
    private static final int MAX_COPIED = 8192;

    private final int weights;
    private final int bytes;
    private final Decoder decoder;

    BlockFormat(int weights, int bytes, Decoder decoder) {
        this.weights = weights;
        this.bytes = bytes;
        this.decoder = decoder;
    }

    /// Weights in a block.
    public int weights() {
        return weights;
    }

    /// Bytes of a block.
    public int bytes() {
        return bytes;
    }

    /// Bytes that a number of weights takes.
    ///
    /// @throws IllegalArgumentException when they are no whole number of blocks
    public long bytes(long count) {
        if (count % weights != 0) {
            throw new IllegalArgumentException(
                    "%,d weights are no whole number of %s blocks of %d"
                            .formatted(count, this, weights));
        }
        return Math.multiplyExact(count / weights, (long) bytes);
    }

    /// Decodes `blocks` blocks that begin at a byte of `data`.
    ///
    /// @param to takes `blocks * weights()` floats, from `toOffset` on
    /// @throws IndexOutOfBoundsException when either is too short
    public void decode(MemorySegment data, long byteOffset, int blocks, float[] to, int toOffset) {
        int most = Math.min(blocks, MAX_COPIED / bytes);
        byte[] copied = new byte[most * bytes];
        for (int done = 0; done < blocks; done += most) {
            int now = Math.min(most, blocks - done);
            MemorySegment.copy(
                    data,
                    ValueLayout.JAVA_BYTE,
                    byteOffset + (long) done * bytes,
                    copied,
                    0,
                    now * bytes);
            decoder.decode(copied, now, to, toOffset + done * weights);
        }
    }

    /// Products of rows of blocks with one row of activations, where the type has a faster way than
    /// to decode: products of the codes are added up before they are scaled, so they agree with
    /// those of the decoded weights to rounding.
    ///
    /// @param rows where each output's row begins
    /// @param x as many as a row has weights
    /// @param y takes those of the outputs `[from, to)`, from `at` on
    /// @return whether there is such a way; without, nothing is written
    public boolean multiply(
            MemorySegment data,
            IntToLongFunction rows,
            int from,
            int to,
            float[] x,
            float[] y,
            int at) {
        if (!BlockDots.knows(this)) {
            return false;
        }
        BlockDots dots = BlockDots.of(this, x.length / weights, x);
        for (int output = from; output < to; output++) {
            y[at + output - from] = dots.product(data, rows.applyAsLong(output));
        }
        return true;
    }

    /// The float16 at a byte, little-endian, widened.
    static float half(byte[] from, int at) {
        return Float.float16ToFloat((short) (from[at] & 0xFF | from[at + 1] << 8));
    }
}
