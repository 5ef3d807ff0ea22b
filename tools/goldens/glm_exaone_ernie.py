"""glm, glm4, exaone4 and ernie4_5."""

from goldens.golden import Golden, rope

GLM = [
    Golden(
        name=f"{family}-{kind}",
        family=family,
        seed=seed,
        n_tokens=13,
        exercises=[
            f"{share:g} of a head turned, in pairs of neighbours",
            "gate and up in one matrix",
            "biases on q, k and v" if biased else "no biases",
            "tied unembedding" if tied else "untied unembedding",
        ]
        + (["norms before and after attention and MLP"] if family == "glm4" else []),
        config=dict(
            hidden_size=18, intermediate_size=23, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=heads,
            head_dim=8, vocab_size=71, max_position_embeddings=64, rms_norm_eps=eps, attention_bias=biased,
            tie_word_embeddings=tied, pad_token_id=0, **rope(theta, partial_rotary_factor=share),
        ),
        contrasts={
            "another base": rope(500000.0, partial_rotary_factor=share),
            "whole heads": rope(theta, partial_rotary_factor=1.0),
        },
    )
    for family, kind, seed, share, heads, eps, biased, tied, theta in [
        ("glm", "biased", 1, 0.5, 2, 1.5625e-7, True, False, 10000.0),
        ("glm", "tied", 4, 0.75, 1, 1e-3, False, True, 777.0),
        ("glm4", "biased", 4, 0.5, 2, 1e-3, True, True, 777.0),
        ("glm4", "untied", 4, 0.75, 1, 1e-5, False, False, 10000.0),
    ]
]  # fmt: skip

EXAONE = [
    Golden(
        name="exaone4-hybrid",
        family="exaone4",
        seed=5,
        n_tokens=14,
        exercises=[
            "sliding window of 4 in blocks 0, 1 and 3, none in block 2, which turns nothing",
            "norms only after attention and MLP; q and k normed head by head",
            "grouped-query attention, untied unembedding",
        ],
        config=dict(
            hidden_size=18, intermediate_size=23, num_hidden_layers=4, num_attention_heads=4, num_key_value_heads=2,
            head_dim=6, vocab_size=71, max_position_embeddings=64, rms_norm_eps=1e-5, sliding_window=4,
            sliding_window_pattern=3, tie_word_embeddings=False, **rope(10000.0),
        ),
        contrasts={"sliding_window 5": dict(sliding_window=5), "another base": rope(500.0)},
    ),
    Golden(
        name="exaone4-types",
        old_style_config=False,
        family="exaone4",
        seed=11,
        n_tokens=40,
        exercises=["layer_types that follow no pattern", "rope_type llama3", "tied unembedding", "a large rms_norm_eps"],
        config=dict(
            hidden_size=16, intermediate_size=21, num_hidden_layers=3, num_attention_heads=2, num_key_value_heads=1,
            vocab_size=71, max_position_embeddings=64, rms_norm_eps=1e-3, sliding_window=30,
            layer_types=["full_attention", "sliding_attention", "sliding_attention"],
            tie_word_embeddings=True,
            **rope(500.0, rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=16),
        ),
        contrasts={"no scaling": rope(500.0)},
    ),
]  # fmt: skip

ERNIE = [
    Golden(
        name=f"ernie45-{kind}",
        family="ernie4_5",
        seed=seed,
        n_tokens=13,
        exercises=["heads turned in pairs of neighbours", f"use_bias {biased}", f"tie_word_embeddings {tied}"],
        config=dict(
            hidden_size=18, intermediate_size=23, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=heads,
            head_dim=8, vocab_size=71, max_position_embeddings=64, rms_norm_eps=eps, use_bias=biased,
            tie_word_embeddings=tied, **rope(theta),
        ),
        contrasts={"another base": rope(50.0), "rms_norm_eps": dict(rms_norm_eps=1e-2)},
    )
    for kind, seed, heads, eps, biased, tied, theta in [
        ("biased", 7, 2, 1e-3, True, False, 777.0),
        ("tied", 10, 1, 1e-5, False, True, 500000.0),
    ]
]  # fmt: skip

GLM_EXAONE_ERNIE = GLM + EXAONE + ERNIE
