"""gpt-oss: as floats, and in the form that it is published in."""

from goldens.golden import Golden, rope

YARN = rope(
    100.0, rope_type="yarn", factor=4.0, beta_fast=8.0, beta_slow=1.0, truncate=False,
    original_max_position_embeddings=100,
)

GPT_OSS = [
    Golden(
        name="gpt-oss-floats",
        family="gpt_oss",
        seed=41,
        n_tokens=15,
        exercises=[
            "a sink for each head, in the softmax and without a value",
            "2 of 5 experts, softmax among these; a router with biases",
            "gate and up take turns among the outputs of one tensor [expert, in, out], clamped, with biases",
            "biases on q, k, v and o",
            "sliding window of 4 in blocks 0 and 2",
            "YaRN whose borders are no whole numbers",
            "untied unembedding, head_dim is not hidden_size / n_heads",
        ],
        config=dict(
            hidden_size=20, intermediate_size=13, num_attention_heads=4, num_key_value_heads=2, head_dim=8,
            vocab_size=71, rms_norm_eps=1e-5, num_local_experts=5, num_experts_per_tok=2, sliding_window=4,
            num_hidden_layers=3, max_position_embeddings=64, **YARN,
        ),
        contrasts={
            "no window": dict(layer_types=["full_attention"] * 3),
            "window in every block": dict(layer_types=["sliding_attention"] * 3),
            "3 experts": dict(num_experts_per_tok=3),
            "YaRN with whole borders": dict(rope_parameters=YARN["rope_parameters"] | dict(truncate=True)),
        },
    ),
    Golden(
        name="gpt-oss-mxfp4",
        family="gpt_oss",
        seed=42,
        n_tokens=14,
        exercises=[
            "experts as MXFP4: blocks of 32 codes of 4 bits and their scales, outputs first",
            "3 of 4 experts",
            "window in block 1 only: layer_types",
            "no biases on q, k, v and o; tied unembedding; bf16 file",
            "multi-head attention",
        ],
        config=dict(
            hidden_size=32, intermediate_size=64, num_attention_heads=4, num_key_value_heads=4, head_dim=8,
            vocab_size=67, rms_norm_eps=1e-6, num_local_experts=4, num_experts_per_tok=3, sliding_window=5,
            layer_types=["full_attention", "sliding_attention", "full_attention"], attention_bias=False,
            tie_word_embeddings=True, num_hidden_layers=3, max_position_embeddings=64, **rope(10000.0),
        ),
        dtype="bfloat16",
        mxfp4=True,
        old_style_config=False,
        contrasts={
            "no window": dict(layer_types=["full_attention"] * 3),
            "2 experts": dict(num_experts_per_tok=2),
            "rms_norm_eps 1e-3": dict(rms_norm_eps=1e-3),
        },
    ),
]
