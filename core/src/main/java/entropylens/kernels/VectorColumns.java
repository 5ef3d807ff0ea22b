package entropylens.kernels;

import static entropylens.kernels.VectorMath.FLOATS;
import static entropylens.kernels.VectorMath.LANES;
import static entropylens.kernels.VectorMath.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// Column statistics of a readout tile; see [Kernels]. The number of rows is a multiple of
/// [VectorMath#LANES]: the readout pads its rows.
final class VectorColumns {
    private VectorColumns() {}

    static void max(float[] z, int offset, int stride, int entries, int rows, float[] max) {
        for (int r = 0; r < rows; r += LANES) {
            FloatVector best = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
            int at = offset + r;
            for (int e = 0; e < entries; e++, at += stride) {
                best = best.max(load(z, at));
            }
            best.intoArray(max, r);
        }
    }

    static void exp(
            float[] z,
            int offset,
            int stride,
            int entries,
            int rows,
            float[] shift,
            float[] sum,
            float[] weighted) {
        for (int r = 0; r < rows; r += LANES) {
            FloatVector m = load(shift, r);
            FloatVector s = FloatVector.zero(FLOATS);
            FloatVector w = s;
            int at = offset + r;
            for (int e = 0; e < entries; e++, at += stride) {
                // bounded, since 0 · -∞ is not 0
                FloatVector x = load(z, at).sub(m).max(VectorMath.EXP_UNDERFLOW);
                FloatVector p = VectorMath.exp(x);
                s = s.add(p);
                w = p.fma(x, w);
            }
            s.intoArray(sum, r);
            w.intoArray(weighted, r);
        }
    }

    static void power(
            float[] z,
            int offset,
            int stride,
            int entries,
            int rows,
            float[] shift,
            float alpha,
            float[] sum) {
        for (int r = 0; r < rows; r += LANES) {
            FloatVector m = load(shift, r);
            FloatVector s = FloatVector.zero(FLOATS);
            int at = offset + r;
            for (int e = 0; e < entries; e++, at += stride) {
                s = s.add(VectorMath.exp(load(z, at).sub(m).mul(alpha)));
            }
            s.intoArray(sum, r);
        }
    }

    static void moments(
            float[] z,
            int offset,
            int stride,
            int entries,
            int rows,
            float[] shift,
            float[] sum,
            float[] squares) {
        for (int r = 0; r < rows; r += LANES) {
            FloatVector m = load(shift, r);
            FloatVector s = FloatVector.zero(FLOATS);
            FloatVector q = s;
            int at = offset + r;
            for (int e = 0; e < entries; e++, at += stride) {
                FloatVector x = load(z, at).sub(m);
                s = s.add(x);
                q = x.fma(x, q);
            }
            s.intoArray(sum, r);
            q.intoArray(squares, r);
        }
    }

    static void above(
            float[] z,
            int offset,
            int stride,
            int entries,
            int rows,
            float[] threshold,
            float[] above) {
        for (int r = 0; r < rows; r += LANES) {
            FloatVector t = load(threshold, r);
            FloatVector count = FloatVector.zero(FLOATS);
            int at = offset + r;
            for (int e = 0; e < entries; e++, at += stride) {
                count = count.add(1f, load(z, at).compare(VectorOperators.GT, t));
            }
            count.intoArray(above, r);
        }
    }

    static void cross(
            float[] y,
            float[] z,
            int offset,
            int stride,
            int entries,
            int rows,
            float[] shift,
            float[] cross) {
        for (int r = 0; r < rows; r += LANES) {
            FloatVector m = load(shift, r);
            FloatVector s = FloatVector.zero(FLOATS);
            int at = offset + r;
            for (int e = 0; e < entries; e++, at += stride) {
                FloatVector reference = load(y, at);
                FloatVector p = VectorMath.exp(reference.sub(m));
                // 0 · (-∞ - z) is to be 0: a masked token has no part in the divergence
                FloatVector ratio =
                        reference.sub(load(z, at)).blend(0f, p.compare(VectorOperators.EQ, 0f));
                s = p.fma(ratio, s);
            }
            s.intoArray(cross, r);
        }
    }
}
