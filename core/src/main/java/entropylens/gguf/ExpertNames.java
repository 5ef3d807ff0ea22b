package entropylens.gguf;

import java.util.HashMap;
import java.util.Map;

/// The names of tensors where experts are routed to.
final class ExpertNames {
    private ExpertNames() {}

    /// Routed experts, and one that sees every row.
    static final GgufNames QWEN =
            GgufNames.LLAMA.and(
                    Map.of(
                            "ffn_gate_inp", "mlp.gate",
                            "ffn_gate_exps", "mlp.experts.*.gate_proj",
                            "ffn_up_exps", "mlp.experts.*.up_proj",
                            "ffn_gate_up_exps", "mlp.experts.*.gate_up_proj",
                            "ffn_down_exps", "mlp.experts.*.down_proj",
                            "ffn_gate_inp_shexp", "mlp.shared_expert_gate",
                            "ffn_gate_shexp", "mlp.shared_expert.gate_proj",
                            "ffn_up_shexp", "mlp.shared_expert.up_proj",
                            "ffn_down_shexp", "mlp.shared_expert.down_proj"));

    static final GgufNames LLAMA4 = within("feed_forward.");

    /// The same names where MLPs are called something else.
    private static GgufNames within(String room) {
        var names = new HashMap<String, String>();
        QWEN.inBlock()
                .forEach((name, there) -> names.put(name, there.replaceFirst("^mlp\\.", room)));
        names.put("ffn_gate_inp", room + "router");
        return QWEN.and(names);
    }

    static final GgufNames MIXTRAL =
            GgufNames.LLAMA.and(
                    Map.of(
                            "ffn_gate_inp", "block_sparse_moe.gate",
                            "ffn_gate_exps", "block_sparse_moe.experts.*.w1",
                            "ffn_up_exps", "block_sparse_moe.experts.*.w3",
                            "ffn_down_exps", "block_sparse_moe.experts.*.w2"));

    static final GgufNames GRANITE =
            MIXTRAL.and(Map.of("ffn_gate_inp", "block_sparse_moe.router.layer"));

    static final GgufNames GPT_OSS =
            QWEN.and(
                    Map.of(
                            "post_attention_norm", "post_attention_layernorm",
                            "attn_sinks.weight", "self_attn.sinks",
                            "ffn_gate_inp", "mlp.router"));

    /// Beside the routed ones shared experts, which are one MLP; a correction for the choice.
    static final GgufNames SCORED =
            QWEN.and(
                    Map.of(
                            "exp_probs_b.bias", "mlp.gate.e_score_correction_bias",
                            "ffn_gate_shexp", "mlp.shared_experts.gate_proj",
                            "ffn_up_shexp", "mlp.shared_experts.up_proj",
                            "ffn_down_shexp", "mlp.shared_experts.down_proj"));

    static final GgufNames HUNYUAN =
            QWEN.and(GgufNames.HUNYUAN.inBlock())
                    .and(
                            Map.of(
                                    "ffn_gate_inp", "mlp.gate.wg",
                                    "ffn_gate_shexp", "mlp.shared_mlp.gate_proj",
                                    "ffn_up_shexp", "mlp.shared_mlp.up_proj",
                                    "ffn_down_shexp", "mlp.shared_mlp.down_proj"));

    static final GgufNames ERNIE =
            SCORED.and(Map.of("exp_probs_b.bias", "mlp.moe_statics.e_score_correction_bias"));

    static final GgufNames MINIMAX =
            MIXTRAL.and(Map.of("exp_probs_b.bias", "block_sparse_moe.e_score_correction_bias"));

    /// Routed experts beside an MLP, or none at all; an embedding for each block.
    static final GgufNames GEMMA4 =
            GgufNames.GEMMA2
                    .and(
                            Map.of(
                                    "layer_output_scale.weight", "layer_scalar",
                                    "inp_gate", "per_layer_input_gate",
                                    "proj", "per_layer_projection",
                                    "post_norm", "post_per_layer_input_norm"))
                    .and(
                            Map.of(
                                    "ffn_gate_inp", "router.proj",
                                    "ffn_gate_inp.scale", "router.scale",
                                    "ffn_gate_exps", "experts.*.gate_proj",
                                    "ffn_up_exps", "experts.*.up_proj",
                                    "ffn_gate_up_exps", "experts.*.gate_up_proj",
                                    "ffn_down_exps", "experts.*.down_proj",
                                    "ffn_down_exps.scale", "router.per_expert_scale",
                                    "pre_ffw_norm_2", "pre_feedforward_layernorm_2",
                                    "post_ffw_norm_1", "post_feedforward_layernorm_1",
                                    "post_ffw_norm_2", "post_feedforward_layernorm_2"))
                    .andOutside(
                            Map.of(
                                    "per_layer_token_embd", "model.embed_tokens_per_layer",
                                    "per_layer_model_proj", "model.per_layer_model_projection",
                                    "per_layer_proj_norm", "model.per_layer_projection_norm"));

    /// Delta nets in some blocks.
    static final GgufNames QWEN3NEXT =
            QWEN.and(
                    Map.of(
                            "post_attention_norm", "post_attention_layernorm",
                            "ssm_in", "linear_attn.in_proj_qkvz",
                            "ssm_ba", "linear_attn.in_proj_ba",
                            "ssm_conv1d", "linear_attn.conv1d",
                            "ssm_a.", "linear_attn.A_log",
                            "ssm_dt.bias", "linear_attn.dt_bias",
                            "ssm_norm", "linear_attn.norm",
                            "ssm_out", "linear_attn.out_proj"));

    /// The same, with a projection for each kind of input.
    static final GgufNames QWEN35 =
            QWEN3NEXT.and(
                    Map.of(
                            "attn_qkv", "linear_attn.in_proj_qkv",
                            "attn_gate", "linear_attn.in_proj_z",
                            "ssm_beta", "linear_attn.in_proj_b",
                            "ssm_alpha", "linear_attn.in_proj_a"));

    static final GgufNames GLM4MOE =
            SCORED.and(Map.of("post_attention_norm", "post_attention_layernorm"));

    /// With latent attention.
    static final GgufNames DEEPSEEK2 =
            SCORED.and(
                    Map.of(
                            "attn_q_a", "self_attn.q_a_proj",
                            "attn_q_a_norm", "self_attn.q_a_layernorm",
                            "attn_q_b", "self_attn.q_b_proj",
                            "attn_kv_a_mqa", "self_attn.kv_a_proj_with_mqa",
                            "attn_kv_a_norm", "self_attn.kv_a_layernorm",
                            "attn_kv_b", "self_attn.kv_b_proj"));
}
