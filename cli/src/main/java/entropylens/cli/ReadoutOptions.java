package entropylens.cli;

import entropylens.lens.ReadoutRequest;
import entropylens.lens.Statistic;
import entropylens.lens.Statistics;
import entropylens.model.Model;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// What is measured beside the entropy.
final class ReadoutOptions {
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
            split = ",",
            paramLabel = "P",
            description =
                    "Also the size of the smallest set of tokens whose probability reaches P, for example 0.6.")
    double @Nullable [] topPSets;

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
                    "Also kl (divergence of a layer from the last one, KL(last || layer)) next (probability and rank of the token that follows), and router (entropy of the router, and the two experts with the largest shares); or any statistic by its name, such as jaccard_0.9.")
    String @Nullable [] statistics;

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

    /// @throws CliException when more tokens are to be kept than the model's vocabulary has
    static void requireFits(ReadoutRequest asked, Model model) {
        int dVocab = model.config().dVocab();
        if (asked.topK() > dVocab) {
            throw new CliException(
                    "--top-k is %d, but the model's vocabulary has only %d tokens"
                            .formatted(asked.topK(), dVocab));
        }
    }

    private ReadoutRequest asked() {
        List<Statistic> all = new ArrayList<>();
        for (String alpha : alphas == null ? new String[0] : alphas) {
            addOnce(all, Statistic.renyi(order(alpha)), "--alpha", alpha);
        }
        for (double p : topPSets == null ? new double[0] : topPSets) {
            addOnce(all, Statistic.topPSize(p), "--top-p-set", String.valueOf(p));
        }
        all.add(Statistic.LOGIT_STD);
        all.add(Statistic.H_NORM);
        for (String word : statistics == null ? new String[0] : statistics) {
            all.addAll(named(word));
        }
        return ReadoutRequest.ENTROPY.withTopK(topK).with(all);
    }

    private void addOnce(List<Statistic> all, Statistic statistic, String option, String given) {
        if (all.contains(statistic)) {
            throw wrong("%s names %s twice".formatted(option, given));
        }
        all.add(statistic);
    }

    /// What a word of `--stats` stands for: a short word, or the name of a statistic.
    private List<Statistic> named(String word) {
        List<Statistic> known = Statistics.of(word);
        if (known.isEmpty()) {
            throw wrong(
                    "--stats: there is no statistic '%s'; there are kl, next, router, and those of docs/method.md by their names"
                            .formatted(word));
        }
        return known;
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
