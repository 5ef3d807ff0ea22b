package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.model.Rope;
import entropylens.model.RotaryFrequencies;
import entropylens.model.RotaryFrequencies.Yarn;
import java.util.Arrays;
import java.util.OptionalDouble;

/// The frequencies of rotary positions under each scaling that has a name.
///
/// @param json the whole configuration
/// @param inside where type and factors stand
/// @param theta the base
/// @param rotated elements of a head that are turned
record RopeScaling(ConfigJson json, ConfigJson inside, double theta, int rotated) {
    /// Nothing is scaled.
    Rope plain() {
        return new Rope.Fixed(RotaryFrequencies.plain(theta, rotated));
    }

    /// @param type the name of the scaling
    Rope of(String type) {
        return switch (type) {
            case "default" -> plain();
            case "linear" ->
                    new Rope.Fixed(
                            RotaryFrequencies.linear(
                                    RotaryFrequencies.plain(theta, rotated),
                                    inside.requireDouble("factor")));
            case "dynamic" ->
                    new Rope.Dynamic(
                            theta,
                            rotated,
                            inside.requireDouble("factor"),
                            json.requireInt("max_position_embeddings"));
            case "proportional" -> proportional();
            case "llama3" -> llama3();
            case "yarn" -> yarn();
            case "longrope", "su" -> longrope();
            default ->
                    throw new CheckpointException(
                            "%s: rope scaling \"%s\" is not implemented; implemented are default, linear, dynamic, yarn, llama3, longrope and proportional"
                                    .formatted(json.file(), type));
        };
    }

    /// Frequencies fall as those of a whole head do, but only the first pairs are turned.
    private Rope proportional() {
        double share = RopeKeys.share(inside, RopeKeys.PARTIAL, 1);
        float[] frequencies = RotaryFrequencies.plain(theta, rotated);
        int turned = (int) (share * rotated) / 2;
        Arrays.fill(frequencies, turned, frequencies.length, 0);
        return new Rope.Fixed(RotaryFrequencies.linear(frequencies, inside.doubleOr("factor", 1)));
    }

    private Rope llama3() {
        return new Rope.Fixed(
                RotaryFrequencies.llama3(
                        RotaryFrequencies.plain(theta, rotated),
                        inside.requireDouble("factor"),
                        inside.requireDouble("low_freq_factor"),
                        inside.requireDouble("high_freq_factor"),
                        originalContext()));
    }

    private Rope yarn() {
        double factor = factor();
        OptionalDouble mscale = inside.optionalDouble("mscale");
        OptionalDouble mscaleAllDim = inside.optionalDouble("mscale_all_dim");
        double magnitude = Yarn.magnitude(factor, 1);
        if (mscale.orElse(0) != 0 && mscaleAllDim.orElse(0) != 0) {
            magnitude =
                    Yarn.magnitude(factor, mscale.getAsDouble())
                            / Yarn.magnitude(factor, mscaleAllDim.getAsDouble());
        }
        Yarn yarn =
                new Yarn(
                        factor,
                        orWhereZero(inside.doubleOr("beta_fast", 0), 32),
                        orWhereZero(inside.doubleOr("beta_slow", 0), 1),
                        originalContext(),
                        inside.boolOr("truncate", true));
        return new Rope.Fixed(
                RotaryFrequencies.yarn(theta, rotated, yarn),
                (float) inside.doubleOr("attention_factor", magnitude));
    }

    /// transformers takes 0 for "not given".
    private static double orWhereZero(double value, double otherwise) {
        return value == 0 ? otherwise : value;
    }

    private Rope longrope() {
        int original = originalContext();
        double factor = factor();
        float magnitude =
                (float)
                        inside.doubleOr(
                                "attention_factor",
                                RotaryFrequencies.longropeMagnitude(factor, original));
        return new Rope.Long(
                original,
                new Rope.Fixed(
                        RotaryFrequencies.longrope(theta, rotated, factors("short_factor")),
                        magnitude),
                new Rope.Fixed(
                        RotaryFrequencies.longrope(theta, rotated, factors("long_factor")),
                        magnitude));
    }

    private double[] factors(String key) {
        double[] factors = inside.doubles(key);
        if (factors.length != rotated / 2) {
            throw new CheckpointException(
                    "%s: %s of the rope scaling has %d factors, but %d pairs of a head are turned; correct the file or download it again"
                            .formatted(json.file(), key, factors.length, rotated / 2));
        }
        return factors;
    }

    /// Where it is not given, the ratio of the context to that of pre-training.
    private double factor() {
        return inside.doubleOr(
                "factor", (double) json.requireInt("max_position_embeddings") / originalContext());
    }

    /// At the top (Phi-3), inside, or the context itself.
    private int originalContext() {
        String key = "original_max_position_embeddings";
        int otherwise = inside.intOr(key, json.requireInt("max_position_embeddings"));
        return json.intOr(key, otherwise);
    }
}
