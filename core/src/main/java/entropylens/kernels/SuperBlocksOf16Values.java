package entropylens.kernels;

/// `IQ4_XS`: the scale `d` of 8 scales, two bytes with their two high bits, 4 bytes with their four
/// low ones, and 8 groups of 32 as in `IQ4_NL`; `(d · (scale - 32)) · value`.
final class SuperBlocksOf16Values {
    private static final int BYTES = 136;
    private static final int GROUP = 32;
    private static final int HIGH = 2;
    private static final int LOW = 4;
    private static final int NUMBERS = 8;

    private SuperBlocksOf16Values() {}

    static void decode(byte[] from, int blocks, float[] to, int at) {
        int out = at;
        for (int byteAt = 0; byteAt < blocks * BYTES; byteAt += BYTES) {
            float d = BlockFormat.half(from, byteAt);
            int high = from[byteAt + HIGH] & 0xFF | (from[byteAt + HIGH + 1] & 0xFF) << 8;
            for (int group = 0; group < 8; group++) {
                int low = from[byteAt + LOW + (group >> 1)] >> (group & 1) * 4 & 15;
                int scale = low | (high >> 2 * group & 3) << 4;
                int numbers = byteAt + NUMBERS + group * (GROUP / 2);
                BlocksOf16Values.decode(d * (scale - 32), from, numbers, to, out);
                out += GROUP;
            }
        }
    }
}
