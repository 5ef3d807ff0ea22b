"""Makes the small files of torch.save that the tests read, and the same tensors as safetensors.

    python tools/make_torch_files.py --out core/src/test/resources/torch

The same versions give the same bytes, except for legacy.bin, whose keys are addresses in memory.
"""

import argparse
import json
import shutil
from collections import OrderedDict
from pathlib import Path

import safetensors.torch
import torch


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    shutil.rmtree(out, ignore_errors=True)
    (out / "every-kind").mkdir(parents=True)
    tensors = every_kind()
    torch.save(tensors, out / "every-kind" / "pytorch_model.bin")
    torch.save(tensors, out / "legacy.bin", _use_new_zipfile_serialization=False)
    safetensors.torch.save_file(plain(tensors), out / "every-kind.safetensors")
    write_shards(out / "sharded")


def every_kind() -> OrderedDict:
    """What published state dicts hold: each line is one way to lie in the file."""
    torch.manual_seed(1)
    embedding = torch.randn(5, 4)
    fused = torch.randn(3, 4)
    tensors = OrderedDict()
    tensors["embed.weight"] = embedding
    tensors["lm_head.weight"] = embedding  # tied: the same storage under two names
    tensors["head.weight"] = torch.randn(4, 6).t()  # transposed, as GPT-J's lm_head.weight
    tensors["mixer.weight"] = torch.randn(3, 40, dtype=torch.bfloat16).t()[1:]  # with an offset, more than a tile
    tensors["q.weight"] = fused[0:1]  # views with offsets of one storage
    tensors["k.weight"] = fused[1:]
    tensors["columns.weight"] = fused[:, 1:3]
    tensors["norm.weight"] = torch.nn.Parameter(torch.randn(3, dtype=torch.float16))
    tensors["norm.bias"] = torch.randn(3, dtype=torch.bfloat16)
    tensors["attn.bias"] = torch.ones(4, 4, dtype=torch.bool).tril().view(1, 1, 4, 4)
    tensors["attn.mask"] = torch.ones(2, 2, dtype=torch.uint8).expand(3, 2, 2)  # stride 0
    tensors["attn.masked_bias"] = torch.tensor(-1e9)  # no sizes at all
    tensors["position_ids"] = torch.arange(4).unsqueeze(0)
    tensors["row.weight"] = torch.randn(6, 1).t()  # strides (1, 1): contiguous all the same
    tensors["empty.weight"] = torch.zeros(0, 4)
    tensors["scale"] = torch.tensor([3], dtype=torch.uint16)  # a type without a storage of its own
    tensors["double"] = torch.randn(2, dtype=torch.float64)
    tensors._metadata = OrderedDict({"": {"version": 1}, "attn": {"version": None, "ratio": 0.5}})
    return tensors


def plain(tensors: OrderedDict) -> dict:
    return {name: tensor.detach().contiguous().clone() for name, tensor in tensors.items()}


def write_shards(folder: Path) -> None:
    folder.mkdir()
    torch.manual_seed(2)
    shards = [{"a": torch.randn(2, 3), "b": torch.randn(4).half()}, {"c": torch.randn(2, 2).bfloat16()}]
    weight_map = {}
    for number, shard in enumerate(shards, start=1):
        name = f"pytorch_model-{number:05}-of-{len(shards):05}.bin"
        torch.save(shard, folder / name)
        weight_map |= dict.fromkeys(shard, name)
    index = {"metadata": {"total_size": 40}, "weight_map": weight_map}
    (folder / "pytorch_model.bin.index.json").write_text(json.dumps(index, indent=2) + "\n")


if __name__ == "__main__":
    main()
