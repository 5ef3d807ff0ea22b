"""More families of routed experts: dots1, flex_olmo, ernie4_5_moe, minimax_m2."""

from goldens.golden import Golden, rope

SMALL = dict(num_hidden_layers=3, max_position_embeddings=64)

MORE_EXPERTS = [
    Golden(
        name="dots1-window",
        family="dots1",
        seed=91,
        n_tokens=15,
        exercises=[
            "2 of 6 experts by their sigmoids and a correction, in the best of 3 groups; shares that sum to 1, times 2.5",
            "q and k normed head by head; biases on q, k, v and o",
            "sliding window of 5 from block 1 on: max_window_layers",
            "an MLP in block 0",
        ],
        config=dict(
            hidden_size=20, intermediate_size=17, moe_intermediate_size=9, num_attention_heads=4,
            num_key_value_heads=2, head_dim=8, vocab_size=71, rms_norm_eps=1e-5, n_routed_experts=6,
            num_experts_per_tok=2, n_group=3, topk_group=1, n_shared_experts=2, routed_scaling_factor=2.5,
            norm_topk_prob=True, first_k_dense_replace=1, attention_bias=True, sliding_window=5,
            max_window_layers=1, **SMALL, **rope(1000000.0),
        ),
        contrasts={
            "no window": dict(layer_types=["full_attention"] * 3),
            "2 groups": dict(topk_group=2),
            "shares of their own": dict(norm_topk_prob=False),
        },
    ),
    Golden(
        name="dots1-tied",
        family="dots1",
        seed=92,
        n_tokens=13,
        exercises=["3 of 4 experts, with their sigmoids for shares", "no biases", "tied unembedding, bf16 file"],
        config=dict(
            hidden_size=18, intermediate_size=13, moe_intermediate_size=7, num_attention_heads=3,
            num_key_value_heads=3, vocab_size=61, rms_norm_eps=1e-4, n_routed_experts=4, num_experts_per_tok=3,
            n_group=1, topk_group=1, n_shared_experts=1, routed_scaling_factor=1.0, first_k_dense_replace=0,
            sliding_window=None, tie_word_embeddings=True, **SMALL, **rope(10000.0),
        ),
        dtype="bfloat16",
        contrasts={"shares that sum to 1": dict(norm_topk_prob=True), "rms_norm_eps 1e-6": dict(rms_norm_eps=1e-6)},
    ),
    Golden(
        name="flex-olmo-biased",
        family="flex_olmo",
        seed=93,
        n_tokens=15,
        exercises=[
            "attention and experts normed before they are added, nothing normed before them",
            "3 of 5 experts, with their shares of all",
            "q and k normed, all heads together; biases on q, k, v and o",
        ],
        config=dict(
            hidden_size=24, intermediate_size=13, num_attention_heads=4, num_key_value_heads=2, vocab_size=71,
            rms_norm_eps=1e-5, num_experts=5, num_experts_per_tok=3, attention_bias=True, pad_token_id=None, **SMALL,
            **rope(500000.0),
        ),
        contrasts={"2 experts": dict(num_experts_per_tok=2), "no biases": dict(attention_bias=False)},
    ),
    Golden(
        name="flex-olmo-tied",
        family="flex_olmo",
        seed=104,
        n_tokens=13,
        exercises=["2 of 3 experts, their shares made to sum to 1", "multi-head attention", "tied unembedding, bf16 file"],
        config=dict(
            hidden_size=18, intermediate_size=11, num_attention_heads=3, vocab_size=61, rms_norm_eps=1e-3,
            num_experts=3, num_experts_per_tok=2, norm_topk_prob=True, tie_word_embeddings=True, pad_token_id=None,
            **SMALL, **rope(10000.0),
        ),
        dtype="bfloat16",
        contrasts={"3 experts": dict(num_experts_per_tok=3), "rms_norm_eps 1e-6": dict(rms_norm_eps=1e-6)},
    ),
    Golden(
        name="ernie45-moe-biased",
        family="ernie4_5_moe",
        seed=105,
        n_tokens=15,
        exercises=[
            "2 of 5 experts by softmax and a correction, their shares made to sum to 1",
            "experts in block 1 only: start, end and interval",
            "two shared experts as one MLP; biases on q, k, v, o, the logits and in the MLPs that are not routed",
            "neighbouring pairs are turned",
            "untied unembedding",
        ],
        config=dict(
            hidden_size=24, intermediate_size=17, moe_intermediate_size=9, num_attention_heads=4,
            num_key_value_heads=2, vocab_size=71, rms_norm_eps=1e-5, moe_num_experts=5, moe_k=2,
            moe_num_shared_experts=2, moe_layer_start_index=1, moe_layer_end_index=2, moe_layer_interval=2,
            use_bias=True, tie_word_embeddings=False, **SMALL, **rope(500000.0),
        ),
        contrasts={
            "3 experts": dict(moe_k=3), "rms_norm_eps 1e-3": dict(rms_norm_eps=1e-3),
            "moe_norm_min 0.9": dict(moe_norm_min=0.9),
        },
    ),
    Golden(
        name="ernie45-moe-tied",
        family="ernie4_5_moe",
        seed=96,
        n_tokens=13,
        exercises=["no shared expert, no biases", "an MLP in block 0", "moe_norm_min 0.7", "tied unembedding, bf16 file"],
        config=dict(
            hidden_size=18, intermediate_size=13, moe_intermediate_size=7, num_attention_heads=3,
            num_key_value_heads=3, vocab_size=61, rms_norm_eps=1e-4, moe_num_experts=4, moe_k=2,
            moe_num_shared_experts=0, moe_norm_min=0.7, **SMALL, **rope(10000.0),
        ),
        dtype="bfloat16",
        contrasts={"moe_norm_min 1e-12": dict(moe_norm_min=1e-12), "rms_norm_eps 1e-6": dict(rms_norm_eps=1e-6)},
    ),
    Golden(
        name="minimax-m2-partial",
        family="minimax_m2",
        seed=97,
        n_tokens=15,
        exercises=[
            "3 of 6 experts by their sigmoids and a correction, their shares made to sum to 1",
            "q and k normed, all heads together; half of each head is turned",
            "untied unembedding, head_dim is not hidden_size / n_heads",
        ],
        config=dict(
            hidden_size=20, intermediate_size=9, num_attention_heads=4, num_key_value_heads=2, head_dim=8,
            vocab_size=71, rms_norm_eps=1e-5, num_local_experts=6, num_experts_per_tok=3, **SMALL,
            **rope(5000000.0, partial_rotary_factor=0.5),
        ),
        contrasts={
            "whole heads turned": rope(5000000.0, partial_rotary_factor=1.0), "2 experts": dict(num_experts_per_tok=2)
        },
    ),
    Golden(
        name="minimax-m2-tied",
        family="minimax_m2",
        seed=138,
        n_tokens=13,
        exercises=["one of 3 experts, whose share is 1", "whole heads turned", "tied unembedding, bf16 file"],
        config=dict(
            hidden_size=18, intermediate_size=7, num_attention_heads=3, num_key_value_heads=3, head_dim=6,
            vocab_size=61, rms_norm_eps=1e-4, num_local_experts=3, num_experts_per_tok=1, tie_word_embeddings=True,
            **SMALL, **rope(10000.0),
        ),
        dtype="bfloat16",
        contrasts={"2 experts": dict(num_experts_per_tok=2), "rms_norm_eps 1e-6": dict(rms_norm_eps=1e-6)},
    ),
]
