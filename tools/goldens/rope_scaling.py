"""llama with every rope_type besides default and llama3."""

from typing import Any

from goldens.golden import Golden, rope


def linear(**changes: Any) -> dict[str, Any]:
    return rope(10000.0, rope_type="linear", **(dict(factor=2.5) | changes))


def dynamic(**changes: Any) -> dict[str, Any]:
    return rope(500.0, rope_type="dynamic", **(dict(factor=3.0) | changes))


def yarn(theta: float, **scaling: Any) -> dict[str, Any]:
    return rope(theta, rope_type="yarn", original_max_position_embeddings=16, **scaling)


YARN_MSCALE = dict(factor=6.0, mscale=0.8, mscale_all_dim=0.3, truncate=False, beta_fast=1.2, beta_slow=0.2)
YARN_FACTOR = dict(factor=5.0, attention_factor=0.7)

ROPE_SCALING = [
    Golden(
        name="llama-rope-linear",
        family="llama",
        seed=83,
        n_tokens=14,
        exercises=[
            "rope_type linear: every frequency divided by the factor",
            "config.old-style.json calls the rope_type `type` and names no head_dim",
        ],
        config=dict(
            hidden_size=30, intermediate_size=27, num_hidden_layers=3, num_attention_heads=3,
            num_key_value_heads=1, vocab_size=67, max_position_embeddings=64, rms_norm_eps=1e-6,
            tie_word_embeddings=True, **linear(),
        ),
        contrasts={"rope_type default": rope(10000.0), "factor 2": linear(factor=2.0)},
    ),
    Golden(
        name="llama-rope-dynamic-short",
        family="llama",
        seed=397,
        n_tokens=13,
        exercises=[
            "rope_type dynamic up to max_position_embeddings (40, the original length): plain frequencies",
            "input and generation stay within that length",
        ],
        config=dict(
            hidden_size=20, intermediate_size=31, num_hidden_layers=3, num_attention_heads=2,
            vocab_size=69, max_position_embeddings=40, rms_norm_eps=1e-6, tie_word_embeddings=True,
            **dynamic(),
        ),
        contrasts={"rope_type linear": rope(500.0, rope_type="linear", factor=3.0)},
    ),
    Golden(
        name="llama-rope-dynamic-long",
        family="llama",
        seed=265,
        n_tokens=19,
        exercises=[
            "rope_type dynamic beyond max_position_embeddings (11, the original length, which is not the limit): "
            "one base for all positions, from the length of the whole input, 19",
            "no greedy ids: each generated token would change the base",
        ],
        config=dict(
            hidden_size=20, intermediate_size=31, num_hidden_layers=3, num_attention_heads=2,
            vocab_size=69, max_position_embeddings=11, rms_norm_eps=1e-6, tie_word_embeddings=True,
            **dynamic(),
        ),
        greedy=False,
        contrasts={
            "rope_type default": rope(500.0),
            "factor 2": dynamic(factor=2.0),
            "rope_type linear": rope(500.0, rope_type="linear", factor=3.0),
            "max_position_embeddings 12": dict(max_position_embeddings=12),
        },
    ),
    Golden(
        name="llama-rope-yarn",
        family="llama",
        seed=290,
        n_tokens=20,
        exercises=[
            "rope_type yarn with its defaults: beta_fast 32, beta_slow 1, the ramp's ends rounded outwards",
            "cos and sin times 0.1 ln(factor) + 1",
            "beyond the original length of 16",
        ],
        config=dict(
            hidden_size=22, intermediate_size=27, num_hidden_layers=3, num_attention_heads=2,
            num_key_value_heads=1, head_dim=18, vocab_size=61, max_position_embeddings=64,
            rms_norm_eps=1e-6, tie_word_embeddings=True, **yarn(50.0, factor=4.0),
        ),
        contrasts={
            "rope_type default": rope(50.0),
            "rope_type linear": rope(50.0, rope_type="linear", factor=4.0),
            "attention_factor 1": yarn(50.0, factor=4.0, attention_factor=1.0),
            "truncate false": yarn(50.0, factor=4.0, truncate=False),
            "beta_slow 0.5": yarn(50.0, factor=4.0, beta_slow=0.5),
            "original_max_position_embeddings 64": rope(
                50.0, rope_type="yarn", factor=4.0, original_max_position_embeddings=64
            ),
        },
    ),
    Golden(
        name="llama-rope-yarn-mscale",
        family="llama",
        seed=163,
        n_tokens=19,
        exercises=[
            "rope_type yarn, mscale and mscale_all_dim: cos and sin times the quotient of two attention factors",
            "beta_fast and beta_slow given, truncate false: the ramp's ends are not rounded",
        ],
        config=dict(
            hidden_size=21, intermediate_size=25, num_hidden_layers=3, num_attention_heads=3,
            num_key_value_heads=1, head_dim=14, vocab_size=63, max_position_embeddings=96, rms_norm_eps=1e-6,
            tie_word_embeddings=True, **yarn(100.0, **YARN_MSCALE),
        ),
        contrasts={
            "truncate true": yarn(100.0, **YARN_MSCALE | dict(truncate=True)),
            "no mscale": yarn(100.0, **YARN_MSCALE | dict(mscale=None)),
            "mscale_all_dim as mscale": yarn(100.0, **YARN_MSCALE | dict(mscale_all_dim=0.8)),
            "default betas": yarn(100.0, **YARN_MSCALE | dict(beta_fast=None, beta_slow=None)),
        },
    ),
    Golden(
        name="llama-rope-yarn-attention-factor",
        family="llama",
        seed=2,
        n_tokens=18,
        exercises=[
            "rope_type yarn with attention_factor: cos and sin times that number",
            "factor is not max_position_embeddings / original_max_position_embeddings, and factor counts",
        ],
        config=dict(
            hidden_size=20, intermediate_size=27, num_hidden_layers=3, num_attention_heads=2,
            vocab_size=65, max_position_embeddings=64, rms_norm_eps=1e-6, tie_word_embeddings=False,
            **yarn(300.0, **YARN_FACTOR),
        ),
        contrasts={
            "attention_factor null": yarn(300.0, **YARN_FACTOR | dict(attention_factor=None)),
            "attention_factor 1": yarn(300.0, **YARN_FACTOR | dict(attention_factor=1.0)),
            "factor 4": yarn(300.0, **YARN_FACTOR | dict(factor=4.0)),
        },
    ),
]
