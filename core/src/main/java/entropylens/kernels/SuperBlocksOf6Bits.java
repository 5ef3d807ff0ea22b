package entropylens.kernels;

/// `Q6_K`: 128 bytes with four low bits of 256 numbers `q`, 64 bytes with two high ones, 16 signed
/// bytes of scales, and the scale `d` of the scales; `(d · scale) · (q - 32)`. Of each half, low
/// byte `i` of 64 holds the numbers `i` (low) and `i + 64`, high byte `i` of 32 the numbers `i`, `i
/// + 32`, `i + 64` and `i + 96`.
final class SuperBlocksOf6Bits {
    private static final int BYTES = 210;
    private static final int GROUP = 16;
    private static final int HIGH = 128;
    private static final int SCALES = 192;
    private static final int SCALE = 208;

    private SuperBlocksOf6Bits() {}

    static void decode(byte[] from, int blocks, float[] to, int at) {
        int out = at;
        for (int byteAt = 0; byteAt < blocks * BYTES; byteAt += BYTES) {
            float d = BlockFormat.half(from, byteAt + SCALE);
            for (int group = 0; group < 16; group++) {
                float scale = d * from[byteAt + SCALES + group];
                int half = group >> 3;
                int inHalf = group & 7;
                int low = byteAt + half * 64 + (inHalf & 3) * GROUP;
                int lowShift = (inHalf >> 2) * 4;
                int high = byteAt + HIGH + half * 32 + (inHalf & 1) * GROUP;
                int highShift = (inHalf >> 1) * 2;
                BlockNumbers.withHigh(
                        from, low, GROUP, lowShift, high, highShift, 3, 32, scale, 0, to, out);
                out += GROUP;
            }
        }
    }
}
