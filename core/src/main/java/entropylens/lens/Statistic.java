package entropylens.lens;

import java.math.BigDecimal;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/// A number that a readout gives for every row of the stream. All that is known of it is declared
/// here, once: its name in every format, its unit, what it means, what has to be summed for it, and
/// how it is read from the sums. Tables, JSON, CSV and docs are written from this.
public final class Statistic {
    /// Shannon entropy, which every readout has.
    public static final Statistic ENTROPY =
            real(
                    "entropy",
                    "nats",
                    "Shannon entropy of the lens distribution",
                    Need.NOTHING,
                    RowSums::entropy);

    /// `Σ p (−ln p − H)²`: whether the surprise is shared evenly. 0 of a uniform distribution, and
    /// of one that is sure.
    public static final Statistic VARENTROPY =
            real(
                    "varentropy",
                    "nats²",
                    "variance of −ln p over the lens distribution",
                    Need.SQUARES,
                    RowSums::varentropy);

    /// Probability of the token that follows; absent where none does.
    public static final Statistic NEXT_PROBABILITY =
            real(
                    "next_probability",
                    "",
                    "probability of the token that follows",
                    Need.TARGET,
                    RowSums::targetProbability);

    /// Rank of the token that follows; absent where none does.
    public static final Statistic NEXT_RANK =
            count(
                    "next_rank",
                    "",
                    "1 + number of tokens with a larger logit than the token that follows",
                    Need.TARGET,
                    RowSums::targetRank);

    /// `KL(p_L ‖ p_l) = Σ p_L ln(p_L / p_l)`: what is lost by reading at layer l.
    public static final Statistic KL_TO_LAST =
            real(
                    "kl_to_last",
                    "nats",
                    "KL divergence of this layer from the last one, KL(last ‖ layer)",
                    Need.REFERENCE,
                    RowSums::divergence);

    /// Divided by d_vocab, not by d_vocab − 1.
    public static final Statistic LOGIT_STD =
            real(
                    "logit_std",
                    "",
                    "standard deviation of the logits over the vocabulary",
                    Need.MOMENTS,
                    RowSums::logitStd);

    /// Euclidean.
    public static final Statistic H_NORM =
            real(
                    "h_norm",
                    "",
                    "Euclidean norm of the stream before the final norm",
                    Need.NOTHING,
                    RowSums::norm);

    /// Of the router, as it stands before experts are chosen; absent of layers without experts.
    public static final Statistic ROUTER_ENTROPY =
            real(
                    "router_entropy",
                    "nats",
                    "Shannon entropy of the softmax of the router's logits",
                    Need.ROUTER,
                    _ -> Double.NaN);

    /// Largest finite order of a Rényi entropy; beyond it, ask for infinity.
    public static final double MAX_ALPHA = 1000;

    /// No model chooses as many experts for a row.
    public static final int MAX_EXPERTS = 1000;

    /// What has to be summed or kept, beside the sums of the entropy.
    enum Need {
        NOTHING,
        /// `Σ p z²`.
        SQUARES,
        /// `Σ p^α`; the parameter is α.
        POWER,
        /// The smallest set of tokens whose probability reaches p; the parameter is p.
        TOP_P,
        /// The same, and what it shares with that of the row before.
        OVERLAP,
        /// The logit of a given token.
        TARGET,
        /// The distribution of another row.
        REFERENCE,
        /// Mean and squares of the logits.
        MOMENTS,
        /// What the router of the layer's block made of the row.
        ROUTER,
        /// The largest logits; the parameter is how many.
        TOP
    }

    private final String quantity;
    private final OptionalDouble parameter;
    private final String unit;
    private final boolean isCount;
    private final String meaning;
    private final Need need;
    private final ToDoubleFunction<RowSums> reading;

    private Statistic(
            String quantity,
            OptionalDouble parameter,
            String unit,
            boolean isCount,
            String meaning,
            Need need,
            ToDoubleFunction<RowSums> reading) {
        this.quantity = quantity;
        this.parameter = parameter;
        this.unit = unit;
        this.isCount = isCount;
        this.meaning = meaning;
        this.need = need;
        this.reading = reading;
    }

    private static Statistic real(
            String name,
            String unit,
            String meaning,
            Need need,
            ToDoubleFunction<RowSums> reading) {
        return new Statistic(name, OptionalDouble.empty(), unit, false, meaning, need, reading);
    }

    private static Statistic count(
            String name,
            String unit,
            String meaning,
            Need need,
            ToDoubleFunction<RowSums> reading) {
        return new Statistic(name, OptionalDouble.empty(), unit, true, meaning, need, reading);
    }

    /// Rényi entropy of an order: `ln(Σ p^α) / (1 − α)`, with its limits at 1 (Shannon's) and ∞
    /// (min-entropy).
    ///
    /// @param alpha 0 to [#MAX_ALPHA], or infinity
    public static Statistic renyi(double alpha) {
        if (!(alpha >= 0) || (alpha > MAX_ALPHA && !Double.isInfinite(alpha))) {
            throw new IllegalArgumentException(
                    "the order of a Rényi entropy must be 0 to %.0f, or infinity, but is %s"
                            .formatted(MAX_ALPHA, alpha));
        }
        double order = alpha + 0.0; // no −0
        return new Statistic(
                "renyi",
                OptionalDouble.of(order),
                "nats",
                false,
                "Rényi entropy of order " + number(order),
                Need.POWER,
                row -> row.renyi(order));
    }

    /// Whether some rows have none: what looks at the token that follows or at the layer before.
    public boolean mayBeAbsent() {
        return need == Need.TARGET || need == Need.OVERLAP || need == Need.ROUTER;
    }

    /// Size of the smallest set of tokens whose probability reaches p.
    ///
    /// @param p in (0, 1]
    public static Statistic topPSize(double p) {
        return ofSet(
                "top_p_size",
                p,
                "tokens",
                true,
                "size of the smallest set of tokens whose probability reaches " + p,
                Need.TOP_P,
                row -> row.topPSize(p));
    }

    /// Jaccard's index of a layer's top-p set and that of the layer before it; absent of the first.
    public static Statistic jaccard(double p) {
        return ofSet(
                "jaccard",
                p,
                "",
                false,
                "shared tokens over all tokens of this layer's top-p set and the one before it",
                Need.OVERLAP,
                row ->
                        row.topPShared(p)
                                / (row.topPSize(p) + row.topPSizeBefore(p) - row.topPShared(p)));
    }

    /// Share of the smaller of these two sets that is in the larger; absent of the first layer.
    public static Statistic containment(double p) {
        return ofSet(
                "containment",
                p,
                "",
                false,
                "share of the smaller of the two sets that is in the larger",
                Need.OVERLAP,
                row -> row.topPShared(p) / Math.min(row.topPSize(p), row.topPSizeBefore(p)));
    }

    /// Shannon entropy among the k most probable tokens, their probabilities made to sum to 1: how
    /// undecided the model is between the few that it would choose from.
    ///
    /// @param k 1 to [ReadoutRequest#MAX_TOP_K], a whole number
    public static Statistic topEntropy(double k) {
        if (!(k >= 1 && k <= ReadoutRequest.MAX_TOP_K) || k != Math.rint(k)) {
            throw new IllegalArgumentException(
                    "an entropy of the top k needs a whole k of 1 to %d, but k is %s"
                            .formatted(ReadoutRequest.MAX_TOP_K, k));
        }
        return new Statistic(
                "top_entropy",
                OptionalDouble.of(k),
                "nats",
                false,
                "Shannon entropy of the %s most probable tokens, renormalised".formatted(number(k)),
                Need.TOP,
                row -> row.topEntropy((int) k));
    }

    /// The expert with the k-th largest share of a row, counted from 0; absent where fewer are
    /// chosen, and of layers without experts.
    ///
    /// @param k 1 to [#MAX_EXPERTS], a whole number
    public static Statistic expert(double k) {
        if (!(k >= 1 && k <= MAX_EXPERTS) || k != Math.rint(k)) {
            throw new IllegalArgumentException(
                    "an expert's place must be a whole number of 1 to %d, but is %s"
                            .formatted(MAX_EXPERTS, k));
        }
        return new Statistic(
                "expert",
                OptionalDouble.of(k),
                "",
                true,
                "number of the expert with share %s from the top, from 0".formatted(number(k)),
                Need.ROUTER,
                _ -> Double.NaN);
    }

    private static Statistic ofSet(
            String quantity,
            double p,
            String unit,
            boolean isCount,
            String meaning,
            Need need,
            ToDoubleFunction<RowSums> reading) {
        if (!(p > 0 && p <= 1)) {
            throw new IllegalArgumentException("a top-p set needs 0 < p <= 1, but p is " + p);
        }
        return new Statistic(quantity, OptionalDouble.of(p), unit, isCount, meaning, need, reading);
    }

    /// As in JSON and CSV: `entropy`, `renyi_0.5`, `top_p_size_0.6`.
    public String name() {
        return parameter.isPresent() ? quantity + "_" + number(parameter.getAsDouble()) : quantity;
    }

    /// As in tables, where a point would make every query need quotes: `renyi_0_5`.
    public String column() {
        return name().replace('.', '_');
    }

    private static String number(double value) {
        return Double.isInfinite(value)
                ? "inf"
                : BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    /// The order α, or the probability p; empty where there is none.
    public OptionalDouble parameter() {
        return parameter;
    }

    /// `nats`, `tokens`; empty of what has no unit.
    public String unit() {
        return unit;
    }

    /// Whether its values are whole numbers.
    public boolean isCount() {
        return isCount;
    }

    /// Half a sentence.
    public String meaning() {
        return meaning;
    }

    boolean needs(Need what) {
        return need == what || (what == Need.TOP_P && need == Need.OVERLAP);
    }

    /// The value of a row; NaN where there is none.
    double read(RowSums row) {
        return reading.applyAsDouble(row);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Statistic that
                && quantity.equals(that.quantity)
                && parameter.equals(that.parameter);
    }

    @Override
    public int hashCode() {
        return Objects.hash(quantity, parameter);
    }

    @Override
    public String toString() {
        return name();
    }
}
