"""Random weights that leave nothing at rest: a zero bias or a norm weight of one hides bugs."""

import math

import torch
from torch import nn
from transformers.pytorch_utils import Conv1D


LOUD_EMBEDDINGS = ("gemma", "gemma2", "gemma3", "gemma3_text", "gemma4", "gemma4_text", "vaultgemma", "bloom")  # scaled by sqrt(d_model), or normed
ONE_PLUS = ("qwen3_next", "qwen3_5")  # all norms but those of a delta net scale by 1 + weight
OUTPUTS = ("o_proj.weight", "down_proj.weight", "self_attention.dense.weight", "dense_4h_to_h.weight")


def randomise(model: nn.Module, seed: int) -> None:
    """Draws every parameter anew, in the order of named_parameters (tied ones once)."""
    generator = torch.Generator().manual_seed(seed)
    embeddings = (model.get_input_embeddings(), model.get_output_embeddings())
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            owner = model.get_submodule(name.rpartition(".")[0])
            mean, spread = _distribution(name, parameter, owner, owner in embeddings)
            if model.config.model_type in LOUD_EMBEDDINGS:
                # With a tied unembedding every token would predict itself: smaller rows, larger block outputs.
                spread *= 0.7 if owner in embeddings else 2 if name.endswith(OUTPUTS) else 1
            one_plus = model.config.model_type.startswith("gemma") and not model.config.model_type.startswith("gemma4")
            one_plus |= model.config.model_type in ("nemotron", "vaultgemma")
            if one_plus and parameter.dim() == 1 and not name.endswith(".bias"):
                mean = 0.5 if "post_" in name else 0.0  # these norms scale by 1 + weight
            if model.config.model_type.startswith(ONE_PLUS) and parameter.dim() == 1 and name.endswith("norm.weight"):
                mean = 1.0 if name.endswith("linear_attn.norm.weight") else 0.0
            parameter.normal_(mean, spread, generator=generator)
        for name, buffer in model.named_buffers():
            if name.endswith("layer_scalar"):
                buffer.normal_(1.0, 0.2, generator=generator)
            if name.endswith("act_fn.beta"):
                buffer.normal_(0.5, 0.1, generator=generator)
            if name.endswith("act_fn.eps"):
                buffer.fill_(-0.05)  # as published, 1e-6, no golden would show it
            if name.endswith(("e_score_correction_bias", "feed_forward.expert_bias")):  # learned, but no parameter
                buffer.normal_(0.0, 0.2, generator=generator)


def _distribution(name: str, parameter: torch.Tensor, owner: nn.Module, embeds: bool) -> tuple[float, float]:
    if name.endswith("A_log"):
        return -1.5, 0.7  # a memory of several tokens
    if name.endswith("dt_bias"):
        return 0.0, 0.5
    if name.endswith((".alpha_p", ".alpha_n")):  # of xIELU, before a softplus
        return 0.0, 0.7
    if name.endswith((".bias", "_bias")):
        return 0.0, 0.2
    if name.endswith(".sinks"):
        return 0.0, 1.0
    # vectors that are no biases are norm weights; those of Cohere are matrices, a row for each head
    if parameter.dim() == 1 or name.endswith("_norm.weight"):
        return 1.0, 0.2
    if embeds:
        # A normed residual has d_model entries of size 1, so this gives logits a spread of about 2:
        # entropies then lie well below ln d_vocab and differ from row to row.
        return 0.0, 2.0 / math.sqrt(parameter.shape[1])
    if isinstance(owner, nn.Embedding):  # positions
        return 0.0, 0.5
    # Conv1D of GPT-2 stores [in, out], nn.Linear [out, in], experts [expert, out, in], those of gpt-oss and Llama 4 [expert, in, out].
    inputs_first = isinstance(owner, Conv1D) or type(owner).__name__ in ("GptOssExperts", "Llama4TextExperts")
    fan_in = parameter.shape[-2] if inputs_first else parameter.shape[-1]
    return 0.0, 1.2 / math.sqrt(fan_in)  # attention scores of spread about 1.4: patterns far from uniform
