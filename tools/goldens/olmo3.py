"""olmo3: olmo2 with windows in three blocks of four, and scaled rope in the others."""

from goldens.gemma3 import ropes
from goldens.golden import Golden

YARN = dict(rope_type="yarn", factor=8.0, original_max_position_embeddings=16, attention_factor=1.2)

OLMO3 = [
    Golden(
        name="olmo3-yarn",
        family="olmo3",
        seed=1,
        n_tokens=18,
        exercises=[
            "sliding window of 5 in blocks 0, 1 and 2, none in block 3: every fourth block sees everything",
            "yarn in the block without a window only",
            "norms only after attention and MLP; q and k normed over all heads at once",
            "grouped-query attention, untied unembedding",
        ],
        config=dict(
            hidden_size=20, intermediate_size=25, num_hidden_layers=4, num_attention_heads=2,
            num_key_value_heads=1, vocab_size=61, max_position_embeddings=64, rms_norm_eps=1e-6,
            sliding_window=5, tie_word_embeddings=False, **ropes(500000.0, 500000.0, **YARN),
        ),
        contrasts={
            "no yarn": ropes(500000.0, 500000.0),
            "sliding_window 6": dict(sliding_window=6),
        },
    ),
    Golden(
        name="olmo3-layer-types",
        family="olmo3",
        seed=2,
        n_tokens=14,
        exercises=[
            "windows where layer_types says so, in blocks 1 and 2",
            "attention_bias: biases on q, k, v and o",
            "two bases: one for each kind of block",
            "tied unembedding, multi-head attention",
        ],
        config=dict(
            hidden_size=18, intermediate_size=29, num_hidden_layers=3, num_attention_heads=3,
            vocab_size=71, max_position_embeddings=64, rms_norm_eps=1e-3, attention_bias=True,
            sliding_window=4, layer_types=["full_attention", "sliding_attention", "sliding_attention"],
            tie_word_embeddings=True, **ropes(777.0, 10000.0),
        ),
        old_style_config=False,
        contrasts={"bases exchanged": ropes(10000.0, 777.0), "sliding_window 5": dict(sliding_window=5)},
    ),
]
