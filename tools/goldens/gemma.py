"""gemma, gemma2 and gemma3."""

from goldens.golden import Golden, rope

GEMMA = [
    Golden(
        name="gemma-mqa",
        family="gemma",
        seed=83,
        n_tokens=13,
        exercises=[
            "embedding times sqrt(hidden_size), the unembedding not",
            "norms scale by 1 + weight",
            "tanh gelu on the gate",
            "multi-query attention with a large head_dim",
        ],
        config=dict(
            hidden_size=22, intermediate_size=29, num_hidden_layers=3, num_attention_heads=2,
            num_key_value_heads=1, head_dim=18, vocab_size=71, max_position_embeddings=64,
            rms_norm_eps=1e-6, **rope(10000.0),
        ),
        contrasts={
            "rope_theta 500000": rope(500000.0),
            "activation silu": dict(hidden_act="silu"),
            "rms_norm_eps 1e-3": dict(rms_norm_eps=1e-3),
        },
    ),
    Golden(
        name="gemma-biased",
        family="gemma",
        seed=380,
        n_tokens=15,
        exercises=[
            "attention_bias: biases on q, k, v and o",
            "multi-head attention, head_dim smaller than hidden_size / n_heads",
            "config.old-style.json says hidden_act gelu and means tanh gelu, as the published files of Gemma 1",
            "rms_norm_eps 1e-3",
        ],
        config=dict(
            hidden_size=21, intermediate_size=27, num_hidden_layers=3, num_attention_heads=3,
            num_key_value_heads=3, head_dim=6, vocab_size=67, max_position_embeddings=64,
            rms_norm_eps=1e-3, attention_bias=True, **rope(777.0),
        ),
        old_style_changes=dict(hidden_act="gelu"),
        contrasts={
            "no biases": dict(attention_bias=False),
            "activation exact gelu": dict(hidden_act="gelu"),
            "rms_norm_eps 1e-5": dict(rms_norm_eps=1e-5),
        },
    ),
    Golden(
        name="gemma2-softcaps",
        family="gemma2",
        seed=288,
        n_tokens=17,
        exercises=[
            "attention scores capped at 2, logits at 4",
            "scores scaled by query_pre_attn_scalar^-0.5, which is not head_dim^-0.5",
            "sliding window of 5 in blocks 0 and 2, none in 1 and 3",
            "norms before and after attention and MLP: attn_out and mlp_out are normed",
            "grouped-query attention",
        ],
        config=dict(
            hidden_size=20, intermediate_size=25, num_hidden_layers=4, num_attention_heads=4,
            num_key_value_heads=2, head_dim=6, vocab_size=61, max_position_embeddings=64,
            rms_norm_eps=1e-6, query_pre_attn_scalar=3, sliding_window=5, attn_logit_softcapping=2.0,
            final_logit_softcapping=4.0, **rope(10000.0),
        ),
        contrasts={
            "attn_logit_softcapping null": dict(attn_logit_softcapping=None),
            "final_logit_softcapping null": dict(final_logit_softcapping=None),
            "query_pre_attn_scalar 6": dict(query_pre_attn_scalar=6),
            "no window": dict(layer_types=["full_attention"] * 4),
            "windows in blocks 1 and 3": dict(layer_types=["full_attention", "sliding_attention"] * 2),
            "sliding_window 6": dict(sliding_window=6),
        },
    ),
    Golden(
        name="gemma2-uncapped",
        family="gemma2",
        seed=280,
        n_tokens=14,
        exercises=[
            "both soft-caps null",
            "layer_types that do not alternate",
            "multi-query attention, head_dim larger than hidden_size / n_heads",
        ],
        config=dict(
            hidden_size=21, intermediate_size=27, num_hidden_layers=3, num_attention_heads=3,
            num_key_value_heads=1, head_dim=14, vocab_size=73, max_position_embeddings=64,
            rms_norm_eps=1e-5, query_pre_attn_scalar=21, sliding_window=4, attn_logit_softcapping=None,
            final_logit_softcapping=None,
            layer_types=["full_attention", "sliding_attention", "sliding_attention"], **rope(500.0),
        ),
        old_style_changes=dict(layer_types=["full_attention", "sliding_attention", "sliding_attention"]),
        contrasts={
            "alternating windows": dict(layer_types=["sliding_attention", "full_attention", "sliding_attention"]),
            "query_pre_attn_scalar 14": dict(query_pre_attn_scalar=14),
        },
    ),
]
