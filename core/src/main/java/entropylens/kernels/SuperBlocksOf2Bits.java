package entropylens.kernels;

/// `Q2_K`: 16 bytes with a scale (low) and a minimum of each group of 16 weights, 64 bytes of 2-bit
/// numbers `q`, and the scales `d` of the scales and `dmin` of the minima; `(d · scale) · q - dmin
/// · minimum`. Byte `i` of a half holds the numbers `i`, `i + 32`, `i + 64` and `i + 96`.
final class SuperBlocksOf2Bits {
    private static final int BYTES = 84;
    private static final int GROUP = 16;
    private static final int NUMBERS = 16;
    private static final int SCALE = 80;

    private SuperBlocksOf2Bits() {}

    static void decode(byte[] from, int blocks, float[] to, int at) {
        int out = at;
        for (int byteAt = 0; byteAt < blocks * BYTES; byteAt += BYTES) {
            float d = BlockFormat.half(from, byteAt + SCALE);
            float dmin = BlockFormat.half(from, byteAt + SCALE + 2);
            for (int group = 0; group < 16; group++) {
                int packed = from[byteAt + group] & 0xFF;
                float scale = d * (packed & 15);
                float minimum = dmin * (packed >> 4);
                int shift = (group >> 1 & 3) * 2;
                int numbers = byteAt + NUMBERS + (group >> 3) * 32 + (group & 1) * GROUP;
                for (int i = 0; i < GROUP; i++) {
                    to[out + i] = scale * (from[numbers + i] >> shift & 3) - minimum;
                }
                out += GROUP;
            }
        }
    }
}
