"""Writes a Llama or Qwen2 checkpoint as InternLM is published, and reads one back.

transformers has neither InternLM2 nor InternLM3. What the code that comes with them computes is a Llama under other names
(`modeling_internlm2.py` and `modeling_internlm3.py` of internlm/internlm2-7b and internlm/internlm3-8b-instruct): InternLM2
has queries, keys and values in one matrix, for each key-value head its queries, then its key, then its value
(`rearrange(qkv, "b q (h gs d) -> b q h gs d", gs=2 + groups)`). So the reference is the Llama that the file is read back into.
"""

import json
import re
from pathlib import Path

import safetensors.torch
import torch

RENAMED = {
    "self_attn.o_proj": "attention.wo", "mlp.gate_proj": "feed_forward.w1", "mlp.up_proj": "feed_forward.w3",
    "mlp.down_proj": "feed_forward.w2", "input_layernorm": "attention_norm", "post_attention_layernorm": "ffn_norm",
    "model.embed_tokens": "model.tok_embeddings", "lm_head": "output",
}  # fmt: skip
QKV = ("q_proj", "k_proj", "v_proj")


def write(folder: Path, family: str) -> None:
    file = folder / "model.safetensors"
    config = json.loads((folder / "config.json").read_text())
    if family == "internlm2":
        tensors = fused(safetensors.torch.load_file(file), config)
        safetensors.torch.save_file(tensors, file, metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps(as_published(config, family), indent=2) + "\n")


def as_published(config: dict, family: str) -> dict:
    kind = {"internlm2": "InternLM2", "internlm3": "InternLM3"}[family]
    biased = config.pop("attention_bias", False), config.pop("mlp_bias", False)
    qkv_bias = biased[0] or config["model_type"] == "qwen2"
    rope = config.pop("rope_parameters")
    keys = ("architectures", "model_type", "layer_types", "use_sliding_window", "sliding_window", "max_window_layers")
    rest = {key: value for key, value in config.items() if key not in keys}
    bias = {"bias": qkv_bias} if family == "internlm2" else {"qkv_bias": qkv_bias, "bias": biased[1]}
    name = "type" if family == "internlm2" else "rope_type"
    scaling = None if rope["rope_type"] == "default" else {name: rope["rope_type"], "factor": rope["factor"]}
    of_its_own = {"rope_theta": rope["rope_theta"], "rope_scaling": scaling}
    return {"architectures": [f"{kind}ForCausalLM"], "model_type": family} | rest | bias | of_its_own


def fused(tensors: dict[str, torch.Tensor], config: dict) -> dict[str, torch.Tensor]:
    kv_heads = config["num_key_value_heads"]
    renamed = {}
    for name, tensor in tensors.items():
        found = re.fullmatch(r"(.*)self_attn\.q_proj\.(weight|bias)", name)
        if found:
            parts = [tensors[f"{found[1]}self_attn.{part}.{found[2]}"] for part in QKV]
            heads = [part.reshape(kv_heads, -1, *part.shape[1:]) for part in parts]
            whole = torch.cat(heads, dim=1)
            renamed[f"{found[1]}attention.wqkv.{found[2]}"] = whole.reshape(-1, *whole.shape[2:])
        elif not any(part in name for part in QKV):
            renamed[replaced(name, RENAMED)] = tensor
    return {name: tensor.clone() for name, tensor in renamed.items()}


def read(file: Path, family: str, heads: int, kv_heads: int) -> dict[str, torch.Tensor]:
    """The tensors under the names of Llama."""
    tensors = safetensors.torch.load_file(file)
    if family == "internlm3":
        return tensors
    back = {new: old for old, new in RENAMED.items()}
    renamed = {}
    for name, tensor in tensors.items():
        if ".attention.wqkv." not in name:
            renamed[replaced(name, back)] = tensor
            continue
        groups = heads // kv_heads
        rows = tensor.reshape(kv_heads, groups + 2, -1, *tensor.shape[1:])
        for part, at in zip(QKV, (slice(groups), slice(groups, groups + 1), slice(groups + 1, None)), strict=True):
            key = name.replace("attention.wqkv", f"self_attn.{part}")
            renamed[key] = rows[:, at].reshape(-1, *tensor.shape[1:]).clone()
    return renamed


def replaced(name: str, names: dict[str, str]) -> str:
    for old, new in names.items():
        if f".{old}." in f".{name}":
            return f".{name}".replace(f".{old}.", f".{new}.").removeprefix(".")
    return name
