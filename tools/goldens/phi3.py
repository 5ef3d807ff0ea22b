"""phi3: fused projections, partial rotary, longrope."""

from typing import Any

from goldens.golden import Golden, rope


def longrope(partial: float, short: list[float], long: list[float], **scaling: Any) -> dict[str, Any]:
    factors = dict(rope_type="longrope", short_factor=short, long_factor=long)
    return rope(10000.0, partial_rotary_factor=partial, **(factors | scaling))


SHORT_5, LONG_5 = [1.05, 1.2, 1.4, 1.7, 2.1], [1.1, 1.9, 3.3, 5.7, 9.1]
SHORT_2, LONG_2 = [1.15, 1.6], [1.7, 4.3]

PHI3 = [
    Golden(
        name="phi3-tied",
        family="phi3",
        seed=40,
        n_tokens=13,
        exercises=[
            "one qkv_proj: all heads of q, then of k, then of v; one gate_up_proj: gate, then up",
            "partial_rotary_factor 0.75 as in Phi-4-mini: int(6 * 0.75) = 4 of 6 dimensions of a head are rotated",
            "grouped-query attention, 3 heads on 1 kv head",
            "tied unembedding",
        ],
        config=dict(
            hidden_size=18, intermediate_size=33, num_hidden_layers=3, num_attention_heads=3,
            num_key_value_heads=1, vocab_size=73, max_position_embeddings=64, rms_norm_eps=1e-5,
            pad_token_id=0, tie_word_embeddings=True, **rope(10000.0, partial_rotary_factor=0.75),
        ),
        contrasts={
            "partial_rotary_factor 1": rope(10000.0, partial_rotary_factor=1.0),
            "rope_theta 500000": rope(500000.0, partial_rotary_factor=0.75),
            "rms_norm_eps 1e-3": dict(rms_norm_eps=1e-3),
        },
    ),
    Golden(
        name="phi3-window",
        family="phi3",
        seed=281,
        n_tokens=15,
        exercises=["sliding window of 4 in every block", "all of a head is rotated", "untied unembedding"],
        config=dict(
            hidden_size=20, intermediate_size=27, num_hidden_layers=3, num_attention_heads=2,
            vocab_size=67, max_position_embeddings=64, rms_norm_eps=1e-5, sliding_window=4,
            pad_token_id=0, tie_word_embeddings=False, **rope(777.0),
        ),
        contrasts={
            "no window": dict(sliding_window=None),
            "sliding_window 5": dict(sliding_window=5),
            "rope_theta 10000": rope(10000.0, partial_rotary_factor=1.0),
        },
    ),
    Golden(
        name="phi3-longrope-short",
        family="phi3",
        seed=292,
        n_tokens=14,
        exercises=[
            "rope_type longrope up to the original length (40): frequencies divided by short_factor",
            "cos and sin times sqrt(1 + ln(max / original) / ln(original)), max and original being positions",
            "input and generation stay within the original length",
        ],
        config=dict(
            hidden_size=20, intermediate_size=29, num_hidden_layers=3, num_attention_heads=2,
            num_key_value_heads=1, vocab_size=69, max_position_embeddings=160,
            original_max_position_embeddings=40, rms_norm_eps=1e-5, pad_token_id=0,
            tie_word_embeddings=False, **longrope(1.0, SHORT_5, LONG_5),
        ),
        contrasts={
            "long factors": longrope(1.0, LONG_5, LONG_5),
            "rope_type default": rope(10000.0, partial_rotary_factor=1.0),
            "attention factor 1": longrope(1.0, SHORT_5, LONG_5, attention_factor=1.0),
        },
    ),
    Golden(
        name="phi3-longrope-long",
        family="phi3",
        seed=164,
        n_tokens=15,
        exercises=[
            "rope_type longrope beyond the original length (11): frequencies divided by long_factor at all positions",
            "cos and sin times sqrt(1 + ln(max / original) / ln(original))",
            "partial_rotary_factor 0.75 as in Phi-4-mini",
            "input begins beyond the original length",
        ],
        config=dict(
            hidden_size=24, intermediate_size=37, num_hidden_layers=3, num_attention_heads=4,
            num_key_value_heads=2, vocab_size=71, max_position_embeddings=88,
            original_max_position_embeddings=11, rms_norm_eps=1e-5, pad_token_id=0,
            tie_word_embeddings=True, **longrope(0.75, SHORT_2, LONG_2),
        ),
        contrasts={
            "short factors": longrope(0.75, SHORT_2, SHORT_2),
            "attention factor 1": longrope(0.75, SHORT_2, LONG_2, attention_factor=1.0),
            "rope_type default": rope(10000.0, partial_rotary_factor=0.75),
        },
    ),
]
