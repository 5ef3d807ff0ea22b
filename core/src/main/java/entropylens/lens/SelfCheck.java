package entropylens.lens;

import entropylens.hook.HookPoint;
import entropylens.kernels.Precision;
import entropylens.model.Batch;
import entropylens.model.Model;
import entropylens.model.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;

/// A model proves itself on a short input: everything is finite; one token at a time through the KV
/// cache gives what one pass gives; a text beside another gives what it gives alone; and text is
/// predicted better than by guessing, or at least much better than its tokens in another order.
///
/// It finds damaged weights, a tokenizer of another model, and a wrong reading of a checkpoint that
/// shows in what the model predicts. That a family's arithmetic is right, it cannot show: the
/// goldens do (docs/numerics.md).
public final class SelfCheck {
    /// A line that any model of English text finds likelier than its tokens shuffled; our own.
    public static final String LINE =
            "The old dog slept in the sun, and the children played in the garden until it was dark.";

    /// Most tokens that are fed.
    public static final int MAX_TOKENS = 32;

    /// Largest difference between two ways to the same stream that counts as rounding, as a share
    /// of the largest element of a row. Worst seen 1.6e-4, doubled: 128 blocks of random weights
    /// whose attention is saturated, where rounding grows from block to block. Goldens and
    /// stories260K are at 1.4e-6 and below; one wrong token in the cache makes 2.5e-2 and more.
    public static final double BOUND = 3e-4;

    /// Tokens that are fed one at a time.
    private static final int DECODED = 4;

    private final Model model;
    private final int[] ids;
    private final double bound;
    private final List<String> failures = new ArrayList<>();

    /// What was found.
    ///
    /// @param tokens fed
    /// @param text whether they were text
    /// @param decoding difference between decoding token by token and one pass, as a share of the
    ///   largest element of the stream after the last block
    /// @param batching the same between a text beside a shorter one and each alone
    /// @param loss mean of `−ln p` of the next token, in nats, where the tokens were text
    /// @param shuffledLoss the mean loss of the same tokens in other orders, where the loss is
    ///   above that of guessing
    /// @param guessing `ln V`, the loss of a uniform guess
    /// @param bound of both differences, beyond which it failed; infinite where they are not judged
    /// @param millis time it took
    /// @param failures what is wrong; empty where nothing is
    public record Result(
            int tokens,
            boolean text,
            OptionalDouble decoding,
            OptionalDouble batching,
            OptionalDouble loss,
            OptionalDouble shuffledLoss,
            double guessing,
            double bound,
            long millis,
            List<String> failures) {
        public Result {
            failures = List.copyOf(failures);
        }

        public boolean passed() {
            return failures.isEmpty();
        }
    }

    private SelfCheck(Model model, int[] ids) {
        this.model = model;
        this.ids = ids;
        this.bound = bound(model.backend().precision());
    }

    /// [#BOUND], or infinity where both sides of a product are rounded: float32 sums in another
    /// order then now and then round to a neighbour that is 2⁻⁸ or 2⁻¹¹ away, so that the
    /// difference is told and not judged.
    private static double bound(Precision precision) {
        return precision == Precision.FLOAT32 ? BOUND : Double.POSITIVE_INFINITY;
    }

    /// Checks a model on the beginning of a text.
    ///
    /// @param ids at least one
    /// @throws IllegalArgumentException when an id is outside the vocabulary
    public static Result ofText(Model model, int[] ids) {
        return new SelfCheck(model, shortened(model, ids)).run(true);
    }

    /// Checks a model without a tokenizer, on ids that mean nothing.
    public static Result ofNoise(Model model) {
        int[] ids = new Random(1).ints(MAX_TOKENS, 0, model.config().dVocab()).toArray();
        return new SelfCheck(model, shortened(model, ids)).run(false);
    }

    private static int[] shortened(Model model, int[] ids) {
        return Arrays.copyOf(
                ids, Math.min(ids.length, Math.min(MAX_TOKENS, model.config().nCtx())));
    }

    private Result run(boolean text) {
        long start = System.nanoTime();
        OptionalDouble decoding = OptionalDouble.empty();
        OptionalDouble batching = OptionalDouble.empty();
        OptionalDouble loss = OptionalDouble.empty();
        OptionalDouble shuffled = OptionalDouble.empty();
        double guessing = Math.log(model.config().dVocab());
        float[] whole = finiteStream();
        Unembed unembed = Unembed.of(model);
        float[] logits = failures.isEmpty() ? unembed.logits(whole, ids.length) : new float[0];
        requireFiniteLogits(logits);
        if (failures.isEmpty()) {
            decoding = OptionalDouble.of(decoding(whole));
            requireAlike("token by token", decoding.getAsDouble());
            batching = OptionalDouble.of(batching(whole));
            requireAlike("a text beside another", batching.getAsDouble());
            if (text && ids.length > 1) {
                TextLoss line = TextLoss.of(model, ids, logits);
                loss = OptionalDouble.of(line.loss());
                shuffled = line.shuffled();
                line.failure().ifPresent(failures::add);
            }
        }
        long millis = (System.nanoTime() - start) / 1_000_000;
        return new Result(
                ids.length,
                text,
                decoding,
                batching,
                loss,
                shuffled,
                guessing,
                bound,
                millis,
                failures);
    }

    /// The stream after the last block, in one pass; where it is not finite after some block, that
    /// is noted.
    private float[] finiteStream() {
        Session session = model.newSession(ids.length);
        int d = model.config().dModel();
        for (int layer = 0; layer < model.config().nLayers(); layer++) {
            session.observe(
                    HookPoint.residPost(layer),
                    (point, position, values, offset) -> {
                        if (failures.isEmpty() && firstNotFinite(values, offset, d).isPresent()) {
                            failures.add(
                                    "the stream is not finite at %s, token %d of %d; weights are damaged, or float32 overflows"
                                            .formatted(point, position + 1, ids.length));
                        }
                    });
        }
        return feed(session, ids);
    }

    private void requireFiniteLogits(float[] logits) {
        OptionalInt at = firstNotFinite(logits, 0, logits.length);
        if (at.isPresent()) {
            int v = model.config().dVocab();
            failures.add(
                    "the logit of entry %d at token %d of %d is not finite; the final norm or the unembedding is damaged"
                            .formatted(at.getAsInt() % v, at.getAsInt() / v + 1, ids.length));
        }
    }

    private static OptionalInt firstNotFinite(float[] values, int from, int count) {
        for (int i = from; i < from + count; i++) {
            if (!Float.isFinite(values[i])) {
                return OptionalInt.of(i - from);
            }
        }
        return OptionalInt.empty();
    }

    /// Most tokens in one pass, the last ones singly.
    private double decoding(float[] whole) {
        Session session = model.newSession(ids.length);
        int prefill = Math.max(1, ids.length - DECODED);
        float[] stream = Arrays.copyOf(feed(session, Arrays.copyOf(ids, prefill)), whole.length);
        int d = model.config().dModel();
        for (int i = prefill; i < ids.length; i++) {
            System.arraycopy(feed(session, ids[i]), 0, stream, i * d, d);
        }
        return difference(stream, whole, d);
    }

    /// This text and the second half of it, in one batch.
    private double batching(float[] whole) {
        int[] half = Arrays.copyOfRange(ids, ids.length / 2, ids.length);
        float[] alone = feed(model.newSession(half.length), half);
        Batch batch = new Batch();
        batch.add(model.newSession(half.length), half);
        batch.add(model.newSession(ids.length), ids);
        float[] both = model.forward(batch);
        int d = model.config().dModel();
        return Math.max(
                difference(Arrays.copyOf(both, alone.length), alone, d),
                difference(Arrays.copyOfRange(both, alone.length, both.length), whole, d));
    }

    private float[] feed(Session session, int... tokens) {
        Batch batch = new Batch();
        batch.add(session, tokens);
        return model.forward(batch);
    }

    /// The largest difference of two streams, row by row as a share of the row's largest element (a
    /// first token may be a thousand times as large as all others); infinite where one is not a
    /// number.
    static double difference(float[] stream, float[] reference, int dModel) {
        double worst = 0;
        for (int row = 0; row < reference.length; row += dModel) {
            double differing = 0;
            double largest = 0;
            for (int i = row; i < row + dModel; i++) {
                double difference = Math.abs((double) stream[i] - reference[i]);
                if (Double.isNaN(difference)) {
                    return Double.POSITIVE_INFINITY;
                }
                differing = Math.max(differing, difference);
                largest = Math.max(largest, Math.abs(reference[i]));
            }
            worst = differing == 0 ? worst : Math.max(worst, differing / largest);
        }
        return worst;
    }

    private void requireAlike(String what, double difference) {
        if (!(difference <= bound)) {
            failures.add(
                    String.format(
                            Locale.ROOT,
                            "%s, the stream differs by %.1e of its largest element, above %.0e; please report it",
                            what,
                            difference,
                            bound));
        }
    }
}
