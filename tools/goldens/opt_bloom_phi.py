"""opt, bloom and phi: layer norms with biases, a plain MLP."""

from goldens.golden import Golden, rope

OPT_BLOOM_PHI = [
    Golden(
        name="opt-pre-norm",
        family="opt",
        seed=4,
        n_tokens=14,
        exercises=[
            "learned positions that begin at row 2",
            "norms before attention and MLP, biases everywhere, relu",
            "tied unembedding",
            "generation up to the last position of the context",
        ],
        config=dict(
            hidden_size=21, ffn_dim=37, num_hidden_layers=3, num_attention_heads=3, vocab_size=73,
            max_position_embeddings=34,
        ),
        contrasts={
            "norms after attention and MLP, no final norm": dict(do_layer_norm_before=False),
            "no biases": dict(enable_bias=False),
            "activation gelu": dict(activation_function="gelu"),
        },
    ),
    Golden(
        name="opt-post-norm",
        family="opt",
        seed=147,
        n_tokens=13,
        exercises=[
            "OPT-350m: do_layer_norm_before false: norms after attention and MLP have been added, no final norm",
            "word_embed_proj_dim is not hidden_size: project_in after the embedding, project_out before the unembedding",
            "resid_mid and resid_post are normed sums",
        ],
        config=dict(
            hidden_size=22, ffn_dim=35, num_hidden_layers=3, num_attention_heads=2, vocab_size=79,
            word_embed_proj_dim=15, do_layer_norm_before=False, max_position_embeddings=48,
        ),
        contrasts={"activation gelu": dict(activation_function="gelu")},
    ),
    Golden(
        name="opt-galactica",
        family="opt",
        seed=105,
        n_tokens=15,
        exercises=[
            "Galactica: enable_bias false, norms without weight and bias, exact gelu",
            "f16 file",
        ],
        config=dict(
            hidden_size=27, ffn_dim=43, num_hidden_layers=4, num_attention_heads=3, vocab_size=67,
            max_position_embeddings=48, enable_bias=False, layer_norm_elementwise_affine=False,
            activation_function="gelu",
        ),
        dtype="float16",
        contrasts={"activation gelu_new": dict(activation_function="gelu_new")},
    ),
    Golden(
        name="opt-no-final-norm",
        family="opt",
        seed=64,
        n_tokens=13,
        exercises=[
            "_remove_final_layer_norm: norms before attention and MLP, none before the unembedding",
            "untied unembedding",
        ],
        config=dict(
            hidden_size=18, ffn_dim=31, num_hidden_layers=3, num_attention_heads=2, vocab_size=61,
            max_position_embeddings=48, _remove_final_layer_norm=True, tie_word_embeddings=False,
        ),
        contrasts={"activation gelu": dict(activation_function="gelu")},
    ),
    Golden(
        name="bloom-6-heads",
        family="bloom",
        seed=399,
        n_tokens=14,
        exercises=[
            "ALiBi for 6 heads, which is no power of two: slopes of 4 heads, then two of those of 8",
            "the embedding is normed",
            "one fused query_key_value, ordered by head",
            "published layout: names without `transformer.`",
            "config has n_layer and n_head",
        ],
        config=dict(hidden_size=18, n_layer=3, n_head=6, vocab_size=71, layer_norm_epsilon=1e-5),
        hub_style=True,
        contrasts={
            "layer_norm_epsilon 1e-3": dict(layer_norm_epsilon=1e-3),
            "the norm's output added to, not its input": dict(apply_residual_connection_post_layernorm=True),
        },
    ),
    Golden(
        name="bloom-4-heads",
        family="bloom",
        seed=398,
        n_tokens=16,
        exercises=[
            "ALiBi for 4 heads",
            "layer_norm_epsilon 1e-3",
            "names with `transformer.`",
            "untied unembedding",
        ],
        config=dict(
            hidden_size=20, n_layer=3, n_head=4, vocab_size=67, layer_norm_epsilon=1e-3,
            tie_word_embeddings=False,
        ),
        contrasts={"layer_norm_epsilon 1e-5": dict(layer_norm_epsilon=1e-5)},
    ),
    Golden(
        name="phi-partial",
        family="phi",
        seed=327,
        n_tokens=14,
        exercises=[
            "parallel block: attention and MLP read the same norm",
            "partial_rotary_factor 0.4: 4 of 10 dimensions of a head are rotated",
            "config.json also has a partial_rotary_factor of 0.5 at the top, which says nothing",
            "biases everywhere, also on the unembedding",
            "tanh gelu by its name gelu_new",
        ],
        config=dict(
            hidden_size=20, intermediate_size=37, num_hidden_layers=3, num_attention_heads=2,
            vocab_size=73, max_position_embeddings=48, layer_norm_eps=1e-5, qk_layernorm=False,
            tie_word_embeddings=False, **rope(10000.0, partial_rotary_factor=0.4),
        ),
        contrasts={
            "partial_rotary_factor 0.6": rope(10000.0, partial_rotary_factor=0.6),
            "activation gelu": dict(hidden_act="gelu"),
            "layer_norm_eps 1e-3": dict(layer_norm_eps=1e-3),
        },
    ),
    Golden(
        name="phi-qk-norm",
        family="phi",
        seed=276,
        n_tokens=13,
        exercises=[
            "qk_layernorm: q and k go through layer norms with biases, per head, before rope",
            "grouped-query attention, 3 heads on 1 kv head",
            "partial_rotary_factor 0.7: int(6 * 0.7) = 4 of 6 dimensions of a head are rotated",
            "layer_norm_eps 1e-3, also inside the norms of q and k",
        ],
        config=dict(
            hidden_size=18, intermediate_size=41, num_hidden_layers=4, num_attention_heads=3,
            num_key_value_heads=1, vocab_size=67, max_position_embeddings=48, layer_norm_eps=1e-3,
            qk_layernorm=True, hidden_act="gelu_new", tie_word_embeddings=False,
            **rope(500.0, partial_rotary_factor=0.7),
        ),
        contrasts={
            "no qk_layernorm": dict(qk_layernorm=False),
            "partial_rotary_factor 1": rope(500.0, partial_rotary_factor=1.0),
            "layer_norm_eps 1e-5": dict(layer_norm_eps=1e-5),
        },
    ),
]
