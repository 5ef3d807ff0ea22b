package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.kernels.Linear;
import entropylens.kernels.Matrix;
import entropylens.kernels.Projection;
import entropylens.model.Routing;
import entropylens.model.Weights;
import entropylens.model.Weights.Mlp;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Where a family keeps routed experts, and how its router chooses. What a family does differently
/// is said by setting a field.
final class ExpertLayout {
    private static final String STACKED_INPUT = "input_linear.weight";

    private final Routing routing;
    private final int count;
    private final int width;

    /// The blocks that have experts.
    IntPredicate blocks = layer -> true;

    /// What the names begin with, after the block's.
    String room = "mlp.";

    String router = "gate";

    /// How the projections of one expert are called.
    String gate = "gate_proj";

    String up = "up_proj";
    String down = "down_proj";

    /// Whether all experts are one tensor `[experts, outputs, inputs]`, gate above up (Granite); in
    /// GGUF each has its own.
    boolean stacked;

    /// Width of an expert that sees every row; 0 for none.
    int sharedWidth;

    /// @param width of each expert
    ExpertLayout(ConfigJson json, Routing routing, int width) {
        this.routing = routing;
        this.count = count(json);
        requireChosen(json, routing, count);
        this.width = width;
    }

    /// The keys that Qwen gave them.
    static ExpertLayout qwen(ConfigJson json, int nLayers) {
        Routing routing =
                new Routing.OfAll(
                        json.requireInt("num_experts_per_tok"),
                        json.boolOr("norm_topk_prob", false));
        ExpertLayout layout =
                new ExpertLayout(json, routing, json.requireInt("moe_intermediate_size"));
        int step = json.intOr("decoder_sparse_step", 1);
        if (step < 1) {
            throw new CheckpointException(
                    "%s: decoder_sparse_step is %d, but must be at least 1; correct the file or download it again"
                            .formatted(json.file(), step));
        }
        List<Integer> dense = IntStream.of(json.ints("mlp_only_layers")).boxed().toList();
        layout.blocks = layer -> !dense.contains(layer) && (layer + 1) % step == 0;
        withoutEffect(json);
        return layout;
    }

    /// Keys of training.
    static void withoutEffect(ConfigJson json) {
        json.withoutEffect("output_router_logits", "router_aux_loss_coef", "router_z_loss_coef");
    }

    /// How many experts there are; transformers has called it by two names, in every family.
    static int count(ConfigJson json) {
        return json.has("num_local_experts")
                ? json.requireInt("num_local_experts")
                : json.requireInt("num_experts");
    }

    /// @throws CheckpointException when more experts are chosen than there are
    private static void requireChosen(ConfigJson json, Routing routing, int count) {
        if (routing.chosen() < 1 || routing.chosen() > count) {
            throw new CheckpointException(
                    "%s: num_experts_per_tok is %d, but must be 1 to the number of experts, %d; correct the file or download it again"
                            .formatted(json.file(), routing.chosen(), count));
        }
    }

    boolean in(int layer) {
        return blocks.test(layer);
    }

    int width() {
        return Math.max(width, sharedWidth);
    }

    Weights.Experts read(TensorReader tensors, String block, int dModel) {
        String prefix = block + room;
        return new Weights.Experts(
                tensors.projection(prefix + router, count, dModel, false),
                routing,
                stacked && tensors.has(prefix + STACKED_INPUT)
                        ? stacked(tensors, prefix, dModel)
                        : each(tensors, prefix, dModel),
                shared(tensors, prefix, dModel),
                null);
    }

    private List<Mlp> each(TensorReader tensors, String prefix, int dModel) {
        return IntStream.range(0, count)
                .mapToObj(expert -> mlp(tensors, prefix + "experts." + expert + ".", width, dModel))
                .toList();
    }

    private Mlp mlp(TensorReader tensors, String prefix, int outputs, int dModel) {
        return new Mlp(
                tensors.projection(prefix + gate, outputs, dModel, false),
                tensors.projection(prefix + up, outputs, dModel, false),
                tensors.projection(prefix + down, dModel, outputs, false),
                null);
    }

    private List<Mlp> stacked(TensorReader tensors, String prefix, int dModel) {
        Matrix in = tensors.stacked(prefix + STACKED_INPUT, count, 2 * width, dModel);
        Matrix out = tensors.stacked(prefix + "output_linear.weight", count, dModel, width);
        return IntStream.range(0, count)
                .mapToObj(expert -> {
                    int from = expert * 2 * width;
                    return new Mlp(
                            plain(in, from, from + width),
                            plain(in, from + width, from + 2 * width),
                            plain(out, expert * dModel, (expert + 1) * dModel),
                            null);
                })
                .toList();
    }

    private static Projection plain(Matrix stack, int from, int to) {
        return new Linear(stack.outputs(from, to), null);
    }

    private Weights.@Nullable SharedExpert shared(TensorReader tensors, String prefix, int dModel) {
        return sharedWidth == 0
                ? null
                : new Weights.SharedExpert(
                        mlp(tensors, prefix + "shared_expert.", sharedWidth, dModel),
                        tensors.projection(prefix + "shared_expert_gate", 1, dModel, false));
    }
}
