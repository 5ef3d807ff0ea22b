package entropylens.kernels;

/// `Q4_K`: the scales `d` of 8 scales and `dmin` of 8 minima, those in 12 bytes of 6 bits each, and
/// 128 bytes of 4-bit numbers `q`; `(d · scale) · q - dmin · minimum`. Byte `i` of every 32 holds
/// the number `i` of one group (low) and of the next.
final class SuperBlocksOf4Bits {
    private static final int BYTES = 144;
    private static final int GROUP = 32;
    private static final int SCALES = 4;
    private static final int NUMBERS = 16;

    private SuperBlocksOf4Bits() {}

    static void decode(byte[] from, int blocks, float[] to, int at) {
        int out = at;
        for (int byteAt = 0; byteAt < blocks * BYTES; byteAt += BYTES) {
            float d = BlockFormat.half(from, byteAt);
            float dmin = BlockFormat.half(from, byteAt + 2);
            int scales = byteAt + SCALES;
            for (int group = 0; group < 8; group += 2) {
                float scale = d * scale(from, scales, group);
                float minimum = dmin * minimum(from, scales, group);
                float nextScale = d * scale(from, scales, group + 1);
                float nextMinimum = dmin * minimum(from, scales, group + 1);
                int numbers = byteAt + NUMBERS + group * (GROUP / 2);
                BlockNumbers.nibbles(from, numbers, GROUP, 0, 0, scale, minimum, to, out);
                out += GROUP;
                BlockNumbers.nibbles(from, numbers, GROUP, 4, 0, nextScale, nextMinimum, to, out);
                out += GROUP;
            }
        }
    }

    /// The 6 bits of a group's scale: of the first four whole in a byte, of the others four low
    /// ones in the last bytes and two high ones on top of the first four's.
    static int scale(byte[] from, int scales, int group) {
        return group < 4
                ? from[scales + group] & 63
                : from[scales + 4 + group] & 15 | from[scales + group - 4] >> 2 & 48;
    }

    /// The 6 bits of a group's minimum, packed in the same way.
    static int minimum(byte[] from, int scales, int group) {
        return group < 4
                ? from[scales + 4 + group] & 63
                : from[scales + 4 + group] >> 4 & 15 | from[scales + group] >> 2 & 48;
    }
}
