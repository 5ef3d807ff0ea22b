package entropylens.kernels;

/// `Q8_0`: a scale `d` and 32 signed bytes `q`; `q · d`.
final class BlocksOf8Bits {
    private static final int WEIGHTS = 32;

    private BlocksOf8Bits() {}

    static void decode(byte[] from, int blocks, float[] to, int at) {
        int byteAt = 0;
        int out = at;
        for (int block = 0; block < blocks; block++) {
            float d = BlockFormat.half(from, byteAt);
            byteAt += 2;
            BlockNumbers.bytes(from, byteAt, WEIGHTS, d, to, out);
            byteAt += WEIGHTS;
            out += WEIGHTS;
        }
    }
}
