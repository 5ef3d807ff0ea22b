package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.kernels.Linear;
import entropylens.kernels.Matrix;
import entropylens.kernels.Projection;
import entropylens.model.Gating;
import entropylens.model.NormWeights;
import entropylens.model.Routing;
import entropylens.model.Weights;
import entropylens.model.Weights.Mlp;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where a family keeps routed experts, and how its router chooses. What a family does differently
/// is said by setting a field.
final class ExpertLayout {
    private static final String WEIGHT = ".weight";
    private static final String MLP = "mlp.";

    /// All experts in one tensor `[experts, outputs, inputs]`, gate above up, as transformers has
    /// them since its version 5.
    private static final String STACKED_IN = "experts.gate_up_proj";

    private static final String STACKED_OUT = "experts.down_proj";

    private final int count;
    private final int width;

    /// How the router chooses, given what it has learned beside its matrix.
    private final RoutingReader routing;

    /// The blocks that have experts.
    IntPredicate blocks = layer -> true;

    /// What the configuration says of these blocks, with its file, for messages; empty where it
    /// says it in another way than by numbers.
    String blocksSaid = "";

    /// What it says of experts that see every row.
    String sharedSaid = "";

    /// What the names begin with, after the block's.
    String room = "mlp.";

    String router = "gate";

    /// How the projections of one expert are called.
    String gate = "gate_proj";

    String up = "up_proj";
    String down = "down_proj";

    boolean routerBias;

    Storage storage = Storage.EACH;

    /// The names of these tensors.
    String stackedIn = "input_linear.weight";

    String stackedOut = "output_linear.weight";

    /// Width of an expert that sees every row; 0 for none.
    int sharedWidth;

    String shared = "shared_expert";

    /// Whether what it adds is gated.
    boolean sharedGate = true;

    boolean sharedBias;

    /// @see #routing
    @FunctionalInterface
    interface RoutingReader {
        /// @param router name of the module
        Routing read(TensorReader tensors, String router);
    }

    enum Storage {
        /// Tensors for each expert.
        EACH,
        /// All experts in one tensor `[experts, outputs, inputs]`, gate above up (Granite).
        STACKED,
        /// All experts in one tensor `[experts, inputs, outputs]`, gate before up (Llama 4).
        INPUTS_FIRST,
        /// All experts in one tensor `[experts, inputs, outputs]`, with biases; gate and up take
        /// turns among the outputs (gpt-oss).
        PAIRS
    }

    /// @param width of each expert
    ExpertLayout(ConfigJson json, Routing routing, int width) {
        this(count(json), (tensors, router) -> routing, width);
        requireChosen(json, "num_experts_per_tok", routing.chosen(), count);
    }

    /// @param count of experts
    /// @param width of each
    ExpertLayout(int count, RoutingReader routing, int width) {
        this.count = count;
        this.routing = routing;
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
        layout.blocksSaid =
                "%s: decoder_sparse_step is %d and mlp_only_layers is %s"
                        .formatted(json.file(), step, dense);
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
    static void requireChosen(ConfigJson json, String key, int chosen, int count) {
        if (chosen < 1 || chosen > count) {
            throw new CheckpointException(
                    "%s: %s is %d, but must be 1 to the number of experts, %d; correct the file or download it again"
                            .formatted(json.file(), key, chosen, count));
        }
    }

    /// Whether a block has experts.
    ///
    /// @throws CheckpointException when the configuration says so and the file does not, or the
    ///   other way round
    boolean in(int layer, TensorReader tensors, String block) {
        boolean said = blocks.test(layer);
        boolean found = routers(block).anyMatch(name -> tensors.has(name + WEIGHT));
        boolean mlp = tensors.has(block + room + up + WEIGHT);
        if (!blocksSaid.isEmpty() && said != found && (found || mlp)) {
            throw otherwise(blocksSaid, (found ? "experts" : "no experts") + " in block " + layer);
        }
        return said;
    }

    int width() {
        return Math.max(width, sharedWidth);
    }

    Weights.Experts read(TensorReader tensors, String block, int dModel) {
        return read(tensors, block, dModel, null);
    }

    /// @param postNorm of what all of them together add to the stream
    Weights.Experts read(
            TensorReader tensors, String block, int dModel, @Nullable NormWeights postNorm) {
        String scores =
                routers(block)
                        .filter(name -> tensors.has(name + WEIGHT))
                        .findFirst()
                        .orElse(block + room + router);
        boolean moved = scores.startsWith(block + MLP);
        String prefix = block + (moved ? MLP : room);
        return new Weights.Experts(
                tensors.projection(scores, count, dModel, routerBias),
                routing.read(tensors, scores),
                storage == Storage.PAIRS
                        ? ofPairs(tensors, prefix, dModel)
                        : experts(tensors, prefix, dModel),
                shared(tensors, prefix, dModel),
                postNorm);
    }

    /// The names that the router may have: that of published files, and those under which
    /// transformers has it since its version 5, where experts are one tensor.
    private Stream<String> routers(String block) {
        return Stream.of(room + router, MLP + router, MLP + "router", room + "router")
                .map(block::concat);
    }

    private List<Mlp> experts(TensorReader tensors, String prefix, int dModel) {
        if (tensors.has(prefix + STACKED_IN) && storage == Storage.INPUTS_FIRST) {
            return inputsFirst(tensors, prefix + STACKED_IN, prefix + STACKED_OUT, dModel);
        }
        if (tensors.has(prefix + STACKED_IN)) {
            return stacked(tensors, prefix + STACKED_IN, prefix + STACKED_OUT, dModel);
        }
        return storage == Storage.STACKED && tensors.has(prefix + stackedIn)
                ? stacked(tensors, prefix + stackedIn, prefix + stackedOut, dModel)
                // in GGUF each has its own tensor
                : each(tensors, prefix, dModel);
    }

    private List<Mlp> ofPairs(TensorReader tensors, String prefix, int dModel) {
        // in GGUF each has its own tensors
        return tensors.has(prefix + "experts.0." + gate + WEIGHT)
                ? clamped(tensors, prefix, dModel)
                : pairs(tensors, prefix + "experts.", dModel);
    }

    private List<Mlp> each(TensorReader tensors, String prefix, int dModel) {
        return IntStream.range(0, count)
                .mapToObj(expert ->
                        mlp(tensors, prefix + "experts." + expert + ".", width, dModel, false))
                .toList();
    }

    private List<Mlp> clamped(TensorReader tensors, String prefix, int dModel) {
        return IntStream.range(0, count)
                .mapToObj(expert ->
                        mlp(tensors, prefix + "experts." + expert + ".", width, dModel, true))
                .map(mlp -> new Mlp(mlp.gate(), mlp.up(), mlp.down(), null, Gating.CLAMPED, null))
                .toList();
    }

    private Mlp mlp(TensorReader tensors, String prefix, int outputs, int dModel, boolean biased) {
        return new Mlp(
                tensors.projection(prefix + gate, outputs, dModel, biased),
                tensors.projection(prefix + up, outputs, dModel, biased),
                tensors.projection(prefix + down, dModel, outputs, biased),
                null);
    }

    private List<Mlp> stacked(TensorReader tensors, String ups, String downs, int dModel) {
        Matrix in = tensors.stacked(ups, count, 2 * width, dModel);
        Matrix out = tensors.stacked(downs, count, dModel, width);
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

    private List<Mlp> inputsFirst(TensorReader tensors, String ups, String downs, int dModel) {
        List<Matrix> in = tensors.stackedInputsFirst(ups, count, 2 * width, dModel);
        List<Matrix> out = tensors.stackedInputsFirst(downs, count, dModel, width);
        return IntStream.range(0, count)
                .mapToObj(expert ->
                        new Mlp(
                                plain(in.get(expert), 0, width),
                                plain(in.get(expert), width, 2 * width),
                                plain(out.get(expert), 0, dModel),
                                null))
                .toList();
    }

    private List<Mlp> pairs(TensorReader tensors, String prefix, int dModel) {
        String in = prefix + "gate_up_proj";
        String out = prefix + "down_proj";
        List<Matrix> ups = tensors.stackedInputsFirst(in, count, 2 * width, dModel);
        List<Matrix> downs = tensors.stackedInputsFirst(out, count, dModel, width);
        float[][] upBiases = tensors.biases(in + "_bias", count, 2 * width);
        float[][] downBiases = tensors.biases(out + "_bias", count, dModel);
        return IntStream.range(0, count)
                .mapToObj(expert ->
                        new Mlp(
                                null,
                                new Linear(ups.get(expert), upBiases[expert]),
                                new Linear(downs.get(expert), downBiases[expert]),
                                null,
                                Gating.CLAMPED,
                                null))
                .toList();
    }

    private static Projection plain(Matrix stack, int from, int to) {
        return new Linear(stack.outputs(from, to), null);
    }

    private static CheckpointException otherwise(String said, String found) {
        return new CheckpointException(
                "%s, but the weights have %s; correct the file or download it again"
                        .formatted(said, found));
    }

    private Weights.@Nullable SharedExpert shared(TensorReader tensors, String prefix, int dModel) {
        if (sharedWidth == 0 && tensors.has(prefix + shared + "." + up + WEIGHT)) {
            throw otherwise(sharedSaid, "'" + prefix + shared + "." + up + WEIGHT + "'");
        }
        return sharedWidth == 0
                ? null
                : new Weights.SharedExpert(
                        mlp(tensors, prefix + shared + ".", sharedWidth, dModel, sharedBias),
                        sharedGate
                                ? tensors.projection(prefix + shared + "_gate", 1, dModel, false)
                                : null);
    }
}
