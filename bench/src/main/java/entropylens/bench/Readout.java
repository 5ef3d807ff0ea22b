package entropylens.bench;

import entropylens.kernels.Backend;
import entropylens.kernels.BlockFormat;
import entropylens.kernels.Linear;
import entropylens.kernels.Matrix;
import entropylens.kernels.Matrix.Layout;
import entropylens.kernels.WeightType;
import entropylens.lens.LogitLens;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.Readouts;
import entropylens.lens.Statistic;
import entropylens.lens.Translator;
import entropylens.lens.Unembed;
import entropylens.model.Norm;
import entropylens.model.NormWeights;
import entropylens.model.Weights;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The fused readout: 240 rows through the final norm, all of W_U, and the statistics.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 8, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "--add-modules=jdk.incubator.vector",
            "-Xmx4g",
            "--sun-misc-unsafe-memory-access=allow"
        })
public class Readout {
    private static final int ROWS = 240;

    /// Layers whose rows these are, 20 of each.
    private static final int LAYERS = 12;

    @Param({"2048x32768", "768x50257"})
    public String size = "";

    @Param({"BF16", "F32", "Q8_0", "Q6_K", "Q4_K"})
    public String type = "";

    /// `onednn` too, where it is: see the page on performance.
    @Param({"vector"})
    public String backend = "";

    private Backend products;
    private LogitLens lens;
    private List<Translator> translators = List.of();
    private float[] rows;
    private int dModel;
    private int dVocab;

    @Setup
    public void agreeBeforeTiming() {
        dModel = Integer.parseInt(size.substring(0, size.indexOf('x')));
        dVocab = Integer.parseInt(size.substring(size.indexOf('x') + 1));
        RandomWeights weights = new RandomWeights(Arena.ofAuto());
        Matrix matrix = matrix(weights);
        rows = weights.rows(ROWS, dModel);
        products = Machine.backend(backend);
        lens = lens(matrix, products);
        translators =
                IntStream.range(0, LAYERS)
                        .<Translator>mapToObj(_ ->
                                new Translator.Affine(
                                        new Linear(
                                                weights.matrix(
                                                        dModel,
                                                        dModel,
                                                        WeightType.F32,
                                                        Layout.OUT_IN),
                                                new float[dModel]),
                                        true))
                        .toList();
        requireTranslated();
        int checked = 2;
        double[] ours = lens.read(rows, ROWS, ReadoutRequest.ENTROPY).entropy();
        double[] specified =
                lens(matrix, Agreement.specification())
                        .read(rows, checked, ReadoutRequest.ENTROPY)
                        .entropy();
        for (int r = 0; r < checked; r++) {
            Agreement.require(
                    "entropy of row " + r, ours[r], specified[r], Agreement.bound(products, 1e-5));
        }
    }

    private void requireTranslated() {
        float[] ours = translated(products);
        float[] specified = translated(Agreement.specification());
        for (int i = 0; i < ours.length; i++) {
            Agreement.require(
                    "translated rows", ours[i], specified[i], Agreement.bound(products, 1e-4));
        }
    }

    /// What a tuned lens makes of the rows, those of a layer together.
    private float[] translated(Backend backend) {
        int each = ROWS / LAYERS;
        float[] all = new float[ROWS * dModel];
        float[] of = new float[each * dModel];
        float[] out = new float[each * dModel];
        for (int layer = 0; layer < LAYERS; layer++) {
            System.arraycopy(rows, layer * of.length, of, 0, of.length);
            translators.get(layer).apply(backend, of, each, out);
            System.arraycopy(out, 0, all, layer * of.length, of.length);
        }
        return all;
    }

    private Matrix matrix(RandomWeights weights) {
        return RandomBlocks.isType(type)
                ? RandomBlocks.matrix(BlockFormat.valueOf(type), dVocab, dModel, Arena.ofAuto())
                : weights.matrix(dVocab, dModel, WeightType.valueOf(type), Layout.OUT_IN);
    }

    private static LogitLens lens(Matrix matrix, Backend backend) {
        float[] gain = new float[matrix.inputs()];
        // logits of standard deviation 3, as models have them
        Arrays.fill(gain, (float) (3 / (size(matrix) * Math.sqrt(matrix.inputs()))));
        return new LogitLens(
                new Unembed(
                        new Weights.Readout(
                                new NormWeights(new Norm.Rms(1e-5), gain, null),
                                null,
                                matrix,
                                null),
                        OptionalDouble.empty(),
                        backend));
    }

    /// Root of the mean square of some weights.
    private static double size(Matrix matrix) {
        float[] weights = new float[matrix.inputs()];
        double squares = 0;
        int outputs = 64;
        for (int output = 0; output < outputs; output++) {
            Agreement.specification().read(matrix, output, weights, 0);
            for (float weight : weights) {
                squares += (double) weight * weight;
            }
        }
        return Math.sqrt(squares / outputs / matrix.inputs());
    }

    /// Entropy alone.
    @Benchmark
    public Readouts entropy(Machine.Work work) {
        work.gflop += 2e-9 * ROWS * dModel * dVocab;
        return lens.read(rows, ROWS, ReadoutRequest.ENTROPY);
    }

    /// Entropy alone through a tuned lens, the rows of a layer together. What the lens multiplies
    /// is not counted as work, so the rate beside [#entropy] is what it costs.
    @Benchmark
    public Readouts tunedLens(Machine.Work work) {
        work.gflop += 2e-9 * ROWS * dModel * dVocab;
        return lens.read(translated(products), ROWS, ReadoutRequest.ENTROPY);
    }

    /// Everything that needs no second row: what `profile --alpha 0.5,2,5 --top-p-set 0.6 --top-k
    /// 5` asks for.
    @Benchmark
    public Readouts everything(Machine.Work work) {
        work.gflop += 2e-9 * ROWS * dModel * dVocab;
        return lens.read(
                rows,
                ROWS,
                ReadoutRequest.ENTROPY
                        .with(Statistic.renyi(0.5), Statistic.renyi(2.0), Statistic.renyi(5.0))
                        .with(Statistic.topPSize(0.6))
                        .withTopK(5)
                        .with(Statistic.LOGIT_STD)
                        .with(Statistic.H_NORM));
    }
}
