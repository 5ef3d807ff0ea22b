package entropylens.kernels;

import static entropylens.kernels.VectorMath.FLOATS;
import static entropylens.kernels.VectorMath.LANES;
import static entropylens.kernels.VectorMath.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// Column statistics of a readout tile; see [Kernels]. The number of rows is a multiple of
/// [VectorMath#LANES]: the readout pads its rows.
final class VectorColumns {
    /// Entries that are summed before their sum is added to the total. Added one by one, 200 terms
    /// below half a unit in the last place of the total would all be lost.
    private static final int BLOCK = 32;

    private VectorColumns() {}

    static void max(float[] z, int offset, int entries, int rows, float[] max) {
        for (int r = 0; r < rows; r += LANES) {
            FloatVector best = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
            int at = offset + r;
            for (int e = 0; e < entries; e++, at += rows) {
                best = best.max(load(z, at));
            }
            best.intoArray(max, r);
        }
    }

    static void exp(
            float[] z,
            int offset,
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
            for (int block = 0; block < entries; block += BLOCK) {
                int end = Math.min(block + BLOCK, entries);
                FloatVector blockS = FloatVector.zero(FLOATS);
                FloatVector blockW = blockS;
                for (int e = block; e < end; e++, at += rows) {
                    // bounded, since 0 · -∞ is not 0
                    FloatVector x = VectorMath.raised(load(z, at).sub(m));
                    FloatVector p = VectorMath.expBelow(x);
                    blockS = blockS.add(p);
                    blockW = p.fma(x, blockW);
                }
                s = s.add(blockS);
                w = w.add(blockW);
            }
            s.intoArray(sum, r);
            w.intoArray(weighted, r);
        }
    }

    static void squares(
            float[] z, int offset, int entries, int rows, float[] shift, float[] squares) {
        for (int r = 0; r < rows; r += LANES) {
            FloatVector m = load(shift, r);
            FloatVector q = FloatVector.zero(FLOATS);
            int at = offset + r;
            for (int block = 0; block < entries; block += BLOCK) {
                int end = Math.min(block + BLOCK, entries);
                FloatVector blockQ = FloatVector.zero(FLOATS);
                for (int e = block; e < end; e++, at += rows) {
                    // bounded, since 0 · ∞ is not 0
                    FloatVector x = VectorMath.raised(load(z, at).sub(m));
                    blockQ = VectorMath.expBelow(x).mul(x).fma(x, blockQ);
                }
                q = q.add(blockQ);
            }
            q.intoArray(squares, r);
        }
    }

    static void power(
            float[] z, int offset, int entries, int rows, float[] shift, float alpha, float[] sum) {
        for (int r = 0; r < rows; r += LANES) {
            FloatVector m = load(shift, r);
            FloatVector s = FloatVector.zero(FLOATS);
            int at = offset + r;
            for (int block = 0; block < entries; block += BLOCK) {
                int end = Math.min(block + BLOCK, entries);
                FloatVector blockS = FloatVector.zero(FLOATS);
                for (int e = block; e < end; e++, at += rows) {
                    blockS = blockS.add(VectorMath.expBelow(load(z, at).sub(m).mul(alpha)));
                }
                s = s.add(blockS);
            }
            s.intoArray(sum, r);
        }
    }

    static void moments(
            float[] z,
            int offset,
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
            for (int block = 0; block < entries; block += BLOCK) {
                int end = Math.min(block + BLOCK, entries);
                FloatVector blockS = FloatVector.zero(FLOATS);
                FloatVector blockQ = blockS;
                for (int e = block; e < end; e++, at += rows) {
                    FloatVector x = load(z, at).sub(m);
                    blockS = blockS.add(x);
                    blockQ = x.fma(x, blockQ);
                }
                s = s.add(blockS);
                q = q.add(blockQ);
            }
            s.intoArray(sum, r);
            q.intoArray(squares, r);
        }
    }

    static void above(
            float[] z, int offset, int entries, int rows, float[] threshold, float[] above) {
        for (int r = 0; r < rows; r += LANES) {
            FloatVector t = load(threshold, r);
            FloatVector count = FloatVector.zero(FLOATS);
            int at = offset + r;
            for (int e = 0; e < entries; e++, at += rows) {
                count = count.add(1f, load(z, at).compare(VectorOperators.GT, t));
            }
            count.intoArray(above, r);
        }
    }

    static int next(float[] z, int offset, int entries, int rows, float[] threshold, int from) {
        int size = entries * rows;
        int first = from / LANES * LANES;
        int row = first % rows;
        for (int at = first; at < size; at += LANES) {
            VectorMask<Float> reached =
                    load(z, offset + at).compare(VectorOperators.GE, load(threshold, row));
            if (reached.anyTrue()) {
                long places = reached.toLong() & (at < from ? -1L << (from - at) : -1L);
                if (places != 0) {
                    return at + Long.numberOfTrailingZeros(places);
                }
            }
            row = row + LANES == rows ? 0 : row + LANES;
        }
        return size;
    }

    static void cross(
            float[] y, float[] z, int offset, int entries, int rows, float[] shift, float[] cross) {
        for (int r = 0; r < rows; r += LANES) {
            FloatVector m = load(shift, r);
            FloatVector s = FloatVector.zero(FLOATS);
            int at = offset + r;
            for (int block = 0; block < entries; block += BLOCK) {
                int end = Math.min(block + BLOCK, entries);
                FloatVector blockS = FloatVector.zero(FLOATS);
                for (int e = block; e < end; e++, at += rows) {
                    FloatVector reference = load(y, at);
                    FloatVector p = VectorMath.exp(reference.sub(m));
                    // 0 · (-∞ - z) is to be 0: a masked token has no part in the divergence
                    FloatVector ratio =
                            reference.sub(load(z, at)).blend(0f, p.compare(VectorOperators.EQ, 0f));
                    blockS = p.fma(ratio, blockS);
                }
                s = s.add(blockS);
            }
            s.intoArray(cross, r);
        }
    }
}
