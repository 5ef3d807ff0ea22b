package entropylens.bench;

import entropylens.EntropyLens;
import entropylens.bench.RandomWeights.Shape;
import entropylens.bench.RooflineOptions.Part;
import entropylens.bench.Stopwatch.Work;
import entropylens.family.LoadOptions;
import entropylens.family.LoadedModel;
import entropylens.kernels.Backend;
import entropylens.kernels.Phase;
import entropylens.lens.LogitLens;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.Statistic;
import entropylens.lens.Unembed;
import entropylens.model.Batch;
import entropylens.model.Model;
import entropylens.model.Session;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/// Measures one type of weights, in a process of its own: what the compiler learned of one type
/// would slow another down. The checkpoint is written, opened as users open theirs, and its numbers
/// are held against the scalar specification before any time is taken.
final class RooflineFork {
    /// Rows that are read out at once.
    private static final int ROWS = 240;

    /// Tokens of the prompt that prefill is measured with.
    private static final int PROMPT = 256;

    /// Tokens that a text has when its decoding begins, and when it is begun anew.
    private static final int FIRST = 10;

    private static final int CONTEXT = 128;

    /// What `profile --alpha 0.5,2,5 --top-p-set 0.6 --top-k 5` and two more ask for: all that a
    /// row alone is enough for.
    private static final ReadoutRequest EVERYTHING =
            ReadoutRequest.ENTROPY
                    .with(Statistic.renyi(0.5), Statistic.renyi(2.0), Statistic.renyi(5.0))
                    .with(Statistic.topPSize(0.6))
                    .withTopK(5)
                    .with(Statistic.LOGIT_STD)
                    .with(Statistic.H_NORM);

    private final String type;
    private final Shape shape;
    private final RandomCheckpoint checkpoint;
    private final RooflineOptions options;
    private final Model model;
    private final Unembed unembed;
    private final Stopwatch watch;

    private RooflineFork(
            String type, RandomCheckpoint checkpoint, RooflineOptions options, Model model) {
        this.type = type;
        this.shape = options.shape();
        this.checkpoint = checkpoint;
        this.options = options;
        this.model = model;
        this.unembed = Unembed.of(model);
        this.watch = new Stopwatch(model.backend().pool(), options.seconds());
    }

    /// Arguments: a type, a directory to write to, and those of [Roofline].
    public static void main(String[] args) throws IOException, InterruptedException {
        String type = args[0];
        RooflineOptions options = RooflineOptions.of(List.of(args).subList(2, args.length));
        Path directory = Path.of(args[1]);
        if (type.equals(RooflineOptions.ATTENTION)) {
            RooflineAttention.measure(options);
            return;
        }
        if (type.equals(RooflineOptions.STUDY)) {
            RooflineStudy.measure(options, directory);
            return;
        }
        RandomCheckpoint checkpoint = RandomCheckpoint.write(options.shape(), type, directory);
        try (EntropyLens lens =
                EntropyLens.open(checkpoint.path(), LoadOptions.NONE, options.threads())) {
            agree(checkpoint, lens.model());
            RooflineFork fork = new RooflineFork(type, checkpoint, options, lens.model());
            if (options.has(Part.READOUT)) {
                fork.readouts();
            }
            if (options.has(Part.PREFILL)) {
                fork.prefill();
            }
            if (options.has(Part.DECODE)) {
                fork.decode();
            }
        }
    }

    /// Logits of a text alone and of two together, and their entropies, against the specification.
    private static void agree(RandomCheckpoint checkpoint, Model ours) {
        try (Arena arena = Arena.ofShared()) {
            Backend scalar = Agreement.specification();
            Model specified =
                    LoadedModel.load(checkpoint.path(), arena, scalar, LoadOptions.NONE).model();
            float[] should = logits(specified, 1, Phase.ALONE);
            Agreement.require("logit of a text alone", logits(ours, 1, Phase.ALONE), should);
            float[] together = logits(ours, 2, Phase.TOGETHER);
            Agreement.require("logit of a text among others", together, should);
            float[] rows = new float[2 * ours.config().dModel()];
            SplittableRandom random = new SplittableRandom(1);
            for (int i = 0; i < rows.length; i++) {
                rows[i] = (float) random.nextGaussian();
            }
            var read = new LogitLens(Unembed.of(ours)).read(rows, 2, EVERYTHING);
            var right = new LogitLens(Unembed.of(specified)).read(rows, 2, EVERYTHING);
            for (Statistic statistic : EVERYTHING.statistics()) {
                for (int row = 0; row < 2; row++) {
                    Agreement.require(
                            statistic.toString(),
                            read.column(statistic)[row],
                            right.column(statistic)[row],
                            Agreement.STATISTIC * Math.abs(right.column(statistic)[row]));
                }
            }
        }
    }

    /// Of two tokens one after the other, so that single rows and the KV cache are in it; of the
    /// first of several equal texts.
    private static float[] logits(Model model, int texts, Phase phase) {
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < texts; i++) {
            sessions.add(model.newSession(2));
        }
        float[] last = new float[0];
        for (int token : new int[] {5, 7}) {
            Batch batch = new Batch(phase);
            sessions.forEach(session -> batch.add(session, token));
            last = model.forward(batch);
        }
        float[] logits = Unembed.of(model).logits(last, texts, phase);
        return Arrays.copyOf(logits, model.config().dVocab());
    }

    private void readouts() throws IOException {
        float[] rows = new RandomWeights(Arena.ofAuto()).rows(ROWS, shape.dModel());
        LogitLens lens = new LogitLens(unembed);
        double weights = (double) shape.dModel() * shape.dVocab();
        double share = weights / shape.weights(); // of the bytes; the same type throughout, or more
        Work work = new Work(2e-9 * ROWS * weights, 1e-9 * checkpoint.bytes() * share);
        print(
                "readout: entropy",
                ROWS,
                "rows",
                ROWS,
                work,
                () -> lens.read(rows, ROWS, ReadoutRequest.ENTROPY));
        print(
                "readout: all statistics",
                ROWS,
                "rows",
                ROWS,
                work,
                () -> lens.read(rows, ROWS, EVERYTHING));
    }

    private void prefill() throws IOException {
        int[] tokens = new SplittableRandom(2).ints(PROMPT, 0, shape.dVocab()).toArray();
        long blocks = shape.weights() - (long) shape.dModel() * shape.dVocab();
        double seen = PROMPT * (PROMPT + 1) / 2.0;
        Work work =
                new Work(
                        1e-9 * (2.0 * PROMPT * blocks + attention(seen)),
                        1e-9 * checkpoint.bytes() * blocks / shape.weights());
        print(
                "prefill",
                1,
                "tokens",
                PROMPT,
                work,
                () -> {
                    Batch batch = new Batch();
                    batch.add(model.newSession(PROMPT), tokens);
                    model.forward(batch);
                });
    }

    private void decode() throws IOException {
        for (int texts : options.batches()) {
            Decoding decoding = new Decoding(texts);
            double seen = texts * (FIRST + CONTEXT) / 2.0; // keys a step, on the average
            double keysAndValues = 2.0 * Float.BYTES * shape.keys() * shape.layers() * seen;
            Work work =
                    new Work(
                            1e-9 * (2.0 * texts * shape.weights() + attention(seen)),
                            1e-9 * (checkpoint.bytes() + keysAndValues));
            print("decode", texts, "tokens", texts, work, decoding::step);
        }
    }

    /// Operations of scores and sums of values, for keys of single rows.
    private double attention(double keysSeen) {
        return 4.0 * shape.layers() * shape.dModel() * keysSeen;
    }

    /// Texts that are decoded together, or one alone.
    private final class Decoding {
        private final int texts;
        private final Phase phase;
        private List<Session> sessions = new ArrayList<>();

        Decoding(int texts) {
            this.texts = texts;
            this.phase = texts == 1 ? Phase.ALONE : Phase.TOGETHER;
            begin();
        }

        private void begin() {
            sessions = new ArrayList<>();
            Batch batch = new Batch(phase);
            for (int i = 0; i < texts; i++) {
                Session session = model.newSession(CONTEXT);
                sessions.add(session);
                batch.add(session, new int[FIRST]);
            }
            model.forward(batch);
        }

        /// The forward pass of one token of each, and the logits to sample the next from.
        void step() {
            if (sessions.getFirst().position() == CONTEXT) {
                begin();
            }
            Batch batch = new Batch(phase);
            int at = sessions.getFirst().position();
            for (int i = 0; i < texts; i++) {
                batch.add(sessions.get(i), (31 * i + at) % shape.dVocab());
            }
            unembed.logits(model.forward(batch), texts, phase);
        }
    }

    private void print(
            String what, int together, String unit, double done, Work work, Runnable step)
            throws IOException {
        String named = what + (shape.gated() ? ", Llama" : ", GPT-2");
        RooflineRow row = watch.time(step).row(named, type, together, unit, done, work);
        System.err.printf(
                Locale.ROOT,
                "  %s, %s, %d together: %.4g %s/s, %.2f of the bound%n",
                named,
                type,
                together,
                row.rate(),
                unit,
                row.share());
        System.out.println(row.line());
    }
}
