"""Makes the goldens: tiny random checkpoints and what Hugging Face transformers computes on them.

    python tools/make_goldens.py --out core/src/test/resources/goldens [--only NAME ...]

The reference is computed in float32 by the model as reloaded from the files just written, so the
golden is about the files. The same versions on the same kind of processor give the same bytes.
"""

import argparse
import platform
from pathlib import Path

import safetensors
import safetensors.torch
import torch
import transformers
from golden_catalogue import CATALOGUE
from golden_checkpoint import OLD_STYLE, load, write_checkpoint, write_json
from golden_reference import greedy, reference
from goldens.golden import Golden
from make_golden_points import make as make_points
from old_style_config import check_the_meaning
from residual_stream import record

MIN_MARGIN = 1e-3  # a smaller gap could flip on another machine's float sums
MIN_DISTINCT = 6  # greedy ids that only repeat one token prove little
MAX_ROUNDING = 3e-6  # what float32 itself loses, of the largest element: more would hide an error of the same size
MIN_SENSITIVITY = 1e-3  # a contrast must move a logit ten times further than any bound we test with


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", nargs="+", choices=[golden.name for golden in CATALOGUE], metavar="NAME")
    args = parser.parse_args()
    torch.set_num_threads(1)  # the order of float sums, and so the bytes, must not depend on the cores
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    for golden in CATALOGUE:
        if args.only is None or golden.name in args.only:
            make(golden, args.out / golden.name)


def make(golden: Golden, folder: Path) -> None:
    write_checkpoint(golden, folder)
    model = load(golden, folder)
    input_ids = random_ids(golden)
    tensors, logits = reference(model, input_ids)
    greedy_ids, margin = greedy(model, input_ids) if golden.greedy else ([], None)
    sensitivity = {label: moved(golden, folder, input_ids, logits, change) for label, change in golden.contrasts.items()}
    refuse_a_weak_golden(golden, tensors, greedy_ids, margin, sensitivity)
    refuse_an_ill_conditioned_golden(golden, folder, input_ids, tensors)
    if (folder / OLD_STYLE).exists():
        refuse_another_meaning(golden, folder, input_ids, logits)
    safetensors.torch.save_file(tensors, folder / "golden.safetensors")
    write_json(folder / "golden.json", manifest_of(golden, input_ids, greedy_ids, margin, sensitivity))
    make_points(golden, folder)
    report(folder, tensors["entropy"], logits, margin, sensitivity)


def random_ids(golden: Golden) -> list[int]:
    generator = torch.Generator().manual_seed(1000 + golden.seed)
    d_vocab = golden.config.get("text_config", golden.config)["vocab_size"]
    ids = torch.randint(d_vocab, (golden.n_tokens,), generator=generator).tolist()
    ids[1], ids[2] = d_vocab - 1, 0  # both ends of the embedding
    return ids


def moved(golden: Golden, folder: Path, input_ids: list[int], logits: torch.Tensor, change: dict) -> float:
    """How far the largest logit difference goes when one key of the config is read differently."""
    _, other = record(load(golden, folder, change), input_ids)
    return (other - logits).abs().max().item()


def refuse_a_weak_golden(
    golden: Golden, tensors: dict, greedy_ids: list[int], margin: float | None, sensitivity: dict
) -> None:
    blind = [label for label, distance in sensitivity.items() if not distance >= MIN_SENSITIVITY]
    weak_ids = golden.greedy and (margin < MIN_MARGIN or len(set(greedy_ids)) < MIN_DISTINCT)
    if weak_ids or blind:
        raise AssertionError(
            f"{golden.name}: seed {golden.seed} makes a weak golden (margin {margin}, greedy {greedy_ids}, "
            f"blind to {blind}); choose another seed or change the config"
        )
    if not all(t.isfinite().all() for t in tensors.values()):
        raise AssertionError(f"{golden.name}: the reference is not finite")


def refuse_an_ill_conditioned_golden(golden: Golden, folder: Path, input_ids: list[int], tensors: dict) -> None:
    """A norm of a vector near zero magnifies float32's rounding; such a golden tells little."""
    exact, _ = record(load(golden, folder).double(), input_ids)
    for name, stream in exact.items():
        if not tensors[name].any():
            continue  # nothing is added there
        lost = ((tensors[name].double() - stream).abs().max() / stream.abs().max()).item()
        if not lost <= MAX_ROUNDING:
            raise AssertionError(
                f"{golden.name}: seed {golden.seed} makes a golden in which float32 is off by {lost:.1e} of the largest "
                f"element of {name}; choose another seed"
            )


def refuse_another_meaning(golden: Golden, folder: Path, input_ids: list[int], logits: torch.Tensor) -> None:
    check_the_meaning(folder / "config.json", folder / OLD_STYLE, golden.family)
    _, old = record(load(golden, folder, config_file=OLD_STYLE), input_ids)
    if not torch.equal(old, logits):
        raise AssertionError(f"{golden.name}: {OLD_STYLE} gives other logits than config.json")


def manifest_of(
    golden: Golden, input_ids: list[int], greedy_ids: list[int], margin: float | None, sensitivity: dict
) -> dict:
    return {
        "name": golden.name,
        "family": golden.published_as or golden.family,
        "produced_by": {
            "script": "tools/make_goldens.py",
            "command": f"python tools/make_goldens.py --out core/src/test/resources/goldens --only {golden.name}",
            "python": platform.python_version(),
            "torch": torch.__version__,
            "transformers": transformers.__version__,
            "safetensors": safetensors.__version__,
        },
        "seed": golden.seed,
        "dtype": golden.dtype,
        "reference": f"float32 on the CPU, {golden.attention} attention, no KV cache; entropy in nats, in float64 from the float32 logits",
        "exercises": golden.exercises,
        "sensitivity": {label: float(f"{distance:.3g}") for label, distance in sensitivity.items()},
        "input_ids": input_ids,
        "greedy_ids": greedy_ids,
        "greedy_margin": margin if margin is None else float(f"{margin:.4g}"),
    }


def report(folder: Path, entropy: torch.Tensor, logits: torch.Tensor, margin: float | None, sensitivity: dict) -> None:
    size = sum(file.stat().st_size for file in folder.iterdir())
    per_layer = " ".join(f"{h:.2f}" for h in entropy.mean(1).tolist())
    gap = "no greedy ids" if margin is None else f"greedy margin {margin:.3g}"
    print(
        f"{folder.name}: {size / 1024:.0f} KiB; entropy {entropy.min():.2f}..{entropy.max():.2f}, per layer {per_layer}; "
        f"logit spread {logits.std():.2f}; {gap}"
    )
    for label, distance in sensitivity.items():
        print(f"    {label}: moves a logit by {distance:.3g}")


if __name__ == "__main__":
    main()
