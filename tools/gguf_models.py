"""The tiny models that gguf_goldens.py converts: one for each architecture that is read in GGUF."""

from typing import Any

from goldens.gemma3 import ropes
from goldens.gemma4 import SHARING
from goldens.gemma4 import ropes as ropes_of_gemma4
from goldens.golden import Golden, rope

NEW_STYLE = ("gemma4", "ministral3", "mistral3", "apertus", "mellum")  # published with rope_parameters


def tiny(
    name: str, family: str, seed: int, exercises: str, *, mxfp4: bool = False, further_block: bool = False, **config: Any
) -> Golden:
    return Golden(
        name=name, family=family, seed=seed, n_tokens=12, exercises=[exercises], config=config, mxfp4=mxfp4,
        further_block=further_block, old_style_config=not family.startswith(NEW_STYLE),
    )


LLAMA = dict(
    hidden_size=16, intermediate_size=20, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
    vocab_size=29, max_position_embeddings=64,
)
LLAMA3 = rope(
    500.0, rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=8192
)
GEMMA = LLAMA | dict(head_dim=6, rms_norm_eps=1e-6)
GPT = dict(n_layer=2, n_embd=12, n_head=2, vocab_size=29)

MODELS = [
    tiny("llama", "llama", 1, "rows in pairs, Llama 3's frequencies, untied", **LLAMA, **LLAMA3),
    tiny("mistral", "mistral", 2, "Llama by another name, heads of their own width", **LLAMA, **rope(1e4), head_dim=6,
         sliding_window=None),
    tiny("qwen2", "qwen2", 3, "biases on q, k, v; tied", **LLAMA, **rope(1e6), tie_word_embeddings=True),
    tiny("qwen3", "qwen3", 4, "q and k normed", **LLAMA, **rope(1e6), head_dim=6),
    tiny("gemma", "gemma", 5, "norms of one more", **GEMMA, **rope(1e4)),
    tiny("gemma2", "gemma2", 6, "norms of one more, four in a block; windows in every other one; soft-caps", **GEMMA,
         **rope(1e4), query_pre_attn_scalar=6, sliding_window=4, attn_logit_softcapping=5.0,
         final_logit_softcapping=4.0),
    tiny("gemma3", "gemma3_text", 7, "two ropes, windows in five blocks of six", **GEMMA | dict(num_hidden_layers=6),
         **ropes(1e6, 1e4, rope_type="linear", factor=8.0), query_pre_attn_scalar=6, sliding_window=4),
    tiny("phi2", "phi", 8, "a part of each head turned, bias on the unembedding", **LLAMA | dict(num_key_value_heads=4),
         **rope(1e4, partial_rotary_factor=0.67)),
    tiny("phi3", "phi3", 9, "fused projections, longrope", **LLAMA | dict(pad_token_id=0), **rope(
        1e4, rope_type="longrope", short_factor=[1.0, 1.3], long_factor=[1.0, 4.0],
        original_max_position_embeddings=8), sliding_window=5),
    tiny("olmo", "olmo", 10, "rows in pairs, norms without weights, clipping", **LLAMA, **rope(1e4), clip_qkv=0.8),
    tiny("olmo2", "olmo2", 11, "norms after each half, on whole queries and keys", **LLAMA, **rope(5e5)),
    tiny("granite", "granite", 12, "rows in pairs, multipliers", **LLAMA, **rope(1e4), attention_multiplier=0.3,
         embedding_multiplier=3.0, residual_multiplier=0.7, logits_scaling=2.0),
    tiny("stablelm", "stablelm", 13, "parallel blocks, norms of each head", **LLAMA,
         **rope(1e4, partial_rotary_factor=0.67), use_parallel_residual=True, qk_layernorm=True),
    tiny("gpt2", "gpt2", 14, "transposed matrices", **GPT, n_positions=48),
    tiny("gptneox", "gpt_neox", 15, "q, k and v apart, a part of each head turned", hidden_size=16, intermediate_size=20,
         num_hidden_layers=2, num_attention_heads=4, vocab_size=29, max_position_embeddings=64,
         **rope(1e4, partial_rotary_factor=0.67)),
    tiny("bloom", "bloom", 16, "q, k and v apart, a norm on the embedding", hidden_size=12, n_layer=2, n_head=3,
         vocab_size=29),
    tiny("falcon", "falcon", 17, "groups of q, k and v apart, two norms", hidden_size=16, num_hidden_layers=2,
         num_attention_heads=4, num_kv_heads=2, new_decoder_architecture=True, vocab_size=29,
         max_position_embeddings=2048, **rope(1e4)),
]

EXPERTS = LLAMA | dict(num_hidden_layers=2, intermediate_size=9, num_experts_per_tok=2)

MODELS += [
    tiny("mixtral", "mixtral", 21, "experts, rows in pairs", **EXPERTS | dict(num_local_experts=5, sliding_window=None),
         **rope(1e6)),
    tiny("qwen2moe", "qwen2_moe", 22, "experts with their shares of all, one that sees every row, tied", **EXPERTS | dict(
        num_experts=5, moe_intermediate_size=7, shared_expert_intermediate_size=11, norm_topk_prob=False,
        tie_word_embeddings=True), **rope(1e6)),
    tiny("qwen3moe", "qwen3_moe", 23, "experts whose shares sum to 1", **EXPERTS | dict(
        num_experts=5, moe_intermediate_size=7, norm_topk_prob=True, head_dim=6), **rope(1e6)),
    tiny("olmoe", "olmoe", 24, "experts with their shares of all, q and k normed as a whole", **EXPERTS | dict(
        num_experts=5, norm_topk_prob=False), **rope(1e4)),
    tiny("granitemoe", "granitemoe", 25, "gate and up apart, rows in pairs, multipliers", **EXPERTS | dict(
        num_local_experts=5, attention_multiplier=0.3, embedding_multiplier=3.0, residual_multiplier=0.7,
        logits_scaling=2.0), **rope(1e4)),
    # llama.cpp has one magnitude, that of the two lengths: sqrt(1 + ln 8 / ln 8)
    tiny("phimoe", "phimoe", 26, "SparseMixer, biases, longrope", **EXPERTS | dict(
        num_local_experts=5, attention_bias=True, lm_head_bias=True, sliding_window=5,
        original_max_position_embeddings=8), **rope(
        1e4, rope_type="longrope", short_factor=[1.0, 1.3], long_factor=[1.0, 4.0], short_mscale=2**0.5,
        long_mscale=2**0.5, original_max_position_embeddings=8)),
]

GPT_OSS = dict(
    hidden_size=32, num_attention_heads=4, num_key_value_heads=2, head_dim=8, vocab_size=29, num_hidden_layers=2,
    num_local_experts=4, num_experts_per_tok=2, sliding_window=4, max_position_embeddings=64, **rope(
        100.0, rope_type="yarn", factor=4.0, beta_fast=8.0, beta_slow=1.0, truncate=False,
        original_max_position_embeddings=100),
)

MODELS += [
    tiny("gptoss", "gpt_oss", 31, "experts as MXFP4, gate and up apart; windows, sinks, YaRN that is not rounded",
         **GPT_OSS, intermediate_size=32, mxfp4=True),
    tiny("gptoss-floats", "gpt_oss", 32, "experts as floats", **GPT_OSS | dict(hidden_size=20), intermediate_size=13),
]

YARN = dict(rope_type="yarn", factor=4.0, beta_fast=8.0, beta_slow=1.0, original_max_position_embeddings=16)
SCORED = dict(
    hidden_size=16, num_attention_heads=4, num_key_value_heads=4, vocab_size=29, num_hidden_layers=2,
    max_position_embeddings=64, intermediate_size=11, moe_intermediate_size=7, num_experts_per_tok=2,
    first_k_dense_replace=1, rms_norm_eps=1e-5,
)
LATENT = dict(kv_lora_rank=10, qk_rope_head_dim=4, qk_nope_head_dim=6, v_head_dim=8)

MODELS += [
    tiny("deepseek2", "deepseek_v2", 33, "latent attention, keys and values apart; softmax in groups; YaRN's mscale",
         **SCORED | LATENT, q_lora_rank=12, n_routed_experts=6, n_group=3, topk_group=1, n_shared_experts=2,
         topk_method="group_limited_greedy", routed_scaling_factor=4.0, norm_topk_prob=False,
         **rope(1e4, **YARN, mscale=0.707, mscale_all_dim=0.707)),
    tiny("deepseek2-lite", "deepseek_v2", 34, "queries straight from the stream, no groups; tied",
         **SCORED | LATENT, q_lora_rank=None, n_routed_experts=5, n_shared_experts=1, topk_method="greedy",
         norm_topk_prob=False, tie_word_embeddings=True, **rope(1e4)),
    tiny("deepseek3", "deepseek_v3", 35, "sigmoids with a correction in groups; shares that sum to 1, times 2.5",
         **SCORED | LATENT, q_lora_rank=12, n_routed_experts=8, n_group=4, topk_group=2, n_shared_experts=1,
         routed_scaling_factor=2.5, norm_topk_prob=True, **rope(1e4, **YARN, mscale=1.0, mscale_all_dim=1.0)),
    tiny("glm4moelite", "glm4_moe_lite", 36, "deepseek2 by another name, a block beyond the last", further_block=True,
         **SCORED | LATENT, q_lora_rank=12, n_routed_experts=6, n_group=1, topk_group=1, n_shared_experts=1,
         routed_scaling_factor=1.8, norm_topk_prob=True, num_nextn_predict_layers=1, **rope(1e4)),
    tiny("glm4moe", "glm4_moe", 37, "sigmoids in groups, biases, half of each head turned, a block beyond the last",
         **SCORED | dict(num_key_value_heads=2, head_dim=8), further_block=True, n_routed_experts=8, n_group=4,
         topk_group=2, n_shared_experts=2, routed_scaling_factor=1.5, norm_topk_prob=True, use_qk_norm=True,
         attention_bias=True, num_nextn_predict_layers=1, **rope(1e6, partial_rotary_factor=0.5)),
]

MODELS += [
    tiny("glm4", "glm4", 38, "gate and up in one matrix, norms after each half, half of each head turned in neighbours",
         **LLAMA | dict(head_dim=8, pad_token_id=0), attention_bias=True, **rope(1e4, partial_rotary_factor=0.5)),
    tiny("chatglm", "glm", 39, "gate and up in one matrix, half of each head turned in neighbours",
         **LLAMA | dict(head_dim=4, pad_token_id=0), rms_norm_eps=1e-5, attention_bias=True,
         **rope(1e4, partial_rotary_factor=0.5)),
    tiny("smollm3", "smollm3", 40, "rows in pairs, a fourth block that turns nothing, tied",
         **LLAMA | dict(num_hidden_layers=4, pad_token_id=0), no_rope_layer_interval=4, use_sliding_window=False, **rope(2e6)),
    tiny("command-r", "cohere", 41, "side by side, norms of each head without bias, neighbours turned, tied",
         **LLAMA | dict(pad_token_id=0), use_qk_norm=True, logit_scale=2.0, layer_norm_eps=1e-5, model_max_length=64,
         **rope(5e5)),
    tiny("cohere2", "cohere2", 42, "windows in three blocks of four, which alone are turned",
         **LLAMA | dict(num_hidden_layers=4, pad_token_id=0), logit_scale=2.0, sliding_window=4, rotary_pct=1.0,
         layer_types=["sliding_attention"] * 3 + ["full_attention"], **rope(1e4)),
    tiny("starcoder2", "starcoder2", 43, "LayerNorms, an MLP without a gate, biases, tied", **LLAMA, use_bias=True,
         sliding_window=None, **rope(1e4)),
    tiny("nemotron", "nemotron", 44, "LayerNorms of one more, ReLU squared, half of each head turned",
         **LLAMA | dict(hidden_size=32), **rope(1e4, partial_rotary_factor=0.5)),
    tiny("arcee", "arcee", 45, "rows in pairs, ReLU squared, YaRN", **LLAMA, **rope(1e4, **YARN)),
    tiny("ernie4_5", "ernie4_5", 46, "neighbours turned", **LLAMA | dict(head_dim=6), tie_word_embeddings=False,
         **rope(5e5)),
    tiny("ernie4_5-moe", "ernie4_5_moe", 47, "softmax with a correction, two shared experts; experts in one block of two",
         **LLAMA, moe_num_experts=5, moe_k=2, moe_intermediate_size=7, moe_num_shared_experts=2,
         moe_layer_start_index=1, moe_layer_end_index=-1, moe_layer_interval=2, **rope(5e5)),
    tiny("dots1", "dots1", 48, "sigmoids in groups, q and k normed", **SCORED, n_routed_experts=6, n_group=3,
         topk_group=1, n_shared_experts=2, routed_scaling_factor=2.5, norm_topk_prob=True, sliding_window=None, **rope(1e6)),
    tiny("minimax-m2", "minimax_m2", 49, "sigmoids, q and k normed as a whole, half of each head turned",
         **LLAMA | dict(intermediate_size=9, head_dim=8), num_local_experts=5, num_experts_per_tok=2, rotary_dim=4,
         scoring_func="sigmoid", **rope(5e6, partial_rotary_factor=0.5)),
    tiny("seed_oss", "seed_oss", 50, "biases on q, k, v, none on o", **LLAMA | dict(head_dim=6), attention_bias=True,
         **rope(1e7)),
    tiny("exaone4", "exaone4", 51, "norms after each half, windows in three blocks of four, which alone are turned",
         **LLAMA | dict(num_hidden_layers=4), **LLAMA3, sliding_window=4,
         layer_types=["sliding_attention"] * 3 + ["full_attention"]),
    tiny("exaone4-small", "exaone4", 52, "no windows, all blocks turned; tied", **LLAMA, **rope(1e6),
         sliding_window=None, layer_types=["full_attention"] * 2, tie_word_embeddings=True),
    tiny("qwen3next", "qwen3_next", 53, "delta nets in three blocks of four, gated queries, norms of one more",
         **LLAMA | dict(num_hidden_layers=4, head_dim=16), num_experts=5, num_experts_per_tok=2, norm_topk_prob=True,
         moe_intermediate_size=7, shared_expert_intermediate_size=11, linear_conv_kernel_dim=4, linear_key_head_dim=6,
         linear_value_head_dim=5, linear_num_key_heads=2, linear_num_value_heads=4,
         **rope(1e6, partial_rotary_factor=0.25)),
    tiny("gemma4", "gemma4_text", 54, "two kinds of heads, shared keys and values, an embedding for every block",
         **SHARING | dict(hidden_size=16, vocab_size=29, vocab_size_per_layer_input=29, num_hidden_layers=4,
                          num_kv_shared_layers=2, layer_types=["sliding_attention", "full_attention"] * 2)),
    tiny("gemma4-moe", "gemma4_text", 55, "experts beside the MLP, keys that serve as values in blocks without a window",
         hidden_size=16, intermediate_size=11, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
         num_global_key_value_heads=1, attention_k_eq_v=True, head_dim=6, global_head_dim=10, vocab_size=29,
         hidden_size_per_layer_input=0, max_position_embeddings=64, sliding_window=4, num_kv_shared_layers=0,
         layer_types=["sliding_attention", "full_attention"], enable_moe_block=True, num_experts=5, top_k_experts=2,
         moe_intermediate_size=7, pad_token_id=0, **ropes_of_gemma4(5000.0, 100.0, 0.4)),
]

STATES = LLAMA | dict(num_hidden_layers=3, pad_token_id=0)

MODELS += [
    tiny("lfm2", "lfm2", 61, "short convolutions in two blocks of three, the width of MLPs computed; untied",
         **STATES, conv_L_cache=3, norm_eps=1e-4, block_multiple_of=6, block_ffn_dim_multiplier=1.3,
         layer_types=["conv", "full_attention", "conv"], tie_word_embeddings=False,
         **rope(1e6)),
    tiny("lfm2moe", "lfm2_moe", 62, "short convolutions; sigmoids with a correction behind the first block; tied",
         **STATES | dict(intermediate_size=11), conv_L_cache=4, norm_eps=1e-5, num_dense_layers=1, num_experts=5,
         num_experts_per_tok=2, moe_intermediate_size=7, layer_types=["conv", "conv", "full_attention"],
         **rope(1e6)),
    tiny("mamba", "mamba", 63, "selective scans alone, steps out of 3 elements, no bias on the convolution; tied",
         hidden_size=16, state_size=5, num_hidden_layers=2, vocab_size=29, time_step_rank=3, conv_kernel=3,
         use_conv_bias=False, initializer_range=0.02),
    tiny("falcon-mamba", "falcon_mamba", 64, "Mamba by another name, with norms of steps, B and C; untied",
         hidden_size=16, state_size=4, num_hidden_layers=2, vocab_size=29, intermediate_size=32, expand=2,
         time_step_rank=2, initializer_range=0.02, tie_word_embeddings=False),
    tiny("mamba2", "mamba2", 65, "state spaces alone: 4 heads of 8, 2 groups of B and C; biases; untied",
         hidden_size=16, num_heads=4, head_dim=8, n_groups=2, state_size=5, num_hidden_layers=2, vocab_size=29,
         expand=2, use_bias=True, initializer_range=0.02, chunk_size=4),
    tiny("falcon-h1", "falcon_h1", 66, "attention and a state space side by side; factors, which the file has in its weights",
         **STATES | dict(num_hidden_layers=2, head_dim=6), mamba_d_ssm=28, mamba_n_heads=4, mamba_d_head=7, mamba_n_groups=2,
         mamba_d_state=5, mamba_d_conv=4, mamba_chunk_size=4, mamba_rms_norm=True, mamba_norm_before_gate=False,
         embedding_multiplier=1.7, lm_head_multiplier=0.6, key_multiplier=0.7, attention_in_multiplier=0.8,
         attention_out_multiplier=1.3, ssm_in_multiplier=1.2, ssm_out_multiplier=0.9, mlp_multipliers=[0.75, 1.25],
         ssm_multipliers=[0.7, 1.1, 0.8, 1.4, 0.6], **rope(1e11)),
    tiny("falcon-h1-plain", "falcon_h1", 67, "a state space without a norm, no bias on the convolution",
         **STATES | dict(num_hidden_layers=2, head_dim=4), mamba_d_ssm=32, mamba_n_heads=4, mamba_d_head=8, mamba_n_groups=1,
         mamba_d_state=3, mamba_d_conv=3, mamba_chunk_size=4, mamba_rms_norm=False, mamba_conv_bias=False, mlp_bias=True,
         projectors_bias=True, embedding_multiplier=1.3, mlp_multipliers=[0.75, 1.25], ssm_out_multiplier=0.9,
         **rope(1e6)),
]

SPACES = STATES | dict(
    mamba_n_heads=4, mamba_d_head=8, mamba_n_groups=2, mamba_d_state=5, mamba_d_conv=4, mamba_chunk_size=4,
)
GRANITE = dict(attention_multiplier=0.3, embedding_multiplier=3.0, residual_multiplier=0.7, logits_scaling=2.0)

MODELS += [
    tiny("granitehybrid", "granitemoehybrid", 68, "state spaces, attention in one block; an MLP, gate and up apart; multipliers",
         **SPACES | GRANITE, shared_intermediate_size=13, num_local_experts=0, num_experts_per_tok=0,
         position_embedding_type="nope", layer_types=["linear_attention", "full_attention", "linear_attention"]),
    tiny("granitehybrid-moe", "granitemoehybrid", 69, "experts beside the MLP; biases on attention and state spaces; tied",
         **SPACES | GRANITE | dict(intermediate_size=7), shared_intermediate_size=11, num_local_experts=5,
         num_experts_per_tok=2, position_embedding_type="nope", attention_bias=True, mamba_proj_bias=True,
         mamba_conv_bias=False, layer_types=["full_attention", "linear_attention", "full_attention"],
         tie_word_embeddings=True),
    tiny("granite-attention", "granitemoehybrid", 70, "Granite 4 in which all blocks attend: Granite by another name",
         **SPACES | GRANITE, shared_intermediate_size=13, num_local_experts=0, num_experts_per_tok=0,
         position_embedding_type="rope", layer_types=["full_attention"] * 3, tie_word_embeddings=True, **rope(1e4)),
    tiny("bamba", "bamba", 71, "Granite's hybrid by another name, half of each head turned; biases",
         **SPACES | dict(num_attention_heads=2, num_key_value_heads=1), attn_layer_indices=[1], attn_rotary_emb=4,
         attention_bias=True, mlp_bias=True, mamba_proj_bias=True, **rope(1e4, partial_rotary_factor=0.5)),
    tiny("jamba", "jamba", 72, "selective scans with norms, attention and experts in some blocks; biases; untied",
         **STATES | dict(num_hidden_layers=4, intermediate_size=7), num_experts=5, num_experts_per_tok=2,
         expert_layer_period=2, expert_layer_offset=1, attn_layer_period=3, attn_layer_offset=0, mamba_d_state=5,
         mamba_d_conv=3, mamba_dt_rank=3, mamba_proj_bias=True),
    tiny("jamba-dense", "jamba", 73, "attention in one block, no experts; tied",
         **STATES, num_experts=1, num_experts_per_tok=1, attn_layer_period=5, attn_layer_offset=1, mamba_d_state=4,
         mamba_dt_rank=2, mamba_expand=3, mamba_conv_bias=False, tie_word_embeddings=True),
]

DELTA = dict(
    linear_conv_kernel_dim=4, linear_key_head_dim=6, linear_value_head_dim=4, linear_num_key_heads=2,
    linear_num_value_heads=6, **rope(1e6, partial_rotary_factor=0.25, mrope_section=[1, 1, 0], mrope_interleaved=True),
)

MODELS += [
    tiny("qwen35", "qwen3_5_text", 74, "delta nets in three blocks of four, three heads of values to one of keys, in another order",
         **STATES | DELTA | dict(num_hidden_layers=4, head_dim=16), attention_bias=True),
    tiny("qwen35moe", "qwen3_5_moe_text", 75, "the same with experts; a head of values to one of keys; tied; a block beyond the last",
         further_block=True, mtp_num_hidden_layers=1,
         **{key: STATES[key] for key in STATES if key != "intermediate_size"}
         | DELTA | dict(num_hidden_layers=4, head_dim=16, linear_num_value_heads=2), num_experts=5, num_experts_per_tok=2, moe_intermediate_size=7, shared_expert_intermediate_size=11, tie_word_embeddings=True),
]

# Rows of whole blocks, for the quantised files.
BLOCKS = tiny("blocks", "llama", 18, "rows of whole blocks", **LLAMA | dict(
    hidden_size=32, intermediate_size=32, tie_word_embeddings=True),
    **rope(1e4))
