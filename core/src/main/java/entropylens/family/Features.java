package entropylens.family;

import entropylens.kernels.Projection;
import entropylens.model.DecoderConfig;
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
import java.util.Set;
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
        features.words.addAll(AttentionWords.of(model));
        features.words.addAll(MixerWords.of(model.config()));
        features.scans();
        features.words.addAll(MlpWords.of(model));
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

    static String kind(NormWeights norm) {
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
