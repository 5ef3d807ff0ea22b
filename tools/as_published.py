"""Rewrites a tiny checkpoint into a form that models are published in and transformers does not write."""

import json
from pathlib import Path

import safetensors.torch
import torch

F8_BLOCK = 128
F8_MAX = 448.0
BLOCK = 32  # weights that share a scale
SCALES = (122, 125)  # powers of two, biased by 127: weights of spread 0.2 or so


def rewrite_as_mxfp4(folder: Path, seed: int) -> None:
    """gpt-oss: what the experts multiply by, `[expert, in, out]`, as random blocks and scales `[expert, out, in / 32, ...]`."""
    file = folder / "model.safetensors"
    tensors = safetensors.torch.load_file(file)
    generator = torch.Generator().manual_seed(seed)
    for name in [name for name in tensors if name.endswith(("experts.gate_up_proj", "experts.down_proj"))]:
        experts, inputs, outputs = tensors.pop(name).shape
        shape = (experts, outputs, inputs // BLOCK)
        tensors[name + "_blocks"] = torch.randint(256, (*shape, BLOCK // 2), generator=generator).to(torch.uint8)
        tensors[name + "_scales"] = torch.randint(*SCALES, shape, generator=generator).to(torch.uint8)
    safetensors.torch.save_file(tensors, file, metadata={"format": "pt"})
    config = json.loads((folder / "config.json").read_text())
    config["quantization_config"] = {
        "modules_to_not_convert": ["model.layers.*.self_attn", "model.layers.*.mlp.router", "model.embed_tokens", "lm_head"],
        "quant_method": "mxfp4",
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def add_a_further_block(file: Path, n_layers: int) -> None:
    """GLM and DeepSeek: a block that predicts the token after next, with norms and a projection of its own."""
    tensors = safetensors.torch.load_file(file)
    last, further = f"model.layers.{n_layers - 1}.", f"model.layers.{n_layers}."
    copies = {further + name.removeprefix(last): t.clone() for name, t in tensors.items() if name.startswith(last)}
    width = tensors["model.norm.weight"].shape[0]
    copies |= {further + f"{norm}.weight": torch.ones(width) for norm in ("enorm", "hnorm", "shared_head.norm")}
    copies[further + "eh_proj.weight"] = torch.zeros(width, 2 * width)
    safetensors.torch.save_file(tensors | copies, file, metadata={"format": "pt"})


def add_a_predicting_head(file: Path, n_layers: int) -> None:
    """Qwen 3.5: the same under names of its own."""
    add_a_further_block(file, n_layers)
    tensors = safetensors.torch.load_file(file)
    further = f"model.layers.{n_layers}."
    names = {"eh_proj": "fc", "enorm": "pre_fc_norm_embedding", "hnorm": "pre_fc_norm_hidden", "shared_head.norm": "norm"}
    renamed = {}
    for name, tensor in tensors.items():
        inside = name.removeprefix(further)
        module = inside.removesuffix(".weight")
        if inside == name:
            renamed[name] = tensor
        elif module in names:
            renamed[f"mtp.{names[module]}.weight"] = tensor
        else:
            renamed[f"mtp.layers.0.{inside}"] = tensor
    safetensors.torch.save_file(renamed, file, metadata={"format": "pt"})


def rewrite_as_fp8(folder: Path) -> None:
    """DeepSeek-V3: e4m3, and `weight_scale_inv` for each block of 128 × 128; here powers of two."""
    file = folder / "model.safetensors"
    tensors = safetensors.torch.load_file(file)
    for name in [name for name in tensors if "_proj" in name and name.endswith(".weight")]:
        weight = tensors[name].float()
        codes, scales = torch.empty_like(weight, dtype=torch.float8_e4m3fn), []
        for top in range(0, weight.shape[0], F8_BLOCK):
            for left in range(0, weight.shape[1], F8_BLOCK):
                at = (slice(top, top + F8_BLOCK), slice(left, left + F8_BLOCK))
                scale = torch.exp2(torch.ceil(torch.log2(weight[at].abs().max() / F8_MAX)))
                codes[at] = (weight[at] / scale).to(torch.float8_e4m3fn)
                scales.append(scale)
        grid = [-(-size // F8_BLOCK) for size in weight.shape]
        tensors[name] = codes
        tensors[name + "_scale_inv"] = torch.stack(scales).reshape(grid).float()
    safetensors.torch.save_file(tensors, file, metadata={"format": "pt"})
    config = json.loads((folder / "config.json").read_text())
    config["quantization_config"] = {
        "activation_scheme": "dynamic", "fmt": "e4m3", "quant_method": "fp8", "weight_block_size": [F8_BLOCK, F8_BLOCK],
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def stack_experts(file: Path) -> None:
    """All experts of a block in `experts.gate_up_proj` [experts, gate above up, inputs] and `experts.down_proj`."""
    tensors = safetensors.torch.load_file(file)
    parts = {name: tensors.pop(name) for name in list(tensors) if ".experts." in name}
    for room in sorted({name.split("experts.")[0] for name in parts}):
        count = sum(name.startswith(room) and name.endswith("down_proj.weight") for name in parts)
        experts = [f"{room}experts.{expert}." for expert in range(count)]
        tensors[room + "experts.gate_up_proj"] = torch.stack(
            [torch.cat([parts[e + "gate_proj.weight"], parts[e + "up_proj.weight"]]) for e in experts]
        )
        tensors[room + "experts.down_proj"] = torch.stack([parts[e + "down_proj.weight"] for e in experts])
    safetensors.torch.save_file(tensors, file, metadata={"format": "pt"})
