"""Where each family keeps the named places of the residual stream, and how to record them.

The names are those of the field (TransformerLens): resid_pre, resid_mid, resid_post, attn_out,
mlp_out, ln_final, W_U. Layers count from 0.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import nn

Step = Callable[[torch.Tensor], torch.Tensor]


@dataclass(frozen=True)
class Block:
    """The modules of a block that take or give the named places."""

    whole: nn.Module
    attn_out: nn.Module  # what it returns is added to the stream: the post-norm, where there is one
    mlp_out: nn.Module | None  # None in a block that is a mixer alone: 0 is added
    reads_mid: nn.Module | None  # what it reads is resid_mid; a parallel block has none
    multiplier: float = 1.0  # of both outputs, before they are added
    ends_with_more: bool = False  # than mlp_out: Gemma 4 adds a per-layer embedding and multiplies the sum
    norms_of_sums: tuple[nn.Module, nn.Module] | None = None  # resid_mid and resid_post are the sums normed: OPT-350m


@dataclass(frozen=True)
class Parts:
    blocks: list[Block]
    lens: Step  # the logit lens: the model's own final norm and unembedding, applied to any residual


def parts_of(model: nn.Module) -> Parts:
    family = model.config.model_type
    if family not in FAMILIES:
        raise ValueError(f"family '{family}' is not known here; add its module names to FAMILIES")
    return FAMILIES[family](model)


def readout(*steps: Step | None) -> Step:
    def lens(resid: torch.Tensor) -> torch.Tensor:
        for step in steps:
            resid = resid if step is None else step(resid)
        return resid

    return lens


def softcap(cap: float | None) -> Step | None:
    return None if cap is None else lambda logits: torch.tanh(logits / cap) * cap


def apertus(model: nn.Module) -> Parts:
    body = model.model
    blocks = [Block(b, b.self_attn, b.mlp, b.feedforward_layernorm) for b in body.layers]
    return Parts(blocks, readout(body.norm, model.lm_head))


def bamba(model: nn.Module) -> Parts:
    """Each block has attention or a state space."""
    body = model.model
    blocks = [Block(b, getattr(b, "mamba", None) or b.self_attn, b.feed_forward, b.pre_ff_layernorm) for b in body.layers]
    return Parts(blocks, readout(body.final_layernorm, model.lm_head))


def bloom(model: nn.Module) -> Parts:
    """Attention and MLP return the stream already added to; the linear before that gives what is added."""
    body = model.transformer
    blocks = [
        Block(b, b.self_attention.dense, b.mlp.dense_4h_to_h, b.post_attention_layernorm) for b in body.h
    ]
    return Parts(blocks, readout(body.ln_f, model.lm_head))


def cohere(model: nn.Module) -> Parts:
    body, config = model.model, model.config
    blocks = [Block(b, b.self_attn, b.mlp, None) for b in body.layers]
    return Parts(blocks, readout(body.norm, model.lm_head, lambda logits: logits * config.logit_scale))


def falcon(model: nn.Module) -> Parts:
    body, config = model.transformer, model.config
    parallel = config.parallel_attn or config.new_decoder_architecture
    blocks = [Block(b, b.self_attention, b.mlp, None if parallel else b.post_attention_layernorm) for b in body.h]
    return Parts(blocks, readout(body.ln_f, model.lm_head))


class SideBySide:
    """What two modules of a block give, each times its factor, added: as a module that can be hooked."""

    def __init__(self, *parts: tuple[nn.Module, float]):
        self.parts = parts

    def register_forward_hook(self, hook):
        found = {}

        def keep(module, inputs, output):
            found[module] = first(output)
            if len(found) == len(self.parts):
                hook(self, inputs, sum(found[part] * factor for part, factor in self.parts))
                found.clear()

        return Handles([part.register_forward_hook(keep) for part, _ in self.parts])


@dataclass(frozen=True)
class Handles:
    handles: list

    def remove(self) -> None:
        for handle in self.handles:
            handle.remove()


def falcon_h1(model: nn.Module) -> Parts:
    """Attention and a state space side by side; the MLP's factor is its own affair."""
    body = model.model
    blocks = [
        Block(b, SideBySide((b.mamba, b.ssm_out_multiplier), (b.self_attn, b.attn_out_multiplier)), b.feed_forward, b.pre_ff_layernorm)
        for b in body.layers
    ]
    return Parts(blocks, readout(body.final_layernorm, model.lm_head, lambda logits: logits * body.lm_head_multiplier))


def gemma2(model: nn.Module) -> Parts:
    """Both outputs are normed before they are added. Of models that see pictures, the text part."""
    body = getattr(model.model, "language_model", model.model)
    blocks = [
        Block(b, b.post_attention_layernorm, b.post_feedforward_layernorm, b.pre_feedforward_layernorm)
        for b in body.layers
    ]
    return Parts(blocks, readout(body.norm, model.lm_head, softcap(model.config.get_text_config().final_logit_softcapping)))


def gemma4(model: nn.Module) -> Parts:
    parts = gemma2(model)
    return Parts([replace(block, ends_with_more=True) for block in parts.blocks], parts.lens)


def glm4(model: nn.Module) -> Parts:
    """Both outputs are normed before they are added."""
    body = model.model
    blocks = [
        Block(b, b.post_self_attn_layernorm, b.post_mlp_layernorm, b.post_attention_layernorm) for b in body.layers
    ]
    return Parts(blocks, readout(body.norm, model.lm_head))


def gpt2(model: nn.Module) -> Parts:
    body = model.transformer
    return Parts([Block(b, b.attn, b.mlp, b.ln_2) for b in body.h], readout(body.ln_f, model.lm_head))


def gpt_neox(model: nn.Module) -> Parts:
    body = model.gpt_neox
    parallel = model.config.use_parallel_residual
    blocks = [Block(b, b.attention, b.mlp, None if parallel else b.post_attention_layernorm) for b in body.layers]
    return Parts(blocks, readout(body.final_layer_norm, model.lm_head))


def gptj(model: nn.Module) -> Parts:
    body = model.transformer
    return Parts([Block(b, b.attn, b.mlp, None) for b in body.h], readout(body.ln_f, model.lm_head))


def granite(model: nn.Module) -> Parts:
    body, config = model.model, model.config
    blocks = [
        Block(b, b.self_attn, getattr(b, "mlp", None) or b.block_sparse_moe, b.post_attention_layernorm, multiplier=config.residual_multiplier)
        for b in body.layers
    ]
    return Parts(blocks, readout(body.norm, model.lm_head, lambda logits: logits / config.logits_scaling))


def jamba(model: nn.Module) -> Parts:
    """Each block has attention or a selective scan."""
    body = model.model
    blocks = [
        Block(b, b.mamba if hasattr(b, "mamba") else b.self_attn, b.feed_forward, b.pre_ff_layernorm) for b in body.layers
    ]
    return Parts(blocks, readout(body.final_layernorm, model.lm_head))


def lfm2(model: nn.Module) -> Parts:
    """Each block has attention or a gated short convolution."""
    body = model.model
    blocks = [Block(b, getattr(b, "conv", None) or b.self_attn, b.feed_forward, b.ffn_norm) for b in body.layers]
    return Parts(blocks, readout(body.embedding_norm, model.lm_head))


def hyperclovax(model: nn.Module) -> Parts:
    """Both outputs may be normed before they are added."""
    body, config = model.model, model.config
    blocks = [
        Block(b, b.post_norm1, b.post_norm2, b.post_attention_layernorm, multiplier=config.residual_multiplier)
        for b in body.layers
    ]
    return Parts(blocks, readout(body.norm, model.lm_head, lambda logits: logits * config.logits_scaling))


def granite_hybrid(model: nn.Module) -> Parts:
    """Attention or a state space; an MLP, and experts beside it where there are any."""
    body, config = model.model, model.config
    blocks = []
    for b in body.layers:
        mlp = b.shared_mlp if b.block_sparse_moe is None else SideBySide((b.block_sparse_moe, 1), (b.shared_mlp, 1))
        mixer = b.self_attn if b.mamba is None else b.mamba
        blocks.append(Block(b, mixer, mlp, b.post_attention_layernorm, multiplier=config.residual_multiplier))
    return Parts(blocks, readout(body.norm, model.lm_head, lambda logits: logits / config.logits_scaling))


def llama(model: nn.Module) -> Parts:
    body = getattr(model.model, "language_model", model.model)  # of models that see pictures, the text part
    blocks = [Block(b, b.self_attn, b.mlp, b.post_attention_layernorm) for b in body.layers]
    return Parts(blocks, readout(body.norm, model.lm_head))


def llama4(model: nn.Module) -> Parts:
    """Of models that see pictures, the text part, which has an unembedding of its own."""
    text = getattr(model, "language_model", model)
    body = text.model
    blocks = [Block(b, b.self_attn, b.feed_forward, b.post_attention_layernorm) for b in body.layers]
    return Parts(blocks, readout(body.norm, text.lm_head))


def mamba(model: nn.Module) -> Parts:
    """Each block is a mixer alone."""
    body = model.backbone
    return Parts([Block(b, b.mixer, None, None) for b in body.layers], readout(body.norm_f, model.lm_head))


def mpt(model: nn.Module) -> Parts:
    """The MLP returns the stream already added to; the linear before that gives what is added."""
    body = model.transformer
    blocks = [Block(b, b.attn, b.ffn.down_proj, b.norm_2) for b in body.blocks]
    return Parts(blocks, readout(body.norm_f, model.lm_head))


def persimmon(model: nn.Module) -> Parts:
    body = model.model
    blocks = [Block(b, b.self_attn, b.mlp, b.post_attention_layernorm) for b in body.layers]
    return Parts(blocks, readout(body.final_layernorm, model.lm_head))


def olmo2(model: nn.Module) -> Parts:
    """Both outputs are normed before they are added; nothing is normed before attention and MLP."""
    body = model.model
    blocks = [Block(b, b.post_attention_layernorm, b.post_feedforward_layernorm, b.mlp) for b in body.layers]
    return Parts(blocks, readout(body.norm, model.lm_head))


def opt(model: nn.Module) -> Parts:
    body = model.model.decoder
    if model.config.do_layer_norm_before:
        blocks = [Block(b, b.self_attn, b.fc2, b.final_layer_norm) for b in body.layers]
    else:
        blocks = [
            Block(b, b.self_attn, b.fc2, b.fc1, norms_of_sums=(b.self_attn_layer_norm, b.final_layer_norm))
            for b in body.layers
        ]
    return Parts(blocks, readout(body.final_layer_norm, body.project_out, model.lm_head))


def phi(model: nn.Module) -> Parts:
    body = model.model
    blocks = [Block(b, b.self_attn, b.mlp, None) for b in body.layers]
    return Parts(blocks, readout(body.final_layernorm, model.lm_head))


def qwen3_next(model: nn.Module) -> Parts:
    """Each block has attention or a gated delta net. Of models that see pictures, the text part."""
    body = getattr(model.model, "language_model", model.model)
    blocks = [
        Block(b, b.linear_attn if hasattr(b, "linear_attn") else b.self_attn, b.mlp, b.post_attention_layernorm)
        for b in body.layers
    ]
    return Parts(blocks, readout(body.norm, model.lm_head))


def stablelm(model: nn.Module) -> Parts:
    body = model.model
    blocks = [Block(b, b.self_attn, b.mlp, b.post_attention_layernorm) for b in body.layers]  # None where parallel
    return Parts(blocks, readout(body.norm, model.lm_head))


def vaultgemma(model: nn.Module) -> Parts:
    body = model.model
    blocks = [Block(b, b.self_attn, b.mlp, b.pre_feedforward_layernorm) for b in body.layers]
    return Parts(blocks, readout(body.norm, model.lm_head, softcap(model.config.final_logit_softcapping)))


FAMILIES = {
    "apertus": apertus,
    "bamba": bamba,
    "bloom": bloom,
    "codegen": gptj,
    "deepseek_v2": llama,
    "deepseek_v3": llama,
    "dots1": llama,
    "ernie4_5": llama,
    "ernie4_5_moe": llama,
    "exaone4": olmo2,
    "falcon": falcon,
    "falcon_h1": falcon_h1,
    "falcon_mamba": mamba,
    "flex_olmo": olmo2,
    "gemma": llama,
    "gemma2": gemma2,
    "gemma3": gemma2,
    "gemma3_text": gemma2,
    "gemma4": gemma4,
    "gemma4_text": gemma4,
    "glm": llama,
    "glm4": glm4,
    "glm4_moe": llama,
    "glm4_moe_lite": llama,
    "gpt2": gpt2,
    "gpt_bigcode": gpt2,
    "gpt_neo": gpt2,
    "gpt_neox": gpt_neox,
    "gpt_oss": llama,
    "gptj": gptj,
    "granite": granite,
    "granitemoe": granite,
    "jamba": jamba,
    "granitemoehybrid": granite_hybrid,
    "lfm2": lfm2,
    "lfm2_moe": lfm2,
    "hunyuan_v1_dense": llama,
    "hunyuan_v1_moe": llama,
    "llama": llama,
    "llama4": llama4,
    "llama4_text": llama4,
    "mamba": mamba,
    "mamba2": mamba,
    "minimax_m2": llama,
    "mistral": llama,
    "mixtral": llama,
    "mpt": mpt,
    "olmo": llama,
    "olmo2": olmo2,
    "olmo3": olmo2,
    "olmoe": llama,
    "opt": opt,
    "persimmon": persimmon,
    "phi": phi,
    "phi3": llama,
    "phimoe": llama,
    "qwen2": llama,
    "qwen2_moe": llama,
    "qwen3": llama,
    "qwen3_moe": llama,
    "qwen3_5": qwen3_next,
    "qwen3_5_moe_text": qwen3_next,
    "qwen3_5_moe": qwen3_next,
    "qwen3_5_text": qwen3_next,
    "qwen3_next": qwen3_next,
    "stablelm": stablelm,
    "nemotron": llama,
    "helium": llama,
    "seed_oss": llama,
    "arcee": llama,
    "starcoder2": llama,
    "cohere2": cohere,
    "cwm": llama,
    "hyperclovax": hyperclovax,
    "jais2": llama,
    "mellum": llama,
    "ministral": llama,
    "ministral3": llama,
    "mistral3": llama,
    "solar_open": llama,
    "vaultgemma": vaultgemma,
    "cohere": cohere,
    "smollm3": llama,
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
            block.attn_out.register_forward_hook(_keep_output(stream, f"attn_out.{layer}", block.multiplier)),
            block.whole.register_forward_hook(_keep_output(stream, f"resid_post.{layer}")),
        ]
        if block.mlp_out is not None:
            handles.append(block.mlp_out.register_forward_hook(_keep_output(stream, f"mlp_out.{layer}", block.multiplier)))
        if block.reads_mid is not None:
            handles.append(block.reads_mid.register_forward_pre_hook(_keep_input(stream, f"resid_mid.{layer}")))
    handles.append(parts.blocks[0].whole.register_forward_pre_hook(_keep_input(stream, "resid_pre.0")))
    try:
        with torch.inference_mode():
            logits = model(torch.tensor([input_ids]), use_cache=False).logits[0]
    finally:
        for handle in handles:
            handle.remove()
    for layer, block in enumerate(parts.blocks):
        if block.mlp_out is None:
            stream[f"mlp_out.{layer}"] = torch.zeros_like(stream[f"resid_post.{layer}"])
    return stream, logits


def first(output):
    """The tensor: attention modules and some blocks return a tuple that begins with it."""
    return output[0] if isinstance(output, tuple) else output


def _keep_output(stream: dict, name: str, multiplier: float = 1.0):
    def hook(_module, _inputs, output):
        stream[name] = _rows(first(output)) * multiplier

    return hook


def _keep_input(stream: dict, name: str):
    def hook(_module, inputs):
        stream[name] = _rows(inputs[0])

    return hook


def _rows(x: torch.Tensor) -> torch.Tensor:
    """[tokens, d_model]: the batch is 1, and OPT's MLP has no batch axis."""
    return x.reshape(-1, x.shape[-1]).clone()
