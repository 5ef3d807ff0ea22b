package entropylens.kernels;

/// `Q3_K`: 32 bytes with the third bits of 256 numbers `q`, 64 bytes with their other two, 12 bytes
/// with 16 scales of 6 bits, and the scale `d` of the scales; `(d · (scale - 32)) · (q - 4)`. The
/// low bits lie as in `Q2_K`; bit `j` of third-bit byte `i` is of number `32 j + i`.
final class SuperBlocksOf3Bits {
    private static final int BYTES = 110;
    private static final int GROUP = 16;
    private static final int NUMBERS = 32;
    private static final int SCALES = 96;
    private static final int SCALE = 108;

    private SuperBlocksOf3Bits() {}

    static void decode(byte[] from, int blocks, float[] to, int at) {
        int out = at;
        for (int byteAt = 0; byteAt < blocks * BYTES; byteAt += BYTES) {
            float d = BlockFormat.half(from, byteAt + SCALE);
            for (int group = 0; group < 16; group++) {
                float scale = d * (scale(from, byteAt + SCALES, group) - 32);
                int part = (group & 1) * GROUP;
                int shift = (group >> 1 & 3) * 2;
                int numbers = byteAt + NUMBERS + (group >> 3) * 32 + part;
                int third = byteAt + part;
                int bit = group >> 1;
                for (int i = 0; i < GROUP; i++) {
                    int q = from[numbers + i] >> shift & 3 | (from[third + i] >> bit & 1) << 2;
                    to[out + i] = scale * (q - 4);
                }
                out += GROUP;
            }
        }
    }

    /// Four low bits in the first 8 bytes, two high ones in the last 4.
    private static int scale(byte[] from, int scales, int group) {
        int low = from[scales + (group & 7)] >> (group >> 3) * 4 & 15;
        int high = from[scales + 8 + (group & 3)] >> (group >> 2) * 2 & 3;
        return low | high << 4;
    }
}
