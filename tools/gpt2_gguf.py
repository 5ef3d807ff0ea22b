"""Writes a GPT-2 checkpoint as GGUF, in float32, for llama.cpp. Its vocabulary is made up: ids go in and come out.

    python tools/gpt2_gguf.py CHECKPOINT OUT.gguf
"""

import argparse
import json
from pathlib import Path

import gguf
from safetensors.numpy import load_file

BLOCK = {
    "ln_1": "attn_norm", "attn.c_attn": "attn_qkv", "attn.c_proj": "attn_output", "ln_2": "ffn_norm",
    "mlp.c_fc": "ffn_up", "mlp.c_proj": "ffn_down",
}
WHOLE = {"wte": "token_embd", "wpe": "position_embd", "ln_f": "output_norm"}


def name_of(tensor: str) -> str:
    module, kind = tensor.rsplit(".", 1)
    if module in WHOLE:
        return f"{WHOLE[module]}.{kind}"
    _, layer, within = module.split(".", 2)
    return f"blk.{layer}.{BLOCK[within]}.{kind}"


def add_vocabulary(writer: gguf.GGUFWriter, size: int) -> None:
    """The 256 characters that GPT-2 has for bytes, and names of numbers."""
    seen = [*range(33, 127), *range(161, 173), *range(174, 256)]
    characters = [chr(b) for b in seen] + [chr(256 + n) for n in range(256 - len(seen))]
    tokens = characters + [f"<{n}>" for n in range(len(characters), size)]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types([gguf.TokenType.NORMAL] * size)
    writer.add_token_merges([f"{characters[0]} {characters[0]}"])
    writer.add_bos_token_id(size - 1)
    writer.add_eos_token_id(size - 1)


def write(checkpoint: Path, out: Path) -> None:
    config = json.loads((checkpoint / "config.json").read_text())
    if config["model_type"] != "gpt2":
        raise SystemExit(f"{checkpoint} is a {config['model_type']}, but only gpt2 is written")
    writer = gguf.GGUFWriter(out, "gpt2")
    writer.add_block_count(config["n_layer"])
    writer.add_context_length(config["n_positions"])
    writer.add_embedding_length(config["n_embd"])
    writer.add_feed_forward_length(config["n_inner"] or 4 * config["n_embd"])
    writer.add_head_count(config["n_head"])
    writer.add_layer_norm_eps(config["layer_norm_epsilon"])
    add_vocabulary(writer, config["vocab_size"])
    for tensor, values in load_file(checkpoint / "model.safetensors").items():
        name = tensor.removeprefix("transformer.")
        turned = name.startswith("h.") and values.ndim == 2  # stored input by input
        writer.add_tensor(name_of(name), (values.T if turned else values).astype("float32").copy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    write(args.checkpoint, args.out)
