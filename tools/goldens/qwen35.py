"""Qwen 3.5 and 3.6: gated delta nets with a projection for each kind of input."""

from goldens.golden import Golden, rope

DELTA = dict(
    linear_conv_kernel_dim=4, linear_key_head_dim=6, linear_value_head_dim=5, linear_num_key_heads=2,
    linear_num_value_heads=4, max_position_embeddings=64,
)
SECTIONS = dict(mrope_section=[1, 1, 0], mrope_interleaved=True)
EYES = dict(
    depth=1, hidden_size=4, intermediate_size=4, num_heads=1, patch_size=2, spatial_merge_size=1, temporal_patch_size=1,
    num_position_embeddings=4, deepstack_visual_indexes=[],
)

QWEN35 = [
    Golden(
        name="qwen35-types",
        family="qwen3_5_text",
        seed=51,
        n_tokens=15,
        exercises=[
            "gated delta net in blocks 0, 1 and 3, gated attention in block 2: layer_types",
            "two value heads for each key head; keys and values of different widths",
            "a quarter of each head turned, in sections that are all alike for text",
            "norms that multiply by 1 + weight, q and k normed per head; untied unembedding",
        ],
        config=dict(
            hidden_size=20, intermediate_size=29, num_hidden_layers=4, num_attention_heads=4, num_key_value_heads=2,
            head_dim=16, vocab_size=71, rms_norm_eps=1e-6,
            layer_types=["linear_attention", "linear_attention", "full_attention", "linear_attention"],
            tie_word_embeddings=False, **DELTA, **rope(1000000.0, partial_rotary_factor=0.25, **SECTIONS),
        ),
        old_style_config=False,
        contrasts={
            "half of a head turned": rope(1000000.0, partial_rotary_factor=0.5, **SECTIONS),
            "rms_norm_eps 1e-3": dict(rms_norm_eps=1e-3),
        },
    ),
    Golden(
        name="qwen35-tied",
        family="qwen3_5_text",
        seed=58,
        n_tokens=14,
        exercises=[
            "every fourth block has attention, with biases on q and its gate, k, v and o",
            "a value head for each key head, a convolution over 3 tokens",
            "tied unembedding, bf16 file",
        ],
        config=dict(
            hidden_size=24, intermediate_size=23, num_hidden_layers=4, num_attention_heads=3, num_key_value_heads=1,
            head_dim=8, vocab_size=61, rms_norm_eps=1e-5, attention_bias=True, tie_word_embeddings=True,
            **DELTA | dict(linear_conv_kernel_dim=3, linear_num_value_heads=2, linear_value_head_dim=7),
            **rope(10000.0, partial_rotary_factor=0.5),
        ),
        dtype="bfloat16",
        old_style_config=False,
        contrasts={"a quarter of a head turned": rope(10000.0, partial_rotary_factor=0.25)},
    ),
    Golden(
        name="qwen35-with-pictures",
        family="qwen3_5",
        seed=53,
        n_tokens=13,
        exercises=[
            "Qwen3_5ForConditionalGeneration: the text part's config inside text_config, its tensors in model.language_model",
            "tied, as the configuration around the text part says",
            "a part that sees pictures in the file, which is left alone",
        ],
        config=dict(
            text_config=dict(
                hidden_size=20, intermediate_size=25, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=2,
                head_dim=16, vocab_size=61, rms_norm_eps=1e-6,
                layer_types=["linear_attention", "full_attention", "linear_attention"],
                **DELTA, **rope(100000.0, partial_rotary_factor=0.25, **SECTIONS),
            ),
            vision_config=EYES | dict(out_hidden_size=20),
            tie_word_embeddings=True, image_token_id=58, video_token_id=59, vision_start_token_id=56, vision_end_token_id=57,
        ),
        old_style_config=False,
    ),
    Golden(
        name="qwen35-moe-shared",
        family="qwen3_5_moe_text",
        seed=54,
        n_tokens=15,
        exercises=[
            "3 of 7 experts in every block, their shares made to sum to 1, and a shared one of another width",
            "gated delta net and gated attention in turn; half of each head turned",
            "untied unembedding",
        ],
        config=dict(
            hidden_size=20, moe_intermediate_size=13, shared_expert_intermediate_size=11, num_hidden_layers=4,
            num_attention_heads=4, num_key_value_heads=2, head_dim=8, vocab_size=71, rms_norm_eps=1e-6, num_experts=7,
            num_experts_per_tok=3, layer_types=["linear_attention", "full_attention"] * 2,
            tie_word_embeddings=False, **DELTA, **rope(1000000.0, partial_rotary_factor=0.5),
        ),
        old_style_config=False,
        contrasts={"2 experts": dict(num_experts_per_tok=2), "rms_norm_eps 1e-3": dict(rms_norm_eps=1e-3)},
    ),
    Golden(
        name="qwen35-moe-with-pictures",
        family="qwen3_5_moe",
        seed=55,
        n_tokens=14,
        exercises=[
            "Qwen3_5MoeForConditionalGeneration: all experts of a block in one tensor, as published",
            "biases on q and its gate, k, v and o; tied unembedding, bf16 file",
        ],
        config=dict(
            text_config=dict(
                hidden_size=24, moe_intermediate_size=9, shared_expert_intermediate_size=10, num_hidden_layers=3,
                num_attention_heads=3, num_key_value_heads=1, head_dim=8, vocab_size=61, rms_norm_eps=1e-5, num_experts=4,
                num_experts_per_tok=2, attention_bias=True,
                layer_types=["linear_attention", "full_attention", "linear_attention"],
                **DELTA | dict(linear_num_value_heads=2), **rope(10000.0, partial_rotary_factor=0.5),
            ),
            vision_config=EYES | dict(out_hidden_size=24),
            tie_word_embeddings=True, image_token_id=58, video_token_id=59, vision_start_token_id=56, vision_end_token_id=57,
        ),
        dtype="bfloat16",
        stacked_experts=True,
        old_style_config=False,
    ),
]
