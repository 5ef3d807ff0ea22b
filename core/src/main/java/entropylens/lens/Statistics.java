package entropylens.lens;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;

/// Every [Statistic] that there is, by name.
public final class Statistics {
    /// Statistics that have a parameter, by what their names begin with.
    private static final Map<String, DoubleFunction<Statistic>> OF_PARAMETER =
            Map.of(
                    "renyi", Statistic::renyi,
                    "top_p_size", Statistic::topPSize,
                    "jaccard", Statistic::jaccard,
                    "containment", Statistic::containment,
                    "top_entropy", Statistic::topEntropy,
                    "expert", Statistic::expert);

    /// Short words for statistics.
    private static final Map<String, List<Statistic>> WORDS =
            Map.of(
                    "kl", List.of(Statistic.KL_TO_LAST),
                    "next", List.of(Statistic.NEXT_PROBABILITY, Statistic.NEXT_RANK),
                    "router",
                            List.of(
                                    Statistic.ROUTER_ENTROPY,
                                    Statistic.expert(1),
                                    Statistic.expert(2)));

    /// What a word stands for: `kl`, `next`, `router`, in capitals or not, or the name of a
    /// statistic; empty where it stands for nothing.
    ///
    /// @throws IllegalArgumentException when a statistic's parameter makes no sense
    public static List<Statistic> of(String word) {
        List<Statistic> known = WORDS.get(word.toLowerCase(Locale.ROOT));
        return known != null ? known : named(word).map(List::of).orElse(List.of());
    }

    /// The statistic of a name, as [#name] gives it.
    ///
    /// @throws IllegalArgumentException when its parameter makes no sense
    public static Optional<Statistic> named(String name) {
        Optional<Statistic> plain =
                examples().stream()
                        .filter(statistic -> statistic.parameter().isEmpty())
                        .filter(statistic -> statistic.name().equals(name))
                        .findFirst();
        int cut = name.lastIndexOf('_');
        if (plain.isPresent() || cut < 0 || !OF_PARAMETER.containsKey(name.substring(0, cut))) {
            return plain;
        }
        String parameter = name.substring(cut + 1);
        try {
            return Optional.of(
                    Objects.requireNonNull(OF_PARAMETER.get(name.substring(0, cut)))
                            .apply(
                                    parameter.equals("inf")
                                            ? Double.POSITIVE_INFINITY
                                            : Double.parseDouble(parameter)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /// One of each that there is, for pages that describe them.
    public static List<Statistic> examples() {
        return Stream.of(
                        Stream.of(Statistic.ENTROPY, Statistic.VARENTROPY),
                        Stream.of(0, 0.5, Double.POSITIVE_INFINITY)
                                .map(a -> Statistic.renyi(a.doubleValue())),
                        Stream.of(0.6, 0.9).map(Statistic::topPSize),
                        Stream.of(0.6, 0.9)
                                .flatMap(p ->
                                        Stream.of(Statistic.jaccard(p), Statistic.containment(p))),
                        Stream.of(
                                Statistic.topEntropy(10),
                                Statistic.NEXT_PROBABILITY,
                                Statistic.NEXT_RANK,
                                Statistic.KL_TO_LAST,
                                Statistic.LOGIT_STD,
                                Statistic.H_NORM,
                                Statistic.ROUTER_ENTROPY,
                                Statistic.expert(1),
                                Statistic.expert(2)))
                .flatMap(part -> part)
                .toList();
    }

    private Statistics() {}
}
