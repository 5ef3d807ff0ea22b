package entropylens.kernels;

import static entropylens.kernels.VectorMath.FLOATS;
import static entropylens.kernels.VectorMath.LANES;
import static entropylens.kernels.VectorMath.load;

import jdk.incubator.vector.FloatVector;

/// The widest tile where there are 16 vector registers (AVX2) and not 32: two halves one after the
/// other, each with 12 accumulators, 2 loaded vectors and 1 broadcast. The same sums in the same
/// order as [VectorTile#four], whose 29 vectors would be spilled to memory.
final class VectorHalfTile {
    private VectorHalfTile() {}

    static void four(
            float[] a,
            int aOffset,
            int aStride,
            float[] b,
            int bOffset,
            int length,
            float[] c,
            int cOffset,
            int cStride) {
        two(a, aOffset, aStride, b, bOffset, length, c, cOffset, cStride);
        int half = 2 * LANES;
        two(a, aOffset, aStride, b, bOffset + half, length, c, cOffset + half, cStride);
    }

    /// Two neighbouring columns of a tile that is four wide.
    private static void two(
            float[] a,
            int aOffset,
            int aStride,
            float[] b,
            int bOffset,
            int length,
            float[] c,
            int cOffset,
            int cStride) {
        FloatVector zero = FloatVector.zero(FLOATS);
        FloatVector s00 = zero, s01 = zero;
        FloatVector s10 = zero, s11 = zero;
        FloatVector s20 = zero, s21 = zero;
        FloatVector s30 = zero, s31 = zero;
        FloatVector s40 = zero, s41 = zero;
        FloatVector s50 = zero, s51 = zero;
        int a1 = aOffset + aStride;
        int a2 = a1 + aStride;
        int a3 = a2 + aStride;
        int a4 = a3 + aStride;
        int a5 = a4 + aStride;
        for (int i = 0; i < length; i++) {
            int at = bOffset + i * (4 * LANES);
            FloatVector b0 = load(b, at);
            FloatVector b1 = load(b, at + LANES);
            FloatVector x = FloatVector.broadcast(FLOATS, a[aOffset + i]);
            s00 = x.fma(b0, s00);
            s01 = x.fma(b1, s01);
            x = FloatVector.broadcast(FLOATS, a[a1 + i]);
            s10 = x.fma(b0, s10);
            s11 = x.fma(b1, s11);
            x = FloatVector.broadcast(FLOATS, a[a2 + i]);
            s20 = x.fma(b0, s20);
            s21 = x.fma(b1, s21);
            x = FloatVector.broadcast(FLOATS, a[a3 + i]);
            s30 = x.fma(b0, s30);
            s31 = x.fma(b1, s31);
            x = FloatVector.broadcast(FLOATS, a[a4 + i]);
            s40 = x.fma(b0, s40);
            s41 = x.fma(b1, s41);
            x = FloatVector.broadcast(FLOATS, a[a5 + i]);
            s50 = x.fma(b0, s50);
            s51 = x.fma(b1, s51);
        }
        int row = cOffset;
        s00.intoArray(c, row);
        s01.intoArray(c, row + LANES);
        row += cStride;
        s10.intoArray(c, row);
        s11.intoArray(c, row + LANES);
        row += cStride;
        s20.intoArray(c, row);
        s21.intoArray(c, row + LANES);
        row += cStride;
        s30.intoArray(c, row);
        s31.intoArray(c, row + LANES);
        row += cStride;
        s40.intoArray(c, row);
        s41.intoArray(c, row + LANES);
        row += cStride;
        s50.intoArray(c, row);
        s51.intoArray(c, row + LANES);
    }
}
