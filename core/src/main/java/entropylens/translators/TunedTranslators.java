package entropylens.translators;

import entropylens.kernels.Linear;
import entropylens.kernels.Matrix;
import entropylens.kernels.WeightType;
import entropylens.kernels.WorkerPool;
import entropylens.lens.Translator;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// The translators of a tuned lens while they are trained: `h → h + (A h + b)`, A and b zero to
/// begin with. Stochastic gradient descent with Nesterov's momentum, as `torch.optim.SGD` computes
/// it; each layer has a loss of its own, so its gradient is clipped by its own norm.
final class TunedTranslators {
    /// As Belrose et al. train.
    static final float MOMENTUM = 0.9f;

    static final float WEIGHT_DECAY = 1e-3f;
    private static final double LARGEST_GRADIENT = 1;

    /// torch's `clip_grad_norm_` adds it to the norm.
    private static final double CLIP_EPSILON = 1e-6;

    /// Outputs of A that a task sums up.
    private static final int OUTPUTS = 16;

    private final int layers;
    private final int d;
    private final WorkerPool pool;
    private final List<MemorySegment> matrices = new ArrayList<>();
    private final float[][] biases;

    /// `[layer][d × d, then d]`.
    private final float[][] momenta;

    private final float[][] gradients;

    /// @param arena that matrices are allocated in
    TunedTranslators(int layers, int d, WorkerPool pool, Arena arena) {
        this.layers = layers;
        this.d = d;
        this.pool = pool;
        int size = Math.toIntExact((long) d * d + d);
        for (int layer = 0; layer < layers; layer++) {
            matrices.add(
                    arena.allocate((long) d * d * Float.BYTES, OwnFile.LITTLE.byteAlignment()));
        }
        biases = new float[layers][d];
        momenta = new float[layers][size];
        gradients = new float[layers][size];
    }

    /// Heap and other memory for as many translators of that width.
    static long bytes(long layers, long d) {
        return 3 * 4 * layers * (d * d + d);
    }

    /// Everything that the next steps depend on.
    List<MemorySegment> state() {
        List<MemorySegment> state = new ArrayList<>(matrices);
        for (int layer = 0; layer < layers; layer++) {
            state.add(MemorySegment.ofArray(biases[layer]));
            state.add(MemorySegment.ofArray(momenta[layer]));
        }
        return state;
    }

    /// As they are now. A matrix goes on changing, a bias does not.
    Translator translator(int layer) {
        Matrix matrix =
                Matrix.dense(matrices.get(layer), WeightType.F32, d, d, Matrix.Layout.OUT_IN);
        return new Translator.Affine(new Linear(matrix, biases[layer].clone()), true);
    }

    SortedMap<Integer, Translator> all() {
        SortedMap<Integer, Translator> all = new TreeMap<>();
        for (int layer = 0; layer < layers; layer++) {
            all.put(layer, translator(layer));
        }
        return all;
    }

    /// Adds `Σ g hᵀ` and `Σ g` to the gradients of all layers.
    ///
    /// @param g derivatives by the translated rows, `[position][rowsEach][d]`
    /// @param h rows before, likewise
    /// @param rowsEach of which the first are those of the layers
    void addGradients(float[] g, float[] h, int positions, int rowsEach) {
        int parts = (d + OUTPUTS - 1) / OUTPUTS;
        pool.run(
                layers * parts,
                task -> {
                    int layer = task / parts;
                    int from = task % parts * OUTPUTS;
                    for (int out = from; out < Math.min(d, from + OUTPUTS); out++) {
                        addGradient(layer, out, g, h, positions, rowsEach);
                    }
                });
    }

    private void addGradient(
            int layer, int out, float[] g, float[] h, int positions, int rowsEach) {
        float[] to = gradients[layer];
        for (int position = 0; position < positions; position++) {
            int row = (position * rowsEach + layer) * d;
            float factor = g[row + out];
            add(to, out * d, factor, h, row, d);
            to[d * d + out] += factor;
        }
    }

    private static void add(float[] to, int at, float factor, float[] of, int from, int count) {
        for (int i = 0; i < count; i++) {
            to[at + i] += factor * of[from + i];
        }
    }

    /// One step of all layers, with the gradients that were added, over `rows` rows; they are 0
    /// after it.
    ///
    /// @param rate by which a parameter is less for a gradient of 1 and no momentum
    void step(double rate, long rows) {
        pool.run(layers, layer -> step(layer, (float) rate, rows));
    }

    private void step(int layer, float rate, long rows) {
        float[] gradient = gradients[layer];
        double squares = 0;
        for (float value : gradient) {
            squares += (double) value * value;
        }
        double norm = Math.sqrt(squares) / rows;
        if (!Double.isFinite(norm)) {
            throw new ArithmeticException(
                    "the gradient of layer %d is not finite; train with a smaller learning rate"
                            .formatted(layer));
        }
        float scale = (float) (Math.min(1, LARGEST_GRADIENT / (norm + CLIP_EPSILON)) / rows);
        float[] momentum = momenta[layer];
        MemorySegment matrix = matrices.get(layer);
        for (int i = 0; i < d * d; i++) {
            float before = matrix.getAtIndex(OwnFile.LITTLE, i);
            float by = direction(momentum, i, gradient[i] * scale + WEIGHT_DECAY * before);
            matrix.setAtIndex(OwnFile.LITTLE, i, before - rate * by);
        }
        for (int i = 0; i < d; i++) {
            float before = biases[layer][i];
            int at = d * d + i;
            float by = direction(momentum, at, gradient[at] * scale + WEIGHT_DECAY * before);
            biases[layer][i] = before - rate * by;
        }
        Arrays.fill(gradient, 0);
    }

    private static float direction(float[] momentum, int i, float gradient) {
        momentum[i] = MOMENTUM * momentum[i] + gradient;
        return gradient + MOMENTUM * momentum[i];
    }
}
