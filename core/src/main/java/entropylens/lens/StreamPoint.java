package entropylens.lens;

import entropylens.hook.HookPoint;
import entropylens.hook.HookPoint.Site;
import entropylens.model.DecoderConfig;
import entropylens.model.Residual;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// Where in a block the lens reads. Layer l of a point is what stands there in block l.
///
/// Each is read by itself, through the final norm and W_U. So what a half adds is normed by its own
/// statistics: its readout says what it would write alone, not its share of the stream.
public enum StreamPoint {
    /// The stream before the block; of the first block, the embedding.
    RESID_PRE(Site.RESID_PRE, "the stream before the block"),

    /// What attention, or the mixer in its place, adds to the stream: after a norm behind it and
    /// after a factor.
    ATTN_OUT(Site.ATTN_OUT, "what attention, or the mixer in its place, adds"),

    /// The stream after attention was added.
    RESID_MID(Site.RESID_MID, "the stream after attention"),

    /// What the MLP adds to the stream: after a norm behind it and after a factor.
    MLP_OUT(Site.MLP_OUT, "what the MLP adds"),

    /// The stream after the block: what a profile is of, unless something else is asked for.
    RESID_POST(Site.RESID_POST, "the stream after the block");

    private final Site site;
    private final String meaning;

    StreamPoint(Site site, String meaning) {
        this.site = site;
        this.meaning = meaning;
    }

    /// In options and results: `resid_post`.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The point of a [#word].
    public static Optional<StreamPoint> named(String word) {
        return Arrays.stream(values()).filter(point -> point.word().equals(word)).findFirst();
    }

    /// Half a sentence.
    public String meaning() {
        return meaning;
    }

    /// Whether it is the stream itself, and not a part that is added to it: of parts, a rise from
    /// one layer to the next is nothing that a block does.
    public boolean isStream() {
        return this != ATTN_OUT && this != MLP_OUT;
    }

    /// Where a block shows it.
    ///
    /// @param block counted from 0
    public HookPoint of(int block) {
        return new HookPoint(site, block);
    }

    /// Whether the blocks of a model have it.
    public boolean isIn(DecoderConfig config) {
        return switch (this) {
            case RESID_PRE, ATTN_OUT, RESID_POST -> true;
            case RESID_MID -> config.residual().hasMid();
            case MLP_OUT -> config.residual() != Residual.ONE_SUM;
        };
    }

    /// @throws IllegalArgumentException when the blocks of a model lack one of them
    public static void requireIn(DecoderConfig config, List<StreamPoint> points) {
        for (StreamPoint point : points) {
            if (!point.isIn(config)) {
                throw new IllegalArgumentException(
                        "there is no %s in this model, of the family %s: %s; there are %s"
                                .formatted(
                                        point.word(),
                                        config.family(),
                                        whyLacking(config),
                                        Arrays.stream(values())
                                                .filter(other -> other.isIn(config))
                                                .map(StreamPoint::word)
                                                .collect(Collectors.joining(", "))));
            }
        }
    }

    private static String whyLacking(DecoderConfig config) {
        return config.residual() == Residual.ONE_SUM
                ? "a block is a mixer alone, without an MLP, and adds to the stream once"
                : "attention and MLP of a block read the same stream side by side, and nothing lies between them";
    }

    /// @throws IllegalArgumentException when there is none, or one is named twice
    static List<StreamPoint> distinct(List<StreamPoint> points) {
        if (points.isEmpty()) {
            throw new IllegalArgumentException("a profile needs at least one point of the stream");
        }
        if (new HashSet<>(points).size() < points.size()) {
            throw new IllegalArgumentException("a point of the stream is named twice: " + points);
        }
        return List.copyOf(points);
    }

    @Override
    public String toString() {
        return word();
    }
}
