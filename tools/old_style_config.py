"""The same config as transformers 4 wrote it: rope_theta, rope_scaling, torch_dtype at the top."""

from pathlib import Path
from typing import Any

from transformers import CONFIG_MAPPING

NOT_MEANT = (
    "transformers_version",
    "partial_rotary_factor",  # left at the top where it was found; rope_parameters has what counts
    "num_ln_in_parallel_attn",  # falcon settles it while it builds the model
)


def old_style(config: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    old = dict(config)
    rope, family = old.pop("rope_parameters"), old["model_type"]
    old |= two_ropes_at_the_top(rope, family) if "full_attention" in rope else rope_at_the_top(rope, family)
    old["torch_dtype"] = old.pop("dtype")
    old["transformers_version"] = "4.45.0"
    if family in ("qwen2", "qwen3", "gemma2") or "sliding_window_pattern" in old:
        del old["layer_types"]  # follows from the windows' keys and the family
        old.pop("_sliding_window_pattern", None)
    if family in ("llama", "mistral") and old["head_dim"] * old["num_attention_heads"] == old["hidden_size"]:
        del old["head_dim"]
    if family == "qwen3_moe":
        old["num_experts"] = old.pop("num_local_experts")  # its name before 5.0
    old |= changes
    return dict(sorted(old.items()))


def rope_at_the_top(parameters: dict[str, Any], family: str) -> dict[str, Any]:
    scaling = dict(parameters)
    top = {"rope_theta": scaling.pop("rope_theta")}
    if "partial_rotary_factor" in scaling:
        top["partial_rotary_factor"] = scaling.pop("partial_rotary_factor")
    if family == "gpt_neox":
        top = {"rotary_emb_base": top["rope_theta"], "rotary_pct": top["partial_rotary_factor"]}
    if family == "phi3":
        scaling.pop("original_max_position_embeddings", None)  # phi3 has it at the top anyway
    if scaling["rope_type"] == "default":
        del scaling["rope_type"]
    if scaling.get("rope_type") in ("linear", "dynamic") and family != "gemma3_text":
        scaling["type"] = scaling.pop("rope_type")  # its name before 4.43
    return top | {"rope_scaling": scaling or None}


def two_ropes_at_the_top(parameters: dict[str, Any], family: str) -> dict[str, Any]:
    """gemma3, olmo3: rope_scaling is about the blocks without a window only."""
    full = rope_at_the_top(parameters["full_attention"], "gemma3_text")
    if family == "olmo3":
        return full  # one base for all blocks
    return full | {"rope_local_base_freq": parameters["sliding_attention"]["rope_theta"]}


def check_the_meaning(new: Path, old: Path, family: str) -> None:
    """transformers must read both files alike."""
    meanings = [meaning(file, family) for file in (new, old)]
    if meanings[0] != meanings[1]:
        unlike = {key: [m.get(key) for m in meanings] for m in meanings for key in m}
        unlike = {key: values for key, values in unlike.items() if values[0] != values[1]}
        raise AssertionError(f"{old}: transformers reads the two configs differently: {unlike}")


def meaning(config_file: Path, family: str) -> dict[str, Any]:
    """All that transformers keeps of a config, except what only says how the file was written."""
    config = CONFIG_MAPPING[family].from_json_file(config_file).to_dict()
    config["rope_parameters"].pop("type", None)
    return {key: value for key, value in config.items() if key not in NOT_MEANT}
