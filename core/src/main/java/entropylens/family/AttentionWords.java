package entropylens.family;

import entropylens.kernels.Projection;
import entropylens.model.AttentionShape;
import entropylens.model.DecoderConfig;
import entropylens.model.Model;
import entropylens.model.NormWeights;
import entropylens.model.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.IntStream;

/// What the attention of a model is, in words.
final class AttentionWords {
    private final DecoderConfig config;
    private final Weights weights;
    private final List<String> words = new ArrayList<>();

    private AttentionWords(Model model) {
        config = model.config();
        weights = model.weights();
    }

    static List<String> of(Model model) {
        AttentionWords attention = new AttentionWords(model);
        attention.attention();
        return attention.words;
    }

    private void attention() {
        List<AttentionShape> shapes = config.attentions();
        if (shapes.isEmpty()) {
            return;
        }
        AttentionShape shape = shapes.getFirst();
        if (shapes.size() < config.nLayers()) {
            words.add("attention in " + Features.blocks(shapes.size(), config.nLayers()));
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

    /// What blocks do that the first does not.
    private void alternatives(List<AttentionShape> shapes) {
        shapes.stream()
                .filter(other -> other.dHead() != shapes.getFirst().dHead())
                .mapToInt(AttentionShape::dHead)
                .distinct()
                .forEach(width ->
                        words.add(
                                "heads of %s elements in some blocks"
                                        .formatted(Features.number(width))));
        long sharing = shapes.stream().filter(one -> one.keysOf().isPresent()).count();
        if (sharing > 0) {
            words.add(
                    "keys and values of earlier blocks in "
                            + Features.blocks(sharing, config.nLayers()));
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
                            phrase.formatted(Features.number(width))
                                    + " in "
                                    + Features.blocks(count, config.nLayers()));
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
                                                Features.number(growth.context()),
                                                count == config.nLayers()
                                                        ? ""
                                                        : " in "
                                                                + Features.blocks(
                                                                        count, config.nLayers()))));
    }

    private void scores(AttentionShape shape) {
        double usual = 1 / Math.sqrt(shape.dHead());
        if (Math.abs(shape.scoreScale() - usual) > 1e-6 * usual) {
            words.add(
                    "scores × %s instead of 1/√d_head"
                            .formatted(Features.number(shape.scoreScale())));
        }
        if (config.nLayers() > 1 && dividedByBlock()) {
            words.add("scores of block l divided by l");
        }
        shape.scoreSoftcap()
                .ifPresent(cap -> words.add("scores soft-capped at " + Features.number(cap)));
    }

    private boolean dividedByBlock() {
        double first = config.attentions().getFirst().scoreScale();
        return config.attentions().size() == config.nLayers()
                && IntStream.range(0, config.nLayers())
                        .allMatch(l -> config.attention(l).scoreScale() == first / (l + 1));
    }

    private void queriesAndKeys(Weights.Attention attention, AttentionShape shape) {
        shape.projectionClip()
                .ifPresent(most ->
                        words.add("queries, keys and values clipped at ±" + Features.number(most)));
        NormWeights norm = attention.queryNorm();
        if (norm != null) {
            words.add(
                    "%s of queries and keys%s, %s"
                            .formatted(
                                    Features.kind(norm),
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
                                .formatted(Features.number(latent.keyValueNorm().width())));
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
}
