"""gemma4: two kinds of heads, shared keys and values, an embedding for every block, experts beside the MLP."""

from typing import Any

from goldens.golden import Golden


def ropes(full: float, sliding: float, share: float = 0.5, **more: Any) -> dict[str, Any]:
    return {
        "rope_parameters": {
            "full_attention": {"rope_type": "proportional", "rope_theta": full, "partial_rotary_factor": share} | more,
            "sliding_attention": {"rope_type": "default", "rope_theta": sliding},
        }
    }


S, F = "sliding_attention", "full_attention"

SHARING = dict(
    hidden_size=20, intermediate_size=17, num_hidden_layers=7, num_attention_heads=4, num_key_value_heads=2,
    head_dim=6, global_head_dim=8, vocab_size=61, vocab_size_per_layer_input=61, hidden_size_per_layer_input=8,
    max_position_embeddings=64, rms_norm_eps=1e-6, sliding_window=5, layer_types=[S, F, S, S, F, S, F],
    num_kv_shared_layers=3, use_double_wide_mlp=True, final_logit_softcapping=5.0, pad_token_id=0,
    **ropes(500.0, 100.0),
)

GEMMA4 = [
    Golden(
        name="gemma4-sharing",
        family="gemma4_text",
        seed=14,
        n_tokens=16,
        old_style_config=False,
        exercises=[
            "blocks 4 to 6 read keys and values of block 3 (with a window) and block 1 (without)",
            "the MLPs of these three are twice as wide",
            "heads of 6 elements with a window, of 8 without",
            "half of the pairs turned without a window, frequencies as those of a whole head",
            "an embedding of 8 elements for each token and block, and a factor on the stream after each block",
            "values normed without weights, scores not scaled, logits capped at 5",
        ],
        config=SHARING,
        contrasts={
            "share 1": ropes(500.0, 100.0, 1.0),
            "factor 2": ropes(500.0, 100.0, factor=2.0),
            "thetas exchanged": ropes(100.0, 500.0),
            "no window": dict(sliding_window=64),
            "sliding_window 6": dict(sliding_window=6),
            "final_logit_softcapping null": dict(final_logit_softcapping=None),
        },
    ),
    Golden(
        name="gemma4-experts",
        family="gemma4_text",
        seed=16,
        n_tokens=14,
        old_style_config=False,
        exercises=[
            "two of five experts beside the MLP, which both read the stream after attention, each with its own norms",
            "a router that norms what it reads, and a factor for each expert",
            "keys that serve as values in blocks without a window, with one key-value head there and two elsewhere",
            "biases in attention, no per-layer embedding",
            "the last block sees everything although layer_types says otherwise",
        ],
        config=dict(
            hidden_size=22, intermediate_size=19, num_hidden_layers=4, num_attention_heads=4, num_key_value_heads=2,
            num_global_key_value_heads=1, attention_k_eq_v=True, head_dim=6, global_head_dim=10, vocab_size=67,
            hidden_size_per_layer_input=0, max_position_embeddings=64, rms_norm_eps=1e-3, sliding_window=4,
            layer_types=[S, F, S, S], attention_bias=True, enable_moe_block=True, num_experts=5, top_k_experts=2,
            moe_intermediate_size=7, pad_token_id=0, **ropes(5000.0, 100.0, 0.4),
        ),
        contrasts={
            "top_k_experts 3": dict(top_k_experts=3),
            "no window": dict(sliding_window=64),
            "rms_norm_eps 1e-6": dict(rms_norm_eps=1e-6),
        },
    ),
    Golden(
        name="gemma4-with-pictures",
        family="gemma4",
        seed=7,
        n_tokens=16,
        old_style_config=False,
        exercises=[
            "Gemma4ForConditionalGeneration: the text part's config inside text_config",
            "a vision tower in the file, which is left alone",
        ],
        config=dict(
            text_config=SHARING | dict(num_hidden_layers=4, num_kv_shared_layers=2, layer_types=[S, F, S, F]),
            vision_config=dict(
                hidden_size=8, intermediate_size=4, num_hidden_layers=1, num_attention_heads=1, num_key_value_heads=1,
                head_dim=8, global_head_dim=8, patch_size=2, position_embedding_size=4, pooling_kernel_size=1,
            ),
            audio_config=None, image_token_id=61, boi_token_id=62, eoi_token_id=63, audio_token_id=64, video_token_id=65,
            boa_token_id=66, eoa_token_index=67,
        ),
    ),
]
