package entropylens.kernels;

import static entropylens.kernels.VectorMath.FLOATS;
import static entropylens.kernels.VectorMath.LANES;
import static entropylens.kernels.VectorMath.load;

import jdk.incubator.vector.FloatVector;

/// Adds up the lanes of several vectors at a time, of each in the order of [VectorRows#tree]: its
/// second half is added to its first. What one step leaves of two vectors fits one.
final class Halving {
    /// Lanes of two vectors, the second's numbered from [VectorMath#LANES]: the first halves of
    /// both, and the second.
    private static final FloatVector FIRST_HALVES = lanes(LANES, 0);

    private static final FloatVector SECOND_HALVES = lanes(LANES, LANES / 2);
    private static final FloatVector FIRST_QUARTERS = lanes(LANES / 2, 0);
    private static final FloatVector SECOND_QUARTERS = lanes(LANES / 2, LANES / 4);
    private static final FloatVector FIRST_EIGHTHS = lanes(Math.max(2, LANES / 4), 0);
    private static final FloatVector SECOND_EIGHTHS = lanes(Math.max(2, LANES / 4), LANES / 8);
    private static final FloatVector FIRST_OF_PAIRS = lanes(2, 0);
    private static final FloatVector SECOND_OF_PAIRS = lanes(2, 1);

    private Halving() {}

    /// @return a quarter of a vector of partial sums of each, in their order
    static FloatVector quarters(FloatVector a, FloatVector b, FloatVector c, FloatVector d) {
        FloatVector ab = FIRST_HALVES.selectFrom(a, b).add(SECOND_HALVES.selectFrom(a, b));
        FloatVector cd = FIRST_HALVES.selectFrom(c, d).add(SECOND_HALVES.selectFrom(c, d));
        return FIRST_QUARTERS.selectFrom(ab, cd).add(SECOND_QUARTERS.selectFrom(ab, cd));
    }

    /// From the quarters of as many vectors as there are lanes, one after the other, to their sums.
    ///
    /// @param sums as [#quarters] gives them; afterwards it begins with a sum of each
    static void finish(float[] sums) {
        if (LANES == 16) {
            FloatVector first = eighths(load(sums, 0), load(sums, LANES));
            FloatVector second = eighths(load(sums, 2 * LANES), load(sums, 3 * LANES));
            pairs(first, second).intoArray(sums, 0);
        } else if (LANES == 8) {
            pairs(load(sums, 0), load(sums, LANES)).intoArray(sums, 0);
        } else if (LANES != 4) {
            throw new AssertionError("vectors of " + LANES + " floats");
        }
    }

    private static FloatVector eighths(FloatVector a, FloatVector b) {
        return FIRST_EIGHTHS.selectFrom(a, b).add(SECOND_EIGHTHS.selectFrom(a, b));
    }

    private static FloatVector pairs(FloatVector a, FloatVector b) {
        return FIRST_OF_PAIRS.selectFrom(a, b).add(SECOND_OF_PAIRS.selectFrom(a, b));
    }

    /// The lanes of half a group, `shift` after where it begins, of all groups of two vectors.
    private static FloatVector lanes(int group, int shift) {
        float[] lanes = new float[LANES];
        int half = group / 2;
        for (int i = 0; i < LANES; i++) {
            lanes[i] = i / half * group + i % half + shift;
        }
        return FloatVector.fromArray(FLOATS, lanes, 0);
    }
}
