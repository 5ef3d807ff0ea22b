package entropylens.kernels;

import static entropylens.kernels.VectorMath.FLOATS;
import static entropylens.kernels.VectorMath.LANES;

import jdk.incubator.vector.FloatVector;

/// Register-blocked products: 6 broadcast rows against 4, 2 or 1 vectors. With 24 accumulators, 4
/// loaded vectors and 1 broadcast, the wide tile fills the 32 registers of AVX-512 and NEON, and
/// does 24 fused multiply-adds for 10 loads.
final class VectorTile {
    private VectorTile() {}

    private static FloatVector load(float[] from, int at) {
        return FloatVector.fromArray(FLOATS, from, at);
    }

    static void wide(
            float[] a,
            int aOffset,
            int aStride,
            float[] b,
            int bOffset,
            int bStride,
            int length,
            float[] c,
            int cOffset,
            int cStride,
            boolean accumulate) {
        FloatVector zero = FloatVector.zero(FLOATS);
        FloatVector s00 = zero, s01 = zero, s02 = zero, s03 = zero;
        FloatVector s10 = zero, s11 = zero, s12 = zero, s13 = zero;
        FloatVector s20 = zero, s21 = zero, s22 = zero, s23 = zero;
        FloatVector s30 = zero, s31 = zero, s32 = zero, s33 = zero;
        FloatVector s40 = zero, s41 = zero, s42 = zero, s43 = zero;
        FloatVector s50 = zero, s51 = zero, s52 = zero, s53 = zero;
        int a1 = aOffset + aStride;
        int a2 = a1 + aStride;
        int a3 = a2 + aStride;
        int a4 = a3 + aStride;
        int a5 = a4 + aStride;
        int at = bOffset;
        for (int i = 0; i < length; i++, at += bStride) {
            FloatVector b0 = load(b, at);
            FloatVector b1 = load(b, at + LANES);
            FloatVector b2 = load(b, at + 2 * LANES);
            FloatVector b3 = load(b, at + 3 * LANES);
            FloatVector x = FloatVector.broadcast(FLOATS, a[aOffset + i]);
            s00 = x.fma(b0, s00);
            s01 = x.fma(b1, s01);
            s02 = x.fma(b2, s02);
            s03 = x.fma(b3, s03);
            x = FloatVector.broadcast(FLOATS, a[a1 + i]);
            s10 = x.fma(b0, s10);
            s11 = x.fma(b1, s11);
            s12 = x.fma(b2, s12);
            s13 = x.fma(b3, s13);
            x = FloatVector.broadcast(FLOATS, a[a2 + i]);
            s20 = x.fma(b0, s20);
            s21 = x.fma(b1, s21);
            s22 = x.fma(b2, s22);
            s23 = x.fma(b3, s23);
            x = FloatVector.broadcast(FLOATS, a[a3 + i]);
            s30 = x.fma(b0, s30);
            s31 = x.fma(b1, s31);
            s32 = x.fma(b2, s32);
            s33 = x.fma(b3, s33);
            x = FloatVector.broadcast(FLOATS, a[a4 + i]);
            s40 = x.fma(b0, s40);
            s41 = x.fma(b1, s41);
            s42 = x.fma(b2, s42);
            s43 = x.fma(b3, s43);
            x = FloatVector.broadcast(FLOATS, a[a5 + i]);
            s50 = x.fma(b0, s50);
            s51 = x.fma(b1, s51);
            s52 = x.fma(b2, s52);
            s53 = x.fma(b3, s53);
        }
        int row = cOffset;
        store4(s00, s01, s02, s03, c, row, accumulate);
        row += cStride;
        store4(s10, s11, s12, s13, c, row, accumulate);
        row += cStride;
        store4(s20, s21, s22, s23, c, row, accumulate);
        row += cStride;
        store4(s30, s31, s32, s33, c, row, accumulate);
        row += cStride;
        store4(s40, s41, s42, s43, c, row, accumulate);
        row += cStride;
        store4(s50, s51, s52, s53, c, row, accumulate);
    }

    private static void store4(
            FloatVector s0,
            FloatVector s1,
            FloatVector s2,
            FloatVector s3,
            float[] c,
            int at,
            boolean accumulate) {
        store(s0, c, at, accumulate);
        store(s1, c, at + LANES, accumulate);
        store(s2, c, at + 2 * LANES, accumulate);
        store(s3, c, at + 3 * LANES, accumulate);
    }

    private static void store(FloatVector sum, float[] c, int at, boolean accumulate) {
        if (accumulate) {
            load(c, at).add(sum).intoArray(c, at);
        } else {
            sum.intoArray(c, at);
        }
    }

    static void pair(
            float[] a,
            int aOffset,
            int aStride,
            float[] b,
            int bOffset,
            int bStride,
            int length,
            float[] c,
            int cOffset,
            int cStride,
            boolean accumulate) {
        FloatVector zero = FloatVector.zero(FLOATS);
        FloatVector s00 = zero, s01 = zero, s10 = zero, s11 = zero, s20 = zero, s21 = zero;
        FloatVector s30 = zero, s31 = zero, s40 = zero, s41 = zero, s50 = zero, s51 = zero;
        int a1 = aOffset + aStride;
        int a2 = a1 + aStride;
        int a3 = a2 + aStride;
        int a4 = a3 + aStride;
        int a5 = a4 + aStride;
        int at = bOffset;
        for (int i = 0; i < length; i++, at += bStride) {
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
        store2(s00, s01, c, row, accumulate);
        row += cStride;
        store2(s10, s11, c, row, accumulate);
        row += cStride;
        store2(s20, s21, c, row, accumulate);
        row += cStride;
        store2(s30, s31, c, row, accumulate);
        row += cStride;
        store2(s40, s41, c, row, accumulate);
        row += cStride;
        store2(s50, s51, c, row, accumulate);
    }

    private static void store2(
            FloatVector s0, FloatVector s1, float[] c, int at, boolean accumulate) {
        store(s0, c, at, accumulate);
        store(s1, c, at + LANES, accumulate);
    }

    static void single(
            float[] a,
            int aOffset,
            int aStride,
            float[] b,
            int bOffset,
            int bStride,
            int length,
            float[] c,
            int cOffset,
            int cStride,
            boolean accumulate) {
        FloatVector zero = FloatVector.zero(FLOATS);
        FloatVector s0 = zero, s1 = zero, s2 = zero, s3 = zero, s4 = zero, s5 = zero;
        int a1 = aOffset + aStride;
        int a2 = a1 + aStride;
        int a3 = a2 + aStride;
        int a4 = a3 + aStride;
        int a5 = a4 + aStride;
        int at = bOffset;
        for (int i = 0; i < length; i++, at += bStride) {
            FloatVector b0 = load(b, at);
            s0 = FloatVector.broadcast(FLOATS, a[aOffset + i]).fma(b0, s0);
            s1 = FloatVector.broadcast(FLOATS, a[a1 + i]).fma(b0, s1);
            s2 = FloatVector.broadcast(FLOATS, a[a2 + i]).fma(b0, s2);
            s3 = FloatVector.broadcast(FLOATS, a[a3 + i]).fma(b0, s3);
            s4 = FloatVector.broadcast(FLOATS, a[a4 + i]).fma(b0, s4);
            s5 = FloatVector.broadcast(FLOATS, a[a5 + i]).fma(b0, s5);
        }
        store(s0, c, cOffset, accumulate);
        store(s1, c, cOffset + cStride, accumulate);
        store(s2, c, cOffset + 2 * cStride, accumulate);
        store(s3, c, cOffset + 3 * cStride, accumulate);
        store(s4, c, cOffset + 4 * cStride, accumulate);
        store(s5, c, cOffset + 5 * cStride, accumulate);
    }
}
