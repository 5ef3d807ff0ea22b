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
            for (int i = 0; i < HALF; i++) {
                int pair = from[byteAt + i];
                to[out + i] = d * ((pair & 15) - 8);
                to[out + HALF + i] = d * ((pair >> 4 & 15) - 8);
            }
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
            for (int i = 0; i < HALF; i++) {
                int pair = from[byteAt + i];
                to[out + i] = d * (pair & 15) + m;
                to[out + HALF + i] = d * (pair >> 4 & 15) + m;
            }
            byteAt += HALF;
            out += 2 * HALF;
        }
    }
}
