package entropylens.kernels;

/// `Q5_0`: a scale `d`, the fifth bits of 32 numbers `q`, and their other four; `d · (q - 16)`.
/// `Q5_1`: a scale, a minimum `m` and as many; `d · q + m`. Byte `i` holds the low bits of the
/// numbers `i` (low) and `i + 16`; bit `i` of the fifth bits is of number `i`.
final class BlocksOf5Bits {
    private static final int HALF = 16;

    private BlocksOf5Bits() {}

    static void decode(byte[] from, int blocks, float[] to, int at) {
        int byteAt = 0;
        int out = at;
        for (int block = 0; block < blocks; block++) {
            float d = BlockFormat.half(from, byteAt);
            int high = fifthBits(from, byteAt + 2);
            byteAt += 6;
            for (int i = 0; i < HALF; i++) {
                int pair = from[byteAt + i];
                to[out + i] = d * ((pair & 15 | (high >> i & 1) << 4) - 16);
                to[out + HALF + i] = d * ((pair >> 4 & 15 | (high >> i + HALF & 1) << 4) - 16);
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
            int high = fifthBits(from, byteAt + 4);
            byteAt += 8;
            for (int i = 0; i < HALF; i++) {
                int pair = from[byteAt + i];
                to[out + i] = d * (pair & 15 | (high >> i & 1) << 4) + m;
                to[out + HALF + i] = d * (pair >> 4 & 15 | (high >> i + HALF & 1) << 4) + m;
            }
            byteAt += HALF;
            out += 2 * HALF;
        }
    }

    private static int fifthBits(byte[] from, int at) {
        return from[at] & 0xFF
                | (from[at + 1] & 0xFF) << 8
                | (from[at + 2] & 0xFF) << 16
                | from[at + 3] << 24;
    }
}
