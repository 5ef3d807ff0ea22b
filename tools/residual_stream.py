"""Where each family keeps the named places of the residual stream, and how to record them.

The names are those of the field (TransformerLens): resid_pre, resid_mid, resid_post, attn_out,
mlp_out, ln_final, W_U. Layers count from 0.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn


@dataclass(frozen=True)
class Block:
    whole: nn.Module
    attn_out: nn.Module  # what it returns is added to the stream: the post-norm, where there is one
    mlp_out: nn.Module
    reads_mid: nn.Module


@dataclass(frozen=True)
class Parts:
    blocks: list[Block]
    ln_final: nn.Module
    unembed: Callable[[torch.Tensor], torch.Tensor]

    def lens(self, resid: torch.Tensor) -> torch.Tensor:
        """The logit lens: the model's own final norm and unembedding, applied to any residual."""
        return self.unembed(self.ln_final(resid))


def parts_of(model: nn.Module) -> Parts:
    family = model.config.model_type
    if family not in FAMILIES:
        raise ValueError(f"family '{family}' is not known here; add its module names to FAMILIES")
    return FAMILIES[family](model)


def gpt2(model: nn.Module) -> Parts:
    body = model.transformer
    return Parts([Block(b, b.attn, b.mlp, b.ln_2) for b in body.h], body.ln_f, model.lm_head)


def llama(model: nn.Module) -> Parts:
    body = model.model
    blocks = [Block(b, b.self_attn, b.mlp, b.post_attention_layernorm) for b in body.layers]
    return Parts(blocks, body.norm, model.lm_head)


def gemma2(model: nn.Module) -> Parts:
    """Both outputs are normed before they are added."""
    body = model.model
    blocks = [
        Block(b, b.post_attention_layernorm, b.post_feedforward_layernorm, b.pre_feedforward_layernorm)
        for b in body.layers
    ]
    cap = model.config.final_logit_softcapping

    def unembed(normed: torch.Tensor) -> torch.Tensor:
        logits = model.lm_head(normed)
        return logits if cap is None else torch.tanh(logits / cap) * cap

    return Parts(blocks, body.norm, unembed)


FAMILIES = {
    "gemma": llama,
    "gemma2": gemma2,
    "gpt2": gpt2,
    "llama": llama,
    "mistral": llama,
    "qwen2": llama,
    "qwen3": llama,
}


def record(model: nn.Module, input_ids: list[int]) -> tuple[dict[str, torch.Tensor], torch.Tensor]:
    """One full forward pass without KV cache: the recorded stream and the model's own logits [T, d_vocab].

    Everything comes from hooks, not from `hidden_states`: the last of those is already normed.
    """
    parts = parts_of(model)
    stream: dict[str, torch.Tensor] = {}
    handles = []
    for layer, block in enumerate(parts.blocks):
        handles += [
            block.attn_out.register_forward_hook(_keep_output(stream, f"attn_out.{layer}")),
            block.reads_mid.register_forward_pre_hook(_keep_input(stream, f"resid_mid.{layer}")),
            block.mlp_out.register_forward_hook(_keep_output(stream, f"mlp_out.{layer}")),
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
