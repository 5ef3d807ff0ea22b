"""falcon: three generations under one model_type."""

from goldens.golden import Golden, rope

FALCON = [
    Golden(
        name="falcon-7b-style",
        family="falcon",
        seed=236,
        n_tokens=14,
        exercises=[
            "multi_query: one fused query_key_value, all heads of q, then one k and one v; num_kv_heads says nothing",
            "parallel_attn: attention and MLP read the same norm",
            "norms have biases, linears have none",
            "ffn_hidden_size is 4 * hidden_size, exact (erf) gelu",
            "tied unembedding",
        ],
        config=dict(
            hidden_size=20, num_hidden_layers=3, num_attention_heads=5, vocab_size=67, multi_query=True,
            parallel_attn=True, new_decoder_architecture=False, bias=False, alibi=False,
            max_position_embeddings=64, layer_norm_epsilon=1e-5, tie_word_embeddings=True, **rope(10000.0),
        ),
        contrasts={
            "rope_theta 500": rope(500.0),
            "activation gelu_new": dict(activation="gelu_new"),
            "layer_norm_epsilon 1e-3": dict(layer_norm_epsilon=1e-3),
        },
    ),
    Golden(
        name="falcon-40b-style",
        family="falcon",
        seed=289,
        n_tokens=13,
        exercises=[
            "new_decoder_architecture: one fused query_key_value in groups, the group's heads of q, then its k and its v; "
            "6 heads in 3 groups",
            "parallel block with two norms, ln_attn and ln_mlp",
            "config.old-style.json has num_ln_in_parallel_attn null, which means 2 here",
            "ffn_hidden_size given",
            "tied unembedding",
        ],
        config=dict(
            hidden_size=24, num_hidden_layers=3, num_attention_heads=6, num_kv_heads=3, vocab_size=71,
            ffn_hidden_size=41, multi_query=True, parallel_attn=True, new_decoder_architecture=True,
            bias=False, alibi=False, max_position_embeddings=64, layer_norm_epsilon=1e-5,
            tie_word_embeddings=True, **rope(10000.0),
        ),
        old_style_changes=dict(num_ln_in_parallel_attn=None),
        contrasts={
            "rope_theta 500": rope(500.0),
            "activation gelu_new": dict(activation="gelu_new"),
            "layer_norm_epsilon 1e-3": dict(layer_norm_epsilon=1e-3),
        },
    ),
    Golden(
        name="falcon-11b-style",
        family="falcon",
        seed=280,
        n_tokens=13,
        exercises=[
            "new_decoder_architecture with num_ln_in_parallel_attn 1: attention and MLP read the same norm",
            "4 heads in 2 groups, biases on all linears",
            "a rope_theta that is nobody's default",
            "untied unembedding",
            "bf16 file",
        ],
        config=dict(
            hidden_size=24, num_hidden_layers=4, num_attention_heads=4, num_kv_heads=2, vocab_size=67,
            ffn_hidden_size=45, multi_query=True, parallel_attn=True, new_decoder_architecture=True,
            num_ln_in_parallel_attn=1, bias=True, alibi=False, max_position_embeddings=64,
            layer_norm_epsilon=1e-3, tie_word_embeddings=False, **rope(777.0),
        ),
        dtype="bfloat16",
        contrasts={
            "rope_theta 10000": rope(10000.0),
            "no biases": dict(bias=False),
            "layer_norm_epsilon 1e-5": dict(layer_norm_epsilon=1e-5),
        },
    ),
    Golden(
        name="falcon-rw-style",
        family="falcon",
        seed=339,
        n_tokens=15,
        exercises=[
            "alibi in place of rope: (q k + alibi) / sqrt(head_dim), alibi = slope * position with both factors and the "
            "product rounded to bf16",
            "12 heads, which is no power of two: slopes of 8 heads, then four of those of 16, not exact in bf16",
            "multi_query false: one fused query_key_value, ordered by head",
            "parallel_attn false, biases on all linears",
            "sdpa attention, for eager attention of transformers 5.18 adds alibi twice",
        ],
        config=dict(
            hidden_size=24, num_hidden_layers=3, num_attention_heads=12, vocab_size=61, ffn_hidden_size=37,
            multi_query=False, parallel_attn=False, new_decoder_architecture=False, bias=True, alibi=True,
            max_position_embeddings=64, layer_norm_epsilon=1e-5, tie_word_embeddings=True, **rope(10000.0),
        ),
        attention="sdpa",
        contrasts={
            "rope": dict(alibi=False),
            "no biases": dict(bias=False),
            "layer_norm_epsilon 1e-3": dict(layer_norm_epsilon=1e-3),
        },
    ),
]
