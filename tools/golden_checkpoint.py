"""Writes the tiny checkpoint of a golden, and loads it in float32."""

import json
import re
import shutil
from pathlib import Path

import as_internlm
import safetensors.torch
import torch
import transformers
from as_published import add_a_further_block, add_a_predicting_head, rewrite_as_fp8, rewrite_as_mxfp4, stack_experts
from goldens.golden import Golden
from old_style_config import old_style
from random_weights import randomise
from transformers import CONFIG_MAPPING, MODEL_FOR_CAUSAL_LM_MAPPING, MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING

OLD_STYLE = "config.old-style.json"


def write_checkpoint(golden: Golden, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    config_class = CONFIG_MAPPING[golden.family]
    config = config_class(bos_token_id=0, eos_token_id=0, **golden.config)
    model = model_class(golden)(config)
    randomise(model, golden.seed)
    model.to(getattr(torch, golden.dtype))
    model.save_pretrained(folder, max_shard_size=golden.shard_size or "1GB")
    (folder / "generation_config.json").unlink()  # sampling defaults: no part of the model
    if golden.hub_style:
        n_ctx = getattr(config, "max_position_embeddings", 0)
        rewrite_as_on_the_hub(folder / "model.safetensors", golden.family, n_ctx)
    if golden.further_block:
        add = add_a_predicting_head if golden.family.startswith("qwen") else add_a_further_block
        add(folder / "model.safetensors", config.num_hidden_layers)
    if golden.published_as:
        as_internlm.write(folder, golden.published_as)
    if golden.stacked_experts:
        stack_experts(folder / "model.safetensors")
    if golden.fp8:
        rewrite_as_fp8(folder)
    if golden.mxfp4:
        rewrite_as_mxfp4(folder, golden.seed)
    written = read_json(folder / "config.json")
    if golden.old_style_config and "rope_parameters" in written:
        write_json(folder / OLD_STYLE, old_style(written, golden.old_style_changes))


def model_class(golden: Golden) -> type:
    """Of a model that sees pictures, the whole: some have a part for text alone under the same configuration."""
    mapping = MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING if "text_config" in golden.config else MODEL_FOR_CAUSAL_LM_MAPPING
    return mapping[CONFIG_MAPPING[golden.family]]


def rewrite_as_on_the_hub(file: Path, family: str, n_ctx: int) -> None:
    """As old published files are: gpt2 and bloom without `transformer.`, and with buffers that nobody reads."""
    tensors = safetensors.torch.load_file(file)
    if family in ("gpt2", "bloom"):
        tensors = {name.removeprefix("transformer."): t for name, t in tensors.items()}
    blocks = {found[0] for name in tensors if (found := re.match(r"(gpt_neox\.layers|transformer\.h|h)\.\d+\.", name))}
    for block in blocks:
        tensors |= {block + name: t.clone() for name, t in unread_buffers(family, n_ctx).items()}
    safetensors.torch.save_file(tensors, file, metadata={"format": "pt"})


def unread_buffers(family: str, n_ctx: int) -> dict[str, torch.Tensor]:
    mask = torch.tril(torch.ones(n_ctx, n_ctx)).view(1, 1, n_ctx, n_ctx)
    masked = torch.tensor(-1e9)
    if family == "gpt2":
        return {"attn.bias": mask}
    if family == "gpt_bigcode":
        return {"attn.bias": mask.bool(), "attn.masked_bias": masked}
    if family == "codegen":
        return {"attn.causal_mask": mask.bool()}
    if family == "gpt_neox":
        inv_freq = torch.ones(2)
        return {
            "attention.bias": mask.bool(), "attention.masked_bias": masked, "attention.rotary_emb.inv_freq": inv_freq
        }
    if family == "gpt_neo":
        return {"attn.attention.bias": mask.to(torch.uint8), "attn.attention.masked_bias": masked}
    if family == "gptj":
        return {"attn.bias": mask.bool(), "attn.masked_bias": masked}
    return {}


def load(golden: Golden, folder: Path, change: dict | None = None, config_file: str = "config.json") -> torch.nn.Module:
    config_class = CONFIG_MAPPING[golden.family]
    if golden.published_as:
        config = config_class(bos_token_id=0, eos_token_id=0, **golden.config)
        heads, kv_heads = config.num_attention_heads, config.num_key_value_heads
        state = as_internlm.read(folder / "model.safetensors", golden.published_as, heads, kv_heads)
    else:
        config, state = config_class.from_json_file(folder / config_file), None
    for key, value in (change or {}).items():
        setattr(config, key, value)
    model, info = model_class(golden).from_pretrained(
        None if state else folder, state_dict=state, config=config, dtype=torch.float32, attn_implementation=golden.attention, experts_implementation="eager",
        output_loading_info=True,
    )
    if info["missing_keys"] or info["mismatched_keys"]:
        raise AssertionError(f"{folder}: not loaded as written: {info}")
    return model.float().eval()  # transformers decodes MXFP4 and FP8 to bfloat16, which holds these exactly


def read_json(file: Path) -> dict:
    return json.loads(file.read_text())


def write_json(file: Path, content: dict) -> None:
    text = json.dumps(content, indent=2)
    ids_on_one_line = re.sub(r"\[[\d,\s]+\]", lambda ids: " ".join(ids[0].split()), text)
    file.write_text(ids_on_one_line + "\n")
