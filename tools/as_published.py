"""Rewrites a tiny checkpoint into a form that models are published in and transformers does not write."""

import json
from pathlib import Path

import safetensors.torch
import torch

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
