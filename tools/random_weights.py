"""Random weights that leave nothing at rest: a zero bias or a norm weight of one hides bugs."""

import math

import torch
from torch import nn

EMBEDDINGS = ("lm_head.weight", "wte.weight", "embed_tokens.weight")


def randomise(model: nn.Module, seed: int) -> None:
    """Draws every parameter anew, in the order of named_parameters (tied ones once)."""
    generator = torch.Generator().manual_seed(seed)
    gemma = model.config.model_type.startswith("gemma")
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            mean, spread = _gemma(name, parameter) if gemma else _distribution(name, parameter)
            parameter.normal_(mean, spread, generator=generator)


def _distribution(name: str, parameter: torch.Tensor) -> tuple[float, float]:
    if name.endswith(".bias"):
        return 0.0, 0.2
    if parameter.dim() == 1:  # the only vectors that are no biases are norm weights
        return 1.0, 0.2
    if name.endswith(EMBEDDINGS):
        # A normed residual has d_model entries of size 1, so this gives logits a spread of about 2:
        # entropies then lie well below ln d_vocab and differ from row to row.
        return 0.0, 2.0 / math.sqrt(parameter.shape[1])
    if name.endswith("wpe.weight"):
        return 0.0, 0.5
    # Conv1D of GPT-2 stores [in, out], nn.Linear [out, in].
    fan_in = parameter.shape[0] if ".c_" in name else parameter.shape[1]
    return 0.0, 1.2 / math.sqrt(fan_in)  # attention scores of spread about 1.4: patterns far from uniform


def _gemma(name: str, parameter: torch.Tensor) -> tuple[float, float]:
    """Gemma's norms scale by 1 + weight, and its tied embedding enters the stream times sqrt(d_model).

    So with the usual spreads every token would predict itself: smaller rows, larger block outputs.
    """
    mean, spread = _distribution(name, parameter)
    if name.endswith("norm.weight"):
        return (0.5 if "post_" in name else 0.0), 0.2
    if name.endswith(EMBEDDINGS):
        return mean, 0.7 * spread
    return mean, 2 * spread if name.endswith(("o_proj.weight", "down_proj.weight")) else spread
