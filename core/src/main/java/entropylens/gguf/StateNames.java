package entropylens.gguf;

import java.util.HashMap;
import java.util.Map;

/// The names of tensors where blocks keep a state that is no keys and values.
final class StateNames {
    private static final Map<String, String> SCAN =
            Map.of(
                    "ssm_in", "in_proj",
                    "ssm_conv1d", "conv1d",
                    "ssm_x", "x_proj",
                    "ssm_dt", "dt_proj",
                    "ssm_a.", "A_log",
                    "ssm_d.", "D",
                    "ssm_out", "out_proj");

    /// Selective scans, one a block.
    static final GgufNames MAMBA =
            new GgufNames(
                    "backbone.layers.%s.",
                    within("mixer.", SCAN),
                    Map.of(
                            "token_embd", "backbone.embeddings",
                            "output_norm", "backbone.norm_f",
                            "output", "lm_head"));

    private static final Map<String, String> SPACE =
            Map.of(
                    "ssm_in", "in_proj",
                    "ssm_conv1d", "conv1d",
                    "ssm_dt.bias", "dt_bias",
                    "ssm_a.", "A_log",
                    "ssm_d.", "D",
                    "ssm_norm", "norm",
                    "ssm_out", "out_proj");

    /// State spaces, one a block.
    static final GgufNames MAMBA2 =
            new GgufNames(MAMBA.blocks(), within("mixer.", SPACE), MAMBA.outside());

    private static final GgufNames AMONG_SPACES =
            GgufNames.LLAMA
                    .and(within("mamba.", SPACE))
                    .and(Map.of("attn_norm", "input_layernorm"));

    /// State spaces or attention, an MLP, and experts beside it in some models. What is one matrix
    /// in Hugging Face, gate above up, is two.
    static final GgufNames GRANITE =
            AMONG_SPACES
                    .and(
                            Map.of(
                                    "ffn_gate", "shared_mlp.gate_proj",
                                    "ffn_up", "shared_mlp.up_proj",
                                    "ffn_down", "shared_mlp.output_linear",
                                    "ffn_gate_shexp", "shared_mlp.gate_proj",
                                    "ffn_up_shexp", "shared_mlp.up_proj",
                                    "ffn_down_shexp", "shared_mlp.output_linear"))
                    .and(
                            Map.of(
                                    "ffn_gate_inp", "block_sparse_moe.router.layer",
                                    "ffn_gate_exps", "block_sparse_moe.experts.*.w1",
                                    "ffn_up_exps", "block_sparse_moe.experts.*.w3",
                                    "ffn_down_exps", "block_sparse_moe.experts.*.w2"));

    private static final Map<String, String> FEED_FORWARD =
            Map.of(
                    "ffn_gate", "feed_forward.gate_proj",
                    "ffn_up", "feed_forward.up_proj",
                    "ffn_down", "feed_forward.down_proj");

    /// Attention and a state space side by side.
    static final GgufNames FALCON_H1 =
            AMONG_SPACES
                    .and(FEED_FORWARD)
                    .and(Map.of("ffn_norm.", "pre_ff_layernorm.weight"))
                    .andOutside(Map.of("output_norm", "model.final_layernorm"));

    static final GgufNames BAMBA =
            AMONG_SPACES
                    .and(FEED_FORWARD)
                    .and(Map.of("ffn_norm", "pre_ff_layernorm"))
                    .andOutside(Map.of("output_norm", "model.final_layernorm"));

    /// Selective scans or attention; experts in some blocks.
    static final GgufNames JAMBA =
            GgufNames.LLAMA
                    .and(within("mamba.", SCAN))
                    .and(FEED_FORWARD)
                    .and(
                            Map.of(
                                    "attn_norm", "input_layernorm",
                                    "ssm_dt_norm", "mamba.dt_layernorm",
                                    "ssm_b_norm", "mamba.b_layernorm",
                                    "ssm_c_norm", "mamba.c_layernorm",
                                    "ffn_norm", "pre_ff_layernorm",
                                    "ffn_gate_inp", "feed_forward.router",
                                    "ffn_gate_exps", "feed_forward.experts.*.gate_proj",
                                    "ffn_up_exps", "feed_forward.experts.*.up_proj",
                                    "ffn_down_exps", "feed_forward.experts.*.down_proj"))
                    .andOutside(Map.of("output_norm", "model.final_layernorm"));

    /// Short convolutions in some blocks, and experts in some models.
    static final GgufNames LFM2 =
            GgufNames.LLAMA
                    .and(
                            Map.of(
                                    "attn_norm", "operator_norm",
                                    "attn_output", "self_attn.out_proj",
                                    "attn_q_norm", "self_attn.q_layernorm",
                                    "attn_k_norm", "self_attn.k_layernorm",
                                    "shortconv.in_proj", "conv.in_proj",
                                    "shortconv.conv", "conv.conv",
                                    "shortconv.out_proj", "conv.out_proj",
                                    "ffn_norm", "ffn_norm"))
                    .and(
                            Map.of(
                                    "ffn_gate", "feed_forward.w1",
                                    "ffn_up", "feed_forward.w3",
                                    "ffn_down", "feed_forward.w2",
                                    "ffn_gate_inp", "feed_forward.gate",
                                    "exp_probs_b.bias", "feed_forward.expert_bias",
                                    "ffn_gate_exps", "feed_forward.experts.*.w1",
                                    "ffn_up_exps", "feed_forward.experts.*.w3",
                                    "ffn_down_exps", "feed_forward.experts.*.w2"))
                    .andOutside(Map.of("token_embd_norm", "model.embedding_norm"));

    private StateNames() {}

    /// Names in a room of each block, and the norm before it.
    private static Map<String, String> within(String room, Map<String, String> names) {
        var all = new HashMap<String, String>();
        names.forEach((there, here) -> all.put(there, room + here));
        all.put("attn_norm", "norm");
        return all;
    }
}
