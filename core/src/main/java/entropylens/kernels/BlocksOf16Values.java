package entropylens.kernels;

/// `IQ4_NL`: a scale `d` and 32 numbers of 4 bits, each of which stands for one of 16 values; `d ·
/// value`. Byte `i` holds the numbers `i` (low) and `i + 16`.
final class BlocksOf16Values {
    /// Denser where weights are: near zero.
    private static final float[] VALUES = {
        -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
    };

    private static final int HALF = 16;

    private BlocksOf16Values() {}

    static void decode(byte[] from, int blocks, float[] to, int at) {
        int byteAt = 0;
        int out = at;
        for (int block = 0; block < blocks; block++) {
            decode(BlockFormat.half(from, byteAt), from, byteAt + 2, to, out);
            byteAt += 2 + HALF;
            out += 2 * HALF;
        }
    }

    /// One group of 32.
    static void decode(float scale, byte[] from, int numbers, float[] to, int at) {
        BlockNumbers.values(from, numbers, HALF, 0, scale, VALUES, to, at);
        BlockNumbers.values(from, numbers, HALF, 4, scale, VALUES, to, at + HALF);
    }
}
