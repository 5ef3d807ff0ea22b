package entropylens.cli;

import entropylens.translators.TunedFit;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a tuned lens is trained.
final class TunedOptions {
    private static final int STEPS = 250;
    private static final int TOKENS = 4096;
    private static final double RATE = 1;
    private static final long SEED = 1;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Of a tuned lens: steps of gradient descent (default: " + STEPS + ").")
    @Nullable Integer steps;

    @Option(
            names = "--tokens-per-step",
            paramLabel = "N",
            description =
                    "Of a tuned lens: tokens of a step, at least; its last text is whole (default: "
                            + TOKENS
                            + ").")
    @Nullable Integer tokens;

    @Option(
            names = "--rate",
            paramLabel = "X",
            description =
                    "Of a tuned lens: learning rate of the first step; it falls to 0 in a line (default: "
                            + RATE
                            + ").")
    @Nullable Double rate;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "Of a tuned lens: the order of the texts is drawn from it (default: "
                            + SEED
                            + ").")
    @Nullable Long seed;

    /// The first option that was given and says nothing of another kind of lens.
    Optional<String> first() {
        if (steps != null) {
            return Optional.of("--steps");
        }
        if (tokens != null) {
            return Optional.of("--tokens-per-step");
        }
        if (rate != null) {
            return Optional.of("--rate");
        }
        return seed == null ? Optional.empty() : Optional.of("--seed");
    }

    /// @throws IllegalArgumentException when one of them makes no sense
    TunedFit.Settings settings(int skipped, int together) {
        return new TunedFit.Settings(
                steps == null ? STEPS : steps,
                tokens == null ? TOKENS : tokens,
                rate == null ? RATE : rate,
                seed == null ? SEED : seed,
                skipped,
                together);
    }

    static Map<String, String> facts(TunedFit.Settings settings) {
        Map<String, String> facts = new TreeMap<>();
        facts.put("optimizer", "sgd, nesterov momentum 0.9, weight decay 0.001, clipped to 1");
        facts.put("steps", String.valueOf(settings.steps()));
        facts.put("tokens_per_step", String.valueOf(settings.positions()));
        facts.put("rate", String.valueOf(settings.rate()));
        facts.put("seed", String.valueOf(settings.seed()));
        return facts;
    }
}
