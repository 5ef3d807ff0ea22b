package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions;
import entropylens.model.RotaryFrequencies;

/// Reads rotary positions in both styles of config.json: `rope_theta` and `rope_scaling` at the top
/// (as most published checkpoints have it), or `rope_parameters` with everything inside (as
/// transformers 5 writes it).
final class RopeKeys {
    private static final double DEFAULT_THETA = 10_000;

    private RopeKeys() {}

    static Positions.Rotary read(ConfigJson json, int dHead) {
        var parameters = json.object("rope_parameters");
        if (parameters.isPresent()) {
            ConfigJson inside = parameters.get();
            inside.mustBe(
                    "partial_rotary_factor", 1.0, "rotating a part of a head is not implemented");
            double theta = inside.doubleOr("rope_theta", DEFAULT_THETA);
            return scaled(json, inside, RotaryFrequencies.plain(theta, dHead));
        }
        float[] plain = RotaryFrequencies.plain(json.doubleOr("rope_theta", DEFAULT_THETA), dHead);
        var scaling = json.object("rope_scaling");
        return scaling.isPresent()
                ? scaled(json, scaling.get(), plain)
                : new Positions.Rotary(plain);
    }

    private static Positions.Rotary scaled(ConfigJson json, ConfigJson scaling, float[] plain) {
        // older files say "type"; some say both
        String older = scaling.stringOr("type", "default");
        String type = scaling.stringOr("rope_type", older);
        return switch (type) {
            case "default" -> new Positions.Rotary(plain);
            case "llama3" ->
                    new Positions.Rotary(
                            RotaryFrequencies.llama3(
                                    plain,
                                    scaling.requireDouble("factor"),
                                    scaling.requireDouble("low_freq_factor"),
                                    scaling.requireDouble("high_freq_factor"),
                                    scaling.requireDouble("original_max_position_embeddings")));
            default ->
                    throw new CheckpointException(
                            "%s: rope scaling \"%s\" is not implemented; implemented are default and llama3"
                                    .formatted(json.file(), type));
        };
    }
}
