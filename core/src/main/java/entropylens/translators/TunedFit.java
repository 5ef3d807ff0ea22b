package entropylens.translators;

import entropylens.hook.Intervention;
import entropylens.lens.Lens;
import entropylens.model.DecoderConfig;
import entropylens.model.DeviceBackend;
import entropylens.model.Model;
import entropylens.model.Progress;
import entropylens.model.Run;
import entropylens.model.Runner;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/// Trains a tuned lens (Belrose et al., arXiv 2303.08112): for each layer, the affine translator
/// that brings what is read there near what the last layer reads, `KL(p_L ‖ p_l)` averaged over
/// positions. Trained as there: stochastic gradient descent with Nesterov's momentum of 0.9, a
/// learning rate that falls to 0 in a line, a weight decay of 0.001, gradients clipped to a norm of
/// 1; but smaller steps, and every layer clipped by itself.
///
/// The same texts, settings and kernels give the same bits, whatever the threads, and however often
/// the run was killed.
public final class TunedFit implements LensFitter {
    private final Model model;
    private final Settings settings;

    /// How a lens is trained.
    ///
    /// @param steps of gradient descent
    /// @param positions of a step, at least; the last text is whole
    /// @param rate learning rate of the first step, as in the paper: of a gradient that stays the
    ///   same, momentum included
    /// @param seed the order of texts is drawn from it
    /// @param skipped first positions of a text that are left out
    /// @param together texts that run at a time
    public record Settings(
            int steps, int positions, double rate, long seed, int skipped, int together) {
        public Settings {
            requireAtLeast("steps", steps, 1);
            requireAtLeast("positions of a step", positions, 1);
            requireAtLeast("positions to be left out", skipped, 0);
            if (!(rate > 0) || Double.isInfinite(rate)) {
                throw new IllegalArgumentException(
                        "the learning rate must be a number above 0, but is " + rate);
            }
        }

        private static void requireAtLeast(String what, int value, int least) {
            if (value < least) {
                throw new IllegalArgumentException(
                        "%s must be at least %d, but are %d".formatted(what, least, value));
            }
        }
    }

    /// @throws IllegalArgumentException when the heap could not hold what is trained; when the
    ///   model runs on a device, which keeps copies of matrices, while the translators change at
    ///   every step
    public TunedFit(Model model, Settings settings) {
        this.model = model;
        this.settings = settings;
        if (model.backend() instanceof DeviceBackend) {
            throw new IllegalArgumentException(
                    "a tuned lens is trained on the processor, and this model was opened on %s; open it without a device"
                            .formatted(model.backend().name()));
        }
        requireMemory(Runtime.getRuntime().maxMemory());
    }

    /// Memory that training takes beside the model.
    public static long bytes(Model model) {
        DecoderConfig config = model.config();
        return TunedTranslators.bytes(config.nLayers(), config.dModel())
                + TunedRows.bytes(model)
                + StreamRows.LIMIT;
    }

    void requireMemory(long most) {
        DecoderConfig config = model.config();
        FitMemory.requireWidth("a tuned lens", config.dModel());
        FitMemory.require(
                String.format(
                        Locale.ROOT,
                        "a tuned lens of %d layers of width %,d is trained",
                        config.nLayers(),
                        config.dModel()),
                bytes(model),
                most,
                "fit the kind mean");
    }

    @Override
    public LensFit.Fitted fit(
            List<int[]> texts, Arena arena, Resumption resumption, Progress progress) {
        DecoderConfig config = model.config();
        requirePositions(texts);
        TunedTranslators translators =
                new TunedTranslators(
                        config.nLayers(), config.dModel(), model.backend().pool(), arena);
        TunedRows rows = new TunedRows(model, translators);
        Runner runner =
                new Runner(model, settings.together, StreamRows.maxRows(config)).alwaysTogether();
        Resumption.Kept kept =
                resumption.of("tuned", settings.toString(), model.backend().name(), texts);
        OptionalLong done = kept.load(translators.state());
        TextOrder order = new TextOrder(texts, settings.skipped, settings.seed);
        long positions = 0;
        for (int step = 0; step < settings.steps; step++) {
            List<int[]> next = order.next(settings.positions);
            positions +=
                    next.stream()
                            .mapToLong(ids -> Math.max(0, ids.length - settings.skipped))
                            .sum();
            if (step < done.orElse(0)) {
                continue;
            }
            List<Run> runs = next.stream().map(ids -> Run.of(ids, Intervention.NONE)).toList();
            runner.requireFit(runs);
            runner.run(runs, new StreamRows(config, settings.skipped, rows), Progress.NONE);
            translators.step(rate(step), rows.finish());
            progress.update(
                    (step + 1L) * settings.positions, (long) settings.steps * settings.positions);
            kept.saveNowAndThen(step + 1, translators.state());
        }
        kept.finished();
        return new LensFit.Fitted(Lens.of("tuned", translators.all()), positions);
    }

    /// torch's momentum makes a gradient that stays the same count `1 / (1 − momentum)` times.
    private double rate(int step) {
        double left = 1 - (double) step / settings.steps;
        return settings.rate * (1 - TunedTranslators.MOMENTUM) * left;
    }

    private void requirePositions(List<int[]> texts) {
        if (texts.stream().allMatch(ids -> ids.length <= settings.skipped)) {
            throw new IllegalArgumentException(
                    "the texts have no positions behind the first %d; a lens needs some"
                            .formatted(settings.skipped));
        }
    }
}
