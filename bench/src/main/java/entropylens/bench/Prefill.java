package entropylens.bench;

import entropylens.kernels.Backend;
import entropylens.kernels.Linear;
import entropylens.kernels.Matrix.Layout;
import entropylens.kernels.Phase;
import entropylens.kernels.Projection;
import entropylens.kernels.WeightType;
import java.lang.foreign.Arena;
import java.util.concurrent.TimeUnit;
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

/// Matrix products of prefill: many rows against one projection.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "--add-modules=jdk.incubator.vector",
            "-Xmx4g",
            "--sun-misc-unsafe-memory-access=allow"
        })
public class Prefill {
    /// inputs x outputs, and how the matrix is stored.
    @Param({"2048x8192 OUT_IN", "8192x2048 OUT_IN", "768x3072 IN_OUT", "3072x768 IN_OUT"})
    public String product = "";

    @Param({"BF16", "F32"})
    public WeightType type = WeightType.F32;

    @Param({"240", "16"})
    public int rows;

    /// `onednn` too, where it is: see the page on performance.
    @Param({"vector"})
    public String backend = "";

    private Backend products;
    private Projection weights;
    private float[] x;
    private float[] out;

    @Setup
    public void agreeBeforeTiming() {
        String[] words = product.split("[x ]", -1);
        int inputs = Integer.parseInt(words[0]);
        int outputs = Integer.parseInt(words[1]);
        RandomWeights random = new RandomWeights(Arena.ofAuto());
        weights = new Linear(random.matrix(outputs, inputs, type, Layout.valueOf(words[2])), null);
        x = random.rows(rows, inputs);
        out = new float[rows * outputs];
        products = Machine.backend(backend);
        products.apply(weights, x, rows, Phase.TOGETHER, out);
        float[] specified = new float[2 * outputs];
        Agreement.specification().apply(weights, x, 2, Phase.TOGETHER, specified);
        for (int i = 0; i < specified.length; i++) {
            Agreement.require("product " + i, out[i], specified[i], Agreement.bound(products, 0.0));
        }
    }

    @Benchmark
    public float[] multiply(Machine.Work work) {
        products.apply(weights, x, rows, Phase.TOGETHER, out);
        work.gflop += 2e-9 * rows * weights.inputs() * weights.outputs();
        return out;
    }
}
