package entropylens.translators;

import entropylens.hook.Intervention;
import entropylens.kernels.Linear;
import entropylens.kernels.Matrix;
import entropylens.kernels.WeightType;
import entropylens.lens.Lens;
import entropylens.lens.Translator;
import entropylens.model.DecoderConfig;
import entropylens.model.Model;
import entropylens.model.Progress;
import entropylens.model.Run;
import entropylens.model.Runner;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/// Fits lenses that have a closed form: translators that bring the stream of each layer near the
/// last one's, on the texts that are given. Nothing is drawn, so the same texts give the same lens.
public final class LensFit implements LensFitter {
    /// How the translators are made.
    public enum Kind {
        /// `h → h + A h + b`, by ridge regression.
        RIDGE,
        /// `h → h + b`, b the difference of the means.
        MEAN;

        /// In options and results.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// How a lens is fitted.
    ///
    /// @param lambda of the ridge: how much A costs, in mean variances of the layer's stream
    /// @param skipped first positions of a text that are left out: what stands there has seen
    ///   nothing yet
    /// @param together texts that run at a time
    public record Settings(Kind kind, double lambda, int skipped, int together) {
        public Settings {
            if (!(lambda > 0) || Double.isInfinite(lambda)) {
                throw new IllegalArgumentException(
                        "lambda must be a number above 0, but is " + lambda);
            }
            if (skipped < 0) {
                throw new IllegalArgumentException(
                        "positions to be left out must be 0 or more, not " + skipped);
            }
        }
    }

    /// A lens and what it was made of.
    ///
    /// @param rows of the stream, of each layer
    public record Fitted(Lens lens, long rows) {}

    private final Model model;
    private final Settings settings;

    /// @throws IllegalArgumentException when the heap could not hold what is summed
    public LensFit(Model model, Settings settings) {
        this.model = model;
        this.settings = settings;
        requireMemory(Runtime.getRuntime().maxMemory());
    }

    /// Heap that the sums take.
    public static long bytes(DecoderConfig config, Kind kind) {
        return config.nLayers() * Moments.bytes(config.dModel(), kind == Kind.RIDGE);
    }

    void requireMemory(long most) {
        DecoderConfig config = model.config();
        if (settings.kind == Kind.RIDGE) {
            FitMemory.requireWidth("a ridge lens", config.dModel());
        }
        FitMemory.require(
                String.format(
                        Locale.ROOT,
                        "a %s lens of %d layers of width %,d is summed up",
                        settings.kind.word(),
                        config.nLayers(),
                        config.dModel()),
                bytes(config, settings.kind) + StreamRows.LIMIT,
                most,
                "fit the kind " + Kind.MEAN.word());
    }

    /// Nothing is kept of it: it takes one pass over the texts.
    @Override
    public Fitted fit(List<int[]> texts, Arena arena, Resumption resumption, Progress progress) {
        DecoderConfig config = model.config();
        boolean second = settings.kind == Kind.RIDGE;
        List<Moments> moments = new ArrayList<>();
        for (int layer = 0; layer < config.nLayers(); layer++) {
            moments.add(new Moments(config.dModel(), second, model.backend().pool()));
        }
        StreamMoments sums = new StreamMoments(config.dModel(), moments);
        List<Run> runs = texts.stream().map(ids -> Run.of(ids, Intervention.NONE)).toList();
        Runner runner =
                new Runner(model, settings.together, StreamRows.maxRows(config)).alwaysTogether();
        runner.requireFit(runs);
        runner.run(runs, new StreamRows(config, settings.skipped, sums), progress);
        if (sums.rows() < 2) {
            throw new IllegalArgumentException(
                    "the texts have %d positions behind the first %d; a lens needs more"
                            .formatted(sums.rows(), settings.skipped));
        }
        SortedMap<Integer, Translator> translators = new TreeMap<>();
        for (int layer = 0; layer < config.nLayers(); layer++) {
            translators.put(layer, translator(layer, moments.get(layer), arena));
        }
        return new Fitted(Lens.of(settings.kind.word(), translators), sums.rows());
    }

    private Translator translator(int layer, Moments moments, Arena arena) {
        if (settings.kind == Kind.MEAN) {
            return new Translator.Shift(floats(moments.shift()));
        }
        Moments.Ridge ridge = moments.ridge(settings.lambda);
        if (ridge == null) {
            throw new IllegalArgumentException(
                    "the stream of layer %d is too uniform for a translator; give more texts, or a larger lambda"
                            .formatted(layer));
        }
        int d = moments.width();
        MemorySegment weights =
                arena.allocate((long) d * d * Float.BYTES, OwnFile.LITTLE.byteAlignment());
        for (int in = 0; in < d; in++) {
            for (int out = 0; out < d; out++) {
                double weight = ridge.transposed()[in][out] + (in == out ? 1 : 0);
                weights.setAtIndex(OwnFile.LITTLE, (long) out * d + in, (float) weight);
            }
        }
        Matrix map = Matrix.dense(weights, WeightType.F32, d, d, Matrix.Layout.OUT_IN);
        return new Translator.Affine(new Linear(map, floats(ridge.b())), false);
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
