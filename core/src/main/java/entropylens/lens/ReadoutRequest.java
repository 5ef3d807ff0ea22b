package entropylens.lens;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/// What a readout computes. What is not asked for costs nothing.
///
/// @param statistics each once; the entropy is always among them, and comes first
/// @param topK number of most probable tokens to keep, 0 to [#MAX_TOP_K]
public record ReadoutRequest(List<Statistic> statistics, int topK) {
    /// Keeps the memory of a readout bounded.
    public static final int MAX_TOP_K = 100;

    /// The entropy alone.
    public static final ReadoutRequest ENTROPY = new ReadoutRequest(List.of(), 0);

    public ReadoutRequest {
        Set<Statistic> distinct = new LinkedHashSet<>();
        distinct.add(Statistic.ENTROPY);
        distinct.addAll(statistics);
        statistics = List.copyOf(distinct);
        if (topK < 0 || topK > MAX_TOP_K) {
            throw new IllegalArgumentException(
                    "top-k can be 0 to %d, but is %d".formatted(MAX_TOP_K, topK));
        }
    }

    /// With more statistics; those that are there already stay where they are.
    public ReadoutRequest with(Statistic... more) {
        return with(List.of(more));
    }

    /// With more statistics; those that are there already stay where they are.
    public ReadoutRequest with(List<Statistic> more) {
        List<Statistic> all = new ArrayList<>(statistics);
        all.addAll(more);
        return new ReadoutRequest(all, topK);
    }

    /// With the k most probable tokens of every row.
    public ReadoutRequest withTopK(int k) {
        return new ReadoutRequest(statistics, k);
    }

    /// Whether `Σ p z²` is needed.
    public boolean needsSquares() {
        return needs(Statistic.Need.SQUARES);
    }

    /// Whether mean and deviations of the logits are needed.
    public boolean needsMoments() {
        return needs(Statistic.Need.MOMENTS);
    }

    /// Whether top-p sets are compared with those of the row before.
    public boolean needsOverlap() {
        return needs(Statistic.Need.OVERLAP);
    }

    boolean needs(Statistic.Need what) {
        return statistics.stream().anyMatch(statistic -> statistic.needs(what));
    }

    /// Whether each row needs a target, the token that follows it.
    public boolean needsTargets() {
        return needs(Statistic.Need.TARGET);
    }

    /// Whether each row needs a reference, the row whose distribution it is compared with.
    public boolean needsReferences() {
        return needs(Statistic.Need.REFERENCE);
    }

    /// How many of the largest logits have to be kept.
    public int largest() {
        return Math.max(
                topK,
                (int) parameters(Statistic.Need.TOP).stream().mapToDouble(k -> k).max().orElse(0));
    }

    /// Orders of Rényi entropies.
    public List<Double> alphas() {
        return parameters(Statistic.Need.POWER);
    }

    /// Probabilities of top-p sets.
    public List<Double> topPs() {
        return parameters(Statistic.Need.TOP_P);
    }

    private List<Double> parameters(Statistic.Need of) {
        return statistics.stream()
                .filter(statistic -> statistic.needs(of))
                .map(Statistic::parameter)
                .map(OptionalDouble::getAsDouble)
                .distinct()
                .toList();
    }
}
