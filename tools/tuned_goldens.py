"""Makes the goldens of trained lenses: tuned lenses that torch trains by autograd on the goldens' checkpoints.

    python tools/tuned_goldens.py --checkpoints core/src/test/resources/goldens --out core/src/test/resources/lenses

Everything is float64: the stream, the readout, KL(last || layer), gradients, torch.optim.SGD with Nesterov's momentum. Every step takes
all texts, so their order is of no consequence. Each layer is clipped by itself. The same versions on the same kind of processor give the
same bytes.
"""

import argparse
from pathlib import Path

import torch
import transformers
from adapter_goldens import base_model
from golden_checkpoint import write_json
from lens_goldens import produced_by, save_own
from residual_stream import parts_of

TEXTS, LENGTH, SKIPPED, STEPS, RATE = 4, 12, 1, 6, 1.0
MOMENTUM, DECAY = 0.9, 1e-3
MIN_GAIN = 0.02  # of the divergence; less would prove little
BASES = ["llama-gqa-tied", "gpt2-base", "gemma2-softcaps", "opt-post-norm", "gptj-partial"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoints", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.set_num_threads(1)  # the order of float sums, and so the bytes, must not depend on the cores
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    cases = [case(base, base_model(args.checkpoints, base).double(), args.out) for base in BASES]
    settings = {"steps": STEPS, "rate": RATE, "skipped": SKIPPED}
    write_json(args.out / "trained.json", {"produced_by": produced_by() | {"script": "tools/tuned_goldens.py"}} | settings | {"cases": cases})


def case(base: str, model, out: Path) -> dict:
    generator = torch.Generator().manual_seed(len(base))
    texts = torch.randint(model.config.vocab_size, (TEXTS, LENGTH), generator=generator)
    layers = stream(model, texts)
    target = layers[-1]
    tensors, before, after = {}, [], []
    for layer, rows in enumerate(layers[:-1]):
        weight, bias, first, last = train(model, rows, target)
        tensors |= {f"layers.{layer}.weight": weight, f"layers.{layer}.bias": bias}
        before.append(first)
        after.append(last)
        if last > (1 - MIN_GAIN) * first:
            raise AssertionError(f"{base}: layer {layer} goes from {first} to {last} nats; train it longer")
    print(f"{base}: {before} -> {after} nats")
    file = f"trained-{base}.safetensors"
    save_own(out / file, {name: t.float() for name, t in tensors.items()}, {"d_model": str(target.shape[-1])})
    return {"base": base, "file": file, "texts": texts.tolist(), "before": before}


def stream(model, texts: torch.Tensor) -> list[torch.Tensor]:
    """Embedding, then every block's output, without the first positions: [layers + 1][rows, d]."""
    seen = []
    blocks = [block.whole for block in parts_of(model).blocks]
    hooks = [blocks[0].register_forward_pre_hook(lambda _m, args, kwargs: seen.append(args[0] if args else kwargs["hidden_states"]), with_kwargs=True)]
    hooks += [block.register_forward_hook(lambda _m, _a, out: seen.append(out[0] if isinstance(out, tuple) else out)) for block in blocks]
    with torch.no_grad():
        model(texts, use_cache=False)
    for hook in hooks:
        hook.remove()
    return [x[:, SKIPPED:].reshape(-1, x.shape[-1]) for x in seen]


def train(model, rows: torch.Tensor, target: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, float, float]:
    d = rows.shape[-1]
    read = parts_of(model).lens
    translator = torch.nn.Linear(d, d, dtype=torch.float64)
    torch.nn.init.zeros_(translator.weight)
    torch.nn.init.zeros_(translator.bias)
    optimiser = torch.optim.SGD(translator.parameters(), lr=RATE * (1 - MOMENTUM), momentum=MOMENTUM, nesterov=True, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: 1 - step / STEPS)
    with torch.no_grad():
        log_p = torch.log_softmax(read(target[None])[0], -1)

    def divergence() -> torch.Tensor:
        log_q = torch.log_softmax(read((rows + translator(rows))[None])[0], -1)
        return torch.where(log_p > -torch.inf, log_p.exp() * (log_p - log_q), 0).sum(-1).mean()

    first = divergence().item()
    for _ in range(STEPS):
        optimiser.zero_grad()
        divergence().backward()
        torch.nn.utils.clip_grad_norm_(translator.parameters(), 1.0)
        optimiser.step()
        schedule.step()
    return translator.weight.detach(), translator.bias.detach(), first, divergence().item()


if __name__ == "__main__":
    main()
