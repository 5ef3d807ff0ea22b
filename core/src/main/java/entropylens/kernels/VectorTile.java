package entropylens.kernels;

import static entropylens.kernels.VectorMath.FLOATS;
import static entropylens.kernels.VectorMath.LANES;
import static entropylens.kernels.VectorMath.load;

import jdk.incubator.vector.FloatVector;

/// Register-blocked products: 6 broadcast rows against 4, 3, 2 or 1 vectors. With 24 accumulators,
/// 4 loaded vectors and 1 broadcast, the widest fills the 32 registers of AVX-512 and NEON, and
/// does 24 fused multiply-adds for 10 loads. One method per width, since vectors live in registers
/// only as local variables; the widths differ in nothing else.
final class VectorTile {
    private VectorTile() {}

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
        for (int i = 0; i < length; i++) {
            int at = bOffset + i * (4 * LANES);
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
        s00.intoArray(c, row);
        s01.intoArray(c, row + LANES);
        s02.intoArray(c, row + 2 * LANES);
        s03.intoArray(c, row + 3 * LANES);
        row += cStride;
        s10.intoArray(c, row);
        s11.intoArray(c, row + LANES);
        s12.intoArray(c, row + 2 * LANES);
        s13.intoArray(c, row + 3 * LANES);
        row += cStride;
        s20.intoArray(c, row);
        s21.intoArray(c, row + LANES);
        s22.intoArray(c, row + 2 * LANES);
        s23.intoArray(c, row + 3 * LANES);
        row += cStride;
        s30.intoArray(c, row);
        s31.intoArray(c, row + LANES);
        s32.intoArray(c, row + 2 * LANES);
        s33.intoArray(c, row + 3 * LANES);
        row += cStride;
        s40.intoArray(c, row);
        s41.intoArray(c, row + LANES);
        s42.intoArray(c, row + 2 * LANES);
        s43.intoArray(c, row + 3 * LANES);
        row += cStride;
        s50.intoArray(c, row);
        s51.intoArray(c, row + LANES);
        s52.intoArray(c, row + 2 * LANES);
        s53.intoArray(c, row + 3 * LANES);
    }

    static void three(
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
        FloatVector s00 = zero, s01 = zero, s02 = zero;
        FloatVector s10 = zero, s11 = zero, s12 = zero;
        FloatVector s20 = zero, s21 = zero, s22 = zero;
        FloatVector s30 = zero, s31 = zero, s32 = zero;
        FloatVector s40 = zero, s41 = zero, s42 = zero;
        FloatVector s50 = zero, s51 = zero, s52 = zero;
        int a1 = aOffset + aStride;
        int a2 = a1 + aStride;
        int a3 = a2 + aStride;
        int a4 = a3 + aStride;
        int a5 = a4 + aStride;
        for (int i = 0; i < length; i++) {
            int at = bOffset + i * (3 * LANES);
            FloatVector b0 = load(b, at);
            FloatVector b1 = load(b, at + LANES);
            FloatVector b2 = load(b, at + 2 * LANES);
            FloatVector x = FloatVector.broadcast(FLOATS, a[aOffset + i]);
            s00 = x.fma(b0, s00);
            s01 = x.fma(b1, s01);
            s02 = x.fma(b2, s02);
            x = FloatVector.broadcast(FLOATS, a[a1 + i]);
            s10 = x.fma(b0, s10);
            s11 = x.fma(b1, s11);
            s12 = x.fma(b2, s12);
            x = FloatVector.broadcast(FLOATS, a[a2 + i]);
            s20 = x.fma(b0, s20);
            s21 = x.fma(b1, s21);
            s22 = x.fma(b2, s22);
            x = FloatVector.broadcast(FLOATS, a[a3 + i]);
            s30 = x.fma(b0, s30);
            s31 = x.fma(b1, s31);
            s32 = x.fma(b2, s32);
            x = FloatVector.broadcast(FLOATS, a[a4 + i]);
            s40 = x.fma(b0, s40);
            s41 = x.fma(b1, s41);
            s42 = x.fma(b2, s42);
            x = FloatVector.broadcast(FLOATS, a[a5 + i]);
            s50 = x.fma(b0, s50);
            s51 = x.fma(b1, s51);
            s52 = x.fma(b2, s52);
        }
        int row = cOffset;
        s00.intoArray(c, row);
        s01.intoArray(c, row + LANES);
        s02.intoArray(c, row + 2 * LANES);
        row += cStride;
        s10.intoArray(c, row);
        s11.intoArray(c, row + LANES);
        s12.intoArray(c, row + 2 * LANES);
        row += cStride;
        s20.intoArray(c, row);
        s21.intoArray(c, row + LANES);
        s22.intoArray(c, row + 2 * LANES);
        row += cStride;
        s30.intoArray(c, row);
        s31.intoArray(c, row + LANES);
        s32.intoArray(c, row + 2 * LANES);
        row += cStride;
        s40.intoArray(c, row);
        s41.intoArray(c, row + LANES);
        s42.intoArray(c, row + 2 * LANES);
        row += cStride;
        s50.intoArray(c, row);
        s51.intoArray(c, row + LANES);
        s52.intoArray(c, row + 2 * LANES);
    }

    static void two(
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
            int at = bOffset + i * (2 * LANES);
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

    static void one(
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
        FloatVector s00 = zero;
        FloatVector s10 = zero;
        FloatVector s20 = zero;
        FloatVector s30 = zero;
        FloatVector s40 = zero;
        FloatVector s50 = zero;
        int a1 = aOffset + aStride;
        int a2 = a1 + aStride;
        int a3 = a2 + aStride;
        int a4 = a3 + aStride;
        int a5 = a4 + aStride;
        for (int i = 0; i < length; i++) {
            int at = bOffset + i * LANES;
            FloatVector b0 = load(b, at);
            FloatVector x = FloatVector.broadcast(FLOATS, a[aOffset + i]);
            s00 = x.fma(b0, s00);
            x = FloatVector.broadcast(FLOATS, a[a1 + i]);
            s10 = x.fma(b0, s10);
            x = FloatVector.broadcast(FLOATS, a[a2 + i]);
            s20 = x.fma(b0, s20);
            x = FloatVector.broadcast(FLOATS, a[a3 + i]);
            s30 = x.fma(b0, s30);
            x = FloatVector.broadcast(FLOATS, a[a4 + i]);
            s40 = x.fma(b0, s40);
            x = FloatVector.broadcast(FLOATS, a[a5 + i]);
            s50 = x.fma(b0, s50);
        }
        int row = cOffset;
        s00.intoArray(c, row);
        row += cStride;
        s10.intoArray(c, row);
        row += cStride;
        s20.intoArray(c, row);
        row += cStride;
        s30.intoArray(c, row);
        row += cStride;
        s40.intoArray(c, row);
        row += cStride;
        s50.intoArray(c, row);
    }
}
