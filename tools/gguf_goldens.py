"""Makes the goldens in GGUF: tiny random models, converted by llama.cpp's own converter.

    PYTHONPATH=LLAMA_CPP/gguf-py python tools/gguf_goldens.py --converter LLAMA_CPP --out core/src/test/resources/gguf [--only NAME ...]

LLAMA_CPP is a checkout of llama.cpp with convert_hf_to_gguf.py; nothing of it is copied. Per model there is
`NAME.gguf` in F32 and `NAME.json` with what transformers computes on the checkpoint it was converted from: the entropy
in nats per layer and token. `blocks-KIND.gguf` are quantised by the gguf package; `blocks-q4_0-f32.gguf` holds the same
weights decoded by it (of Q4_0 alone).

The converter must not know these models' tokenizers, for they have none, and config.json is given to it in the keys of
transformers 4, which every version of it reads.
"""

import argparse
import importlib.util
import json
import logging
import sys
import tempfile
from pathlib import Path

import gguf
import numpy as np
import torch
import transformers
from gguf_models import BLOCKS, MODELS
from gguf_more_models import MORE_MODELS
from golden_checkpoint import OLD_STYLE, load, write_checkpoint, write_json
from golden_reference import reference
from goldens.golden import Golden
from make_goldens import random_ids

OTHER_NAMES = {"PhimoeForCausalLM": "PhiMoEForCausalLM", "MptForCausalLM": "MPTForCausalLM"}  # as the converter knows them
ALL_MODELS = MODELS + MORE_MODELS
OLD_TYPES = {"full_attention": "attention", "linear_attention": "mamba"}  # of blocks, in transformers 4
QUANTISED = ["Q4_0", "Q5_1", "Q8_0"]  # what the gguf package can make and rows of 32 hold


def load_converter(checkout: Path):
    sys.path.insert(0, str(checkout))
    spec = importlib.util.spec_from_file_location("converter", checkout / "convert_hf_to_gguf.py")
    converter = importlib.util.module_from_spec(spec)
    sys.modules["converter"] = converter
    spec.loader.exec_module(converter)
    logging.disable(logging.INFO)
    return converter


def keys_of_transformers_4(folder: Path) -> dict:
    old = folder / OLD_STYLE
    keys = json.loads((old if old.exists() else folder / "config.json").read_text())
    keys.setdefault("n_ctx", keys.get("n_positions"))
    scaling = keys.get("rope_scaling") or {}
    if "original_max_position_embeddings" in scaling:
        keys.setdefault("original_max_position_embeddings", scaling["original_max_position_embeddings"])
    if any(key.startswith("mamba_") for key in keys) and "layer_types" in keys:
        keys["layer_types"] = [OLD_TYPES[kind] for kind in keys["layer_types"]]
    return {key: value for key, value in keys.items() if value is not None}


def model_class(converter, architecture: str) -> type:
    """Since 2026 the converter is a package that loads the file of an architecture when asked for it."""
    if hasattr(converter, "get_model_class"):
        return converter.get_model_class(architecture)
    return converter.ModelBase.from_model_architecture(architecture, model_type=converter.ModelType.TEXT)


def convert(converter, golden: Golden, folder: Path, out: Path) -> None:
    keys = keys_of_transformers_4(folder)
    for key in golden.config.keys() - {"rope_parameters"}:  # transformers 5 says some block by block
        if golden.config[key] is not None:
            keys.setdefault(key, golden.config[key])
    (folder / "config.json").write_text(json.dumps(keys))
    keys["architectures"] = [OTHER_NAMES.get(name, name) for name in keys["architectures"]]
    name = converter.get_model_architecture(keys, converter.ModelType.TEXT)
    known = model_class(converter, name)

    def all_rows(self, tensor, name, block):  # it cuts the embedding by the tokenizer's size
        shifted = tensor + 1 if name.endswith("norm.weight") else tensor
        return [(self.map_tensor_name(name), shifted)]

    if known.__name__ == "Mistral3Model":  # it chooses between two
        known = known.Ministral3Model
    changed = {"model_arch": known.model_arch, "set_vocab": lambda self: self._set_vocab_none()}
    changed["no_mtp"] = not (keys.get("num_nextn_predict_layers") or keys.get("mtp_num_hidden_layers"))
    if known.__name__ == "Gemma3Model":
        changed["modify_tensors"] = all_rows
    if known.__name__ == "Gemma4Model":  # the same, which looks into the file
        vocabulary = {str(i): i for i in range(keys["vocab_size"])}
        keys.setdefault("moe_intermediate_size", None)
        write_json(folder / "tokenizer.json", {"model": {"vocab": vocabulary}, "added_tokens": []})
    kind = type(known.__name__, (known,), changed)
    kind(
        dir_model=folder, ftype=converter.gguf.LlamaFileType.ALL_F32, fname_out=out, eager=True, hparams=dict(keys),
        model_name=out.stem,
    ).write()


def make(converter, golden: Golden, out: Path) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / golden.name
        write_checkpoint(golden, folder)
        model = load(golden, folder)
        input_ids = random_ids(golden)
        tensors, _ = reference(model, input_ids)
        convert(converter, golden, folder, out / f"{golden.name}.gguf")
    write_json(out / f"{golden.name}.json", {
        "family": golden.family,
        "exercises": golden.exercises,
        "seed": golden.seed,
        "transformers": transformers.__version__,
        "gguf": converter.gguf.__file__.split("/")[-2] + " beside the converter",
        "input_ids": input_ids,
        "entropy": [[float(f"{h:.7g}") for h in layer] for layer in tensors["entropy"].tolist()],
    })
    print(f"{golden.name}: {(out / f'{golden.name}.gguf').stat().st_size:,} bytes, H {tensors['entropy'][-1].mean():.3f}")


def quantise(source: Path, name: str, out: Path) -> None:
    """The same file with every matrix in blocks, and once more with what those decode to."""
    kind = gguf.GGMLQuantizationType[name]
    reader = gguf.GGUFReader(source)
    packed = gguf.GGUFWriter(out / f"blocks-{name.lower()}.gguf", "llama")
    decoded = gguf.GGUFWriter(out / f"blocks-{name.lower()}-f32.gguf", "llama")
    for writer in (packed, decoded):
        for field in reader.fields.values():
            if field.name.startswith("llama."):
                writer.add_key_value(field.name, field.contents(), field.types[0])
    for tensor in reader.tensors:
        data = np.array(tensor.data)
        if data.ndim == 1:
            packed.add_tensor(tensor.name, data)
            decoded.add_tensor(tensor.name, data)
        else:
            blocks = gguf.quants.quantize(data, kind)
            packed.add_tensor(tensor.name, blocks, raw_dtype=kind)
            decoded.add_tensor(tensor.name, gguf.quants.dequantize(blocks, kind))
    for writer in (packed, decoded):
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--converter", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", nargs="+", choices=[model.name for model in [*ALL_MODELS, BLOCKS]], metavar="NAME")
    args = parser.parse_args()
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    converter = load_converter(args.converter)
    args.out.mkdir(parents=True, exist_ok=True)
    for golden in ALL_MODELS:
        if args.only is None or golden.name in args.only:
            make(converter, golden, args.out)
    if args.only is None or BLOCKS.name in args.only:
        with tempfile.TemporaryDirectory() as temporary:
            make(converter, BLOCKS, Path(temporary))
            for name in QUANTISED:
                quantise(Path(temporary) / f"{BLOCKS.name}.gguf", name, args.out)
            for name in QUANTISED[1:]:
                (args.out / f"blocks-{name.lower()}-f32.gguf").unlink()


if __name__ == "__main__":
    main()
