"""What an entry of the catalogue says."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Golden:
    name: str
    family: str  # whose class in transformers computes the reference
    seed: int
    n_tokens: int
    exercises: list[str]
    config: dict[str, Any]
    dtype: str = "float32"
    shard_size: str | None = None  # as save_pretrained's max_shard_size
    hub_style: bool = False  # GPT-2 as published: no `transformer.` prefix, causal masks in the file
    old_style_config: bool = True  # where there is rope: also write config.old-style.json
    old_style_changes: dict[str, Any] = field(default_factory=dict)  # what only the old file says
    attention: str = "eager"  # transformers' implementation
    mxfp4: bool = False  # experts as random blocks of 4 bits, as gpt-oss is published
    fp8: bool = False  # matrices as floats of 8 bits with scales for blocks of 128 × 128, as DeepSeek-V3 is published
    published_as: str | None = None  # a family that transformers lacks; see as_internlm.py
    further_block: bool = False  # a block behind the last, which predicts further ahead
    stacked_experts: bool = False  # all experts of a block in one tensor, as Qwen3.5 is published
    greedy: bool = True  # False where rope frequencies change from one greedy step to the next, or the cache does
    contrasts: dict[str, dict[str, Any]] = field(default_factory=dict)


def rope(theta: float, **scaling: Any) -> dict[str, Any]:
    return {"rope_parameters": {"rope_type": "default", "rope_theta": theta} | scaling}
