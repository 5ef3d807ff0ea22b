package entropylens.lens;

import entropylens.hook.HookPoint;
import entropylens.model.Session;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/// What the routers made of rows that are held, `[slot][layer]`. Layers without experts have
/// nothing.
final class RouterRows {
    private final int layers;

    /// Nats; NaN where there is none.
    private double[] entropies = new double[0];

    /// Chosen, the one with the largest share first.
    private int[][] experts = new int[0][];

    /// @param layers of a slot
    RouterRows(int layers) {
        this.layers = layers;
    }

    /// @param slotOf position of a row → its slot; negative for rows that are not kept
    /// @param experts of a block
    /// @param shift layer of the first block
    void attach(
            Session session,
            int nLayers,
            IntUnaryOperator experts,
            int shift,
            IntUnaryOperator slotOf) {
        for (int block = 0; block < nLayers; block++) {
            int count = experts.applyAsInt(block);
            int layer = block + shift;
            if (count > 0) {
                session.observe(
                        HookPoint.routerLogits(block),
                        (_, position, values, offset) ->
                                keepLogits(
                                        slotOf.applyAsInt(position), layer, values, offset, count));
                session.observe(
                        HookPoint.expertShares(block),
                        (_, position, values, offset) ->
                                keepShares(
                                        slotOf.applyAsInt(position), layer, values, offset, count));
            }
        }
    }

    private void keepLogits(int slot, int layer, float[] logits, int offset, int count) {
        if (slot >= 0) {
            grow(slot);
            entropies[slot * layers + layer] = entropy(logits, offset, count);
        }
    }

    private void keepShares(int slot, int layer, float[] shares, int offset, int count) {
        if (slot >= 0) {
            grow(slot);
            experts[slot * layers + layer] =
                    IntStream.range(0, count)
                            .filter(expert -> shares[offset + expert] != 0)
                            .boxed()
                            .sorted(Comparator.comparingDouble(expert -> -shares[offset + expert]))
                            .mapToInt(expert -> expert)
                            .toArray();
        }
    }

    private void grow(int slot) {
        int before = entropies.length;
        int needed = (slot + 1) * layers;
        if (needed > before) {
            int length = Math.max(needed, 2 * before);
            entropies = Arrays.copyOf(entropies, length);
            experts = Arrays.copyOf(experts, length);
            Arrays.fill(entropies, before, length, Double.NaN);
            Arrays.fill(experts, before, length, new int[0]);
        }
    }

    /// Shannon entropy of the softmax, nats.
    static double entropy(float[] logits, int offset, int count) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = offset; i < offset + count; i++) {
            max = Math.max(max, logits[i]);
        }
        double sum = 0;
        double weighted = 0;
        for (int i = offset; i < offset + count; i++) {
            double e = Math.exp(logits[i] - max);
            sum += e;
            weighted += e == 0 ? 0 : e * (logits[i] - max);
        }
        return Math.log(sum) - weighted / sum;
    }

    /// Fills in the statistics of routers that were asked for, and forgets what was held.
    void fillIn(Readouts readouts) {
        for (Statistic statistic : readouts.request().statistics()) {
            if (statistic.needs(Statistic.Need.ROUTER)) {
                Arrays.setAll(readouts.column(statistic), row -> value(statistic, row));
            }
        }
        entropies = new double[0];
        experts = new int[0][];
    }

    private double value(Statistic statistic, int row) {
        if (row >= entropies.length) {
            return Double.NaN;
        }
        if (statistic.parameter().isEmpty()) {
            return entropies[row];
        }
        int place = (int) statistic.parameter().getAsDouble() - 1;
        return place < experts[row].length ? experts[row][place] : Double.NaN;
    }
}
