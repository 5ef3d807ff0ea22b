package entropylens.kernels;

/// `MXFP4`: a byte `e` for the power of two `2^(e - 128)`, and 32 floats of 4 bits (a sign, two
/// bits of exponent, one of mantissa), which stand here doubled; their product. Byte `i` holds the
/// numbers `i` (low) and `i + 16`.
final class BlocksOf4BitFloats {
    private static final float[] DOUBLED = {
        0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12
    };

    private static final int HALF = 16;
    private static final int SUBNORMAL = 0x0020_0000;

    private BlocksOf4BitFloats() {}

    static void decode(byte[] from, int blocks, float[] to, int at) {
        int byteAt = 0;
        int out = at;
        for (int block = 0; block < blocks; block++) {
            float d = halfPower(from[byteAt] & 0xFF);
            byteAt++;
            BlockNumbers.values(from, byteAt, HALF, 0, d, DOUBLED, to, out);
            BlockNumbers.values(from, byteAt, HALF, 4, d, DOUBLED, to, out + HALF);
            byteAt += HALF;
            out += 2 * HALF;
        }
    }

    /// `2^(e - 128)`; the two smallest have no exponent of their own in float32.
    private static float halfPower(int e) {
        return Float.intBitsToFloat(e < 2 ? SUBNORMAL << e : (e - 1) << 23);
    }
}
