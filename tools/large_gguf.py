"""Writes a GGUF file of the sizes of Llama 3 8B in Q4_K and Q6_K, every weight 0, and sparse: no disk is needed for them.

Its distributions are uniform, so every entropy is ln V; what it takes to open and to run is that of the real model, since
neither depends on the values.
"""

import argparse
from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType, GGUFWriter
from gguf.constants import GGML_QUANT_SIZES

BLOCKS, D_MODEL, D_MLP, KEYS, VOCABULARY = 32, 4096, 14336, 1024, 128256
F32, Q4, Q6 = GGMLQuantizationType.F32, GGMLQuantizationType.Q4_K, GGMLQuantizationType.Q6_K


def tensors():
    """Names, shapes (outputs first) and types, as `Q4_K_M` mixes them: more bits in every other block."""
    yield "token_embd.weight", (VOCABULARY, D_MODEL), Q4
    yield "output_norm.weight", (D_MODEL,), F32
    yield "output.weight", (VOCABULARY, D_MODEL), Q6
    for block in range(BLOCKS):
        more = Q6 if block % 2 else Q4
        for name, shape, kind in [
            ("attn_norm", (D_MODEL,), F32),
            ("attn_q", (D_MODEL, D_MODEL), Q4),
            ("attn_k", (KEYS, D_MODEL), Q4),
            ("attn_v", (KEYS, D_MODEL), more),
            ("attn_output", (D_MODEL, D_MODEL), Q4),
            ("ffn_norm", (D_MODEL,), F32),
            ("ffn_gate", (D_MLP, D_MODEL), Q4),
            ("ffn_up", (D_MLP, D_MODEL), Q4),
            ("ffn_down", (D_MODEL, D_MLP), more),
        ]:
            yield f"blk.{block}.{name}.weight", shape, kind


def write(path: Path) -> None:
    writer = GGUFWriter(path, "llama")
    writer.add_context_length(8192)
    writer.add_block_count(BLOCKS)
    writer.add_embedding_length(D_MODEL)
    writer.add_feed_forward_length(D_MLP)
    writer.add_head_count(32)
    writer.add_head_count_kv(8)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(500_000.0)
    writer.add_rope_dimension_count(128)
    writer.add_vocab_size(VOCABULARY)
    data = 0
    for name, shape, kind in tensors():
        block, size = GGML_QUANT_SIZES[kind]
        count = int(np.prod(shape)) // block * size
        of_bytes = (*shape[:-1], shape[-1] // block * size) if kind != F32 else shape
        writer.add_tensor_info(name, of_bytes, np.dtype(np.float32 if kind == F32 else np.uint8), count, raw_dtype=kind)
        data += (count + 31) // 32 * 32
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    writer.close()
    with open(path, "r+b") as file:
        head = (file.seek(0, 2) + 31) // 32 * 32
        file.truncate(head + data)
    print(f"{path}: {path.stat().st_size / 1e9:.2f} GB, of which {path.stat().st_blocks * 512 / 1e6:.1f} MB are on disk")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    write(parser.parse_args().file)
