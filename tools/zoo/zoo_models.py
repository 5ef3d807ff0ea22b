"""The two families of the zoo, as transformers has them, with random weights or those on disk."""

import platform
from pathlib import Path

import numpy
import safetensors
import tokenizers
import torch
import transformers
from corpus import BOS, EOS, PAD

HEAD = 32
SPREAD = 0.08  # of the first weights: about 1 / sqrt(width). With transformers' 0.02, attention works much later.
LIKENESS, WRITTEN = 1.25, 0.2  # factors on SPREAD: of queries and keys that begin alike; of what blocks write
COPIED = 0.15  # what a head writes first of what it reads: outputs begin as this times its values, transposed
SHARED = {"bos_token_id": BOS, "eos_token_id": EOS, "pad_token_id": PAD, "use_cache": True, "tie_word_embeddings": True}


def llama(blocks: int, width: int, positions: int, vocabulary: int):
    return transformers.LlamaConfig(
        hidden_size=width, initializer_range=SPREAD, intermediate_size=round(width * 8 / 3 / 32) * 32,
        num_hidden_layers=blocks, num_attention_heads=width // HEAD, num_key_value_heads=width // HEAD,
        vocab_size=vocabulary, max_position_embeddings=positions, rms_norm_eps=1e-5,
        rope_parameters={"rope_type": "default", "rope_theta": 500000.0}, **SHARED,
    )  # fmt: skip


def gpt2(blocks: int, width: int, positions: int, vocabulary: int):
    return transformers.GPT2Config(
        initializer_range=SPREAD, n_embd=width, n_layer=blocks, n_head=width // HEAD, vocab_size=vocabulary,
        n_positions=positions, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, **SHARED,
    )  # fmt: skip


FAMILIES = {"llama": llama, "gpt2": gpt2}


def new_model(family: str, blocks: int, width: int, positions: int, vocabulary: int, seed: int):
    torch.manual_seed(seed)
    config = FAMILIES[family](blocks, width, positions, vocabulary)
    # Eager attention: at this size it is twice as fast, compiled, as sdpa's flash kernel for CPUs.
    model = transformers.AutoModelForCausalLM.from_config(config, attn_implementation="eager")
    for block in blocks_of(model):
        begin_with_likeness(block, width)
    if family == "gpt2":  # places begin small beside tokens, or no two tokens are alike
        model.transformer.wpe.weight.data.copy_(waves(positions, width) * WRITTEN * SPREAD)
    return model


def waves(positions: int, width: int) -> torch.Tensor:
    """Sines and cosines of mean square 1, as in Attention Is All You Need (2017), 3.5: near places are alike."""
    angles = torch.outer(torch.arange(positions), 10_000.0 ** (-2 * torch.arange(width // 2) / width))
    return torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1) * 2**0.5


@torch.no_grad()
def begin_with_likeness(block, width: int) -> None:
    """In all heads but the last, keys begin as the queries do, so that tokens attend to their like, and a head copies
    a little of what it attends to; and what a block writes begins small, so that later blocks still see which tokens
    these are.

    To find a word again in a list is learnt within half a million tokens of drills then; without it, not in four.
    After Trockman and Kolter, Mimetic Initialization of Self-Attention Layers (2023).
    """
    alike = width - HEAD
    if hasattr(block, "self_attn"):
        queries, keys = block.self_attn.q_proj.weight, block.self_attn.k_proj.weight  # [out, in]
        queries[:alike] *= LIKENESS
        keys[:alike] = queries[:alike]
        values, output, mlp = block.self_attn.v_proj.weight, block.self_attn.o_proj.weight, block.mlp.down_proj.weight
    else:
        both = block.attn.c_attn.weight.T  # [queries then keys then values, in]
        both[:alike] *= LIKENESS
        both[width : width + alike] = both[:alike]
        values, output, mlp = both[2 * width :], block.attn.c_proj.weight.T, block.mlp.c_proj.weight
    output.normal_(0, SPREAD * WRITTEN)
    output[:, :alike] = COPIED * values[:alike].T
    mlp.normal_(0, SPREAD * WRITTEN)


def blocks_of(model):
    return model.model.layers if hasattr(model, "model") else model.transformer.h


def parameters_of(model) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


def load(folder: Path):
    """As written on disk, to compute in float32."""
    return transformers.AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager", local_files_only=True
    ).eval()


def versions() -> dict[str, str]:
    libraries = (numpy, safetensors, tokenizers, torch, transformers)
    return {"python": platform.python_version()} | {library.__name__: str(library.__version__) for library in libraries}


def quiet_on_one_thread() -> None:
    """The order of float sums must not depend on the cores."""
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
