package entropylens.data;

import entropylens.lens.ReadoutRequest;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Which statistics a run keeps of every token and layer beside the entropy: the columns of the
/// table `profiles`. A text of which one was not measured has nulls there.
///
/// @param statistics what the readouts are asked for, over all studies of the run
/// @param overlap whether the top-p sets of neighbouring layers are compared, one pair of columns
///   for each p of `statistics`
public record ProfileColumns(ReadoutRequest statistics, boolean overlap) {
    public ProfileColumns {
        requireDistinct("orders of Rényi entropies", statistics.alphas());
        requireDistinct("probabilities of top-p sets", statistics.topPs());
    }

    private static void requireDistinct(String what, List<Double> numbers) {
        if (numbers.stream().distinct().count() < numbers.size()) {
            throw new IllegalArgumentException(
                    "the %s must differ, since each has a column, but are %s"
                            .formatted(what, numbers));
        }
    }

    /// The column of the Rényi entropy of order `alpha`: `renyi_0_5`, `renyi_inf`.
    public static String renyi(double alpha) {
        return "renyi_" + (Double.isInfinite(alpha) ? "inf" : number(alpha));
    }

    /// The column of the size of the top-p set: `top_p_size_0_9`.
    public static String topPSize(double p) {
        return "top_p_size_" + number(p);
    }

    /// The column of the Jaccard index of a layer's top-p set and that of the layer before it.
    public static String jaccard(double p) {
        return "jaccard_" + number(p);
    }

    /// The column of the share of the smaller of these two sets that is in the larger.
    public static String containment(double p) {
        return "containment_" + number(p);
    }

    /// A point would make every query need quotes.
    private static String number(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString().replace('.', '_');
    }

    /// The columns that hold one number each, entropy first, in the order of the table.
    public List<String> numbers() {
        return all().stream()
                .filter(column -> !column.type().endsWith("[]"))
                .map(Schema.Column::name)
                .toList();
    }

    /// The columns of this run, in the order of the table.
    List<Schema.Column> all() {
        List<Schema.Column> columns = new ArrayList<>();
        columns.add(number("entropy", "Shannon entropy of the lens distribution, in nats"));
        for (double alpha : statistics.alphas()) {
            columns.add(
                    number(renyi(alpha), "Rényi entropy of order %s, in nats".formatted(alpha)));
        }
        for (double p : statistics.topPs()) {
            columns.add(
                    new Schema.Column(
                            topPSize(p),
                            "INTEGER",
                            "size of the smallest set of tokens whose probability reaches " + p));
        }
        if (overlap) {
            statistics.topPs().forEach(p -> addOverlap(columns, p));
        }
        addOptional(columns);
        return List.copyOf(columns);
    }

    private static void addOverlap(List<Schema.Column> columns, double p) {
        columns.add(
                number(
                        jaccard(p),
                        "shared tokens over all tokens of this layer's top-p set and the one before it"));
        columns.add(
                number(
                        containment(p),
                        "share of the smaller of the two sets that is in the larger"));
    }

    private void addOptional(List<Schema.Column> columns) {
        Stream.of(
                        when(
                                statistics.topK() > 0,
                                new Schema.Column(
                                        "top_ids",
                                        "INTEGER[]",
                                        "the most probable tokens, most probable first")),
                        when(
                                statistics.topK() > 0,
                                new Schema.Column(
                                        "top_probabilities", "FLOAT[]", "their probabilities")),
                        when(
                                statistics.target(),
                                number(
                                        "next_probability",
                                        "probability of the token that follows")),
                        when(
                                statistics.target(),
                                new Schema.Column(
                                        "next_rank",
                                        "INTEGER",
                                        "1 + number of tokens with a larger logit than it")),
                        when(
                                statistics.divergence(),
                                number(
                                        "kl_to_last",
                                        "KL divergence of this layer from the last one, in nats")),
                        when(
                                statistics.logitStd(),
                                number(
                                        "logit_std",
                                        "standard deviation of the logits over the vocabulary")),
                        when(
                                statistics.norm(),
                                number(
                                        "h_norm",
                                        "Euclidean norm of the stream before the final norm")))
                .flatMap(Optional::stream)
                .forEach(columns::add);
    }

    private static Optional<Schema.Column> when(boolean asked, Schema.Column column) {
        return asked ? Optional.of(column) : Optional.empty();
    }

    /// 24 bits are more than the readout is right to (see the numerics page), and half the room.
    private static Schema.Column number(String name, String meaning) {
        return new Schema.Column(name, "FLOAT", meaning);
    }
}
