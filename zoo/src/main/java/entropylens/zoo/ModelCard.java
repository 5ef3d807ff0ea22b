package entropylens.zoo;

import entropylens.checkpoint.CheckpointException;
import java.nio.file.Path;

/// What the zoo says of one of its models: its `card.json`, written where the model was trained.
///
/// @param name of the model, and of its directory
/// @param family that reads it, as `--as` takes it
/// @param blocks L
/// @param width d_model
/// @param parameters weights, a tied W_U counted once
/// @param tokensSeen tokens it was trained on, repetitions included
/// @param heldoutLoss mean of −ln p of the next token of texts it was not trained on, nats a token
/// @param trigramEntropy the same of a model that counts triples of tokens
/// @param unigramEntropy the same of a model that counts tokens
/// @param knowledge how well it answers what its training text says of the world
/// @param context how well it answers what only the prompt says
public record ModelCard(
        String name,
        String family,
        int blocks,
        int width,
        long parameters,
        long tokensSeen,
        double heldoutLoss,
        double trigramEntropy,
        double unigramEntropy,
        Accuracy knowledge,
        Accuracy context) {

    /// The file's name, in the directory of the model.
    public static final String FILE = "card.json";

    /// A share of questions that were answered right, and the interval that it lies in.
    ///
    /// @param n questions
    /// @param correct of them
    /// @param accuracy `correct / n`
    /// @param low,high ends of the confidence interval, within 0 and 1
    public record Accuracy(long n, long correct, double accuracy, double low, double high) {}

    /// The card in the directory of a model. Keys that are not needed here are left alone.
    ///
    /// @throws CheckpointException when it is not there, a key is missing or makes no sense, or it
    ///   is the card of a model of another name
    public static ModelCard read(Path directory) {
        CardJson json = CardJson.read(directory.resolve(FILE));
        String name = json.string("name");
        if (!name.equals(directory.getFileName().toString())) {
            throw json.refusal("name", name, "the name of its directory");
        }
        CardJson accuracy = json.object("accuracy");
        return new ModelCard(
                name,
                json.string("family"),
                Math.toIntExact(json.integer("blocks", 1, Integer.MAX_VALUE)),
                Math.toIntExact(json.integer("width", 1, Integer.MAX_VALUE)),
                json.integer("parameters", 1, Long.MAX_VALUE),
                json.integer("tokens_seen", 0, Long.MAX_VALUE),
                json.number("heldout_loss", Double.MAX_VALUE),
                json.number("trigram_entropy", Double.MAX_VALUE),
                json.number("unigram_entropy", Double.MAX_VALUE),
                accuracy(accuracy.object("knowledge")),
                accuracy(accuracy.object("context")));
    }

    private static Accuracy accuracy(CardJson json) {
        long n = json.integer("n", 1, Long.MAX_VALUE);
        return new Accuracy(
                n,
                json.integer("correct", 0, n),
                json.number("accuracy", 1),
                json.number("low", 1),
                json.number("high", 1));
    }
}
