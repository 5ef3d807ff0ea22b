package entropylens.family;

import entropylens.kernels.Activation;
import entropylens.kernels.Projection;
import entropylens.model.AttentionShape;
import entropylens.model.DecoderConfig;
import entropylens.model.Gating;
import entropylens.model.MixerShape;
import entropylens.model.Model;
import entropylens.model.Norm;
import entropylens.model.NormWeights;
import entropylens.model.Residual;
import entropylens.model.Weights;
import entropylens.model.Weights.Block;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a model is, in words, read off its configuration and weights: norms, residual, positions,
/// attention, MLP, embedding, readout, in this order. Where blocks do not differ in size, the first
/// stands for all.
public final class Features {
    private final DecoderConfig config;
    private final Weights weights;
    private final Block block;
    private final List<String> words = new ArrayList<>();

    private Features(Model model) {
        config = model.config();
        weights = model.weights();
        block = weights.blocks().getFirst();
    }

    /// A list of short phrases.
    public static List<String> of(Model model) {
        Features features = new Features(model);
        features.norms();
        features.residual();
        features.words.addAll(PositionWords.of(model.config()));
        features.attention();
        features.words.addAll(MixerWords.of(model.config()));
        features.scans();
        features.mlp();
        features.embedding();
        features.readout();
        return List.copyOf(features.words);
    }

    private void norms() {
        Set<String> kinds = new LinkedHashSet<>();
        Stream.of(
                        block.ln1(),
                        mixerPostNorm(),
                        block.ln2(),
                        mlpPostNorm(),
                        weights.readout().lnFinal())
                .filter(Objects::nonNull)
                .forEach(norm -> kinds.add(kind(norm)));
        if (kinds.isEmpty()) {
            words.add("no norms");
            return;
        }
        words.add(String.join(" and ", kinds));
        String attention = where(block.ln1(), mixerPostNorm());
        String mlp = where(block.ln2(), mlpPostNorm());
        if (config.residual() == Residual.ONE_SUM) {
            words.add("one norm " + attention + " what a block computes");
        } else if (config.residual() == Residual.POST_NORM) {
            words.add("norms on the stream, after each sum");
        } else if (config.residual() == Residual.PARALLEL_ONE_NORM) {
            words.add("one norm " + attention + " attention and MLP together");
        } else if (attention.equals(mlp)) {
            words.add("norms " + attention + " attention and MLP");
        } else {
            words.add("norms " + attention + " attention, " + mlp + " the MLP");
        }
    }

    private @Nullable NormWeights mixerPostNorm() {
        return block.mixer() == null ? null : block.mixer().postNorm();
    }

    private @Nullable NormWeights mlpPostNorm() {
        return block.mlp() == null ? null : block.mlp().postNorm();
    }

    private static String where(@Nullable NormWeights before, @Nullable NormWeights after) {
        if (before != null) {
            return after == null ? "before" : "before and after";
        }
        return after == null ? "nowhere near" : "after";
    }

    private static String kind(NormWeights norm) {
        return switch (norm.norm()) {
            case Norm.Rms _ -> norm.bias() == null ? "RMSNorm" : "RMSNorm with bias";
            case Norm.Layer _ -> norm.bias() == null ? "LayerNorm without bias" : "LayerNorm";
        };
    }

    private void residual() {
        words.add(
                switch (config.residual()) {
                    case SEQUENTIAL, POST_NORM -> mixerName() + ", then MLP";
                    case PARALLEL, PARALLEL_ONE_NORM -> "attention and MLP in parallel";
                    case ONE_SUM -> "one mixer or MLP a block";
                });
        if (config.residualScale() != 1) {
            words.add("what they add × " + number(config.residualScale()));
        }
    }

    private String mixerName() {
        if (config.mixers().getFirst() instanceof MixerShape.SideBySide) {
            return "attention and a state space side by side";
        }
        return config.attentions().size() == config.nLayers() ? "attention" : "mixer";
    }

    private void attention() {
        List<AttentionShape> shapes = config.attentions();
        if (shapes.isEmpty()) {
            return;
        }
        AttentionShape shape = shapes.getFirst();
        if (shapes.size() < config.nLayers()) {
            words.add("attention in " + blocks(shapes.size(), config.nLayers()));
        }
        if (shape.nHeads() == shape.nKvHeads()) {
            words.add("multi-head attention");
        } else if (shape.nKvHeads() == 1) {
            words.add("multi-query attention %d:1".formatted(shape.nHeads()));
        } else {
            words.add("grouped-query attention %d:%d".formatted(shape.nHeads(), shape.nKvHeads()));
        }
        alternatives(shapes);
        spans("sliding window of %s tokens", shapes, AttentionShape::window);
        spans("chunks of %s tokens", shapes, AttentionShape::chunk);
        growths(shapes);
        scores(shape);
        weights.blocks().stream()
                .flatMap(one -> one.attention().stream())
                .findFirst()
                .ifPresent(first -> queriesAndKeys(first, shape));
    }

    private void scans() {
        boolean normed =
                weights.blocks().stream()
                        .anyMatch(one ->
                                one.mixer() instanceof Weights.SelectiveScan scan
                                        && scan.stepNorm() != null);
        if (normed) {
            words.add("RMSNorm of what makes steps, B and C");
        }
    }

    /// What blocks do that the first does not.
    private void alternatives(List<AttentionShape> shapes) {
        shapes.stream()
                .filter(other -> other.dHead() != shapes.getFirst().dHead())
                .mapToInt(AttentionShape::dHead)
                .distinct()
                .forEach(width ->
                        words.add("heads of %s elements in some blocks".formatted(number(width))));
        long sharing = shapes.stream().filter(one -> one.keysOf().isPresent()).count();
        if (sharing > 0) {
            words.add("keys and values of earlier blocks in " + blocks(sharing, config.nLayers()));
        }
        boolean keysAsValues =
                weights.blocks().stream()
                        .flatMap(one -> one.attention().stream())
                        .anyMatch(one -> one.projections() instanceof Weights.KeysAsValues);
        if (keysAsValues) {
            words.add("keys serve as values in some blocks");
        }
    }

    /// What limits how far back a token looks, width by width.
    private void spans(
            String phrase,
            List<AttentionShape> shapes,
            Function<AttentionShape, OptionalInt> span) {
        shapes.stream()
                .map(span)
                .flatMapToInt(OptionalInt::stream)
                .distinct()
                .forEach(width -> {
                    OptionalInt same = OptionalInt.of(width);
                    long count = shapes.stream().map(span).filter(same::equals).count();
                    words.add(
                            phrase.formatted(number(width))
                                    + " in "
                                    + blocks(count, config.nLayers()));
                });
    }

    private void growths(List<AttentionShape> shapes) {
        long count = shapes.stream().filter(shape -> shape.growth().isPresent()).count();
        shapes.stream()
                .flatMap(shape -> shape.growth().stream())
                .findFirst()
                .ifPresent(growth ->
                        words.add(
                                "scores that grow every %s positions%s"
                                        .formatted(
                                                number(growth.context()),
                                                count == config.nLayers()
                                                        ? ""
                                                        : " in "
                                                                + blocks(
                                                                        count, config.nLayers()))));
    }

    private void scores(AttentionShape shape) {
        double usual = 1 / Math.sqrt(shape.dHead());
        if (Math.abs(shape.scoreScale() - usual) > 1e-6 * usual) {
            words.add("scores × %s instead of 1/√d_head".formatted(number(shape.scoreScale())));
        }
        if (config.nLayers() > 1 && dividedByBlock()) {
            words.add("scores of block l divided by l");
        }
        shape.scoreSoftcap().ifPresent(cap -> words.add("scores soft-capped at " + number(cap)));
    }

    private boolean dividedByBlock() {
        double first = config.attentions().getFirst().scoreScale();
        return config.attentions().size() == config.nLayers()
                && IntStream.range(0, config.nLayers())
                        .allMatch(l -> config.attention(l).scoreScale() == first / (l + 1));
    }

    private void queriesAndKeys(Weights.Attention attention, AttentionShape shape) {
        shape.projectionClip()
                .ifPresent(
                        most -> words.add("queries, keys and values clipped at ±" + number(most)));
        NormWeights norm = attention.queryNorm();
        if (norm != null) {
            words.add(
                    "%s of queries and keys%s, %s"
                            .formatted(
                                    kind(norm),
                                    shape.normsAfterTurn() ? " after the turn" : "",
                                    scope(norm, shape)));
        }
        List<String> biased = new ArrayList<>();
        switch (attention.projections()) {
            case Weights.Separate separate -> {
                addIfBiased(biased, "queries", separate.query());
                addIfBiased(biased, "keys", separate.key());
                addIfBiased(biased, "values", separate.value());
            }
            case Weights.GatedQueries gated -> {
                addIfBiased(biased, "queries and gates", gated.queriesAndGates());
                addIfBiased(biased, "keys", gated.key());
                addIfBiased(biased, "values", gated.value());
            }
            case Weights.QueriesAlone alone -> addIfBiased(biased, "queries", alone.query());
            case Weights.KeysAsValues both -> {
                addIfBiased(biased, "queries", both.query());
                addIfBiased(biased, "keys", both.key());
            }
            case Weights.Interleaved interleaved ->
                    addIfBiased(biased, "queries, keys, values", interleaved.fused());
            case Weights.InParts parts ->
                    addIfBiased(biased, "queries, keys, values", parts.fused());
            case Weights.Latent latent -> {
                words.add(
                        "keys and values of all heads out of %s elements"
                                .formatted(number(latent.keyValueNorm().width())));
                addIfBiased(biased, "what these are made of", latent.keyValueDown());
            }
        }
        addIfBiased(biased, "attention output", attention.output());
        if (!biased.isEmpty()) {
            words.add("biases on " + String.join(", ", biased));
        }
        if (attention.sinks() != null) {
            words.add("a sink for each head");
        }
        if (attention.projections() instanceof Weights.GatedQueries) {
            words.add("what the heads mix gated");
        }
    }

    private static String scope(NormWeights norm, AttentionShape shape) {
        int dHead = shape.dHead();
        if (norm.width() != dHead || shape.nHeads() == 1) {
            return "all heads together";
        }
        return norm.weight().length == dHead ? "head by head" : "each head with its own weights";
    }

    private static void addIfBiased(List<String> to, String name, Projection projection) {
        if (projection.biased()) {
            to.add(name);
        }
    }

    private void mlp() {
        switch (block.mlp()) {
            case null -> {}
            case Weights.Mlp mlp -> mlp(mlp);
            case Weights.Experts experts -> experts(experts);
            case Weights.MlpAndExperts both -> {
                mlp(both.mlp());
                routed(both.experts());
                words.add("experts beside the MLP");
            }
        }
    }

    private void experts(Weights.Experts experts) {
        mlp(experts.experts().getFirst());
        routed(experts);
    }

    private void routed(Weights.Experts experts) {
        String all = number(experts.experts().size());
        words.add("%s of %s experts".formatted(number(experts.routing().chosen()), all));
        if (experts.shared() != null) {
            words.add("one expert for all");
        }
    }

    private void mlp(Weights.Mlp mlp) {
        words.add((mlp.gated() ? "gated MLP" : "MLP") + ", " + activation(mlp));
        boolean up = mlp.up().biased();
        boolean down = mlp.down().biased();
        if (up || down) {
            words.add(up && down ? "biases in the MLP" : "biases on MLP " + (up ? "up" : "down"));
        }
    }

    private String activation(Weights.Mlp mlp) {
        if (mlp.learned() != null) {
            return "xIELU with slopes of each block";
        }
        return mlp.gating() == Gating.CLAMPED
                ? "clamped x · sigmoid(1.702 x)"
                : name(config.activation());
    }

    private static String name(Activation activation) {
        return switch (activation) {
            case SILU -> "SiLU";
            case GELU_TANH -> "GELU (tanh)";
            case GELU_ERF -> "GELU";
            case RELU -> "ReLU";
            case RELU_SQUARED -> "ReLU²";
        };
    }

    private void embedding() {
        Weights.Embedding embedding = weights.embedding();
        float scale = config.embeddingScale();
        if (scale != 1) {
            // of √d_model, files hold what bfloat16 has left of it
            boolean root = Math.abs(scale / Math.sqrt(config.dModel()) - 1) < 0.005;
            words.add("embedding × " + (root ? "√d_model" : number(scale)));
        }
        Projection projection = embedding.projection();
        if (projection != null) {
            words.add(
                    "embedding projected from %s to d_model"
                            .formatted(number(projection.inputs())));
        }
        if (embedding.norm() != null) {
            words.add("norm on the embedding");
        }
        if (embedding.perLayer() != null) {
            words.add(
                    "an embedding of %s elements for each block"
                            .formatted(number(embedding.perLayer().width())));
        }
    }

    private void readout() {
        Weights.Readout readout = weights.readout();
        if (readout.lnFinal() == null) {
            words.add("no final norm");
        }
        Projection projection = readout.projection();
        if (projection != null) {
            words.add(
                    "readout projected from d_model to %s".formatted(number(projection.outputs())));
        }
        words.add(config.tiedUnembed() ? "tied unembedding" : "unembedding of its own");
        if (readout.bias() != null) {
            words.add("bias on the logits");
        }
        config.logitSoftcap().ifPresent(cap -> words.add("logits soft-capped at " + number(cap)));
    }

    /// `all 26 blocks`, or `13 of 26 blocks`.
    static String blocks(long some, int all) {
        return some == all
                ? all == 1 ? "the block" : "all %d blocks".formatted(all)
                : "%d of %d blocks".formatted(some, all);
    }

    /// Six digits, and no trailing zeros.
    static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return String.format(Locale.ROOT, "%,d", (long) value);
        }
        String text = String.format(Locale.ROOT, "%.6g", value);
        return text.contains(".") && !text.contains("e") ? text.replaceAll("0+$", "") : text;
    }
}
