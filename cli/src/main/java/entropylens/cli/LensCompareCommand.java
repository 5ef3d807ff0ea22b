package entropylens.cli;

import entropylens.EntropyLens;
import entropylens.lens.Lens;
import entropylens.study.statistics.Bootstrap;
import entropylens.study.statistics.Interval;
import entropylens.translators.LensComparison;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `entropy-lens lens compare`: how far two lenses read apart.
@Command(
        name = "compare",
        description = {
            "Reads texts through two lenses of one model and prints, layer by layer, how far they read apart, with 95 % intervals over texts. Two lenses that were fitted alike on different texts show what of a reading is the texts'.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class LensCompareCommand implements Runnable {
    private static final int DRAWS = 2000;

    @Spec CommandSpec spec;

    @ParentCommand LensCommand parent;

    @Parameters(
            paramLabel = "LENS",
            arity = "2",
            description =
                    "Both lenses: logit, FILE.safetensors, jacobian:FILE.pt or tuned:DIRECTORY.")
    List<String> lenses;

    @Mixin ModelOptions model;

    @Mixin UntrainedOption untrained;

    @Mixin LensTextOptions given;

    @Option(
            names = "--skip-positions",
            paramLabel = "N",
            defaultValue = "1",
            description = "Leave out the first N positions of a text (default: ${DEFAULT-VALUE}).")
    int skipped;

    @Mixin LoadingOptions loading;

    @Mixin AdapterOptions adapters;

    @Override
    public void run() {
        given.requireSensible(skipped);
        lenses.forEach(lens -> LensWords.source(lens, "LENS", spec));
        adapters.refuseUntrained(untrained);
        Path directory = model.one(parent.main.hub());
        PrintWriter err = spec.commandLine().getErr();
        try (BatchInput input = BatchInput.open(given.prompts);
                EntropyLens lens =
                        LensModel.open(
                                directory, untrained, loading, adapters, parent.main.hub(), err)) {
            LensComparison comparison =
                    comparison(
                            lens,
                            lens.openLens(lenses.getFirst()),
                            lens.openLens(lenses.getLast()));
            LensTexts texts = given.read(input, lens.loaded(), skipped);
            List<int[]> all =
                    Stream.concat(texts.fitted().stream(), texts.heldOut().stream()).toList();
            List<LensComparison.OfText> found;
            try (ProgressLine progress = ProgressLine.start(err)) {
                found = comparison.of(all, skipped, progress);
            }
            print(comparison.layers(), found);
        }
    }

    private static LensComparison comparison(EntropyLens lens, Lens first, Lens second) {
        try {
            return new LensComparison(lens.model(), first, second);
        } catch (IllegalArgumentException e) {
            throw new CliException(String.valueOf(e.getMessage()), e);
        }
    }

    private void print(List<Integer> layers, List<LensComparison.OfText> found) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "%s beside %s, %d texts%n",
                Columns.printable(lenses.getFirst()),
                Columns.printable(lenses.getLast()),
                found.size());
        out.println(
                "layer  same top token        KL, nats              entropy difference     its size");
        for (int i = 0; i < layers.size(); i++) {
            out.printf(
                    Locale.ROOT,
                    "%5d  %s  %s  %s  %s%n",
                    layers.get(i),
                    interval(found, i, LensComparison.OfText::agreement),
                    interval(found, i, LensComparison.OfText::divergence),
                    interval(found, i, LensComparison.OfText::entropy),
                    interval(found, i, LensComparison.OfText::absolute));
        }
        out.flush();
    }

    private static String interval(
            List<LensComparison.OfText> found,
            int layer,
            Function<LensComparison.OfText, double[]> of) {
        double[] values = found.stream().mapToDouble(text -> of.apply(text)[layer]).toArray();
        Interval interval =
                Bootstrap.interval(
                        values.length,
                        rows -> {
                            double sum = 0;
                            for (int row : rows) {
                                sum += values[row];
                            }
                            return sum / rows.length;
                        },
                        DRAWS,
                        1,
                        0.95);
        return String.format(
                Locale.ROOT,
                "%.3f (%.3f, %.3f)",
                interval.estimate(),
                interval.low(),
                interval.high());
    }
}
