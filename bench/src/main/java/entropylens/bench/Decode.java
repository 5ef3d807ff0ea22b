package entropylens.bench;

import entropylens.bench.RandomWeights.Shape;
import entropylens.kernels.Backend;
import entropylens.kernels.Phase;
import entropylens.kernels.WeightType;
import entropylens.lens.Unembed;
import entropylens.model.Batch;
import entropylens.model.Model;
import entropylens.model.Session;
import entropylens.model.Weights;
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

/// Decoding one sequence, token by token: the forward pass and the logits to sample from. Bound by
/// reading every weight once per token.
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
public class Decode {
    private static final int PROMPT = 10;
    private static final int CONTEXT = 256;

    @Param({"gpt2", "llama"})
    public String shape = "";

    @Param({"BF16", "F32"})
    public WeightType type = WeightType.F32;

    /// Alone, or as the last text of several that is left.
    @Param({"ALONE", "TOGETHER"})
    public Phase phase = Phase.ALONE;

    private Model model;
    private Unembed unembed;
    private Session session;
    private double gigabytesPerToken;
    private int token;

    @Setup
    public void agreeBeforeTiming() {
        Shape sizes = shape.equals("gpt2") ? Shape.GPT2_SMALL : Shape.LLAMA;
        RandomWeights random = new RandomWeights(Arena.ofAuto());
        Weights weights = random.weights(sizes, type);
        gigabytesPerToken = 1e-9 * RandomWeights.bytesPerToken(weights);
        model = new Model(random.config(sizes), weights, Machine.backend());
        unembed = Unembed.of(model);
        float[] ours = lastRow(model);
        Backend specification = Agreement.specification();
        float[] specified = lastRow(new Model(model.config(), weights, specification));
        for (int i = 0; i < ours.length; i++) {
            Agreement.require("stream element " + i, ours[i], specified[i], 1e-3);
        }
        start();
    }

    /// Two tokens one after the other, so that single-row products and the KV cache are in it.
    private static float[] lastRow(Model model) {
        Session session = model.newSession(2);
        float[] last = new float[0];
        for (int token : new int[] {5, 7}) {
            Batch batch = new Batch();
            batch.add(session, token);
            last = model.forward(batch);
        }
        return last;
    }

    private void start() {
        session = model.newSession(CONTEXT);
        Batch batch = new Batch();
        batch.add(session, new int[PROMPT]);
        model.forward(batch);
    }

    @Benchmark
    public float[] token(Machine.Work work) {
        if (session.position() == CONTEXT) {
            start();
        }
        Batch batch = new Batch(phase);
        batch.add(session, token++ % 1000);
        float[] logits = unembed.logits(model.forward(batch), 1, phase);
        work.gigabytes += gigabytesPerToken;
        return logits;
    }
}
