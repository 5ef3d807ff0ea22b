"""Makes the goldens of lenses: small random Jacobian and tuned lenses of the goldens' checkpoints, and what they read.

    python tools/lens_goldens.py --checkpoints core/src/test/resources/goldens --out core/src/test/resources/lenses

The files are written as their packages write them: jlens a dict of torch.save, tuned-lens a directory with config.json and
params.pt. The reference is computed in float32 from the files as they were written, by the formulas of both packages. The same
versions on the same kind of processor give the same bytes.
"""

import argparse
import hashlib
import json
import platform
import shutil
from pathlib import Path

import safetensors
import safetensors.torch
import torch
import transformers
from adapter_goldens import base_model
from golden_checkpoint import write_json
from golden_reference import entropy_nats, lens_logits
from residual_stream import parts_of, record

MIN_CHANGE = 1e-2  # nats; a translator that hardly moves an entropy proves little
N_TOKENS = 12


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoints", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.set_num_threads(1)  # the order of float sums, and so the bytes, must not depend on the cores
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    args.out.mkdir(parents=True, exist_ok=True)
    llama = base_model(args.checkpoints, "llama-gqa-tied")
    gpt2 = base_model(args.checkpoints, "gpt2-base")
    cases = [
        case("jacobian of llama", "llama-gqa-tied", llama, "jacobian-llama.pt", jacobian_llama(llama, args.out)),
        case("jacobian of gpt2", "gpt2-base", gpt2, "jacobian-gpt2.pt", jacobian_gpt2(gpt2, args.out)),
        case("tuned of llama", "llama-gqa-tied", llama, "tuned-llama", tuned(llama, args.out / "tuned-llama", True, torch.float32)),
        case("tuned of gpt2", "gpt2-base", gpt2, "tuned-gpt2", tuned(gpt2, args.out / "tuned-gpt2", False, torch.float16)),
        case("own of llama", "llama-gqa-tied", llama, "own-llama.safetensors", own(llama, args.out / "own-llama.safetensors")),
    ]
    write_json(args.out / "goldens.json", {"produced_by": produced_by(), "cases": cases})


def produced_by() -> dict:
    return {
        "script": "tools/lens_goldens.py",
        "python": platform.python_version(),
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "safetensors": safetensors.__version__,
        "reference": "float32 on the CPU, eager attention, no KV cache; entropies and divergences in nats, in float64 from the float32 logits",
    }


def sizes(model) -> tuple[int, int]:
    return model.config.hidden_size, model.config.num_hidden_layers


def near_identity(d: int, generator: torch.Generator) -> torch.Tensor:
    return torch.eye(d) + 0.5 * d**-0.5 * torch.randn(d, d, generator=generator)


def jacobian_llama(model, out: Path) -> dict:
    """As jlens and TransformerLens write it: float16, every block but the last."""
    d, layers = sizes(model)
    generator = torch.Generator().manual_seed(1)
    matrices = {block: near_identity(d, generator).half() for block in range(layers - 1)}
    metadata = {"model_name": "llama-gqa-tied", "max_seq_len": 128, "transformer_lens_fit": True, "ratio": 0.5, "revision": None}
    save_jacobian(out / "jacobian-llama.pt", matrices, d, metadata)
    return {block + 1: affine(matrix, None, added=False) for block, matrix in matrices.items()}


def jacobian_gpt2(model, out: Path) -> dict:
    """What else a file may hold: other types, a matrix that lies transposed, one for the last block, which is not used."""
    d, layers = sizes(model)
    generator = torch.Generator().manual_seed(2)
    matrices = {block: near_identity(d, generator).bfloat16() for block in range(layers)}
    matrices[0] = matrices[0].float().t()
    save_jacobian(out / "jacobian-gpt2.pt", matrices, d, None)
    return {block + 1: affine(matrix, None, added=False) for block, matrix in matrices.items() if block < layers - 1}


def save_jacobian(file: Path, matrices: dict, d: int, metadata: dict | None) -> None:
    payload = {"J": matrices, "n_prompts": 7, "source_layers": sorted(matrices), "d_model": d}
    torch.save(payload | ({"metadata": metadata} if metadata else {}), file)


def tuned(model, folder: Path, biased: bool, dtype: torch.dtype) -> dict:
    d, layers = sizes(model)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    generator = torch.Generator().manual_seed(3 + biased)
    translators = torch.nn.ModuleList([torch.nn.Linear(d, d, bias=biased, dtype=dtype) for _ in range(layers)])
    with torch.no_grad():
        for parameter in translators.parameters():
            parameter.copy_(0.5 * parameter.shape[-1] ** -0.5 * torch.randn(parameter.shape, generator=generator))
    torch.save(translators.state_dict(), folder / "params.pt")
    config = {
        "base_model_name_or_path": "org/model",
        "d_model": d,
        "num_hidden_layers": layers,
        "bias": biased,
        "base_model_revision": "main",
        "unembed_hash": None,
        "lens_type": "linear_tuned_lens",
    }
    write_json(folder / "config.json", config)
    return {layer: affine(t.weight, t.bias, added=True) for layer, t in enumerate(translators)}


def own(model, file: Path) -> dict:
    """Our own form: a matrix and a bias, a bias alone, a matrix alone."""
    d, layers = sizes(model)
    generator = torch.Generator().manual_seed(5)
    tensors, translators = {}, {}
    for layer in range(layers):
        weight = near_identity(d, generator) if layer % 3 != 1 else None
        bias = 0.3 * torch.randn(d, generator=generator) if layer % 3 != 2 else None
        tensors |= {f"layers.{layer}.{name}": t for name, t in (("weight", weight), ("bias", bias)) if t is not None}
        translators[layer] = affine(torch.eye(d) if weight is None else weight, bias, added=False)
    w_u = model.get_output_embeddings().weight.detach().float().contiguous().numpy().astype("<f4")
    metadata = {
        "format": "entropy-lens/lens/1",
        "kind": "ridge",
        "d_model": str(d),
        "n_layers": str(layers),
        "model": "llama-gqa-tied",
        "unembed_sha256": hashlib.sha256(w_u.tobytes()).hexdigest(),
    }
    save_own(file, tensors, metadata)
    return translators


def save_own(file: Path, tensors: dict, metadata: dict) -> None:
    """As the safetensors library would, which writes metadata in an order of its own each time."""
    header, data = {"__metadata__": metadata}, b""
    for name, tensor in tensors.items():
        raw = tensor.numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    file.write_bytes(len(text).to_bytes(8, "little") + text + data)
    if set(safetensors.torch.load_file(file)) != set(tensors):
        raise AssertionError(f"{file} is not what safetensors reads")


def affine(weight: torch.Tensor, bias: torch.Tensor | None, added: bool):
    """jlens: J h. tuned-lens: h + (A h + b)."""
    weight, bias = weight.detach().float(), None if bias is None else bias.detach().float()

    def translated(h: torch.Tensor) -> torch.Tensor:
        y = torch.nn.functional.linear(h, weight, bias)
        return h + y if added else y

    return translated


def case(name: str, base: str, model, file: str, translators: dict) -> dict:
    generator = torch.Generator().manual_seed(len(name))
    input_ids = torch.randint(model.config.vocab_size, (N_TOKENS,), generator=generator).tolist()
    stream, logits = record(model, input_ids)
    layers = len(parts_of(model).blocks)
    rows = {0: stream["resid_pre.0"]} | {layer + 1: stream[f"resid_post.{layer}"] for layer in range(layers)}
    plain = {layer: lens_logits(model, h) for layer, h in rows.items()}
    read = {layer: lens_logits(model, translators[layer](rows[layer])) for layer in translators}
    change = min((entropy_nats(read[layer]) - entropy_nats(plain[layer])).abs().max().item() for layer in read)
    if change < MIN_CHANGE:
        raise AssertionError(f"{name}: the entropies of a layer change by {change} nats; choose larger numbers")
    read[layers] = plain[layers]
    if not torch.equal(read[layers], logits):
        raise AssertionError("the lens on the last resid_post is not the model's own logits")
    first = min(read)
    entropy = torch.stack([entropy_nats(read[layer]) for layer in range(first, layers + 1)])
    divergence = torch.stack([kl(logits, read[layer]) for layer in range(first, layers + 1)])
    print(f"{name}: each layer's entropies change by {change:.3f} nats or more")
    return {
        "name": name,
        "base": base,
        "file": file,
        "input_ids": input_ids,
        "first_layer": first,
        "entropy": digits(entropy),
        "kl_to_last": digits(divergence),
    }


def kl(last: torch.Tensor, here: torch.Tensor) -> torch.Tensor:
    log_p, log_q = torch.log_softmax(last.double(), -1), torch.log_softmax(here.double(), -1)
    return (log_p.exp() * (log_p - log_q)).sum(-1)


def digits(table: torch.Tensor) -> list:
    return [[float(f"{x:.9g}") for x in layer] for layer in table.tolist()]


if __name__ == "__main__":
    main()
