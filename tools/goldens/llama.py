"""llama and mistral with plain rope."""

from typing import Any

from goldens.golden import Golden, rope


def llama3_rope(**changes: Any) -> dict[str, Any]:
    scaling = dict(factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=16)
    return rope(500.0, rope_type="llama3", **(scaling | changes))


LLAMA = [
    Golden(
        name="llama-gqa-tied",
        family="llama",
        seed=60,
        n_tokens=12,
        exercises=[
            "grouped-query attention, 6 heads on 2 kv heads",
            "head_dim is explicit and not hidden_size / n_heads",
            "unembedding tied to the embedding, no lm_head.weight in the file",
            "sizes that are no multiple of a vector's length",
        ],
        config=dict(
            hidden_size=30, intermediate_size=41, num_hidden_layers=3, num_attention_heads=6,
            num_key_value_heads=2, head_dim=10, vocab_size=101, max_position_embeddings=64,
            rms_norm_eps=1e-5, tie_word_embeddings=True, **rope(10000.0),
        ),
        old_style_config=False,
        contrasts={"rope_theta 500000": rope(500000.0), "rms_norm_eps 1e-3": dict(rms_norm_eps=1e-3)},
    ),
    Golden(
        name="llama-biased-untied",
        family="llama",
        seed=44,
        n_tokens=14,
        exercises=[
            "attention_bias: biases on q, k, v and o",
            "mlp_bias: biases on gate, up and down",
            "untied unembedding",
            "multi-head attention, n_kv_heads = n_heads",
            "a rope_theta that is nobody's default",
            "a large rms_norm_eps",
        ],
        config=dict(
            hidden_size=30, intermediate_size=37, num_hidden_layers=3, num_attention_heads=3,
            vocab_size=97, max_position_embeddings=64, rms_norm_eps=1e-3, attention_bias=True,
            mlp_bias=True, tie_word_embeddings=False, **rope(777.0),
        ),
        old_style_config=False,
        contrasts={"rope_theta 10000": rope(10000.0), "rms_norm_eps 1e-5": dict(rms_norm_eps=1e-5)},
    ),
    Golden(
        name="llama3-rope",
        family="llama",
        seed=11,
        n_tokens=40,
        exercises=[
            "rope_type llama3: kept, interpolated and divided frequencies, beyond the original context",
            "config.old-style.json says the same with rope_theta, rope_scaling and torch_dtype at the top",
            "grouped-query attention",
            "rms_norm_eps 1e-6",
        ],
        config=dict(
            hidden_size=28, intermediate_size=35, num_hidden_layers=2, num_attention_heads=4,
            num_key_value_heads=2, head_dim=14, vocab_size=89, max_position_embeddings=128,
            rms_norm_eps=1e-6, tie_word_embeddings=True, **llama3_rope(),
        ),
        contrasts={
            "rope_type default": rope(500.0),
            "rope_type linear": rope(500.0, rope_type="linear", factor=8.0),
            "low_freq_factor 2": llama3_rope(low_freq_factor=2.0),
            "high_freq_factor 8": llama3_rope(high_freq_factor=8.0),
            "original_max_position_embeddings 128": llama3_rope(original_max_position_embeddings=128),
            "rms_norm_eps 1e-3": dict(rms_norm_eps=1e-3),
        },
    ),
    Golden(
        name="llama-sharded-bf16",
        family="llama",
        seed=39,
        n_tokens=16,
        exercises=["several safetensors files and an index", "bf16 file", "untied unembedding"],
        config=dict(
            hidden_size=36, intermediate_size=52, num_hidden_layers=3, num_attention_heads=6,
            num_key_value_heads=3, vocab_size=131, max_position_embeddings=64, rms_norm_eps=1e-5,
            tie_word_embeddings=False, **rope(10000.0),
        ),
        dtype="bfloat16",
        shard_size="24KB",
        old_style_config=False,
        contrasts={"rope_theta 500000": rope(500000.0)},
    ),
    Golden(
        name="llama-f16",
        family="llama",
        seed=42,
        n_tokens=13,
        exercises=["f16 file", "multi-query attention, one kv head", "head_dim smaller than hidden_size / n_heads"],
        config=dict(
            hidden_size=33, intermediate_size=57, num_hidden_layers=3, num_attention_heads=3,
            num_key_value_heads=1, head_dim=8, vocab_size=127, max_position_embeddings=64,
            rms_norm_eps=1e-5, tie_word_embeddings=True, **rope(10000.0),
        ),
        dtype="float16",
        old_style_config=False,
        contrasts={"rope_theta 500000": rope(500000.0)},
    ),
    Golden(
        name="mistral-window",
        family="mistral",
        seed=59,
        n_tokens=20,
        exercises=[
            "sliding window of 5: a token sees itself and the 4 before it, also while decoding with a KV cache",
            "grouped-query attention",
            "untied unembedding",
        ],
        config=dict(
            hidden_size=32, intermediate_size=40, num_hidden_layers=3, num_attention_heads=4,
            num_key_value_heads=2, head_dim=6, vocab_size=83, max_position_embeddings=64,
            rms_norm_eps=1e-5, sliding_window=5, tie_word_embeddings=False, **rope(10000.0),
        ),
        old_style_config=False,
        contrasts={
            "no window": dict(sliding_window=None),
            "sliding_window 4": dict(sliding_window=4),
            "sliding_window 6": dict(sliding_window=6),
        },
    ),
    Golden(
        name="mistral-no-window",
        family="mistral",
        seed=139,
        n_tokens=14,
        exercises=[
            "sliding_window null: no window",
            "head_dim given, larger than hidden_size / n_heads",
            "multi-query attention",
            "tied unembedding",
        ],
        config=dict(
            hidden_size=21, intermediate_size=29, num_hidden_layers=3, num_attention_heads=3,
            num_key_value_heads=1, head_dim=10, vocab_size=77, max_position_embeddings=64,
            rms_norm_eps=1e-5, sliding_window=None, tie_word_embeddings=True, **rope(1000000.0),
        ),
        contrasts={
            "sliding_window 13": dict(sliding_window=13),
            "rope_theta 10000": rope(10000.0),
            "rms_norm_eps 1e-3": dict(rms_norm_eps=1e-3),
        },
    ),
]
