package entropylens.cuda;

import entropylens.hook.HookPoint.Site;
import entropylens.model.BatchRows;
import entropylens.model.Routing;
import entropylens.model.Weights;
import java.lang.foreign.MemorySegment;

/// Routed experts on rows that are on the device: what `ExpertPass` does on the processor. The
/// router's logits come to the processor, which chooses; rows are grouped by expert, and only the
/// experts that a row was routed to see it.
final class CudaExperts {
    private final DeviceWork work;
    private final CudaProjections projections;
    private final CudaFeedForward feedForward;
    private final BatchRows rows;
    private final int n;
    private final int dModel;

    CudaExperts(
            DeviceWork work,
            CudaProjections projections,
            CudaFeedForward feedForward,
            BatchRows rows,
            int dModel) {
        this.work = work;
        this.projections = projections;
        this.feedForward = feedForward;
        this.rows = rows;
        this.n = rows.count();
        this.dModel = dModel;
    }

    /// @param forRouter what the router reads, `[rows × d_model]`
    /// @param input what the experts read
    /// @param out `[rows × d_model]`, overwritten
    void run(int layer, Weights.Experts weights, long forRouter, long input, long out) {
        int count = weights.experts().size();
        float[] logits = logits(weights, forRouter, count);
        Members members = members(weights.routing(), logits, count, layer);
        PassUpload upload = work.routes();
        upload.begin();
        int index = upload.add(members.rows);
        int factors = upload.add(members.factors);
        upload.send();
        long all = (long) n * dModel;
        work.flat("rows", "fill", all, out, 0f, all);
        for (int expert = 0; expert < count; expert++) {
            int from = members.first[expert];
            int size = members.first[expert + 1] - from;
            if (size > 0) {
                long skipped = (long) from * Integer.BYTES;
                run(
                        weights.experts().get(expert),
                        weights.routing().ofInputs(),
                        upload.address(index) + skipped,
                        upload.address(factors) + skipped,
                        size,
                        input,
                        out);
            }
        }
        addShared(weights, input, out);
    }

    private float[] logits(Weights.Experts weights, long forRouter, int count) {
        long to = work.floats("logits of a router", (long) n * count);
        projections.apply(weights.router(), forRouter, n, to);
        float[] logits = new float[n * count];
        work.memory("logits of a router").copyTo(MemorySegment.ofArray(logits), 0);
        return logits;
    }

    /// Rows by expert.
    ///
    /// @param first where the rows of each expert begin, and behind the last the end of all
    /// @param factors of their results, or of what is read
    private record Members(int[] first, int[] rows, float[] factors) {}

    private Members members(Routing routing, float[] logits, int count, int layer) {
        int k = routing.chosen();
        int[][] experts = new int[n][k];
        float[][] shares = new float[n][k];
        float[] all = new float[n * count];
        int[] first = new int[count + 1];
        for (int row = 0; row < n; row++) {
            routing.choose(logits, row * count, count, experts[row], shares[row]);
            for (int i = 0; i < k; i++) {
                all[row * count + experts[row][i]] = shares[row][i];
                first[experts[row][i] + 1]++;
            }
        }
        rows.show(Site.ROUTER_LOGITS, layer, logits, count);
        rows.show(Site.EXPERT_SHARES, layer, all, count);
        for (int expert = 0; expert < count; expert++) {
            first[expert + 1] += first[expert];
        }
        int[] next = first.clone();
        int[] members = new int[n * k];
        float[] factors = new float[n * k];
        for (int row = 0; row < n; row++) {
            for (int i = 0; i < k; i++) {
                int at = next[experts[row][i]]++;
                members[at] = row;
                factors[at] = shares[row][i];
            }
        }
        return new Members(first, members, factors);
    }

    private void run(
            Weights.Mlp mlp,
            boolean ofInputs,
            long index,
            long factors,
            int size,
            long input,
            long out) {
        long all = (long) size * dModel;
        long x = work.floats("rows of an expert", all);
        work.flat("rows", "gather_rows", all, x, input, index, size, dModel);
        if (ofInputs) {
            work.flat("rows", "scale_rows", all, x, factors, 1f, size, dModel);
        }
        long y = work.floats("what an expert adds", all);
        feedForward.run(mlp, x, size, y);
        work.flat(
                "rows",
                "scatter_add_rows",
                all,
                out,
                y,
                index,
                ofInputs ? 0L : factors,
                size,
                dModel);
    }

    /// The expert that sees every row.
    private void addShared(Weights.Experts weights, long input, long out) {
        Weights.SharedExpert shared = weights.shared();
        if (shared == null) {
            return;
        }
        long all = (long) n * dModel;
        long y = work.floats("what an expert adds", all);
        feedForward.run(shared.mlp(), input, n, y);
        long gate = 0;
        if (shared.gate() != null) {
            gate = work.floats("gates of the shared expert", n);
            projections.apply(shared.gate(), input, n, gate);
            work.flat("rows", "sigmoid", n, gate, (long) n);
        }
        work.flat("rows", "add_rows", all, out, y, gate, 1f, n, dModel);
    }
}
