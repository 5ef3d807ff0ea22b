package entropylens.kernels;

/// `Q4_0`: a scale `d` and 32 numbers `q` of 4 bits; `d · (q - 8)`. `Q4_1`: a scale, a minimum `m`
/// and as many; `d · q + m`. Byte `i` holds the numbers `i` (low) and `i + 16`.
final class BlocksOf4Bits {
    private static final int HALF = 16;

    private BlocksOf4Bits() {}

    static void decode(byte[] from, int blocks, float[] to, int at) {
        int byteAt = 0;
        int out = at;
        for (int block = 0; block < blocks; block++) {
            float d = BlockFormat.half(from, byteAt);
            byteAt += 2;
            BlockNumbers.nibbles(from, byteAt, HALF, 0, 8, d, 0, to, out);
            BlockNumbers.nibbles(from, byteAt, HALF, 4, 8, d, 0, to, out + HALF);
            byteAt += HALF;
            out += 2 * HALF;
        }
    }

    static void decodeWithMinimum(byte[] from, int blocks, float[] to, int at) {
        int byteAt = 0;
        int out = at;
        for (int block = 0; block < blocks; block++) {
            float d = BlockFormat.half(from, byteAt);
            float m = BlockFormat.half(from, byteAt + 2);
            byteAt += 4;
            BlockNumbers.nibbles(from, byteAt, HALF, 0, 0, d, -m, to, out);
            BlockNumbers.nibbles(from, byteAt, HALF, 4, 0, d, -m, to, out + HALF);
            byteAt += HALF;
            out += 2 * HALF;
        }
    }
}
