package entropylens.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// The vector species in use, and element-wise functions.
final class VectorMath {
    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    static final int LANES = FLOATS.length();
    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());

    private static final VectorSpecies<Double> DOUBLES =
            VectorSpecies.of(double.class, FLOATS.vectorShape());

    /// As many floats as there are doubles in a vector.
    private static final VectorSpecies<Float> HALVES =
            VectorSpecies.of(float.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));

    /// Below this, `exp` is 0: the smallest normal float32 is about e^-87.34.
    static final float EXP_UNDERFLOW = -87.3f;

    /// Above this, `exp` is held at its value here, about 3.3e38.
    static final float EXP_OVERFLOW = 88.7f;

    private static final float LOG2_E = 1.44269504f;

    /// ln 2 = 355/512 + LN2_LOW; the first has few enough bits that its multiples are exact.
    private static final float LN2_HIGH = 355f / 512;

    private static final float LN2_LOW = (float) (Math.log(2) - 355.0 / 512);

    /// 1.5 · 2^23: adding it to a small float rounds to an integer and leaves that integer in the
    /// low bits.
    private static final float ROUNDER = 12582912f;

    private VectorMath() {}

    static FloatVector load(float[] from, int at) {
        return FloatVector.fromArray(FLOATS, from, at);
    }

    /// `e^x`: `x = n ln 2 + r` with |r| ≤ ½ ln 2, Taylor's polynomial of degree 7 in r (truncation
    /// below 6e-9), scaled by 2^n through the exponent bits. Relative error as measured by the
    /// tests: below 2e-7.
    static FloatVector exp(FloatVector x) {
        return expBelow(x.blend(EXP_OVERFLOW, x.compare(VectorOperators.GT, EXP_OVERFLOW)));
    }

    /// `max(x, EXP_UNDERFLOW)`, and NaN where x is NaN, in fewer instructions than `max` takes.
    static FloatVector raised(FloatVector x) {
        return x.blend(EXP_UNDERFLOW, x.compare(VectorOperators.LE, EXP_UNDERFLOW));
    }

    /// [#exp] of what is not above [#EXP_OVERFLOW].
    static FloatVector expBelow(FloatVector x) {
        VectorMask<Float> small = x.compare(VectorOperators.LE, EXP_UNDERFLOW);
        FloatVector bounded = x.blend(EXP_UNDERFLOW, small);
        FloatVector shifted =
                bounded.fma(
                        FloatVector.broadcast(FLOATS, LOG2_E),
                        FloatVector.broadcast(FLOATS, ROUNDER));
        FloatVector n = shifted.sub(ROUNDER);
        FloatVector r = n.fma(FloatVector.broadcast(FLOATS, -LN2_HIGH), bounded);
        r = n.fma(FloatVector.broadcast(FLOATS, -LN2_LOW), r);
        FloatVector p = FloatVector.broadcast(FLOATS, 1f / 5040);
        p = p.fma(r, FloatVector.broadcast(FLOATS, 1f / 720));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 1f / 120));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 1f / 24));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 1f / 6));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 0.5f));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 1f));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 1f));
        IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        FloatVector scaled = p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
        return scaled.blend(0f, small);
    }

    static void exp(float[] x, int offset, int count) {
        int i = offset;
        for (; i + LANES <= offset + count; i += LANES) {
            exp(load(x, i)).intoArray(x, i);
        }
        for (; i < offset + count; i++) {
            x[i] = (float) Math.exp(x[i]);
        }
    }

    static void softmax(float[] scores, int count) {
        int whole = count / LANES * LANES;
        float max = max(scores, whole, count);
        double sum = expAndSum(scores, whole, max);
        for (int j = whole; j < count; j++) {
            scores[j] = (float) Math.exp(scores[j] - max);
            sum += scores[j];
        }
        float scale = (float) (1 / sum);
        for (int j = 0; j < count; j++) {
            scores[j] *= scale;
        }
    }

    private static float max(float[] values, int whole, int count) {
        FloatVector largest = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
        for (int j = 0; j < whole; j += LANES) {
            largest = largest.max(load(values, j));
        }
        float max = largest.reduceLanes(VectorOperators.MAX); // exact in any order
        for (int j = whole; j < count; j++) {
            max = Math.max(max, values[j]);
        }
        return max;
    }

    /// `x = e^(x - max)` for whole vectors, and their sum in float64: each half of a vector lane by
    /// lane, then the lanes in order.
    private static double expAndSum(float[] x, int whole, float max) {
        DoubleVector low = DoubleVector.zero(DOUBLES);
        DoubleVector high = low;
        for (int j = 0; j < whole; j += LANES) {
            exp(load(x, j).sub(max)).intoArray(x, j);
            low = low.add(doubles(x, j));
            high = high.add(doubles(x, j + LANES / 2));
        }
        double[] lanes = low.add(high).toArray();
        double sum = 0;
        for (double lane : lanes) {
            sum += lane;
        }
        return sum;
    }

    private static DoubleVector doubles(float[] from, int at) {
        return (DoubleVector)
                FloatVector.fromArray(HALVES, from, at)
                        .convertShape(VectorOperators.F2D, DOUBLES, 0);
    }

    static int atLeast(float least, float[] from, int count, float[] to) {
        int whole = count / LANES * LANES;
        int kept = 0;
        for (int i = 0; i < whole; i += LANES) {
            FloatVector values = load(from, i);
            VectorMask<Float> above = values.compare(VectorOperators.GE, least);
            values.compress(above).intoArray(to, kept);
            kept += above.trueCount();
        }
        for (int i = whole; i < count; i++) {
            if (from[i] >= least) {
                to[kept++] = from[i];
            }
        }
        return kept;
    }

    static void activate(Activation activation, float[] x, int offset, int count) {
        int end = offset + count;
        int i = offset;
        switch (activation) {
            case SILU -> {
                for (; i + LANES <= end; i += LANES) {
                    FloatVector v = load(x, i);
                    timesSigmoid(v, v).intoArray(x, i);
                }
            }
            case GELU_TANH -> {
                for (; i + LANES <= end; i += LANES) {
                    FloatVector v = load(x, i);
                    timesSigmoid(v, geluArgument(v)).intoArray(x, i);
                }
            }
            case GELU_ERF, RELU, RELU_SQUARED -> {}
        }
        for (; i < end; i++) {
            x[i] = (float) activation.of(x[i]);
        }
    }

    static void activate(Xielu activation, float[] x, int offset, int count) {
        int end = offset + count;
        int i = offset;
        for (; i + LANES <= end; i += LANES) {
            xielu(activation, load(x, i)).intoArray(x, i);
        }
        for (; i < end; i++) {
            x[i] = (float) activation.of(x[i]);
        }
    }

    private static FloatVector xielu(Xielu of, FloatVector v) {
        FloatVector below = exp(v.min(of.limit())).sub(1f).sub(v).mul(of.negative());
        FloatVector above = v.mul(v).mul(of.positive());
        FloatVector curve = below.blend(above, v.compare(VectorOperators.GT, 0f));
        return v.fma(FloatVector.broadcast(FLOATS, of.beta()), curve);
    }

    private static FloatVector timesSigmoid(FloatVector v, FloatVector argument) {
        return v.div(exp(argument.neg()).add(1f));
    }

    private static FloatVector geluArgument(FloatVector v) {
        FloatVector cubic =
                v.mul(v)
                        .fma(
                                FloatVector.broadcast(
                                        FLOATS, (float) (0.044715 * Activation.GELU_SLOPE)),
                                FloatVector.broadcast(FLOATS, (float) Activation.GELU_SLOPE));
        return v.mul(cubic);
    }

    /// `tanh(t) = sign(t) (1 - q) / (1 + q)` with `q = exp(-2 |t|)`.
    static void softcap(float[] z, int count, float scale) {
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            FloatVector t = load(z, i).div(scale);
            FloatVector q = exp(t.abs().mul(-2f));
            FloatVector magnitude = q.neg().add(1f).div(q.add(1f)).mul(scale);
            magnitude.blend(magnitude.neg(), t.compare(VectorOperators.LT, 0f)).intoArray(z, i);
        }
        for (; i < count; i++) {
            z[i] = (float) (scale * Math.tanh(z[i] / scale));
        }
    }
}
