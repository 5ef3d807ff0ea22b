"""Where each family keeps the named places of the residual stream, and how to record them.

The names are those of the field (TransformerLens): resid_pre, resid_mid, resid_post, attn_out,
mlp_out, ln_final, W_U. Layers count from 0.
"""

from dataclasses import dataclass

import torch
from torch import nn


@dataclass(frozen=True)
class Block:
    whole: nn.Module
    attention: nn.Module
    ln2: nn.Module
    mlp: nn.Module


@dataclass(frozen=True)
class Parts:
    blocks: list[Block]
    ln_final: nn.Module
    unembed: nn.Module

    def lens(self, resid: torch.Tensor) -> torch.Tensor:
        """The logit lens: the model's own final norm and unembedding, applied to any residual."""
        return self.unembed(self.ln_final(resid))


def parts_of(model: nn.Module) -> Parts:
    family = model.config.model_type
    if family == "gpt2":
        body = model.transformer
        blocks = [Block(b, b.attn, b.ln_2, b.mlp) for b in body.h]
        return Parts(blocks, body.ln_f, model.lm_head)
    if family in ("llama", "mistral"):
        body = model.model
        blocks = [Block(b, b.self_attn, b.post_attention_layernorm, b.mlp) for b in body.layers]
        return Parts(blocks, body.norm, model.lm_head)
    raise ValueError(f"family '{family}' is not known here; add its module names to parts_of")


def record(model: nn.Module, input_ids: list[int]) -> tuple[dict[str, torch.Tensor], torch.Tensor]:
    """One full forward pass without KV cache: the recorded stream and the model's own logits [T, d_vocab].

    Everything comes from hooks, not from `hidden_states`: the last of those is already normed.
    """
    parts = parts_of(model)
    stream: dict[str, torch.Tensor] = {}
    handles = []
    for layer, block in enumerate(parts.blocks):
        handles += [
            block.attention.register_forward_hook(_keep_output(stream, f"attn_out.{layer}")),
            block.ln2.register_forward_pre_hook(_keep_input(stream, f"resid_mid.{layer}")),
            block.mlp.register_forward_hook(_keep_output(stream, f"mlp_out.{layer}")),
            block.whole.register_forward_hook(_keep_output(stream, f"resid_post.{layer}")),
        ]
    handles.append(parts.blocks[0].whole.register_forward_pre_hook(_keep_input(stream, "resid_pre.0")))
    try:
        with torch.inference_mode():
            logits = model(torch.tensor([input_ids]), use_cache=False).logits[0]
    finally:
        for handle in handles:
            handle.remove()
    return stream, logits


def first(output):
    """Attention modules return (attn_out, weights); the others return the tensor itself."""
    return output[0] if isinstance(output, tuple) else output


def _keep_output(stream: dict, name: str):
    def hook(_module, _inputs, output):
        stream[name] = first(output)[0].clone()

    return hook


def _keep_input(stream: dict, name: str):
    def hook(_module, inputs):
        stream[name] = inputs[0][0].clone()

    return hook
