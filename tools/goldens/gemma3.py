"""gemma3: two ropes, windows in most blocks, q and k normed."""

from typing import Any

from goldens.golden import Golden


def ropes(full: float, sliding: float, **scaling_of_full: Any) -> dict[str, Any]:
    return {
        "rope_parameters": {
            "full_attention": {"rope_type": "default", "rope_theta": full} | scaling_of_full,
            "sliding_attention": {"rope_type": "default", "rope_theta": sliding},
        }
    }


LINEAR = dict(rope_type="linear", factor=8.0)

GEMMA3 = [
    Golden(
        name="gemma3-linear",
        family="gemma3_text",
        seed=55,
        n_tokens=16,
        exercises=[
            "sliding window of 5 in blocks 0, 1 and 3, none in block 2: every third block sees everything",
            "two ropes: theta 10000 in blocks with a window, theta 1000000 with all frequencies divided by 8 in the others",
            "q and k normed per head before rope, scaled by 1 + weight",
            "scores scaled by query_pre_attn_scalar^-0.5, which is not head_dim^-0.5",
            "config.old-style.json says it with sliding_window_pattern, rope_local_base_freq and rope_scaling",
        ],
        config=dict(
            hidden_size=20, intermediate_size=25, num_hidden_layers=4, num_attention_heads=4,
            num_key_value_heads=2, head_dim=6, vocab_size=61, max_position_embeddings=64,
            rms_norm_eps=1e-6, query_pre_attn_scalar=3, sliding_window=5, sliding_window_pattern=3,
            **ropes(1000000.0, 10000.0, **LINEAR),
        ),
        contrasts={
            "factor 1": ropes(1000000.0, 10000.0),
            "one theta": ropes(10000.0, 10000.0, **LINEAR),
            "thetas exchanged": ropes(10000.0, 1000000.0, **LINEAR),
            "query_pre_attn_scalar 6": dict(query_pre_attn_scalar=6),
            "no window": dict(sliding_window=64),
            "sliding_window 6": dict(sliding_window=6),
            "every second block without window": dict(layer_types=["sliding_attention", "full_attention"] * 2),
        },
    ),
    Golden(
        name="gemma3-softcap",
        family="gemma3_text",
        seed=181,
        n_tokens=14,
        exercises=[
            "logits capped at 4",
            "plain frequencies in both ropes",
            "layer_types that follow no sliding_window_pattern",
            "multi-query attention with a large head_dim",
            "rms_norm_eps 1e-3, also inside the norms of q and k",
        ],
        config=dict(
            hidden_size=22, intermediate_size=27, num_hidden_layers=3, num_attention_heads=2,
            num_key_value_heads=1, head_dim=14, vocab_size=73, max_position_embeddings=64,
            rms_norm_eps=1e-3, query_pre_attn_scalar=14, sliding_window=4, final_logit_softcapping=4.0,
            layer_types=["full_attention", "sliding_attention", "full_attention"], **ropes(5000.0, 100.0),
        ),
        contrasts={
            "final_logit_softcapping null": dict(final_logit_softcapping=None),
            "thetas exchanged": ropes(100.0, 5000.0),
            "no window": dict(sliding_window=64),
            "rms_norm_eps 1e-6": dict(rms_norm_eps=1e-6),
        },
    ),
    Golden(
        name="gemma3-with-pictures",
        family="gemma3",
        seed=65,
        n_tokens=16,
        exercises=[
            "Gemma3ForConditionalGeneration: the text part's config inside text_config",
            "a vision tower and a projector in the file, which are left alone",
        ],
        config=dict(
            text_config=dict(
                hidden_size=20, intermediate_size=25, num_hidden_layers=3, num_attention_heads=4,
                num_key_value_heads=2, head_dim=6, vocab_size=61, max_position_embeddings=64,
                rms_norm_eps=1e-6, query_pre_attn_scalar=3, sliding_window=5, sliding_window_pattern=3,
                **ropes(1000000.0, 10000.0, **LINEAR),
            ),
            vision_config=dict(
                hidden_size=4, intermediate_size=4, num_hidden_layers=1, num_attention_heads=1,
                image_size=4, patch_size=2,
            ),
            mm_tokens_per_image=1,
        ),
        old_style_config=False,
    ),
]
