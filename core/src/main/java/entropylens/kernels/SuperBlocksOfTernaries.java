package entropylens.kernels;

/// `TQ1_0` and `TQ2_0`: one scale `d`, and numbers `q` of which one is taken off; `d · (q - 1)`.
///
/// In `TQ1_0` a byte holds five digits to the base of 3, as a fraction of 256: the first digit is
/// `3 · byte / 256`, and the next ones follow when the byte is multiplied by 3, modulo 256. The
/// first digits of all bytes of a part come first, then the second ones. There are three parts, of
/// 32, 16 and 4 bytes; in the last a byte holds four.
///
/// In `TQ2_0` a byte holds four numbers of 2 bits, in two halves of 32 bytes.
final class SuperBlocksOfTernaries {
    private static final int BASE_3_BYTES = 54;
    private static final int BASE_3_SCALE = 52;
    private static final int BITS_BYTES = 66;
    private static final int BITS_SCALE = 64;
    private static final int HALF = 32;

    private SuperBlocksOfTernaries() {}

    static void decodeBase3(byte[] from, int blocks, float[] to, int at) {
        int out = at;
        for (int byteAt = 0; byteAt < blocks * BASE_3_BYTES; byteAt += BASE_3_BYTES) {
            float d = BlockFormat.half(from, byteAt + BASE_3_SCALE);
            out = digits(d, from, byteAt, 32, 5, to, out);
            out = digits(d, from, byteAt + 32, 16, 5, to, out);
            out = digits(d, from, byteAt + 48, 4, 4, to, out);
        }
    }

    private static int digits(
            float d, byte[] from, int byteAt, int bytes, int digits, float[] to, int at) {
        int power = 1;
        for (int digit = 0; digit < digits; digit++, power *= 3) {
            for (int i = 0; i < bytes; i++) {
                int rest = from[byteAt + i] * power & 0xFF;
                to[at + digit * bytes + i] = d * ((rest * 3 >> 8) - 1);
            }
        }
        return at + digits * bytes;
    }

    static void decodeBits(byte[] from, int blocks, float[] to, int at) {
        int out = at;
        for (int byteAt = 0; byteAt < blocks * BITS_BYTES; byteAt += BITS_BYTES) {
            float d = BlockFormat.half(from, byteAt + BITS_SCALE);
            for (int half = 0; half < BITS_SCALE; half += HALF) {
                for (int shift = 0; shift < 8; shift += 2) {
                    for (int i = 0; i < HALF; i++) {
                        to[out++] = d * ((from[byteAt + half + i] >> shift & 3) - 1);
                    }
                }
            }
        }
    }
}
