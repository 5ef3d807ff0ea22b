"""Families with short convolutions in the place of attention: lfm2, lfm2_moe."""

from goldens.golden import Golden, rope

SMALL = dict(max_position_embeddings=64)

CONVOLUTIONS = [
    Golden(
        name="lfm2-biased",
        family="lfm2",
        seed=201,
        n_tokens=15,
        exercises=[
            "gated convolutions over 3 tokens in blocks 0 and 2, attention in blocks 1 and 3",
            "conv_bias: biases on the convolution and both of its projections",
            "width of the MLP from intermediate_size: two thirds, times 1.3, up to a multiple of 8",
            "q and k normed head by head, grouped heads",
            "untied unembedding",
        ],
        config=dict(
            hidden_size=24, intermediate_size=35, num_hidden_layers=4, num_attention_heads=4, num_key_value_heads=2, vocab_size=71,
            norm_eps=1e-5, conv_bias=True, conv_L_cache=3, block_multiple_of=8, block_ffn_dim_multiplier=1.3,
            layer_types=["conv", "full_attention", "conv", "full_attention"], tie_word_embeddings=False, **SMALL,
            **rope(1000000.0),
        ),
        old_style_config=False,
        contrasts={"norm_eps 1e-3": dict(norm_eps=1e-3), "theta 100": rope(100.0)},
    ),
    Golden(
        name="lfm2-tied",
        family="lfm2",
        seed=202,
        n_tokens=14,
        exercises=[
            "a convolution over 4 tokens, no biases",
            "width of the MLP as it stands: block_auto_adjust_ff_dim false",
            "tied unembedding, bf16 file",
        ],
        config=dict(
            hidden_size=20, intermediate_size=27, num_hidden_layers=3, num_attention_heads=2, num_key_value_heads=2, vocab_size=61,
            norm_eps=1e-4, conv_L_cache=4, block_auto_adjust_ff_dim=False,
            layer_types=["conv", "conv", "full_attention"], **SMALL, **rope(10000.0),
        ),
        old_style_config=False,
        dtype="bfloat16",
        contrasts={"norm_eps 1e-2": dict(norm_eps=1e-2), "theta 10": rope(10.0)},
    ),
    Golden(
        name="lfm2-moe-corrected",
        family="lfm2_moe",
        seed=213,
        n_tokens=15,
        exercises=[
            "3 of 6 experts by their sigmoids and a correction, their shares made to sum to 2.5",
            "an MLP in block 0, experts in blocks 1 to 3",
            "gated convolutions over 3 tokens with biases, attention in block 2",
            "untied unembedding",
        ],
        config=dict(
            hidden_size=24, intermediate_size=29, moe_intermediate_size=11, num_hidden_layers=4, num_attention_heads=4, num_key_value_heads=2,
            vocab_size=71, norm_eps=1e-5, conv_bias=True, num_dense_layers=1, num_experts=6, num_experts_per_tok=3,
            routed_scaling_factor=2.5, layer_types=["conv", "conv", "full_attention", "conv"],
            tie_word_embeddings=False, **SMALL, **rope(1000000.0),
        ),
        old_style_config=False,
        contrasts={
            "shares of their own": dict(norm_topk_prob=False), "2 experts": dict(num_experts_per_tok=2),
            "no correction": dict(use_expert_bias=False),
        },
    ),
    Golden(
        name="lfm2-moe-tied",
        family="lfm2_moe",
        seed=204,
        n_tokens=13,
        exercises=[
            "2 of 4 experts, with their sigmoids for shares and no correction, in every block",
            "a convolution over 2 tokens",
            "tied unembedding, bf16 file",
        ],
        config=dict(
            hidden_size=20, intermediate_size=23, moe_intermediate_size=9, num_hidden_layers=3, num_attention_heads=2, num_key_value_heads=1,
            vocab_size=61, norm_eps=1e-4, conv_L_cache=2, num_dense_layers=0, num_experts=4, num_experts_per_tok=2,
            norm_topk_prob=False, use_expert_bias=False, layer_types=["full_attention", "conv", "conv"], **SMALL,
            **rope(10000.0),
        ),
        old_style_config=False,
        dtype="bfloat16",
        contrasts={"shares that sum to 1": dict(norm_topk_prob=True), "norm_eps 1e-2": dict(norm_eps=1e-2)},
    ),
]
