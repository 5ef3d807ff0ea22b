package entropylens.model;

import entropylens.kernels.Activation;
import entropylens.kernels.Backend;
import entropylens.kernels.Phase;
import entropylens.kernels.Projection;
import entropylens.kernels.Transposed;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A plain MLP, `down(activation(gate x) · up x)` or `down(activation(up x))`, taken backwards.
final class MlpDerivative {
    private final Weights.Mlp weights;
    private final Activation activation;
    private final Backend backend;
    private final int rows;
    private final int width;
    private final float[] up;
    private final float @Nullable [] gate;

    /// @param input `rows × d_model`
    MlpDerivative(
            Weights.Mlp weights, Activation activation, Backend backend, float[] input, int rows) {
        this.weights = weights;
        this.activation = activation;
        this.backend = backend;
        this.rows = rows;
        width = weights.up().outputs();
        up = product(weights.up(), input);
        gate = weights.gate() == null ? null : product(weights.gate(), input);
    }

    private float[] product(Projection projection, float[] x) {
        float[] out = new float[rows * projection.outputs()];
        backend.apply(projection, x, rows, Phase.TOGETHER, out);
        return out;
    }

    @Nullable NormWeights postNorm() {
        return weights.postNorm();
    }

    /// What the MLP gave, before any norm.
    float[] out() {
        float[] inner = gate == null ? up.clone() : gate.clone();
        for (int row = 0; row < rows; row++) {
            backend.kernels().activate(activation, inner, row * width, width);
        }
        for (int i = 0; gate != null && i < inner.length; i++) {
            inner[i] *= up[i];
        }
        return product(weights.down(), inner);
    }

    /// @param g by what the MLP gave, `count × rows × d_model`
    /// @return by its input, likewise
    float[] pullBack(float[] g, int count) {
        int all = count * rows;
        float[] inner = new float[all * width];
        new Transposed(weights.down(), backend).apply(g, all, inner);
        float[] byInput = new float[g.length];
        float[] opened = gate;
        if (opened == null) {
            times(inner, count, i -> activation.slope(up[i]));
            new Transposed(weights.up(), backend).apply(inner, all, byInput);
            return byInput;
        }
        float[] values = opened.clone();
        for (int row = 0; row < rows; row++) {
            backend.kernels().activate(activation, values, row * width, width);
        }
        float[] byGate = inner.clone();
        times(byGate, count, i -> up[i] * activation.slope(opened[i]));
        times(inner, count, i -> values[i]);
        new Transposed(weights.up(), backend).apply(inner, all, byInput);
        float[] added = new float[g.length];
        new Transposed(Objects.requireNonNull(weights.gate()), backend).apply(byGate, all, added);
        for (int i = 0; i < added.length; i++) {
            byInput[i] += added[i];
        }
        return byInput;
    }

    private interface Factor {
        double of(int index);
    }

    /// The same factors for each of `count` derivatives.
    private void times(float[] g, int count, Factor factor) {
        float[] factors = new float[rows * width];
        backend.pool()
                .run(
                        rows,
                        row -> {
                            for (int i = row * width; i < (row + 1) * width; i++) {
                                factors[i] = (float) factor.of(i);
                            }
                        });
        backend.pool()
                .run(
                        count,
                        c -> {
                            for (int i = 0; i < factors.length; i++) {
                                g[c * factors.length + i] *= factors[i];
                            }
                        });
    }
}
