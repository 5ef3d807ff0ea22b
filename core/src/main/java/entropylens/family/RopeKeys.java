package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.model.Rope;
import entropylens.model.RotaryFrequencies.Yarn;
import entropylens.model.ScoreGrowth;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Reads rotary positions in both styles of config.json: `rope_theta`, `rope_scaling` and
/// `partial_rotary_factor` at the top (as most published checkpoints have it), or `rope_parameters`
/// with everything inside (as transformers 5 writes it).
final class RopeKeys {
    static final double THETA = 10_000;
    static final String PARTIAL = "partial_rotary_factor";

    private RopeKeys() {}

    /// Of a family that turns whole heads. What says otherwise is not read where nothing is scaled,
    /// as in transformers; where something is, transformers fails.
    ///
    /// @param theta the base where neither style names it
    static Rope read(ConfigJson json, int dHead, double theta) {
        ConfigJson inside = inside(json);
        double base = theta(json, inside, theta);
        if (!type(inside).equals("default")) {
            String why =
                    "where rotary positions are scaled, transformers cannot turn a part of a head";
            json.mustBe(PARTIAL, 1, why);
            inside.mustBe(PARTIAL, 1, why);
        }
        return of(json, inside, base, dHead);
    }

    /// @param theta,share the base and the share of a head that is turned, where neither style
    ///   names them
    static Rope read(ConfigJson json, int dHead, double theta, double share) {
        ConfigJson inside = inside(json);
        // transformers 5 repeats this one at the top
        double outer = share(json, PARTIAL, share);
        double turned = share(inside, PARTIAL, outer);
        return of(json, inside, theta(json, inside, theta), (int) (dHead * turned));
    }

    private static ConfigJson inside(ConfigJson json) {
        return json.object("rope_parameters").or(() -> json.object("rope_scaling")).orElse(json);
    }

    /// Inside, or else at the top: transformers looks there in this order.
    private static double theta(ConfigJson json, ConfigJson inside, double otherwise) {
        double top = json.doubleOr("rope_theta", otherwise);
        return inside.doubleOr("rope_theta", top);
    }

    /// Older files say "type"; some say both.
    private static String type(ConfigJson inside) {
        String older = inside.stringOr("type", "default");
        return inside.stringOr("rope_type", older);
    }

    /// As [#read], where longrope has two magnitudes (`short_mscale`, `long_mscale`), and other
    /// scalings are not known. Beyond the context of pre-training transformers 5.18 takes the
    /// second magnitude, but keeps the frequencies of `short_factor`, and so does this: its
    /// `PhimoeRotaryEmbedding` computes them without the length of the text.
    static Rope withMagnitudes(ConfigJson json, int dHead, double theta) {
        Rope rope = read(json, dHead, theta);
        ConfigJson inside = inside(json);
        return switch (rope) {
            case Rope.Long both ->
                    new Rope.Long(
                            both.originalContext(),
                            turnedBy(both.within(), inside.requireDouble("short_mscale")),
                            turnedBy(both.within(), inside.requireDouble("long_mscale")));
            case Rope.Fixed fixed when isPlain(inside) -> fixed;
            case Rope.None _, Rope.Fixed _, Rope.Dynamic _ ->
                    throw new CheckpointException(
                            "%s: this architecture is read with rope scaling \"default\" or \"longrope\" only"
                                    .formatted(json.file()));
        };
    }

    /// Of Hunyuan, whose `dynamic` scaling has an `alpha` that raises the base once, for every
    /// length: `theta · alpha^(d_head / (d_head - 2))` (transformers'
    /// `HunYuanDenseV1RotaryEmbedding`). Beyond the context transformers passes over alpha, but no
    /// session is that long.
    static Rope withAlpha(ConfigJson json, int dHead) {
        ConfigJson inside = inside(json);
        double alpha = inside.doubleOr("alpha", 0);
        if (!type(inside).equals("dynamic") || alpha == 0) {
            return read(json, dHead, THETA);
        }
        if (alpha < 0 || dHead < 4) {
            throw new CheckpointException(
                    "%s: alpha of the rope scaling is %s and head_dim is %d, but alpha must be positive and head_dim at least 4; correct the file or download it again"
                            .formatted(json.file(), alpha, dHead));
        }
        // of other scalings, among them that of the same name in other models
        inside.withoutEffect("beta_fast", "beta_slow", "factor", "mscale", "mscale_all_dim");
        double base = theta(json, inside, THETA);
        return of(json, json, base * Math.pow(alpha, (double) dHead / (dHead - 2)), dHead);
    }

    /// How scores grow, which Ministral 3 says among its rotary positions.
    static ScoreGrowth growth(ConfigJson json) {
        ConfigJson inside = inside(json);
        // said there once more
        inside.withoutEffect("max_position_embeddings");
        return new ScoreGrowth(
                inside.requireDouble("llama_4_scaling_beta"),
                inside.requireInt("original_max_position_embeddings"),
                0);
    }

    /// Of Apertus and CWM: without it transformers 5.18 takes a scaling of its own and passes over
    /// `rope_theta`; transformers 4 did not.
    static void requireScaling(ConfigJson json) {
        if (!json.has("rope_parameters") && !json.has("rope_scaling")) {
            throw new CheckpointException(
                    "%s: there is neither rope_parameters nor rope_scaling, and what that means depends on the version of transformers; add rope_parameters with rope_type and rope_theta"
                            .formatted(json.file()));
        }
    }

    private static boolean isPlain(ConfigJson inside) {
        return inside.stringOr("rope_type", inside.stringOr("type", "default")).equals("default");
    }

    private static Rope.Fixed turnedBy(Rope.Fixed rope, double magnitude) {
        return new Rope.Fixed(rope.inverseFrequencies(), (float) magnitude);
    }

    /// Where blocks with a sliding window are turned by other frequencies than the rest. In the
    /// newer style `rope_parameters` holds one object for each kind; in the older one, `rope_theta`
    /// and `rope_scaling` are those of the blocks without a window.
    ///
    /// @param sliding which blocks have a window
    /// @param theta the base of the blocks without one, where neither style names it
    /// @param slidingTheta that of the others, where the newer style does not name it
    static List<Rope> ofEachKind(
            ConfigJson json, int dHead, List<Boolean> sliding, double theta, double slidingTheta) {
        Optional<ConfigJson> newer = json.object("rope_parameters");
        ConfigJson full =
                newer.flatMap(both -> both.object("full_attention"))
                        .or(() -> json.object("rope_scaling"))
                        .orElse(json);
        double fullTheta = theta(json, full, theta);
        Rope everything = of(json, full, fullTheta, dHead);
        ConfigJson local = newer.flatMap(both -> both.object("sliding_attention")).orElse(json);
        double localTheta =
                local == json ? slidingTheta : local.doubleOr("rope_theta", slidingTheta);
        Rope windowed = of(json, local, localTheta, dHead);
        return sliding.stream().map(isSliding -> isSliding ? windowed : everything).toList();
    }

    /// As [#ofEachKind], where blocks without a window have heads of another width and
    /// `rope_parameters` says all (Gemma 4).
    ///
    /// @param otherwise what it says where the file does not
    static List<Rope> proportional(
            ConfigJson json,
            int slidingHead,
            int fullHead,
            List<Boolean> sliding,
            String otherwise) {
        ConfigJson both =
                json.object("rope_parameters")
                        .orElseGet(() ->
                                ConfigJson.of(
                                        json.file(), otherwise.getBytes(StandardCharsets.UTF_8)));
        Rope everything = ofKind(json, both, "full_attention", fullHead);
        Rope windowed =
                sliding.contains(true)
                        ? ofKind(json, both, "sliding_attention", slidingHead)
                        : everything;
        return sliding.stream().map(isSliding -> isSliding ? windowed : everything).toList();
    }

    private static Rope ofKind(ConfigJson json, ConfigJson both, String kind, int dHead) {
        ConfigJson inside =
                both.object(kind)
                        .orElseThrow(() ->
                                new CheckpointException(
                                        "%s: rope_parameters has no %s; correct the file or download it again"
                                                .formatted(json.file(), kind)));
        return of(json, inside, inside.requireDouble("rope_theta"), dHead);
    }

    /// The share of a head that is turned: above 0, at most 1.
    static double share(ConfigJson json, String key, double otherwise) {
        double share = json.doubleOr(key, otherwise);
        if (share <= 0 || share > 1) {
            throw new CheckpointException(
                    "%s: %s is %s, but the share of a head that is turned lies above 0 and is at most 1; correct the file or download it again"
                            .formatted(json.file(), key, share));
        }
        return share;
    }

    /// Where a configuration says how many elements of a head are turned, and nothing is scaled.
    static Rope ofPart(ConfigJson json, double theta, String key, int rotated, int dHead) {
        if (rotated > dHead) {
            throw new CheckpointException(
                    "%s: %s is %,d, but a head has only %,d elements; correct the file or download it again"
                            .formatted(json.file(), key, rotated, dHead));
        }
        return of(json, json, theta, rotated);
    }

    /// @param inside the object that holds type and factors; the whole configuration where there is
    ///   none
    private static Rope of(ConfigJson json, ConfigJson inside, double theta, int rotated) {
        if (rotated < 2 || rotated % 2 != 0) {
            throw new CheckpointException(
                    "%s: %d elements of a head are to be turned in pairs (head_dim, partial_rotary_factor, rotary_pct, rotary_dim), but that is no even number of at least 2; correct the file or download it again"
                            .formatted(json.file(), rotated));
        }
        RopeScaling scaling = new RopeScaling(json, inside, theta, rotated);
        return inside == json ? scaling.plain() : scaling.of(type(inside));
    }

    /// What scores are multiplied by beside `1/√d_head` where positions are scaled (DeepSeek):
    /// YaRN's magnitude for `mscale_all_dim`, squared.
    static double ofScores(ConfigJson json) {
        ConfigJson inside = inside(json);
        double mscale = inside.doubleOr("mscale_all_dim", 0);
        if (type(inside).equals("default") || mscale == 0) {
            return 1;
        }
        double magnitude = Yarn.magnitude(inside.requireDouble("factor"), mscale);
        return magnitude * magnitude;
    }
}
