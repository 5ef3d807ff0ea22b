"""Llama 4: chunks and rotary positions in most blocks, growing scores in the others; experts that read what their share leaves."""

from goldens.golden import Golden, rope

EYES = dict(
    hidden_size=8, intermediate_size=32, num_hidden_layers=1, num_attention_heads=1, image_size=4, patch_size=2,
    vision_output_dim=4, projector_input_dim=4, projector_output_dim=4,
)
LLAMA3 = dict(rope_type="llama3", factor=4.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=16)

LLAMA4 = [
    Golden(
        name="llama4-chunks",
        family="llama4_text",
        seed=601,
        n_tokens=15,
        exercises=[
            "chunks of 4 tokens where queries and keys are turned, and these normed without weights after the turn",
            "block 2 of 4 turns nothing, sees all, and its scores grow every 4 positions, the first counting as 1",
            "1 of 5 experts in blocks 1 and 3, whose input its sigmoid multiplies, and one expert for all; MLPs of another width",
            "neighbours are turned, frequencies scaled as in Llama 3; attention_bias; head_dim is not hidden_size / n_heads",
            "untied unembedding",
        ],
        config=dict(
            hidden_size=20, intermediate_size=13, intermediate_size_mlp=22, num_hidden_layers=4, num_attention_heads=4,
            num_key_value_heads=2, head_dim=6, vocab_size=67, max_position_embeddings=64, rms_norm_eps=1e-5,
            num_local_experts=5, num_experts_per_tok=1, interleave_moe_layer_step=2, no_rope_layer_interval=3,
            attention_chunk_size=4, floor_scale=4, attn_scale=0.6, attention_bias=True, tie_word_embeddings=False,
            **rope(500.0, **LLAMA3),
        ),
        contrasts={
            "chunks of 5": dict(attention_chunk_size=5), "no norms of queries and keys": dict(use_qk_norm=False),
            "2 experts": dict(num_experts_per_tok=2), "scores grow every 5 positions": dict(floor_scale=5),
            "attn_scale 0.5": dict(attn_scale=0.5), "scores do not grow": dict(attn_temperature_tuning=False),
            "rms_norm_eps 1e-3": dict(rms_norm_eps=1e-3),
            "every block turns": dict(no_rope_layers=[1, 1, 1, 1]),
        },
    ),
    Golden(
        name="llama4-dense",
        family="llama4_text",
        seed=622,
        n_tokens=14,
        exercises=[
            "no experts: moe_layers is empty; every block turns, and layer_types says which sees a chunk",
            "no biases, a key-value head for each head; tied unembedding",
        ],
        config=dict(
            hidden_size=20, intermediate_size=25, intermediate_size_mlp=25, num_hidden_layers=3, num_attention_heads=2,
            num_key_value_heads=2, head_dim=8, vocab_size=61, max_position_embeddings=64, rms_norm_eps=1e-3,
            moe_layers=[], interleave_moe_layer_step=0, num_experts_per_tok=0, no_rope_layers=[1, 1, 1], attention_chunk_size=5, attn_temperature_tuning=False,
            layer_types=["full_attention", "chunked_attention", "full_attention"], tie_word_embeddings=True, **rope(777.0),
        ),
        contrasts={
            "no chunks": dict(layer_types=["full_attention"] * 3), "rms_norm_eps 1e-5": dict(rms_norm_eps=1e-5),
        },
    ),
    Golden(
        name="llama4-with-pictures",
        family="llama4",
        seed=642,
        n_tokens=15,
        exercises=[
            "Llama4ForConditionalGeneration: the text part's config inside text_config, its tensors in language_model",
            "tied, as the configuration of the text part says, and not the one around it",
            "2 of 4 experts in every block, with a sigmoid each; no norms of queries and keys",
            "chunks of 6 tokens, scores that grow every 5 positions in block 1 of 3: no_rope_layers",
            "a part that sees pictures in the file, which is left alone; bf16 file",
        ],
        config=dict(
            text_config=dict(
                hidden_size=16, intermediate_size=11, intermediate_size_mlp=22, num_hidden_layers=3, num_attention_heads=3,
                num_key_value_heads=1, head_dim=8, vocab_size=61, max_position_embeddings=64, rms_norm_eps=1e-5,
                num_local_experts=4, num_experts_per_tok=2, interleave_moe_layer_step=1, no_rope_layers=[1, 0, 1],
                attention_chunk_size=6, floor_scale=5, attn_scale=0.5, use_qk_norm=False, tie_word_embeddings=True,
                **rope(10000.0),
            ),
            vision_config=EYES, image_token_index=58, boi_token_index=56, eoi_token_index=57, tie_word_embeddings=False,
        ),
        dtype="bfloat16",
        old_style_config=False,
    ),
]
