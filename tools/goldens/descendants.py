"""Families that descend from another one by little: vaultgemma, cwm, ministral, hyperclovax, jais2, solar_open, mellum."""

from goldens.golden import Golden, rope

SMALL = dict(num_hidden_layers=3, max_position_embeddings=64)
WINDOWS = ["full_attention", "sliding_attention", "full_attention"]

GROWING = {
    "rope_type": "yarn", "type": "yarn", "rope_theta": 500.0, "factor": 4.0, "original_max_position_embeddings": 4,
    "max_position_embeddings": 64, "beta_fast": 4.0, "beta_slow": 1.0, "mscale": 1.0, "mscale_all_dim": 1.0,
    "llama_4_scaling_beta": 0.7,
}  # fmt: skip
PICTURES = dict(
    model_type="pixtral", hidden_size=8, intermediate_size=4, num_hidden_layers=1, num_attention_heads=1, head_dim=8,
    image_size=4, patch_size=2,
)

DESCENDANTS = [
    Golden(
        name="vaultgemma-softcaps",
        family="vaultgemma",
        seed=500,
        n_tokens=14,
        exercises=[
            "norms before attention and MLP only", "a window of 5 in every other block",
            "soft-caps on scores and logits", "tied unembedding",
        ],
        config=dict(
            hidden_size=20, intermediate_size=31, num_attention_heads=4, num_key_value_heads=2, head_dim=6, vocab_size=67,
            sliding_window=5, query_pre_attn_scalar=3, attn_logit_softcapping=2.0, final_logit_softcapping=4.0, **SMALL,
            **rope(500.0),
        ),
        contrasts={
            "window 3": dict(sliding_window=3), "scores capped at 50": dict(attn_logit_softcapping=50.0),
            "logits capped at 30": dict(final_logit_softcapping=30.0),
        },
    ),
    Golden(
        name="vaultgemma-biased",
        family="vaultgemma",
        seed=501,
        n_tokens=14,
        exercises=["attention_bias on q, k, v and o", "layer_types, no soft-caps", "untied unembedding, bf16 file"],
        config=dict(
            hidden_size=24, intermediate_size=29, num_attention_heads=2, num_key_value_heads=1, head_dim=10, vocab_size=61,
            sliding_window=4, layer_types=WINDOWS, attn_logit_softcapping=None, final_logit_softcapping=None,
            attention_bias=True, rms_norm_eps=1e-3, tie_word_embeddings=False, **SMALL, **rope(10000.0),
        ),
        dtype="bfloat16",
        contrasts={"no biases": dict(attention_bias=False), "rms_norm_eps 1e-6": dict(rms_norm_eps=1e-6)},
    ),
    Golden(
        name="cwm-pattern",
        family="cwm",
        seed=502,
        n_tokens=14,
        exercises=["every fourth block sees all, the others a window of 5", "llama3 scaling", "biases in the MLP", "untied unembedding"],
        config=dict(
            hidden_size=24, intermediate_size=29, num_attention_heads=4, num_key_value_heads=2, head_dim=8, vocab_size=67,
            num_hidden_layers=5, max_position_embeddings=64, sliding_window=5, mlp_bias=True, tie_word_embeddings=False,
            **rope(
                500.0, rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
                original_max_position_embeddings=16,
            ),
        ),
        contrasts={"window 3": dict(sliding_window=3), "no scaling": rope(500.0), "no biases": dict(mlp_bias=False)},
    ),
    Golden(
        name="cwm-types",
        family="cwm",
        seed=503,
        n_tokens=14,
        exercises=["layer_types names the windows", "no biases", "tied unembedding, bf16 file"],
        config=dict(
            hidden_size=20, intermediate_size=31, num_attention_heads=2, num_key_value_heads=1, head_dim=6, vocab_size=61,
            sliding_window=4, layer_types=WINDOWS, rms_norm_eps=1e-3, tie_word_embeddings=True, **SMALL, **rope(777.0),
        ),
        dtype="bfloat16",
        old_style_config=False,
        contrasts={"window 6": dict(sliding_window=6), "rms_norm_eps 1e-6": dict(rms_norm_eps=1e-6)},
    ),
    Golden(
        name="ministral-types",
        family="ministral",
        seed=504,
        n_tokens=14,
        exercises=["layer_types names the windows", "head_dim is not hidden_size / n_heads", "untied unembedding"],
        config=dict(
            hidden_size=20, intermediate_size=31, num_attention_heads=4, num_key_value_heads=2, head_dim=6, vocab_size=67,
            sliding_window=5, layer_types=WINDOWS, tie_word_embeddings=False, **SMALL, **rope(500.0),
        ),
        contrasts={"window 3": dict(sliding_window=3), "rope_theta 10000": rope(10000.0)},
    ),
    Golden(
        name="ministral-all",
        family="ministral",
        seed=505,
        n_tokens=14,
        exercises=["a window in every block", "tied unembedding, bf16 file"],
        config=dict(
            hidden_size=24, intermediate_size=29, num_attention_heads=3, num_key_value_heads=1, head_dim=8, vocab_size=61,
            sliding_window=4, rms_norm_eps=1e-3, tie_word_embeddings=True, **SMALL, **rope(777.0),
        ),
        dtype="bfloat16",
        contrasts={
            "no windows": dict(layer_types=["full_attention"] * 3), "rms_norm_eps 1e-6": dict(rms_norm_eps=1e-6)
        },
    ),
    Golden(
        name="hyperclovax-normed",
        family="hyperclovax",
        seed=506,
        n_tokens=14,
        exercises=[
            "attention and MLP are normed, and then multiplied by 0.6, before they are added",
            "embedding_multiplier 3.5, attention_multiplier 0.2, logits_scaling 0.7 multiplies",
            "attention_bias and mlp_bias", "untied unembedding",
        ],
        config=dict(
            hidden_size=24, intermediate_size=29, num_attention_heads=4, num_key_value_heads=2, vocab_size=67,
            embedding_multiplier=3.5, attention_multiplier=0.2, residual_multiplier=0.6, logits_scaling=0.7,
            attention_bias=True, mlp_bias=True, tie_word_embeddings=False, **SMALL, **rope(500.0),
        ),
        contrasts={
            "no biases": dict(attention_bias=False, mlp_bias=False), "embedding_multiplier 1": dict(embedding_multiplier=1.0),
            "attention_multiplier 0.4": dict(attention_multiplier=0.4), "residual_multiplier 1": dict(residual_multiplier=1.0),
        },
    ),
    Golden(
        name="hyperclovax-plain",
        family="hyperclovax",
        seed=508,
        n_tokens=14,
        exercises=["use_post_norm false", "scores by 1/√d_head", "head_dim is not hidden_size / n_heads", "tied unembedding, bf16 file"],
        config=dict(
            hidden_size=20, intermediate_size=31, num_attention_heads=2, num_key_value_heads=1, head_dim=6, vocab_size=61,
            use_post_norm=False, rms_norm_eps=1e-3, tie_word_embeddings=True, **SMALL, **rope(777.0),
        ),
        dtype="bfloat16",
        contrasts={"rms_norm_eps 1e-6": dict(rms_norm_eps=1e-6), "attention_multiplier 1": dict(attention_multiplier=1.0)},
    ),
    Golden(
        name="jais2-biased",
        family="jais2",
        seed=508,
        n_tokens=14,
        exercises=["layer norms, biases everywhere", "relu² without a gate", "untied unembedding"],
        config=dict(
            hidden_size=24, intermediate_size=29, num_attention_heads=4, num_key_value_heads=2, vocab_size=67,
            tie_word_embeddings=False, **SMALL, **rope(500.0),
        ),
        contrasts={"no biases": dict(attention_bias=False, mlp_bias=False), "relu": dict(hidden_act="relu")},
    ),
    Golden(
        name="jais2-unbiased",
        family="jais2",
        seed=514,
        n_tokens=14,
        exercises=["no biases but those of the norms", "layer_norm_eps 1e-3", "tied unembedding, bf16 file"],
        config=dict(
            hidden_size=20, intermediate_size=31, num_attention_heads=2, num_key_value_heads=2, vocab_size=61,
            attention_bias=False, mlp_bias=False, layer_norm_eps=1e-3, tie_word_embeddings=True, **SMALL, **rope(777.0),
        ),
        dtype="bfloat16",
        contrasts={"layer_norm_eps 1e-5": dict(layer_norm_eps=1e-5), "rope_theta 10000": rope(10000.0)},
    ),
    Golden(
        name="solar-open-groups",
        family="solar_open",
        seed=510,
        n_tokens=14,
        exercises=[
            "3 of 6 experts by their sigmoids and a correction, in the 2 best of 3 groups; shares that sum to 1, times 2.5",
            "two shared experts as one MLP", "attention_bias on q, k and v", "untied unembedding",
        ],
        config=dict(
            hidden_size=20, moe_intermediate_size=9, num_attention_heads=4, num_key_value_heads=2, head_dim=8, vocab_size=67,
            n_routed_experts=6, num_experts_per_tok=3, n_group=3, topk_group=2, n_shared_experts=2,
            routed_scaling_factor=2.5, attention_bias=True, tie_word_embeddings=False, **SMALL,
            **rope(500.0),
        ),
        contrasts={
            "3 groups": dict(topk_group=3), "no biases": dict(attention_bias=False),
            "rope_theta 10000": rope(10000.0), "shares of their own": dict(norm_topk_prob=False),
        },
    ),
    Golden(
        name="solar-open-tied",
        family="solar_open",
        seed=512,
        n_tokens=14,
        exercises=["2 of 4 experts, with their sigmoids for shares", "tied unembedding, bf16 file"],
        config=dict(
            hidden_size=18, moe_intermediate_size=7, num_attention_heads=3, num_key_value_heads=3, head_dim=6, vocab_size=61,
            n_routed_experts=4, num_experts_per_tok=2, norm_topk_prob=False, rms_norm_eps=1e-3, tie_word_embeddings=True,
            **SMALL, **rope(10000.0),
        ),
        dtype="bfloat16",
        contrasts={"shares that sum to 1": dict(norm_topk_prob=True), "rms_norm_eps 1e-6": dict(rms_norm_eps=1e-6)},
    ),
    Golden(
        name="mellum-windows",
        family="mellum",
        seed=512,
        n_tokens=14,
        exercises=[
            "blocks with a window of 5 are turned by a base of their own, the others by one that YaRN scales",
            "2 of 5 experts, shares that sum to 1; an MLP in block 0",
            "q and k normed head by head; attention_bias", "untied unembedding",
        ],
        config=dict(
            hidden_size=20, intermediate_size=17, moe_intermediate_size=9, num_attention_heads=4, num_key_value_heads=2,
            head_dim=8, vocab_size=67, num_experts=5, num_experts_per_tok=2, sliding_window=5, layer_types=WINDOWS,
            mlp_layer_types=["dense", "sparse", "sparse"], attention_bias=True, tie_word_embeddings=False, **SMALL,
            rope_parameters={
                "full_attention": {
                    "rope_type": "yarn", "rope_theta": 500.0, "factor": 4.0, "original_max_position_embeddings": 16,
                    "beta_fast": 4.0, "beta_slow": 1.0,
                },
                "sliding_attention": {"rope_type": "default", "rope_theta": 50.0},
            },
        ),
        old_style_config=False,
        contrasts={"window 3": dict(sliding_window=3), "no biases": dict(attention_bias=False), "3 experts": dict(num_experts_per_tok=3)},
    ),
    Golden(
        name="mellum-tied",
        family="mellum",
        seed=517,
        n_tokens=14,
        exercises=["no windows, experts in every block", "2 of 4 experts, with their shares of all", "tied unembedding, bf16 file"],
        config=dict(
            hidden_size=18, intermediate_size=13, moe_intermediate_size=7, num_attention_heads=3, num_key_value_heads=3,
            head_dim=6, vocab_size=61, num_experts=4, num_experts_per_tok=2, norm_topk_prob=False, rms_norm_eps=1e-3,
            tie_word_embeddings=True, **SMALL,
        ),
        dtype="bfloat16",
        old_style_config=False,
        contrasts={"shares that sum to 1": dict(norm_topk_prob=True), "rms_norm_eps 1e-6": dict(rms_norm_eps=1e-6)},
    ),
    Golden(
        name="ministral3-growing",
        family="ministral3",
        seed=520,
        n_tokens=15,
        exercises=[
            "scores that grow every 4 positions: llama_4_scaling_beta 0.7",
            "YaRN, whose two magnitudes cancel",
            "a window of 6 in every block",
            "untied unembedding",
        ],
        config=dict(
            hidden_size=20, intermediate_size=31, num_attention_heads=4, num_key_value_heads=2, head_dim=6, vocab_size=67,
            sliding_window=6, tie_word_embeddings=False, **SMALL, rope_parameters=GROWING,
        ),
        old_style_config=False,
        contrasts={
            "no growth": dict(rope_parameters=GROWING | {"llama_4_scaling_beta": 0.0}), "no windows": dict(sliding_window=None)
        },
    ),
    Golden(
        name="ministral3-with-pictures",
        family="mistral3",
        seed=522,
        n_tokens=14,
        exercises=[
            "Mistral3ForConditionalGeneration: the text part's config inside text_config",
            "a vision tower and a projector in the file, which are left alone",
            "no windows, tied unembedding, bf16 file",
        ],
        config=dict(
            text_config=dict(
                model_type="ministral3", hidden_size=18, intermediate_size=25, num_attention_heads=3, num_key_value_heads=1,
                head_dim=8, vocab_size=61, rms_norm_eps=1e-3, tie_word_embeddings=True, **SMALL, rope_parameters=GROWING,
            ),
            vision_config=PICTURES,
        ),
        dtype="bfloat16",
        old_style_config=False,
    ),
    Golden(
        name="mistral3-with-pictures",
        family="mistral3",
        seed=526,
        n_tokens=14,
        exercises=["Mistral3ForConditionalGeneration whose text part is a Mistral", "a window of 5", "untied unembedding"],
        config=dict(
            text_config=dict(
                model_type="mistral", hidden_size=20, intermediate_size=25, num_attention_heads=2, num_key_value_heads=1,
                head_dim=6, vocab_size=61, sliding_window=5, tie_word_embeddings=False, **SMALL, **rope(500.0),
            ),
            vision_config=PICTURES,
            tie_word_embeddings=False,
        ),
        old_style_config=False,
    ),
    Golden(
        name="persimmon-normed",
        family="persimmon",
        seed=533,
        n_tokens=14,
        exercises=[
            "q and k normed head by head, with biases", "half of each head is turned", "relu² without a gate",
            "one fused query_key_value, ordered by head", "untied unembedding",
        ],
        config=dict(
            hidden_size=24, intermediate_size=29, num_attention_heads=3, vocab_size=67, tie_word_embeddings=False, **SMALL,
            **rope(500.0, partial_rotary_factor=0.5),
        ),
        contrasts={"relu": dict(hidden_act="relu"), "layer_norm_eps 1e-3": dict(layer_norm_eps=1e-3)},
    ),
    Golden(
        name="persimmon-plain",
        family="persimmon",
        seed=544,
        n_tokens=14,
        exercises=["no norms of q and k", "whole heads are turned", "layer_norm_eps 1e-3", "tied unembedding, bf16 file"],
        config=dict(
            hidden_size=20, intermediate_size=31, num_attention_heads=2, vocab_size=61, qk_layernorm=False,
            layer_norm_eps=1e-3, tie_word_embeddings=True, **SMALL, **rope(777.0, partial_rotary_factor=1.0),
        ),
        dtype="bfloat16",
        contrasts={"layer_norm_eps 1e-5": dict(layer_norm_eps=1e-5)},
    ),
]
