package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.model.MixerShape;
import entropylens.model.Positions;
import entropylens.model.Routing;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Jamba: selective scans in most blocks, attention without positions in the others; experts in
/// every other block.
record JambaFamily() implements Family {
    @Override
    public String name() {
        return "jamba";
    }

    @Override
    public List<String> architectures() {
        return List.of("JambaForCausalLM");
    }

    @Override
    public String knownFor() {
        return "Jamba 1.5, 1.6 and 1.7, Jamba Reasoning 3B";
    }

    @Override
    public Blueprint read(ConfigJson json) {
        ConfigDraft draft = ConfigDraft.llama(json, name(), Map.of("num_key_value_heads", 8));
        draft.positions = new Positions.None();
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        MixerShape.SelectiveScan shape = shape(json, draft.dModel);
        IntPredicate attending = every(json, "attn_layer", 8, 4);
        draft.mixers =
                IntStream.range(0, draft.nLayers)
                        .<MixerShape>mapToObj(
                                layer -> attending.test(layer) ? draft.attention(layer) : shape)
                        .toList();
        NormReader norm = NormReader.rms(json.doubleOr("rms_norm_eps", 1e-6));
        SelectiveScanLayout scan = new SelectiveScanLayout(shape, draft.dModel);
        scan.projectionBias = json.boolOr("mamba_proj_bias", false);
        scan.convolutionBias = json.boolOr("mamba_conv_bias", true);
        scan.norm = norm;
        CommonKeys.withoutEffect(json);
        // how the Python library computes; and a window that no code reads
        json.withoutEffect(
                "num_logits_to_keep",
                "sliding_window",
                "use_associative_scan",
                "use_mamba_kernels",
                "use_mambapy");
        json.asUsual("mamba_inner_layernorms", true);
        LlamaLayout layout = new LlamaLayout(draft.build(), norm);
        layout.mixersSaid =
                "%s: attn_layer_period is %d and attn_layer_offset is %d"
                        .formatted(
                                json.file(),
                                json.intOr("attn_layer_period", 8),
                                json.intOr("attn_layer_offset", 4));
        layout.otherMark = "mamba.A_log";
        layout.otherMixer = (tensors, block, layer) -> scan.read(tensors, block + "mamba.");
        layout.mark = "input_layernorm.weight";
        layout.ln2 = "pre_ff_layernorm";
        layout.lnFinal = "final_layernorm";
        layout.mlpRoom = "feed_forward.";
        layout.experts = experts(json, draft.dMlp);
        return layout.blueprint();
    }

    private static MixerShape.SelectiveScan shape(ConfigJson json, int dModel) {
        return new MixerShape.SelectiveScan(
                Math.multiplyExact(json.intOr("mamba_expand", 2), dModel),
                json.intOr("mamba_d_state", 16),
                MambaFamilies.rank(json, "mamba_dt_rank", dModel),
                json.intOr("mamba_d_conv", 4));
    }

    /// One block of each `period`, the one at `offset`.
    private static IntPredicate every(ConfigJson json, String what, int period, int offset) {
        int every = json.intOr(what + "_period", period);
        int at = json.intOr(what + "_offset", offset);
        if (at >= every) {
            throw new CheckpointException(
                    "%s: %s_offset is %,d, but must be less than %s_period, which is %,d; correct the file or download it again"
                            .formatted(json.file(), what, at, what, every));
        }
        return layer -> layer % every == at;
    }

    /// Where there is only one expert, it is an MLP.
    private static @Nullable ExpertLayout experts(ConfigJson json, int width) {
        IntPredicate routed = every(json, "expert_layer", 2, 1);
        ExpertLayout.withoutEffect(json);
        int chosen = json.intOr("num_experts_per_tok", 2);
        boolean named = json.has("num_local_experts") || json.has("num_experts");
        int count = named ? ExpertLayout.count(json) : 16;
        if (count == 1) {
            return null;
        }
        ExpertLayout.requireChosen(json, "num_experts_per_tok", chosen, count);
        Routing routing = new Routing.OfAll(chosen, false);
        ExpertLayout experts = new ExpertLayout(count, (tensors, router) -> routing, width);
        experts.room = "feed_forward.";
        experts.router = "router";
        experts.blocks = routed;
        experts.blocksSaid =
                "%s: expert_layer_period is %d and expert_layer_offset is %d"
                        .formatted(
                                json.file(),
                                json.intOr("expert_layer_period", 2),
                                json.intOr("expert_layer_offset", 1));
        return experts;
    }
}
