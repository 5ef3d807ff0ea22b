package entropylens.kernels;

/// Runs of 16 or 32 small numbers out of blocks of bytes, as weights: what the decoders of block
/// formats are made of. Products and sums are rounded one by one, so that bits are the same with
/// vectors and without.
final class BlockNumbers {
    private static final boolean VECTORS = Codes.VECTORS;

    private BlockNumbers() {}

    /// `to[i] = q · scale`, where q is a signed byte.
    static void bytes(byte[] from, int at, int count, float scale, float[] to, int toAt) {
        if (VECTORS) {
            VectorNumbers.bytes(from, at, count, scale, to, toAt);
            return;
        }
        for (int i = 0; i < count; i++) {
            to[toAt + i] = from[at + i] * scale;
        }
    }

    /// `to[i] = scale · (q - offset) - minimum`, where q is the 4 bits of byte i from `shift` on.
    static void nibbles(
            byte[] from,
            int at,
            int count,
            int shift,
            int offset,
            float scale,
            float minimum,
            float[] to,
            int toAt) {
        if (VECTORS) {
            VectorNumbers.nibbles(from, at, count, shift, offset, scale, minimum, to, toAt);
            return;
        }
        for (int i = 0; i < count; i++) {
            to[toAt + i] = scale * ((from[at + i] >> shift & 15) - offset) - minimum;
        }
    }

    /// The same, where the bits `mask` of byte i of another run, from `highShift` on, stand above
    /// the four.
    static void withHigh(
            byte[] from,
            int at,
            int count,
            int shift,
            int highAt,
            int highShift,
            int mask,
            int offset,
            float scale,
            float minimum,
            float[] to,
            int toAt) {
        if (VECTORS) {
            VectorNumbers.withHigh(
                    from, at, count, shift, highAt, highShift, mask, offset, scale, minimum, to,
                    toAt);
            return;
        }
        for (int i = 0; i < count; i++) {
            int q = from[at + i] >> shift & 15 | (from[highAt + i] >> highShift & mask) << 4;
            to[toAt + i] = scale * (q - offset) - minimum;
        }
    }

    /// `to[i] = scale · values[q]`, where q is the 4 bits of byte i from `shift` on.
    static void values(
            byte[] from,
            int at,
            int count,
            int shift,
            float scale,
            float[] values,
            float[] to,
            int toAt) {
        if (VECTORS) {
            VectorNumbers.values(from, at, count, shift, scale, values, to, toAt);
            return;
        }
        for (int i = 0; i < count; i++) {
            to[toAt + i] = scale * values[from[at + i] >> shift & 15];
        }
    }
}
