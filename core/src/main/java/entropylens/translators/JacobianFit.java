package entropylens.translators;

import entropylens.hook.HookPoint;
import entropylens.hook.Intervention;
import entropylens.kernels.Linear;
import entropylens.kernels.Matrix;
import entropylens.kernels.WeightType;
import entropylens.lens.Lens;
import entropylens.lens.Translator;
import entropylens.model.BlockDerivative;
import entropylens.model.DecoderConfig;
import entropylens.model.DerivativeMemory;
import entropylens.model.Model;
import entropylens.model.Progress;
import entropylens.model.Run;
import entropylens.model.RunListener;
import entropylens.model.Runner;
import entropylens.model.Session;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// Fits a Jacobian lens: for each layer, the derivative of the last layer's stream by its own,
/// averaged over texts. As `jlens` estimates it: of a text, the mean over source positions t of
/// `Σ_{t' ≥ t} ∂H[t'] / ∂h_l[t]`; neither t nor t' is among the first positions of a text, or its
/// last. Texts count alike, whatever their length.
///
/// In reverse: a row of all matrices at once costs one pass back through the blocks, d passes in
/// all. Forwards, each layer would need d passes of its own.
public final class JacobianFit implements LensFitter {
    /// Bytes of derivatives that are held at once, of each kind.
    private static final long LIMIT = 32L << 20;

    private static final int MAX_TOGETHER = 64;

    private final Model model;
    private final int skipped;

    /// @param skipped first positions of a text that are left out; 16 in `jlens`
    /// @throws IllegalArgumentException when the derivative of a block is not known, or the heap
    ///   could not hold the sums
    public JacobianFit(Model model, int skipped) {
        this.model = model;
        this.skipped = skipped;
        if (skipped < 0) {
            throw new IllegalArgumentException(
                    "positions to be left out must be 0 or more, not " + skipped);
        }
        Optional<String> not = unsupported(model);
        if (not.isPresent()) {
            throw new IllegalArgumentException(not.get());
        }
        requireMemory(Runtime.getRuntime().maxMemory());
    }

    /// Why no such lens of a model can be fitted; empty where it can.
    public static Optional<String> unsupported(Model model) {
        return IntStream.range(0, model.config().nLayers())
                .mapToObj(layer -> BlockDerivative.unsupported(model, layer))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /// Of the sums alone, which no text makes smaller.
    void requireMemory(long most) {
        int d = model.config().dModel();
        FitMemory.requireWidth("a jacobian lens", d);
        FitMemory.require(
                String.format(
                        Locale.ROOT,
                        "a jacobian lens of %d layers of width %,d is summed up",
                        model.config().nLayers(),
                        d),
                sumBytes() + LIMIT,
                most,
                "fit the kind mean");
    }

    private long sumBytes() {
        long d = model.config().dModel();
        return 8L * model.config().nLayers() * d * d;
    }

    /// Of a text, before it or any other is run.
    ///
    /// @param length tokens of the longest
    /// @throws TextsTooLongException when it is not there
    void requireMemory(int length, long most) {
        DerivativeMemory text = DerivativeMemory.of(model, length);
        if (!text.fitsArrays()) {
            throw new TextsTooLongException(
                    String.format(
                            Locale.ROOT,
                            "the derivative of a text of %,d tokens takes an array of %,d numbers, more than an array may have; use fewer tokens of each text",
                            length,
                            text.longest()));
        }
        long needed = bytes(length, text);
        if (needed > most) {
            throw new TextsTooLongException(
                    FitMemory.message(
                            String.format(
                                    Locale.ROOT,
                                    "the derivative of a text of %,d tokens, and the sums of %d layers of width %,d, are held",
                                    length,
                                    model.config().nLayers(),
                                    model.config().dModel()),
                            needed,
                            most,
                            "use fewer tokens of each text"));
        }
    }

    private long bytes(int length, DerivativeMemory text) {
        long streams = 4L * model.config().nLayers() * model.config().dModel() * length;
        return sumBytes()
                + streams
                + text.kept()
                + together(length) * text.each()
                + text.once()
                + LIMIT;
    }

    @Override
    public LensFit.Fitted fit(
            List<int[]> texts, Arena arena, Resumption resumption, Progress progress) {
        DecoderConfig config = model.config();
        int d = config.dModel();
        List<int[]> used = texts.stream().filter(ids -> valid(ids) > 0).toList();
        if (used.isEmpty()) {
            throw new IllegalArgumentException(
                    "no text has positions between the first %d and its last; a lens needs some"
                            .formatted(skipped));
        }
        requireMemory(
                used.stream().mapToInt(ids -> ids.length).max().orElseThrow(),
                Runtime.getRuntime().maxMemory());
        double[][] sums = new double[config.nLayers()][d * d];
        List<MemorySegment> state = Arrays.stream(sums).map(MemorySegment::ofArray).toList();
        Resumption.Kept kept =
                resumption.of("jacobian", "skipped " + skipped, model.backend().name(), used);
        long total = used.stream().mapToLong(ids -> ids.length).sum();
        long positions = 0;
        long fed = 0;
        int done = Math.toIntExact(kept.load(state).orElse(0));
        for (int i = 0; i < used.size(); i++) {
            int[] ids = used.get(i);
            positions += valid(ids);
            fed += ids.length;
            if (i >= done) {
                add(ids, sums);
                progress.update(fed, total);
                kept.saveNowAndThen(i + 1, state);
            }
        }
        kept.finished();
        SortedMap<Integer, Translator> translators = new TreeMap<>();
        for (int layer = 0; layer < sums.length; layer++) {
            translators.put(layer, translator(sums[layer], used.size(), d, arena));
        }
        return new LensFit.Fitted(Lens.of("jacobian", translators), positions);
    }

    private int valid(int[] ids) {
        return Math.max(0, ids.length - 1 - skipped);
    }

    private static Translator translator(double[] sum, int texts, int d, Arena arena) {
        MemorySegment weights =
                arena.allocate((long) d * d * Float.BYTES, OwnFile.LITTLE.byteAlignment());
        for (int i = 0; i < sum.length; i++) {
            weights.setAtIndex(OwnFile.LITTLE, i, (float) (sum[i] / texts));
        }
        Matrix matrix = Matrix.dense(weights, WeightType.F32, d, d, Matrix.Layout.OUT_IN);
        return new Translator.Affine(new Linear(matrix, null), false);
    }

    /// What every block read of one text.
    private float[][] streams(int[] ids) {
        DecoderConfig config = model.config();
        int d = config.dModel();
        float[][] streams = new float[config.nLayers()][ids.length * d];
        Runner runner = new Runner(model, 1, ids.length).alwaysTogether();
        RunListener keeping =
                new RunListener() {
                    @Override
                    public void begin(int text, Session session) {
                        for (int layer = 0; layer < streams.length; layer++) {
                            float[] to = streams[layer];
                            session.observe(
                                    HookPoint.residPre(layer),
                                    (_, position, values, offset) ->
                                            System.arraycopy(values, offset, to, position * d, d));
                        }
                    }
                };
        runner.run(List.of(Run.of(ids, Intervention.NONE)), keeping, Progress.NONE);
        return streams;
    }

    private void add(int[] ids, double[][] sums) {
        int d = model.config().dModel();
        float[][] streams = streams(ids);
        List<BlockDerivative> blocks = new ArrayList<>();
        for (int layer = 0; layer < streams.length; layer++) {
            blocks.add(new BlockDerivative(model, layer, streams[layer], ids.length, ids.length));
        }
        int together = together(ids.length);
        for (int first = 0; first < d; first += together) {
            int count = Math.min(together, d - first);
            float[] g = new float[count * ids.length * d];
            for (int c = 0; c < count; c++) {
                for (int t = skipped; t < ids.length - 1; t++) {
                    g[(c * ids.length + t) * d + first + c] = 1;
                }
            }
            for (int layer = streams.length - 1; layer >= 0; layer--) {
                blocks.get(layer).pullBack(g, count);
                for (int c = 0; c < count; c++) {
                    addMean(g, c, ids.length, sums[layer], (first + c) * d);
                }
            }
        }
    }

    private int together(int length) {
        DecoderConfig config = model.config();
        long widest = Math.max(config.dMlp(), 3L * config.dModel());
        return (int) Math.clamp(LIMIT / (4 * widest * length), 1, MAX_TOGETHER);
    }

    private void addMean(float[] g, int c, int length, double[] to, int at) {
        int d = model.config().dModel();
        double[] sum = new double[d];
        for (int t = skipped; t < length - 1; t++) {
            for (int i = 0; i < d; i++) {
                sum[i] += g[(c * length + t) * d + i];
            }
        }
        for (int i = 0; i < d; i++) {
            to[at + i] += sum[i] / (length - 1 - skipped);
        }
    }
}
