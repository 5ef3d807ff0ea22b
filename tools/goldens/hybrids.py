"""Families whose blocks keep a state that is no KV cache: qwen3_next."""

from goldens.golden import Golden, rope

DELTA = dict(
    linear_conv_kernel_dim=4, linear_key_head_dim=6, linear_value_head_dim=5, linear_num_key_heads=2,
    linear_num_value_heads=4, max_position_embeddings=64,
)

HYBRIDS = [
    Golden(
        name="qwen3-next-experts",
        family="qwen3_next",
        seed=41,
        n_tokens=15,
        exercises=[
            "gated delta net in blocks 0, 1 and 3, gated attention in block 2: full_attention_interval 3 as layer_types",
            "two value heads for each key head; keys and values of different widths",
            "3 of 7 experts, their shares made to sum to 1, and a shared one of another width; an MLP in block 1",
            "a quarter of each head turned, norms that multiply by 1 + weight, q and k normed per head",
            "untied unembedding",
        ],
        config=dict(
            hidden_size=20, intermediate_size=29, moe_intermediate_size=13, shared_expert_intermediate_size=11,
            num_hidden_layers=4, num_attention_heads=4, num_key_value_heads=2, head_dim=16, vocab_size=71,
            rms_norm_eps=1e-6, num_experts=7, num_experts_per_tok=3, norm_topk_prob=True, mlp_only_layers=[1],
            layer_types=["linear_attention", "linear_attention", "full_attention", "linear_attention"],
            tie_word_embeddings=False, **DELTA, **rope(1000000.0, partial_rotary_factor=0.25),
        ),
        contrasts={
            "shares of all": dict(norm_topk_prob=False),
            "half of a head turned": rope(1000000.0, partial_rotary_factor=0.5),
            "rms_norm_eps 1e-3": dict(rms_norm_eps=1e-3),
        },
    ),
    Golden(
        name="qwen3-next-tied",
        family="qwen3_next",
        seed=43,
        n_tokens=14,
        exercises=[
            "every fourth block has attention: full_attention_interval where layer_types is absent",
            "a value head for each key head, a convolution over 3 tokens",
            "experts in every second block: decoder_sparse_step 2, with their shares of all",
            "attention_bias: biases on q and its gate, k, v and o",
            "tied unembedding, bf16 file",
        ],
        config=dict(
            hidden_size=24, intermediate_size=23, moe_intermediate_size=9, shared_expert_intermediate_size=10,
            num_hidden_layers=4, num_attention_heads=3, num_key_value_heads=1, head_dim=8, vocab_size=61,
            rms_norm_eps=1e-5, num_experts=4, num_experts_per_tok=2, norm_topk_prob=False, decoder_sparse_step=2,
            attention_bias=True, tie_word_embeddings=True,
            **DELTA | dict(linear_conv_kernel_dim=3, linear_num_value_heads=2, linear_value_head_dim=7),
            **rope(10000.0, partial_rotary_factor=0.5),
        ),
        dtype="bfloat16",
        contrasts={"shares that sum to 1": dict(norm_topk_prob=True), "3 experts": dict(num_experts_per_tok=3)},
    ),
]
