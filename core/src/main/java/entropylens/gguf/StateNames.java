package entropylens.gguf;

import java.util.Map;

/// The names of tensors where blocks keep a state that is no keys and values.
final class StateNames {
    private StateNames() {}

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
}
