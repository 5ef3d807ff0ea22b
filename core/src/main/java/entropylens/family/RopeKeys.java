package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.model.Rope;
import entropylens.model.RotaryFrequencies;
import entropylens.model.RotaryFrequencies.Yarn;
import entropylens.model.ScoreGrowth;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// Reads rotary positions in both styles of config.json: `rope_theta`, `rope_scaling` and
/// `partial_rotary_factor` at the top (as most published checkpoints have it), or `rope_parameters`
/// with everything inside (as transformers 5 writes it).
final class RopeKeys {
    static final double THETA = 10_000;
    private static final String PARTIAL = "partial_rotary_factor";

    private final ConfigJson json;

    /// Where type and factors stand.
    private final ConfigJson inside;

    private final double theta;
    private final int rotated;

    private RopeKeys(ConfigJson json, ConfigJson inside, double theta, int rotated) {
        this.json = json;
        this.inside = inside;
        this.theta = theta;
        this.rotated = rotated;
    }

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
        RopeKeys keys = new RopeKeys(json, inside, theta, rotated);
        return inside == json ? keys.plain() : keys.scaled();
    }

    private Rope plain() {
        return new Rope.Fixed(RotaryFrequencies.plain(theta, rotated));
    }

    private Rope scaled() {
        String type = type(inside);
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
        double share = share(inside, PARTIAL, 1);
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
