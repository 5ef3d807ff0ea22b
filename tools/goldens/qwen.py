"""qwen2 and qwen3."""

from goldens.golden import Golden, rope

QWEN = [
    Golden(
        name="qwen2-tied",
        family="qwen2",
        seed=163,
        n_tokens=13,
        exercises=[
            "biases on q, k and v, none on o",
            "no head_dim in the config: hidden_size / n_heads",
            "grouped-query attention, 3 heads on 1 kv head",
            "tied unembedding",
            "config.old-style.json names a sliding_window, but use_sliding_window is false: no window",
        ],
        config=dict(
            hidden_size=30, intermediate_size=27, num_hidden_layers=3, num_attention_heads=3,
            num_key_value_heads=1, vocab_size=71, max_position_embeddings=64, rms_norm_eps=1e-6,
            use_sliding_window=False, max_window_layers=1, tie_word_embeddings=True, **rope(1000000.0),
        ),
        old_style_changes=dict(sliding_window=4),
        contrasts={
            "rope_theta 10000": rope(10000.0),
            "window of 4": dict(sliding_window=4, layer_types=["sliding_attention"] * 3),
            "rms_norm_eps 1e-3": dict(rms_norm_eps=1e-3),
        },
    ),
    Golden(
        name="qwen2-window",
        family="qwen2",
        seed=2,
        n_tokens=17,
        exercises=[
            "sliding window of 5 in blocks 2 and 3 only: use_sliding_window with max_window_layers 2",
            "config.old-style.json has no layer_types: they follow from max_window_layers",
            "biases on q, k and v, none on o",
            "untied unembedding",
            "bf16 file",
        ],
        config=dict(
            hidden_size=20, intermediate_size=31, num_hidden_layers=4, num_attention_heads=2,
            num_key_value_heads=2, vocab_size=67, max_position_embeddings=64, rms_norm_eps=1e-5,
            use_sliding_window=True, sliding_window=5, max_window_layers=2, tie_word_embeddings=False,
            **rope(10000.0),
        ),
        dtype="bfloat16",
        contrasts={
            "no window": dict(layer_types=["full_attention"] * 4),
            "window in every block": dict(layer_types=["sliding_attention"] * 4),
            "sliding_window 6": dict(sliding_window=6),
        },
    ),
    Golden(
        name="qwen3-tied",
        family="qwen3",
        seed=167,
        n_tokens=14,
        exercises=[
            "q and k normed per head before rope, one weight vector for all heads",
            "head_dim is not hidden_size / n_heads",
            "grouped-query attention, 4 heads on 2 kv heads",
            "tied unembedding",
        ],
        config=dict(
            hidden_size=20, intermediate_size=29, num_hidden_layers=3, num_attention_heads=4,
            num_key_value_heads=2, head_dim=10, vocab_size=73, max_position_embeddings=64,
            rms_norm_eps=1e-6, attention_bias=False, tie_word_embeddings=True, **rope(1000000.0),
        ),
        contrasts={"rope_theta 10000": rope(10000.0), "rms_norm_eps 1e-3": dict(rms_norm_eps=1e-3)},
    ),
    Golden(
        name="qwen3-biased-window",
        family="qwen3",
        seed=264,
        n_tokens=15,
        exercises=[
            "attention_bias: biases on q, k, v and o, before the norms of q and k",
            "sliding window of 4 from block 1 on",
            "head_dim smaller than hidden_size / n_heads",
            "untied unembedding",
            "rms_norm_eps 1e-3, also inside the norms of q and k",
        ],
        config=dict(
            hidden_size=27, intermediate_size=29, num_hidden_layers=3, num_attention_heads=3,
            num_key_value_heads=3, head_dim=6, vocab_size=61, max_position_embeddings=64,
            rms_norm_eps=1e-3, attention_bias=True, use_sliding_window=True, sliding_window=4,
            max_window_layers=1, tie_word_embeddings=False, **rope(10000.0),
        ),
        contrasts={
            "no biases": dict(attention_bias=False),
            "no window": dict(layer_types=["full_attention"] * 3),
            "rms_norm_eps 1e-5": dict(rms_norm_eps=1e-5),
        },
    ),
]
