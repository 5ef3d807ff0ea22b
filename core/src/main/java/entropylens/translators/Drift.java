package entropylens.translators;

import entropylens.hook.HookPoint;
import entropylens.hook.Observer;
import entropylens.kernels.WorkerPool;
import entropylens.lens.Lens;
import entropylens.lens.ProfileRequest;
import entropylens.lens.Profiler;
import entropylens.lens.Prompt;
import entropylens.lens.RandomRotation;
import entropylens.lens.Translator;
import entropylens.lens.Unembed;
import entropylens.model.DecoderConfig;
import entropylens.model.Model;
import entropylens.model.Progress;
import entropylens.model.Run;
import entropylens.model.RunListener;
import entropylens.model.Runner;
import entropylens.model.Session;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// A null of drift: the stream of each layer, rotated at random within its own mean and covariance,
/// each layer by another rotation. Scale and spectrum stay, meaning goes. What a profile has beyond
/// this one's, it does not have from where its layers lie and how they spread.
public final class Drift {
    /// Added to the covariance, in mean variances, so that directions without variance are no
    /// obstacle.
    private static final double JITTER = 1e-6;

    private final double[][] means;
    private final double[][][] factors;
    private final long rows;

    private Drift(double[][] means, double[][][] factors, long rows) {
        this.means = means;
        this.factors = factors;
        this.rows = rows;
    }

    /// Heap that the sums take, and then the factors in their place.
    public static long bytes(DecoderConfig config) {
        long d = config.dModel();
        return 8 * (config.nLayers() + 1) * (d * (d + 1) / 2 + 3 * d) + StreamRows.LIMIT;
    }

    /// To be asked before anything is run.
    ///
    /// @throws IllegalArgumentException when the heap could not hold it
    public static void requireMemory(DecoderConfig config) {
        requireMemory(config, Runtime.getRuntime().maxMemory());
    }

    static void requireMemory(DecoderConfig config, long most) {
        FitMemory.require(
                String.format(
                        Locale.ROOT,
                        "the covariance of %d layers of width %,d, for the null of drift, is summed up",
                        config.nLayers() + 1,
                        config.dModel()),
                bytes(config),
                most,
                "leave the nulls out");
    }

    /// Measures mean and covariance of every layer, the embedding included, at the positions that a
    /// request measures.
    ///
    /// @throws IllegalArgumentException when the texts do not fit the model, or have fewer
    ///   positions than twice the width of the stream: a covariance of fewer says little; or when
    ///   the heap could not hold it
    public static Drift of(Model model, List<Prompt> prompts, ProfileRequest request, int batch) {
        requireMemory(model.config());
        List<Run> runs = prompts.stream().map(prompt -> Profiler.run(prompt, request)).toList();
        Runner runner =
                new Runner(
                        model,
                        batch,
                        StreamRows.maxRows(model.config()),
                        Unembed.of(model)::logits);
        runner.requireFit(runs);
        int layers = model.config().nLayers() + 1;
        int d = model.config().dModel();
        Spread[] spreads =
                IntStream.range(0, layers).mapToObj(_ -> new Spread(d)).toArray(Spread[]::new);
        runner.run(runs, new Watching(runs, spreads, model.backend().pool()), Progress.NONE);
        long rows = spreads[0].rows;
        if (rows < 2L * d) {
            throw new IllegalArgumentException(
                    "the texts have %,d positions, but the covariance of a stream of width %,d takes at least %,d; give more texts, or more tokens"
                            .formatted(rows, d, 2L * d));
        }
        double[][] means = Arrays.stream(spreads).map(Spread::mean).toArray(double[][]::new);
        double[][][] factors = new double[layers][][];
        for (int layer = 0; layer < layers; layer++) {
            factors[layer] = spreads[layer].factor(layer, model.backend().pool());
        }
        return new Drift(means, factors, rows);
    }

    /// Positions that were measured.
    public long rows() {
        return rows;
    }

    /// The control, looked at through a lens: rotated first, then translated by it.
    ///
    /// @param seed of the rotations
    public Lens lens(Lens through, long seed) {
        SplittableRandom seeds = new SplittableRandom(seed);
        SortedMap<Integer, Translator> rotations = new TreeMap<>();
        for (int layer = 0; layer < means.length; layer++) {
            rotations.put(
                    layer,
                    new RandomRotation(
                            means[layer],
                            factors[layer],
                            seeds.nextLong(),
                            through.of(layer, means.length - 1)));
        }
        return new Lens("drift", through.origin(), through.madeFor(), rotations, true);
    }

    /// Sums over the rows of one layer, less the first of them, which keeps them small.
    private static final class Spread {
        private final int d;
        private final double[] origin;
        private final double[] sum;

        /// `Σ h hᵀ`, rows from the diagonal on.
        private final double[][] second;

        private long rows;

        Spread(int d) {
            this.d = d;
            this.origin = new double[d];
            this.sum = new double[d];
            this.second = new double[d][];
            Arrays.setAll(second, i -> new double[d - i]);
        }

        void add(float[] held, int count, WorkerPool pool) {
            for (int i = 0; i < d && rows == 0; i++) {
                origin[i] = held[i];
            }
            rows += count;
            pool.run(
                    d,
                    i -> {
                        double[] of = second[i];
                        for (int row = 0; row < count; row++) {
                            int from = row * d;
                            double value = held[from + i] - origin[i];
                            sum[i] += value;
                            for (int j = 0; j < of.length; j++) {
                                of[j] += value * (held[from + i + j] - origin[i + j]);
                            }
                        }
                    });
        }

        double[] mean() {
            double[] mean = new double[d];
            Arrays.setAll(mean, i -> origin[i] + sum[i] / rows);
            return mean;
        }

        /// U of the covariance `Uᵀ U`. Uses up the sums.
        double[][] factor(int layer, WorkerPool pool) {
            double trace = 0;
            for (int i = 0; i < d; i++) {
                for (int j = i; j < d; j++) {
                    second[i][j - i] = (second[i][j - i] - sum[i] * sum[j] / rows) / rows;
                }
                trace += second[i][0];
            }
            for (double[] row : second) {
                row[0] += JITTER * trace / d;
            }
            if (Cholesky.factor(second, pool).isPresent()) {
                throw new IllegalArgumentException(
                        "the stream of layer %d does not vary over the texts, so nothing can be rotated"
                                .formatted(layer));
            }
            return second;
        }
    }

    /// Adds up what is measured of the texts, forward pass by forward pass.
    private static final class Watching implements RunListener {
        private final List<Run> runs;
        private final Spread[] spreads;
        private final WorkerPool pool;
        private final int d;

        /// `[text][layer]`, the rows of one pass.
        private final float[][][] held;

        private final int[][] counts;

        Watching(List<Run> runs, Spread[] spreads, WorkerPool pool) {
            this.runs = runs;
            this.spreads = spreads;
            this.pool = pool;
            this.d = spreads[0].d;
            this.held = new float[runs.size()][spreads.length][0];
            this.counts = new int[runs.size()][spreads.length];
        }

        @Override
        public void begin(int text, Session session) {
            session.observe(HookPoint.residPre(0), keep(text, 0));
            for (int block = 0; block < spreads.length - 1; block++) {
                session.observe(HookPoint.residPost(block), keep(text, block + 1));
            }
        }

        private Observer keep(int text, int layer) {
            int first = runs.get(text).seenFrom();
            return (_, position, values, offset) -> {
                if (position >= first) {
                    int at = counts[text][layer]++ * d;
                    float[] rows = held[text][layer];
                    if (at + d > rows.length) {
                        rows = Arrays.copyOf(rows, Math.max(2 * at, at + d));
                        held[text][layer] = rows;
                    }
                    System.arraycopy(values, offset, rows, at, d);
                }
            };
        }

        @Override
        public void passed(int text, int[] ids, int known) {
            add(text);
        }

        @Override
        public void end(int text, int[] ids) {
            add(text);
            held[text] = new float[spreads.length][0];
        }

        private void add(int text) {
            for (int layer = 0; layer < spreads.length; layer++) {
                if (counts[text][layer] > 0) {
                    spreads[layer].add(held[text][layer], counts[text][layer], pool);
                    counts[text][layer] = 0;
                }
            }
        }
    }
}
