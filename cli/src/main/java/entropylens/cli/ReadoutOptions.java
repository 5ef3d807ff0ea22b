package entropylens.cli;

import entropylens.lens.ReadoutRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// What is measured beside the entropy.
final class ReadoutOptions {
    /// Statistics beyond those that are always there.
    enum Statistic {
        KL,
        NEXT
    }

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli fills it
    CommandSpec spec;

    @Option(
            names = "--alpha",
            split = ",",
            paramLabel = "A",
            description = "Also Rényi entropies of these orders, for example 0.5,2,inf.")
    String @Nullable [] alphas;

    @Option(
            names = "--top-p-set",
            paramLabel = "P",
            description =
                    "Also the size of the smallest set of tokens whose probability reaches P, for example 0.6.")
    @Nullable Double topPSet;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            defaultValue = "1",
            description =
                    "Keep the K most probable tokens of every layer (default: ${DEFAULT-VALUE}).")
    int topK;

    @Option(
            names = "--stats",
            split = ",",
            paramLabel = "S",
            description =
                    "Also kl (divergence of a layer from the last one, KL(last || layer)) and next (probability and rank of the token that follows).")
    Statistic @Nullable [] statistics;

    /// @throws ParameterException when an option makes no sense
    ReadoutRequest request() {
        if (topK < 1) {
            throw wrong("--top-k must be at least 1, but is " + topK);
        }
        try {
            return asked();
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private ReadoutRequest asked() {
        ReadoutRequest request = ReadoutRequest.ENTROPY.withTopK(topK).withLogitStd().withNorm();
        if (alphas != null) {
            request = request.withAlphas(orders(alphas));
        }
        if (topPSet != null) {
            request = request.withTopPs(List.of(topPSet));
        }
        List<Statistic> more = statistics == null ? List.of() : Arrays.asList(statistics);
        if (more.contains(Statistic.KL)) {
            request = request.withDivergence();
        }
        if (more.contains(Statistic.NEXT)) {
            request = request.withTarget();
        }
        return request;
    }

    private List<Double> orders(String[] given) {
        List<Double> orders = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String alpha : given) {
            double order = order(alpha);
            if (!names.add(Names.order(order))) {
                throw wrong("--alpha names %s twice".formatted(alpha));
            }
            orders.add(order);
        }
        return orders;
    }

    private double order(String alpha) {
        if (alpha.equals("inf") || alpha.equals("∞")) {
            return Double.POSITIVE_INFINITY;
        }
        try {
            return Double.parseDouble(alpha) + 0.0; // no -0
        } catch (NumberFormatException e) {
            throw wrong("--alpha: '%s' is not a number or inf".formatted(alpha));
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
