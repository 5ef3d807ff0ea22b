package entropylens.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The vector species in use, and element-wise functions.
final class VectorMath {
    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    static final int LANES = FLOATS.length();
    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());

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
        FloatVector bounded = x.min(EXP_OVERFLOW).max(EXP_UNDERFLOW);
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
        return scaled.blend(0f, x.compare(VectorOperators.LE, EXP_UNDERFLOW));
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
        float max = Float.NEGATIVE_INFINITY;
        for (int j = 0; j < count; j++) {
            max = Math.max(max, scores[j]);
        }
        int j = 0;
        for (; j + LANES <= count; j += LANES) {
            exp(load(scores, j).sub(max)).intoArray(scores, j);
        }
        for (; j < count; j++) {
            scores[j] = (float) Math.exp(scores[j] - max);
        }
        double sum = 0;
        for (j = 0; j < count; j++) {
            sum += scores[j];
        }
        float scale = (float) (1 / sum);
        for (j = 0; j < count; j++) {
            scores[j] *= scale;
        }
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
