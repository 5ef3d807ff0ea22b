"""Random weights that leave nothing at rest: a zero bias or a norm weight of one hides bugs."""

import math

import torch
from torch import nn


def randomise(model: nn.Module, seed: int) -> None:
    """Draws every parameter anew, in the order of named_parameters (tied ones once)."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            mean, spread = _distribution(name, parameter)
            parameter.normal_(mean, spread, generator=generator)


def _distribution(name: str, parameter: torch.Tensor) -> tuple[float, float]:
    if name.endswith(".bias"):
        return 0.0, 0.2
    if parameter.dim() == 1:  # the only vectors that are no biases are norm weights
        return 1.0, 0.2
    if name.endswith(("lm_head.weight", "wte.weight", "embed_tokens.weight")):
        # A normed residual has d_model entries of size 1, so this gives logits a spread of about 2:
        # entropies then lie well below ln d_vocab and differ from row to row.
        return 0.0, 2.0 / math.sqrt(parameter.shape[1])
    if name.endswith("wpe.weight"):
        return 0.0, 0.5
    # Conv1D of GPT-2 stores [in, out], nn.Linear [out, in].
    fan_in = parameter.shape[0] if ".c_" in name else parameter.shape[1]
    return 0.0, 1.2 / math.sqrt(fan_in)  # attention scores of spread about 1.4: patterns far from uniform
