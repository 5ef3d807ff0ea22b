"""Makes points.safetensors of the goldens: entropies of what stands inside the blocks, read out by transformers.

    python tools/make_golden_points.py --out core/src/test/resources/goldens [--only NAME ...]

Without --only, of those goldens that have none yet. `entropy.POINT` is [layers, tokens], in nats, for each
point that the family's blocks have, but for resid_post, whose entropies are in golden.safetensors. What is
read out is the stream that is there, by the model's own modules; nothing else of a golden is touched. The
stream is recorded again all the same: it has to be the one that is there, and each block has to read what
the one before it left.
"""

import argparse
from pathlib import Path

import safetensors.torch
import torch
import transformers
from golden_catalogue import CATALOGUE
from golden_checkpoint import load, read_json
from golden_reference import entropy_nats, lens_logits
from goldens.golden import Golden
from residual_stream import parts_of, record

FILE = "points.safetensors"
POINTS = ("resid_pre", "attn_out", "resid_mid", "mlp_out")
SAME = 1e-5  # of the largest element: another processor sums in another order
MAX_ROUNDING = 1e-5  # nats that float32 itself may lose, against the same model in float64


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", nargs="+", choices=[golden.name for golden in CATALOGUE], metavar="NAME")
    args = parser.parse_args()
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    for golden in CATALOGUE:
        folder = args.out / golden.name
        if golden.name in args.only if args.only else not (folder / FILE).exists():
            make(golden, folder)


def make(golden: Golden, folder: Path) -> None:
    input_ids = read_json(folder / "golden.json")["input_ids"]
    model = load(golden, folder)
    there = safetensors.torch.load_file(folder / "golden.safetensors")
    refuse_another_stream(golden, recorded(model, input_ids), there)
    entropies = entropies_of(model, with_what_blocks_read(model, there))
    exact_model = load(golden, folder).double()
    exact = entropies_of(exact_model, with_what_blocks_read(exact_model, recorded(exact_model, input_ids)))
    lost = {name: (h - exact[name]).abs().max().item() for name, h in entropies.items()}
    worst = max(lost, key=lost.get)
    if not lost[worst] <= MAX_ROUNDING:
        raise AssertionError(f"{golden.name}: float32 is off by {lost[worst]:.1e} nats at {worst}")
    tensors = {f"entropy.{point}": h.float().contiguous() for point, h in entropies.items()}
    safetensors.torch.save_file(tensors, folder / FILE, metadata={"script": "tools/make_golden_points.py"})
    print(f"{golden.name}: {', '.join(entropies)}; float32 loses {lost[worst]:.1e} nats at {worst}", flush=True)


def recorded(model, input_ids: list[int]) -> dict[str, torch.Tensor]:
    """The stream of one pass, each block having read exactly what the one before it left."""
    read: list[torch.Tensor] = []
    blocks = parts_of(model).blocks
    handles = [block.whole.register_forward_pre_hook(lambda _module, inputs: read.append(inputs[0][0])) for block in blocks]
    try:
        stream, _ = record(model, input_ids)
    finally:
        for handle in handles:
            handle.remove()
    for layer, rows in enumerate(read):
        if layer > 0 and not torch.equal(rows, stream[f"resid_post.{layer - 1}"]):
            raise AssertionError(f"block {layer} does not read what block {layer - 1} left")
    if len(read) != len(blocks):
        raise AssertionError(f"{len(read)} reads of {len(blocks)} blocks")
    return stream


def refuse_another_stream(golden: Golden, stream: dict[str, torch.Tensor], there: dict[str, torch.Tensor]) -> None:
    for name, rows in stream.items():
        if not (rows - there[name]).abs().max() <= SAME * there[name].abs().max():
            raise AssertionError(f"{golden.name}: {name} is not what golden.safetensors has; make the golden anew first")


def with_what_blocks_read(model, stream: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The stream with every resid_pre, and without the zeros of blocks that have no MLP."""
    blocks = parts_of(model).blocks
    alone = [f"mlp_out.{layer}" for layer, block in enumerate(blocks) if block.mlp_out is None]
    before = {f"resid_pre.{layer}": stream[f"resid_post.{layer - 1}"] for layer in range(1, len(blocks))}
    return {name: rows for name, rows in (stream | before).items() if name not in alone}


def entropies_of(model, stream: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    layers = len(parts_of(model).blocks)
    return {
        point: torch.stack([entropy_nats(lens_logits(model, stream[f"{point}.{layer}"])) for layer in range(layers)])
        for point in POINTS
        if f"{point}.0" in stream
    }


if __name__ == "__main__":
    main()
