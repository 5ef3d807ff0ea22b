package entropylens.lens;

import java.util.Arrays;
import java.util.List;

/// What was summed over one row's logits: statistics are read from it. It stands on one row of a
/// chunk after the other.
final class RowSums {
    private final ReadoutRequest request;
    private final RowStatistics all;
    private final float[] targetLogits;
    private final TopPSets.Found sets;
    private final List<Double> alphas;
    private final List<Double> topPs;
    private int slot;
    private boolean hasTarget;
    private double norm;

    /// @param targetLogits of each row, where targets are asked for
    RowSums(ReadoutRequest request, RowStatistics all, float[] targetLogits, TopPSets.Found sets) {
        this.request = request;
        this.all = all;
        this.targetLogits = targetLogits;
        this.sets = sets;
        this.alphas = request.alphas();
        this.topPs = request.topPs();
    }

    /// Goes on to a row.
    ///
    /// @param hasTarget whether a token follows it
    /// @param itsNorm of the stream
    void standOn(int itsSlot, boolean itHasTarget, double itsNorm) {
        slot = itsSlot;
        hasTarget = itHasTarget;
        norm = itsNorm;
    }

    double entropy() {
        return all.entropy(slot);
    }

    double varentropy() {
        return all.varentropy(slot);
    }

    double renyi(double alpha) {
        return all.renyi(alphas.indexOf(alpha), slot);
    }

    double targetProbability() {
        return hasTarget ? probability(targetLogits[slot]) : Double.NaN;
    }

    double targetRank() {
        return hasTarget ? 1.0 + all.above[slot] : Double.NaN;
    }

    double divergence() {
        return all.divergence(slot);
    }

    double logitStd() {
        return all.logitStd(slot);
    }

    double norm() {
        return norm;
    }

    double topPSize(double p) {
        return sets.sizes()[topPs.indexOf(p)][slot];
    }

    /// NaN where there is no row before.
    double topPSizeBefore(double p) {
        return sets.sizesBefore()[topPs.indexOf(p)][slot];
    }

    /// NaN where there is no row before.
    double topPShared(double p) {
        return sets.shared()[topPs.indexOf(p)][slot];
    }

    double topEntropy(int k) {
        double sum = 0;
        double weighted = 0;
        for (int rank = 0; rank < k; rank++) {
            double below = all.top.logit(slot, rank) - all.max[slot];
            double share = Math.exp(below);
            sum += share;
            // of a token that is never chosen, 0 · ln 0 is 0
            weighted += share == 0 ? 0 : share * below;
        }
        return Math.log(sum) - weighted / sum;
    }

    int[] topIds() {
        return Arrays.copyOf(all.top.ids(slot), request.topK());
    }

    float[] topProbabilities() {
        float[] probabilities = new float[request.topK()];
        for (int k = 0; k < probabilities.length; k++) {
            probabilities[k] = (float) probability(all.top.logit(slot, k));
        }
        return probabilities;
    }

    private double probability(float logit) {
        return Math.exp(logit - all.max[slot] - all.logSum(slot));
    }
}
