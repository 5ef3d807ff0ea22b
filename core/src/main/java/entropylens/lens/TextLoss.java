package entropylens.lens;

import entropylens.model.Batch;
import entropylens.model.Model;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;

/// Whether a text is language to a model: its loss, beside that of guessing and, where it is worse
/// than guessing, that of the same tokens in other orders.
///
/// A model of other texts may find a line of English less likely than guessing does, but it finds
/// the order of its words likelier than others. With a tokenizer of another model, the line is as
/// good as shuffled.
///
/// @param loss mean of `−ln p` of the next token, in nats
/// @param shuffled the mean loss of [#ORDERS] other orders, where the loss is above `guessing`
/// @param guessing `ln V`, the loss of a uniform guess
record TextLoss(double loss, OptionalDouble shuffled, double guessing) {
    /// How much likelier than shuffled a text must be, in nats a token. The least of the models
    /// that ship, stories260K and another of 14,019 entries: 4.6. The largest of these with the
    /// entries of their vocabulary shuffled, 60 times each: 2.6.
    static final double MIN_MARGIN = 3.5;

    /// How far above guessing the loss of shuffled tokens is at most before training. Worst seen,
    /// 10 seeds of each of these models: 0.45; of trained ones with a shuffled vocabulary, 4.1 at
    /// least.
    static final double UNTRAINED = 1;

    /// Orders that are tried.
    static final int ORDERS = 8;

    /// @param logits of all tokens, which are at least two
    static TextLoss of(Model model, int[] ids, float[] logits) {
        double guessing = Math.log(model.config().dVocab());
        double loss = loss(ids, logits);
        if (loss <= guessing) {
            return new TextLoss(loss, OptionalDouble.empty(), guessing);
        }
        Random random = new Random(1);
        double sum = 0;
        for (int order = 0; order < ORDERS; order++) {
            int[] other = shuffled(ids, random);
            Batch batch = new Batch();
            batch.add(model.newSession(other.length), other);
            sum += loss(other, Unembed.of(model).logits(model.forward(batch), other.length));
        }
        return new TextLoss(loss, OptionalDouble.of(sum / ORDERS), guessing);
    }

    /// Fisher and Yates.
    private static int[] shuffled(int[] ids, Random random) {
        int[] shuffled = ids.clone();
        for (int i = shuffled.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int id = shuffled[i];
            shuffled[i] = shuffled[j];
            shuffled[j] = id;
        }
        return shuffled;
    }

    /// Mean of `ln Z − z` of the tokens that follow.
    private static double loss(int[] ids, float[] logits) {
        int v = logits.length / ids.length;
        double sum = 0;
        for (int i = 0; i + 1 < ids.length; i++) {
            double largest = Double.NEGATIVE_INFINITY;
            for (int j = i * v; j < (i + 1) * v; j++) {
                largest = Math.max(largest, logits[j]);
            }
            double z = 0;
            for (int j = i * v; j < (i + 1) * v; j++) {
                z += Math.exp(logits[j] - largest);
            }
            sum += Math.log(z) + largest - logits[i * v + ids[i + 1]];
        }
        return sum / (ids.length - 1);
    }

    /// What is wrong, if anything is.
    Optional<String> failure() {
        if (loss <= guessing || shuffled.orElse(loss) - loss >= MIN_MARGIN) {
            return Optional.empty();
        }
        double orders = shuffled.orElse(loss);
        String why =
                orders - guessing <= UNTRAINED
                        ? "the model predicts next to nothing, as before training; if it was trained, its tokenizer or the reading of its weights is wrong"
                        : "the line is no language to this model. Wrong tokenizer, or wrong reading of the weights; or a model that never saw English";
        return Optional.of(
                String.format(
                        Locale.ROOT,
                        "the loss on a line of English is %.2f nats a token, where guessing has ln V = %.2f and the same tokens shuffled have %.2f: %s",
                        loss,
                        guessing,
                        orders,
                        why));
    }
}
