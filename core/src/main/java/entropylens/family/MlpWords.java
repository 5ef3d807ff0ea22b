package entropylens.family;

import entropylens.kernels.Activation;
import entropylens.model.DecoderConfig;
import entropylens.model.Gating;
import entropylens.model.Model;
import entropylens.model.Weights;
import java.util.ArrayList;
import java.util.List;

/// What the MLP of a model's first block is, or its experts, in words.
final class MlpWords {
    private final DecoderConfig config;
    private final List<String> words = new ArrayList<>();

    private MlpWords(DecoderConfig config) {
        this.config = config;
    }

    static List<String> of(Model model) {
        MlpWords words = new MlpWords(model.config());
        words.mlp(model.weights().blocks().getFirst());
        return words.words;
    }

    private void mlp(Weights.Block block) {
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
        String all = Features.number(experts.experts().size());
        words.add("%s of %s experts".formatted(Features.number(experts.routing().chosen()), all));
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
}
