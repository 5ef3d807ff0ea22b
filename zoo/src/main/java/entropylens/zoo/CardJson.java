package entropylens.zoo;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.StrictJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/// The keys of a model's card, each of which must be there and make sense; others are not looked
/// at.
final class CardJson {
    private static final int MAX_BYTES = 1_000_000;

    private final Path file;
    private final String prefix;
    private final JsonNode json;

    private CardJson(Path file, String prefix, JsonNode json) {
        this.file = file;
        this.prefix = prefix;
        this.json = json;
    }

    /// @throws CheckpointException when there is no such file, or it is no JSON object
    static CardJson read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new CheckpointException(
                    "%s: there is no such file, but every model of the zoo has one; restore it, or take the model's directory away"
                            .formatted(file));
        }
        return new CardJson(file, "", StrictJson.object(file, StrictJson.bytes(file, MAX_BYTES)));
    }

    String string(String key) {
        return required(key, node -> node.isString() && !node.asString().isBlank(), "a string")
                .asString();
    }

    /// An integer within the two.
    long integer(String key, long least, long most) {
        return required(
                        key,
                        node ->
                                node.isIntegralNumber()
                                        && node.canConvertToLong()
                                        && node.asLong() >= least
                                        && node.asLong() <= most,
                        most >= Integer.MAX_VALUE
                                ? "an integer of at least " + least
                                : "an integer from %d to %d".formatted(least, most))
                .asLong();
    }

    /// A number from 0 to `most`.
    double number(String key, double most) {
        return required(
                        key,
                        node ->
                                node.isNumber()
                                        && node.asDouble(Double.NaN) >= 0
                                        && node.asDouble(Double.NaN) <= most,
                        most == Double.MAX_VALUE
                                ? "a number of at least 0"
                                : String.format(Locale.ROOT, "a number from 0 to %.0f", most))
                .asDouble();
    }

    CardJson object(String key) {
        return new CardJson(
                file, prefix + key + ".", required(key, JsonNode::isObject, "an object"));
    }

    private JsonNode required(String key, Predicate<JsonNode> is, String expected) {
        JsonNode value = json.get(key);
        if (value == null || !is.test(value)) {
            throw refusal(key, value == null ? "missing" : value.toString(), expected);
        }
        return value;
    }

    CheckpointException refusal(String key, String found, String expected) {
        return new CheckpointException(
                "%s: %s%s is %s, but must be %s; restore the file, or write it again as its training did"
                        .formatted(
                                file,
                                prefix,
                                key,
                                found.length() <= 60 ? found : found.substring(0, 60) + "...",
                                expected));
    }
}
