package entropylens.kernels;

/// `Q5_K`: scales and minima as in `Q4_K`, 32 bytes with the fifth bits of 256 numbers `q`, and 128
/// bytes with their other four; `(d · scale) · q - dmin · minimum`. Bit `j` of fifth-bit byte `i`
/// is of number `i` of group `j`.
final class SuperBlocksOf5Bits {
    private static final int BYTES = 176;
    private static final int GROUP = 32;
    private static final int SCALES = 4;
    private static final int FIFTH = 16;
    private static final int NUMBERS = 48;

    private SuperBlocksOf5Bits() {}

    static void decode(byte[] from, int blocks, float[] to, int at) {
        int out = at;
        for (int byteAt = 0; byteAt < blocks * BYTES; byteAt += BYTES) {
            float d = BlockFormat.half(from, byteAt);
            float dmin = BlockFormat.half(from, byteAt + 2);
            int fifth = byteAt + FIFTH;
            for (int group = 0; group < 8; group++) {
                float scale = d * SuperBlocksOf4Bits.scale(from, byteAt + SCALES, group);
                float minimum = dmin * SuperBlocksOf4Bits.minimum(from, byteAt + SCALES, group);
                int numbers = byteAt + NUMBERS + (group >> 1) * GROUP;
                int shift = (group & 1) * 4;
                BlockNumbers.withHigh(
                        from, numbers, GROUP, shift, fifth, group, 1, 0, scale, minimum, to, out);
                out += GROUP;
            }
        }
    }
}
