"""olmo, olmo2, granite and stablelm: llama with other norms, multipliers or a parallel block."""

from goldens.golden import Golden, rope

OLMO_GRANITE_STABLELM = [
    Golden(
        name="olmo-tied",
        family="olmo",
        seed=106,
        n_tokens=13,
        exercises=["layer norms without weight and bias", "no clipping", "tied unembedding"],
        config=dict(
            hidden_size=20, intermediate_size=31, num_hidden_layers=3, num_attention_heads=2,
            vocab_size=73, max_position_embeddings=64, tie_word_embeddings=True, **rope(10000.0),
        ),
        contrasts={"rope_theta 500000": rope(500000.0), "clip_qkv 1": dict(clip_qkv=1.0)},
    ),
    Golden(
        name="olmo-clip",
        family="olmo",
        seed=108,
        n_tokens=15,
        exercises=[
            "clip_qkv 0.8: q, k and v are clamped after their biases and before rope",
            "attention_bias: biases on q, k, v and o",
            "grouped-query attention",
            "untied unembedding",
        ],
        config=dict(
            hidden_size=24, intermediate_size=27, num_hidden_layers=3, num_attention_heads=4,
            num_key_value_heads=2, vocab_size=67, max_position_embeddings=64, attention_bias=True,
            clip_qkv=0.8, tie_word_embeddings=False, **rope(777.0),
        ),
        contrasts={
            "no clipping": dict(clip_qkv=None),
            "no biases": dict(attention_bias=False),
            "rope_theta 10000": rope(10000.0),
        },
    ),
    Golden(
        name="olmo2-gqa",
        family="olmo2",
        seed=47,
        n_tokens=14,
        exercises=[
            "norms only after attention and MLP: attn_out and mlp_out are normed, their input is not",
            "q and k normed over all heads at once, before rope",
            "grouped-query attention, 4 heads on 2 kv heads",
            "untied unembedding",
        ],
        config=dict(
            hidden_size=24, intermediate_size=27, num_hidden_layers=3, num_attention_heads=4,
            num_key_value_heads=2, vocab_size=67, max_position_embeddings=64, rms_norm_eps=1e-6,
            tie_word_embeddings=False, **rope(500000.0),
        ),
        contrasts={"rope_theta 10000": rope(10000.0), "rms_norm_eps 1e-3": dict(rms_norm_eps=1e-3)},
    ),
    Golden(
        name="olmo2-biased",
        family="olmo2",
        seed=350,
        n_tokens=13,
        exercises=[
            "attention_bias: biases on q, k, v and o, before the norms of q and k",
            "multi-head attention",
            "rms_norm_eps 1e-3",
            "tied unembedding",
        ],
        config=dict(
            hidden_size=18, intermediate_size=29, num_hidden_layers=4, num_attention_heads=3,
            vocab_size=71, max_position_embeddings=64, rms_norm_eps=1e-3, attention_bias=True,
            tie_word_embeddings=True, **rope(777.0),
        ),
        contrasts={
            "no biases": dict(attention_bias=False),
            "rope_theta 10000": rope(10000.0),
            "rms_norm_eps 1e-5": dict(rms_norm_eps=1e-5),
        },
    ),
    Golden(
        name="granite-tied",
        family="granite",
        seed=15,
        n_tokens=14,
        exercises=[
            "embedding_multiplier 1.7, attention_multiplier 0.3 in place of head_dim^-0.5, residual_multiplier 1.3 on "
            "attn_out and mlp_out, logits divided by logits_scaling 1.2",
            "grouped-query attention, no biases",
            "tied unembedding",
        ],
        config=dict(
            hidden_size=20, intermediate_size=31, num_hidden_layers=3, num_attention_heads=2,
            num_key_value_heads=1, vocab_size=73, max_position_embeddings=64, rms_norm_eps=1e-5,
            embedding_multiplier=1.7, attention_multiplier=0.3, residual_multiplier=1.3, logits_scaling=1.2,
            tie_word_embeddings=True, **rope(10000.0),
        ),
        contrasts={
            "embedding_multiplier 1": dict(embedding_multiplier=1.0),
            "attention_multiplier head_dim^-0.5": dict(attention_multiplier=10**-0.5),
            "residual_multiplier 1": dict(residual_multiplier=1.0),
            "logits_scaling 1": dict(logits_scaling=1.0),
        },
    ),
    Golden(
        name="granite-biased",
        family="granite",
        seed=208,
        n_tokens=13,
        exercises=[
            "attention_bias and mlp_bias: biases everywhere, multiplied as well by residual_multiplier 0.6",
            "embedding_multiplier 5.5, attention_multiplier 0.7, logits_scaling 0.9",
            "untied unembedding",
            "rms_norm_eps 1e-3",
        ],
        config=dict(
            hidden_size=18, intermediate_size=29, num_hidden_layers=4, num_attention_heads=3,
            vocab_size=61, max_position_embeddings=64, rms_norm_eps=1e-3, attention_bias=True,
            mlp_bias=True, embedding_multiplier=5.5, attention_multiplier=0.7, residual_multiplier=0.6,
            logits_scaling=0.9, tie_word_embeddings=False, **rope(777.0),
        ),
        contrasts={
            "no biases": dict(attention_bias=False, mlp_bias=False),
            "embedding_multiplier 1": dict(embedding_multiplier=1.0),
            "attention_multiplier head_dim^-0.5": dict(attention_multiplier=6**-0.5),
            "residual_multiplier 1": dict(residual_multiplier=1.0),
            "logits_scaling 1": dict(logits_scaling=1.0),
        },
    ),
    Golden(
        name="stablelm-tied",
        family="stablelm",
        seed=120,
        n_tokens=14,
        exercises=[
            "layer norms with biases around a gated MLP",
            "partial_rotary_factor 0.45: int(10 * 0.45) = 4 of 10 dimensions of a head are rotated",
            "use_qkv_bias: biases on q, k and v, none on o",
            "config.json also has a partial_rotary_factor of 0.25 at the top, which says nothing",
            "tied unembedding",
        ],
        config=dict(
            hidden_size=20, intermediate_size=29, num_hidden_layers=3, num_attention_heads=2,
            num_key_value_heads=2, vocab_size=71, max_position_embeddings=64, layer_norm_eps=1e-5,
            use_qkv_bias=True, tie_word_embeddings=True, **rope(10000.0, partial_rotary_factor=0.45),
        ),
        contrasts={
            "partial_rotary_factor 0.25": rope(10000.0, partial_rotary_factor=0.25),
            "no biases on q, k, v": dict(use_qkv_bias=False),
            "layer_norm_eps 1e-3": dict(layer_norm_eps=1e-3),
        },
    ),
    Golden(
        name="stablelm-parallel",
        family="stablelm",
        seed=142,
        n_tokens=13,
        exercises=[
            "use_parallel_residual: attention and MLP read the same norm",
            "qk_layernorm: q and k go through layer norms, each head with its own weight, no bias",
            "grouped-query attention, 4 heads on 2 kv heads",
            "no biases on q, k and v",
            "untied unembedding",
        ],
        config=dict(
            hidden_size=24, intermediate_size=29, num_hidden_layers=3, num_attention_heads=4,
            num_key_value_heads=2, vocab_size=61, max_position_embeddings=64, layer_norm_eps=1e-3,
            qk_layernorm=True, use_parallel_residual=True, tie_word_embeddings=False,
            **rope(500.0, partial_rotary_factor=0.67),
        ),
        contrasts={
            "no qk_layernorm": dict(qk_layernorm=False),
            "partial_rotary_factor 1": rope(500.0, partial_rotary_factor=1.0),
            "layer_norm_eps 1e-5": dict(layer_norm_eps=1e-5),
        },
    ),
]
