package entropylens.model;

import entropylens.kernels.Backend;
import entropylens.kernels.Phase;
import entropylens.model.Weights.Experts;
import entropylens.model.Weights.Mlp;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The routed experts of one block, for all rows of a batch. Rows are grouped by expert, and only
/// the experts that a row was routed to see it. What an expert makes of a row does not depend on
/// which other rows it sees: only the single row of a text that runs alone has sums of its own.
final class ExpertPass {
    private final FeedForward feedForward;
    private final Backend backend;
    private final Phase phase;
    private final Phase phaseOfExperts;
    private final int rows;
    private final int dModel;

    ExpertPass(FeedForward feedForward, Backend backend, Phase phase, int rows, int dModel) {
        this.feedForward = feedForward;
        this.backend = backend;
        this.phase = phase;
        this.phaseOfExperts = rows == 1 ? phase : Phase.TOGETHER;
        this.rows = rows;
        this.dModel = dModel;
    }

    /// @param forRouter what the router reads, `[rows × d_model]`
    /// @param input what the experts read
    /// @param logits receives the router's logits, `[rows × experts]`
    /// @param all receives what each expert's result, or what it reads, is multiplied by, `[rows ×
    ///   experts]`, zeros for those not chosen
    /// @param out `[rows × d_model]`, overwritten
    void run(
            Experts weights,
            float[] forRouter,
            float[] input,
            float[] logits,
            float[] all,
            float[] out) {
        backend.apply(weights.router(), forRouter, rows, phase, logits);
        int k = weights.routing().chosen();
        int count = weights.experts().size();
        int[][] experts = new int[rows][k];
        float[][] shares = new float[rows][k];
        for (int row = 0; row < rows; row++) {
            weights.routing().choose(logits, row * count, count, experts[row], shares[row]);
            for (int i = 0; i < k; i++) {
                all[row * count + experts[row][i]] = shares[row][i];
            }
        }
        Arrays.fill(out, 0, rows * dModel, 0);
        for (int expert = 0; expert < count; expert++) {
            route(weights, expert, experts, shares, input, out);
        }
        addShared(weights.shared(), input, out);
    }

    private void route(
            Experts weights,
            int expert,
            int[][] experts,
            float[][] shares,
            float[] input,
            float[] out) {
        int[] members = new int[rows];
        float[] factors = new float[rows];
        int count = 0;
        for (int row = 0; row < rows; row++) {
            int at = Arrays.binarySearch(experts[row], expert);
            if (at >= 0) {
                factors[count] = shares[row][at];
                members[count++] = row;
            }
        }
        if (count == 0) {
            return;
        }
        float[] x = new float[count * dModel];
        for (int i = 0; i < count; i++) {
            System.arraycopy(input, members[i] * dModel, x, i * dModel, dModel);
        }
        boolean ofInputs = weights.routing().ofInputs();
        if (ofInputs) {
            multiply(x, factors, count);
        }
        float[] y = new float[count * dModel];
        Mlp mlp = weights.experts().get(expert);
        feedForward.run(mlp, x, count, phaseOfExperts, y);
        for (int i = 0; i < count; i++) {
            add(y, i, ofInputs ? 1 : factors[i], out, members[i]);
        }
    }

    private void multiply(float[] x, float[] factors, int count) {
        for (int i = 0; i < count * dModel; i++) {
            x[i] *= factors[i / dModel];
        }
    }

    /// The expert that sees every row.
    private void addShared(Weights.@Nullable SharedExpert shared, float[] input, float[] out) {
        if (shared == null) {
            return;
        }
        float[] y = new float[rows * dModel];
        feedForward.run(shared.mlp(), input, rows, phase, y);
        float[] gate = new float[rows];
        if (shared.gate() != null) {
            backend.apply(shared.gate(), input, rows, phase, gate);
        }
        for (int row = 0; row < rows; row++) {
            float factor =
                    shared.gate() == null ? 1 : (float) (1 / (1 + Math.exp(-(double) gate[row])));
            add(y, row, factor, out, row);
        }
    }

    private void add(float[] y, int from, float factor, float[] out, int row) {
        for (int i = 0; i < dModel; i++) {
            out[row * dModel + i] += factor * y[from * dModel + i];
        }
    }
}
