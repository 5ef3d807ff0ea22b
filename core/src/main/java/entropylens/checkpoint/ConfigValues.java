package entropylens.checkpoint;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/// Takes the values of a configuration for what they must be: types are strict, and sizes are held
/// against the weights.
final class ConfigValues {
    private final Path file;
    private final KeyLedger ledger;
    private SizeBounds bounds = SizeBounds.OF_ANY_MODEL;

    ConfigValues(Path file, KeyLedger ledger) {
        this.file = file;
        this.ledger = ledger;
    }

    void bound(SizeBounds by) {
        bounds = by;
    }

    SizeBounds bounds() {
        return bounds;
    }

    /// A size: from 1 to what the weights can hold.
    int size(String key, JsonNode value) {
        return bounded(key, value, bounds.against(key, toInteger(key, value)));
    }

    /// A size that a tensor has as a dimension, whatever its name says.
    int rows(String key, JsonNode value) {
        size(key, value);
        return bounded(key, value, bounds.ofTensor(key, toInteger(key, value)));
    }

    /// @param wrong why the number cannot be right; empty if it can
    private int bounded(String key, JsonNode value, String wrong) {
        if (!wrong.isEmpty()) {
            throw new CheckpointException(
                    "%s: %s is %,d, but %s; correct the file or download it again"
                            .formatted(file, ledger.path(key), toInteger(key, value), wrong));
        }
        return value.asInt();
    }

    /// How often a group is repeated: as often as there may be blocks for it.
    int times(String key, JsonNode value, int before, int length) {
        BigInteger times = toInteger(key, value);
        BigInteger blocks =
                times.multiply(BigInteger.valueOf(length)).add(BigInteger.valueOf(before));
        if (times.signum() < 0 || blocks.compareTo(BigInteger.valueOf(bounds.blocks())) > 0) {
            throw new CheckpointException(
                    "%s: %s repeats a group of %,d %,d times, but %s; correct the file or download it again"
                            .formatted(
                                    file,
                                    ledger.path(key),
                                    length,
                                    times,
                                    times.signum() < 0
                                            ? "must do so 0 times or more"
                                            : bounds.whyBlocks()));
        }
        return length == 0 ? 0 : times.intValueExact();
    }

    int toInt(String key, JsonNode value) {
        return typed(
                        key,
                        value,
                        node -> node.isIntegralNumber() && node.canConvertToInt(),
                        "an integer of 32 bits")
                .asInt();
    }

    private BigInteger toInteger(String key, JsonNode value) {
        return typed(key, value, JsonNode::isIntegralNumber, "an integer").asBigInteger();
    }

    double toDouble(String key, JsonNode value) {
        return typed(
                        key,
                        value,
                        node -> node.isNumber() && Double.isFinite(node.asDouble(Double.NaN)),
                        "a finite number")
                .asDouble();
    }

    double toDoubleOrInfinite(String key, JsonNode value) {
        JsonNode number = value.path("__float__");
        if (number.isString() && number.asString().equals("Infinity")) {
            return Double.POSITIVE_INFINITY;
        }
        return typed(
                        key,
                        value,
                        node -> node.isNumber() && !Double.isNaN(node.asDouble(Double.NaN)),
                        "a number")
                .asDouble();
    }

    JsonNode typed(String key, JsonNode value, Predicate<JsonNode> is, String expected) {
        if (!is.test(value)) {
            throw new CheckpointException(
                    "%s: %s must be %s, but is %s (%s); correct the file or download it again"
                            .formatted(
                                    file,
                                    ledger.path(key),
                                    expected,
                                    KeyLedger.abbreviated(value.toString()),
                                    StrictJson.kind(value)));
        }
        return value;
    }

    CheckpointException missing(String key, String expected) {
        var near = NearNames.of(key, ledger.names());
        return new CheckpointException(
                "%s: the key %s is missing, which must be %s%s; is this the config.json of a supported model?"
                        .formatted(
                                file,
                                ledger.path(key),
                                expected,
                                near.isEmpty()
                                        ? ""
                                        : " (there is '" + String.join("', '", near) + "')"));
    }
}
