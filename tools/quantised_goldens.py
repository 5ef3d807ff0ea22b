"""Makes the goldens of quantised checkpoints.

    python tools/quantised_goldens.py --out core/src/test/resources/quantised [--only NAME ...]

Each format has a folder: a tiny random checkpoint, quantised here, with the entropies that transformers computes on the
dequantised weights in float32; and in `random` tensors of random bytes, with the weights that the reference makes of
them. The same versions on the same kind of processor give the same bytes.
"""

import argparse
import json
import platform
import shutil
from pathlib import Path

import safetensors.torch
import torch
import transformers
from golden_checkpoint import write_json
from golden_reference import reference
from quantised_catalogue import FORMATS
from quantised_formats import Format
from random_weights import randomise
from transformers import CONFIG_MAPPING, MODEL_FOR_CAUSAL_LM_MAPPING

SIZES = {
    "vocab_size": 48, "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2,
    "num_key_value_heads": 1, "head_dim": 16, "max_position_embeddings": 64, "tie_word_embeddings": False,
    "bos_token_id": 0, "eos_token_id": 0,
}
SHOWN = ("model.layers.0.self_attn.k_proj", "model.layers.1.mlp.down_proj")  # whose weights are written out
N_TOKENS = 12
RANDOM = (16, 128)  # outputs, inputs
SEED = 7


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", nargs="+", choices=[format.name for format in FORMATS], metavar="NAME")
    args = parser.parse_args()
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    for format in FORMATS:
        if args.only is None or format.name in args.only:
            folder = args.out / format.name
            shutil.rmtree(folder, ignore_errors=True)
            random_tensors(format, folder / "random")
            if format.end_to_end:
                checkpoint(format, folder)
            size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
            print(f"{format.name}: {size / 1024:.0f} KiB")


def random_tensors(format: Format, folder: Path) -> None:
    folder.mkdir(parents=True)
    outputs, inputs = RANDOM
    tensors = format.random(outputs, inputs, torch.Generator().manual_seed(SEED))
    expected = format.dequantise(tensors, outputs, inputs)
    save({"x.proj" + suffix: tensor for suffix, tensor in tensors.items()}, folder / "model.safetensors")
    save({"weight": expected}, folder / "golden.safetensors")
    write_json(folder / "config.json", {"quantization_config": format.quantization_config})


def checkpoint(format: Format, folder: Path) -> None:
    model = random_model(format.family)
    stored, dequantised = {}, {}
    for name, weight in model.state_dict().items():
        module = name.removesuffix(".weight")
        if module.endswith("_proj"):
            tensors = format.quantise(weight)
            dequantised[name] = format.dequantise(tensors, *weight.shape)
            check(name, weight, dequantised[name])
            extras = format.extras | ({".bias": torch.zeros(weight.shape[0])} if ".bias" in format.extras else {})
            stored |= {module + suffix: tensor for suffix, tensor in (tensors | extras).items()}
        else:
            stored[name] = weight.to(format.dtype)
            dequantised[name] = stored[name].float()
    model.load_state_dict(dequantised)
    input_ids = torch.randint(SIZES["vocab_size"], (N_TOKENS,), generator=torch.Generator().manual_seed(SEED)).tolist()
    computed, _ = reference(model, input_ids)
    shown = {f"dequantised.{module}": dequantised[module + ".weight"] for module in SHOWN}
    save(stored, folder / "model.safetensors")
    save({"entropy": computed["entropy"]} | shown, folder / "golden.safetensors")
    config = json.loads(model.config.to_json_string()) | {"dtype": str(format.dtype)[6:]}
    write_json(folder / "config.json", config | {"quantization_config": format.quantization_config})
    write_json(folder / "golden.json", manifest(format, input_ids))


def random_model(family: str) -> torch.nn.Module:
    config_class = CONFIG_MAPPING[family]
    config = config_class(**SIZES)
    config._attn_implementation = "eager"
    model_class = MODEL_FOR_CAUSAL_LM_MAPPING[config_class]
    config.architectures = [model_class.__name__]
    model = model_class(config)
    randomise(model, SEED)
    return model.eval()


def check(name: str, weight: torch.Tensor, dequantised: torch.Tensor) -> None:
    """Half a step of 4 bits, roughly: a format that is packed wrongly is far from its weights."""
    error = (weight - dequantised).abs().max() / weight.abs().max()
    if not error < 0.25:
        raise AssertionError(f"{name}: dequantised weights are off by {error:.2f} of the largest")


def save(tensors: dict[str, torch.Tensor], file: Path) -> None:
    safetensors.torch.save_file({name: t.contiguous().clone() for name, t in tensors.items()}, file, {"format": "pt"})


def manifest(format: Format, input_ids: list[int]) -> dict:
    return {
        "name": format.name,
        "produced_by": {
            "script": "tools/quantised_goldens.py",
            "command": f"python tools/quantised_goldens.py --out core/src/test/resources/quantised --only {format.name}",
            "python": platform.python_version(),
            "torch": torch.__version__,
            "transformers": transformers.__version__,
        },
        "seed": SEED,
        "reference": "float32 on the CPU, eager attention, on the dequantised weights; entropy in nats",
        "input_ids": input_ids,
    }


if __name__ == "__main__":
    main()
