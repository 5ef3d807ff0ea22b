"""gpt2 and the families that grew from it."""

from goldens.golden import Golden, rope

GPT = [
    Golden(
        name="gpt2-base",
        family="gpt2",
        seed=9,
        n_tokens=12,
        exercises=[
            "published GPT-2 layout: names without `transformer.`, h.N.attn.bias masks in the file",
            "n_inner null means 4 * n_embd",
            "gelu_new",
            "generation up to the last position of the context",
        ],
        config=dict(n_embd=27, n_head=3, n_layer=3, vocab_size=97, n_positions=32, n_inner=None),
        hub_style=True,
        contrasts={
            "layer_norm_epsilon 1e-3": dict(layer_norm_epsilon=1e-3),
            "activation gelu": dict(activation_function="gelu"),
        },
    ),
    Golden(
        name="gpt2-options",
        family="gpt2",
        seed=43,
        n_tokens=15,
        exercises=[
            "names with `transformer.`, as save_pretrained writes them",
            "attention scores also divided by layer + 1",
            "exact (erf) gelu",
            "n_inner given",
            "layer_norm_epsilon 1e-4",
            "untied unembedding",
            "bf16 file",
        ],
        config=dict(
            n_embd=30, n_head=5, n_layer=4, vocab_size=109, n_positions=48, n_inner=50,
            scale_attn_by_inverse_layer_idx=True, scale_attn_weights=True, activation_function="gelu",
            layer_norm_epsilon=1e-4, tie_word_embeddings=False,
        ),
        dtype="bfloat16",
        contrasts={
            "scores not divided by layer + 1": dict(scale_attn_by_inverse_layer_idx=False),
            "activation gelu_new": dict(activation_function="gelu_new"),
            "layer_norm_epsilon 1e-5": dict(layer_norm_epsilon=1e-5),
        },
    ),
    Golden(
        name="gpt-neox-parallel",
        family="gpt_neox",
        seed=112,
        n_tokens=14,
        exercises=[
            "parallel block: attention and MLP both read the block's input, each through its own norm",
            "one fused query_key_value, ordered by head",
            "rotary_pct 0.45: int(10 * 0.45) = 4 of 10 dimensions of a head are rotated",
            "attention_bias, tanh gelu by its name gelu_fast",
            "untied embed_out",
            "published layout: masks as bool, masked_bias and inv_freq in the file, to be passed over",
        ],
        config=dict(
            hidden_size=20, intermediate_size=33, num_hidden_layers=3, num_attention_heads=2,
            vocab_size=67, max_position_embeddings=34, hidden_act="gelu_fast", layer_norm_eps=1e-5,
            use_parallel_residual=True, attention_bias=True, tie_word_embeddings=False,
            **rope(10000.0, partial_rotary_factor=0.45),
        ),
        hub_style=True,
        contrasts={
            "sequential block": dict(use_parallel_residual=False),
            "rotary_pct 0.25": rope(10000.0, partial_rotary_factor=0.25),
            "activation gelu": dict(hidden_act="gelu"),
            "layer_norm_eps 1e-3": dict(layer_norm_eps=1e-3),
        },
    ),
    Golden(
        name="gpt-neox-sequential",
        family="gpt_neox",
        seed=363,
        n_tokens=13,
        exercises=[
            "use_parallel_residual false",
            "rotary_pct 1, a rotary_emb_base that is nobody's default",
            "no biases in attention, biases in the MLP",
            "exact (erf) gelu",
            "tied unembedding",
            "layer_norm_eps 1e-3",
        ],
        config=dict(
            hidden_size=18, intermediate_size=37, num_hidden_layers=4, num_attention_heads=3,
            vocab_size=71, max_position_embeddings=48, hidden_act="gelu", layer_norm_eps=1e-3,
            use_parallel_residual=False, attention_bias=False, tie_word_embeddings=True,
            **rope(777.0, partial_rotary_factor=1.0),
        ),
        contrasts={
            "parallel block": dict(use_parallel_residual=True),
            "rotary_emb_base 10000": rope(10000.0, partial_rotary_factor=1.0),
            "rotary_pct 0.67": rope(777.0, partial_rotary_factor=0.67),
            "activation gelu_new": dict(hidden_act="gelu_new"),
            "layer_norm_eps 1e-5": dict(layer_norm_eps=1e-5),
        },
    ),
]
