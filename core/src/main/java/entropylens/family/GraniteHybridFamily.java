package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.kernels.Projection;
import entropylens.model.MixerShape;
import entropylens.model.Positions;
import entropylens.model.Positions.Pairing;
import entropylens.model.Routing;
import entropylens.model.Weights;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// Granite 4: Granite with state spaces in most blocks, an MLP for all rows, and routed experts
/// beside it in some models.
record GraniteHybridFamily() implements Family {
    private static final String ROUTER = "block_sparse_moe.router.layer.weight";

    @Override
    public String name() {
        return "granitemoehybrid";
    }

    @Override
    public List<String> architectures() {
        return List.of("GraniteMoeHybridForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Granite 4.0 (350M to H-Small)";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name());
        positions(json, draft);
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        draft.embeddingScale = json.doubleOr("embedding_multiplier", 1);
        draft.scoreScale = OptionalDouble.of(json.doubleOr("attention_multiplier", 1));
        draft.residualScale = json.doubleOr("residual_multiplier", 1);
        ExpertLayout experts = experts(json, draft.dMlp);
        int shared = json.intOr("shared_intermediate_size", 1024);
        draft.dMlp = experts == null ? shared : Math.max(shared, draft.dMlp);
        MixerShape.StateSpace shape = AttentionAmongStateSpaces.shape(json, draft.dModel);
        draft.mixers = AttentionAmongStateSpaces.mixers(draft, shape, attends(json, draft.nLayers));
        NormReader norm = NormReader.rms(json.doubleOr("rms_norm_eps", 1e-6));
        LlamaLayout layout = new LlamaLayout(draft.build(), norm);
        layout.otherMixer = AttentionAmongStateSpaces.reader(json, shape, draft.dModel, norm);
        layout.mark = "input_layernorm.weight";
        layout.projectionBias = json.boolOr("attention_bias", false);
        layout.outputBias = layout.projectionBias;
        layout.logitScaling = json.doubleOr("logits_scaling", 1);
        int dModel = draft.dModel;
        layout.otherFeedForward =
                (tensors, block) -> {
                    if (experts == null && tensors.has(block + ROUTER)) {
                        throw new CheckpointException(
                                "%s: num_local_experts is 0, but the weights have '%s%s'; correct the file or download it again"
                                        .formatted(json.file(), block, ROUTER));
                    }
                    return feedForward(tensors, block, dModel, shared, experts);
                };
        CommonKeys.withoutEffect(json);
        ExpertLayout.withoutEffect(json);
        return layout.blueprint();
    }

    /// Only `position_embedding_type` "rope" turns heads.
    private static void positions(ConfigJson json, ConfigDraft draft) {
        if (json.stringOr("position_embedding_type", "nope").equals("rope")) {
            draft.rotary(RopeKeys.read(json, draft.dHead, RopeKeys.THETA), Pairing.HALVES);
        } else {
            draft.positions = new Positions.None();
            json.withoutEffect("rope_parameters", "rope_scaling", "rope_theta");
        }
    }

    private static List<Boolean> attends(ConfigJson json, int nLayers) {
        String key = json.has("layer_types") ? "layer_types" : "layers_block_type";
        return json.has(key)
                ? AttentionAmongStateSpaces.attends(json, key, nLayers)
                : Collections.nCopies(nLayers, false);
    }

    /// Null where there are none.
    private static @Nullable ExpertLayout experts(ConfigJson json, int width) {
        if (json.anyIntOr("num_local_experts", 8) == 0) {
            json.withoutEffect("num_experts_per_tok");
            return null;
        }
        ExpertLayout.count(json); // refused by its own name
        Routing routing = new Routing.OfChosen(json.requireInt("num_experts_per_tok"));
        ExpertLayout experts = MixtralFamily.layout(json, routing, width);
        experts.router = "router.layer";
        experts.storage = ExpertLayout.Storage.STACKED;
        return experts;
    }

    private static Weights.FeedForward feedForward(
            TensorReader tensors,
            String block,
            int dModel,
            int width,
            @Nullable ExpertLayout experts) {
        String prefix = block + "shared_mlp.";
        Weights.Mlp shared = shared(tensors, prefix, dModel, width);
        if (experts == null) {
            return shared;
        }
        Weights.Experts routed = experts.read(tensors, block, dModel);
        return new Weights.Experts(
                routed.router(),
                routed.routing(),
                routed.experts(),
                new Weights.SharedExpert(shared, null),
                null);
    }

    private static Weights.Mlp shared(TensorReader tensors, String prefix, int dModel, int width) {
        Projection down = tensors.projection(prefix + "output_linear", dModel, width, false);
        if (tensors.has(prefix + "gate_proj.weight")) { // as in GGUF
            return new Weights.Mlp(
                    tensors.projection(prefix + "gate_proj", width, dModel, false),
                    tensors.projection(prefix + "up_proj", width, dModel, false),
                    down,
                    null);
        }
        Projection both =
                tensors.projection(
                        prefix + "input_linear", Math.multiplyExact(2, width), dModel, false);
        return new Weights.Mlp(both.outputs(0, width), both.outputs(width, 2 * width), down, null);
    }
}
