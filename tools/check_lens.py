"""Reads lenses that entropy-lens wrote, as torch and their packages do.

    python tools/check_lens.py NAME.safetensors tuned:FOLDER jacobian:FILE.pt

Files of torch are loaded with `weights_only=True`. A tuned lens goes into a ModuleList of Linears as tuned-lens 0.2 builds it, strictly;
a Jacobian lens must hold what jlens reads. Where our own form of the same lens stands before, the maps are compared: `I + A` and J. Prints
the largest difference of each, relative to the largest element.
"""

import json
import sys
from pathlib import Path

import safetensors.torch
import torch

Maps = dict[int, tuple[torch.Tensor, torch.Tensor | None]]


def main() -> None:
    own: Maps | None = None
    for word in sys.argv[1:]:
        if word.startswith("tuned:"):
            maps = tuned(Path(word.removeprefix("tuned:")))
        elif word.startswith("jacobian:"):
            maps = jacobian(Path(word.removeprefix("jacobian:")))
        else:
            own = maps = ours(Path(word))
        print(f"{word}: layers {min(maps)} to {max(maps)}{'' if own is None else f', {difference(own, maps):.2e} from our own form'}")


def ours(file: Path) -> Maps:
    tensors = safetensors.torch.load_file(file)
    layers = sorted({int(name.split(".")[1]) for name in tensors})
    return {layer: (tensors[f"layers.{layer}.weight"], tensors.get(f"layers.{layer}.bias")) for layer in layers}


def tuned(folder: Path) -> Maps:
    config = json.loads((folder / "config.json").read_text())
    d, layers = config["d_model"], config["num_hidden_layers"]
    translators = torch.nn.ModuleList([torch.nn.Linear(d, d, bias=config["bias"]) for _ in range(layers)])
    translators.load_state_dict(torch.load(folder / "params.pt", weights_only=True))
    return {layer: (torch.eye(d) + t.weight.detach(), t.bias.detach()) for layer, t in enumerate(translators)}


def jacobian(file: Path) -> Maps:
    lens = torch.load(file, weights_only=True)
    if lens["source_layers"] != sorted(lens["J"]) or any(j.shape != (lens["d_model"], lens["d_model"]) for j in lens["J"].values()):
        raise AssertionError(f"{file} contradicts itself")
    return {block + 1: (j.float(), None) for block, j in lens["J"].items()}


def difference(own: Maps, other: Maps) -> float:
    worst = 0.0
    for layer in own.keys() & other.keys():
        for a, b in zip(own[layer], other[layer], strict=True):
            if a is not None and b is not None:
                worst = max(worst, ((a - b).abs().max() / a.abs().max()).item())
    return worst


if __name__ == "__main__":
    main()
