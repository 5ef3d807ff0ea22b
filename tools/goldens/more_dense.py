"""More dense families, and Hunyuan with experts."""

from goldens.golden import Golden, rope
from transformers.models.mpt.configuration_mpt import MptAttentionConfig

SMALL = dict(num_hidden_layers=3, max_position_embeddings=64)

MORE_DENSE = [
    Golden(
        name="apertus-scaled",
        family="apertus",
        seed=400,
        n_tokens=14,
        exercises=[
            "xIELU without a gate, with slopes, beta and limit of each block",
            "q and k normed head by head",
            "llama3 scaling that changes most frequencies",
            "untied unembedding",
        ],
        config=dict(
            hidden_size=24, intermediate_size=29, num_attention_heads=4, num_key_value_heads=2, vocab_size=67,
            tie_word_embeddings=False, **SMALL,
            **rope(
                500.0, rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
                original_max_position_embeddings=16,
            ),
        ),
        contrasts={"no scaling": rope(500.0), "rms_norm_eps 1e-3": dict(rms_norm_eps=1e-3)},
    ),
    Golden(
        name="apertus-biased",
        family="apertus",
        seed=417,
        n_tokens=14,
        exercises=["attention_bias on q, k, v and o", "multi-head attention", "tied unembedding, bf16 file"],
        config=dict(
            hidden_size=20, intermediate_size=31, num_attention_heads=2, vocab_size=61, rms_norm_eps=1e-3,
            attention_bias=True, tie_word_embeddings=True, **SMALL, **rope(777.0),
        ),
        dtype="bfloat16",
        old_style_config=False,  # without rope_scaling, transformers 5 puts one of its own in its place
        contrasts={"no biases": dict(attention_bias=False), "rms_norm_eps 1e-6": dict(rms_norm_eps=1e-6)},
    ),
    Golden(
        name="hunyuan-dense-alpha",
        family="hunyuan_v1_dense",
        seed=415,
        n_tokens=14,
        exercises=[
            "dynamic scaling with an alpha, which raises the base for every length",
            "q and k normed after they are turned, head by head",
            "head_dim is not hidden_size / n_heads",
            "tied unembedding",
        ],
        config=dict(
            hidden_size=20, intermediate_size=31, num_attention_heads=4, num_key_value_heads=2, head_dim=6, vocab_size=67,
            tie_word_embeddings=True, **SMALL, **rope(100.0, rope_type="dynamic", alpha=20.0, factor=1.0),
        ),
        contrasts={
            "no alpha": rope(100.0, rope_type="dynamic", factor=1.0), "rms_norm_eps 1e-3": dict(rms_norm_eps=1e-3)
        },
    ),
    Golden(
        name="hunyuan-dense-biased",
        family="hunyuan_v1_dense",
        seed=412,
        n_tokens=14,
        exercises=["attention_bias on q, k, v and o", "multi-head attention", "untied unembedding, bf16 file"],
        config=dict(
            hidden_size=24, intermediate_size=29, num_attention_heads=3, head_dim=8, vocab_size=61, rms_norm_eps=1e-3,
            attention_bias=True, tie_word_embeddings=False, **SMALL, **rope(777.0),
        ),
        dtype="bfloat16",
        contrasts={"no biases": dict(attention_bias=False), "rms_norm_eps 1e-6": dict(rms_norm_eps=1e-6)},
    ),
    Golden(
        name="hunyuan-moe-alpha",
        family="hunyuan_v1_moe",
        seed=413,
        n_tokens=14,
        exercises=[
            "3 of 5 experts, their shares made to sum to 1, and one that sees every row",
            "dynamic scaling with an alpha; q and k normed after they are turned",
            "moe_topk names each block",
            "tied unembedding",
        ],
        config=dict(
            hidden_size=20, intermediate_size=13, num_attention_heads=4, num_key_value_heads=2, head_dim=6, vocab_size=67,
            num_experts=5, moe_topk=[3, 3, 3], tie_word_embeddings=True, **SMALL,
            **rope(100.0, rope_type="dynamic", alpha=20.0, factor=1.0),
        ),
        contrasts={"no alpha": rope(100.0, rope_type="dynamic", factor=1.0), "2 experts": dict(moe_topk=2)},
    ),
    Golden(
        name="hunyuan-moe-biased",
        family="hunyuan_v1_moe",
        seed=413,
        n_tokens=14,
        exercises=["2 of 4 experts", "attention_bias on q, k, v and o", "untied unembedding, bf16 file"],
        config=dict(
            hidden_size=24, intermediate_size=11, num_attention_heads=3, head_dim=8, vocab_size=61, rms_norm_eps=1e-3,
            num_experts=4, moe_topk=2, attention_bias=True, tie_word_embeddings=False, **SMALL, **rope(777.0),
        ),
        dtype="bfloat16",
        contrasts={"no biases": dict(attention_bias=False), "3 experts": dict(moe_topk=3)},
    ),
    Golden(
        name="mpt-clipped",
        family="mpt",
        seed=423,
        n_tokens=14,
        exercises=[
            "ALiBi for 6 heads, which is no power of two",
            "clip_qkv 0.8, softmax_scale 0.3",
            "norms without bias, one matrix for q, k and v, exact gelu",
            "tied unembedding",
        ],
        config=dict(
            d_model=18, n_layers=3, n_heads=6, vocab_size=71, max_seq_len=64, attn_config=dict(clip_qkv=0.8, softmax_scale=0.3)
        ),
        contrasts={
            "no clip": dict(attn_config=MptAttentionConfig(softmax_scale=0.3)),
            "softmax_scale by d_head": dict(attn_config=MptAttentionConfig(clip_qkv=0.8)),
        },
    ),
    Golden(
        name="mpt-untied",
        family="mpt",
        seed=424,
        n_tokens=16,
        exercises=["ALiBi for 4 heads", "layer_norm_epsilon 1e-3", "untied unembedding, bf16 file"],
        config=dict(
            d_model=20, n_layers=3, n_heads=4, vocab_size=67, max_seq_len=48, layer_norm_epsilon=1e-3,
            tie_word_embeddings=False,
        ),
        dtype="bfloat16",
        contrasts={"layer_norm_epsilon 1e-5": dict(layer_norm_epsilon=1e-5)},
    ),
    Golden(
        name="gpt-bigcode-shared",
        family="gpt_bigcode",
        seed=435,
        n_tokens=14,
        exercises=[
            "all heads share one key and one value, in one matrix behind the queries",
            "learned positions, biases everywhere",
            "published layout: causal masks in the file",
            "tied unembedding",
        ],
        config=dict(n_embd=20, n_layer=3, n_head=4, n_inner=31, vocab_size=67, n_positions=36),
        hub_style=True,
        contrasts={"activation relu": dict(activation_function="relu"), "no scaling": dict(scale_attn_weights=False)},
    ),
    Golden(
        name="gpt-bigcode-own-keys",
        family="gpt_bigcode",
        seed=431,
        n_tokens=14,
        exercises=[
            "multi_query false: each head has its query, key and value together",
            "scale_attn_weights false, n_inner is 4 n_embd, exact gelu",
            "untied unembedding, f16 file",
        ],
        config=dict(
            n_embd=18, n_layer=3, n_head=3, vocab_size=61, n_positions=40, multi_query=False, scale_attn_weights=False,
            activation_function="gelu", layer_norm_epsilon=1e-3, tie_word_embeddings=False,
        ),
        dtype="float16",
        contrasts={
            "layer_norm_epsilon 1e-5": dict(layer_norm_epsilon=1e-5), "activation relu": dict(activation_function="relu")
        },
    ),
    Golden(
        name="codegen-partial",
        family="codegen",
        seed=440,
        n_tokens=14,
        exercises=[
            "queries, values and keys of all heads in one matrix of four parts",
            "4 of 6 elements of a head are turned, as neighbours",
            "attention and MLP read one norm; bias on the logits",
            "published layout: causal masks in the file",
        ],
        config=dict(n_embd=24, n_layer=3, n_head=4, rotary_dim=4, n_inner=31, vocab_size=67, n_positions=48),
        hub_style=True,
        contrasts={"2 elements turned": dict(rotary_dim=2), "layer_norm_epsilon 1e-3": dict(layer_norm_epsilon=1e-3)},
    ),
    Golden(
        name="codegen-two-heads-a-part",
        family="codegen",
        seed=442,
        n_tokens=13,
        exercises=["two heads in each part", "whole heads are turned", "n_inner is 4 n_embd, relu", "f16 file"],
        config=dict(
            n_embd=16, n_layer=3, n_head=8, rotary_dim=2, vocab_size=61, n_positions=48, activation_function="relu",
            layer_norm_epsilon=1e-3,
        ),
        dtype="float16",
        contrasts={
            "layer_norm_epsilon 1e-5": dict(layer_norm_epsilon=1e-5), "activation gelu": dict(activation_function="gelu")
        },
    ),
    Golden(
        name="internlm2-biased",
        family="llama",
        published_as="internlm2",
        seed=450,
        n_tokens=14,
        exercises=[
            "one matrix for queries, keys and values, by key-value head; names of its own",
            "bias on q, k, v and o",
            "dynamic scaling of a text longer than the context of pre-training",
            "untied unembedding",
        ],
        config=dict(
            hidden_size=24, intermediate_size=29, num_attention_heads=6, num_key_value_heads=2, vocab_size=67,
            num_hidden_layers=3, max_position_embeddings=10, rms_norm_eps=1e-5, attention_bias=True,
            tie_word_embeddings=False, pad_token_id=0, **rope(500.0, rope_type="dynamic", factor=4.0),
        ),
        greedy=False,
        old_style_config=False,
        contrasts={
            "no biases": dict(attention_bias=False), "no scaling": rope(500.0), "rms_norm_eps 1e-3": dict(rms_norm_eps=1e-3)
        },
    ),
    Golden(
        name="internlm2-plain",
        family="llama",
        published_as="internlm2",
        seed=451,
        n_tokens=14,
        exercises=["multi-head attention", "no biases", "tied unembedding, bf16 file"],
        config=dict(
            hidden_size=20, intermediate_size=31, num_attention_heads=2, num_key_value_heads=2, vocab_size=61,
            num_hidden_layers=3, max_position_embeddings=64, rms_norm_eps=1e-3, tie_word_embeddings=True, pad_token_id=0,
            **rope(777.0),
        ),
        dtype="bfloat16",
        old_style_config=False,
        contrasts={"rope_theta 10000": rope(10000.0), "rms_norm_eps 1e-6": dict(rms_norm_eps=1e-6)},
    ),
    Golden(
        name="internlm3-biased",
        family="llama",
        published_as="internlm3",
        seed=452,
        n_tokens=14,
        exercises=["qkv_bias on q, k and v, bias on o and the MLP", "head_dim is not hidden_size / n_heads", "untied unembedding"],
        config=dict(
            hidden_size=24, intermediate_size=29, num_attention_heads=4, num_key_value_heads=2, head_dim=10, vocab_size=67,
            num_hidden_layers=3, max_position_embeddings=64, rms_norm_eps=1e-5, attention_bias=True, mlp_bias=True,
            tie_word_embeddings=False, pad_token_id=0, **rope(500.0),
        ),
        old_style_config=False,
        contrasts={"no biases": dict(attention_bias=False, mlp_bias=False), "rope_theta 10000": rope(10000.0)},
    ),
    Golden(
        name="internlm3-dynamic",
        family="qwen2",
        published_as="internlm3",
        seed=453,
        n_tokens=14,
        exercises=[
            "qkv_bias alone: the reference is Qwen2's class",
            "dynamic scaling of a text longer than the context of pre-training",
            "tied unembedding, bf16 file",
        ],
        config=dict(
            hidden_size=20, intermediate_size=31, num_attention_heads=2, num_key_value_heads=1, vocab_size=61,
            num_hidden_layers=3, max_position_embeddings=10, rms_norm_eps=1e-3, tie_word_embeddings=True, pad_token_id=0,
            **rope(777.0, rope_type="dynamic", factor=6.0),
        ),
        dtype="bfloat16",
        greedy=False,
        old_style_config=False,
        contrasts={"no scaling": rope(777.0), "rms_norm_eps 1e-6": dict(rms_norm_eps=1e-6)},
    ),
]
