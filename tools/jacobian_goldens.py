"""Makes the goldens of fitted Jacobian lenses: what autograd gives by the estimator of jlens, on the goldens' checkpoints.

    python tools/jacobian_goldens.py --checkpoints core/src/test/resources/goldens --out core/src/test/resources/lenses

A cotangent of 1 in one entry of the last block's output, at every position but the first ones and the last; the gradient by an earlier
block's output, averaged over the same positions; then over texts. Float64. The same versions on the same kind of processor give the same
bytes.
"""

import argparse
from pathlib import Path

import torch
import transformers
from adapter_goldens import base_model
from golden_checkpoint import write_json
from lens_goldens import produced_by, save_own
from residual_stream import parts_of

LENGTHS, SKIPPED = (9, 14), 3
BASES = ["llama-gqa-tied", "gpt2-base", "gemma2-softcaps", "qwen3-tied", "olmo2-gqa", "phi-partial", "opt-post-norm", "cohere-tied"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoints", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.set_num_threads(1)  # the order of float sums, and so the bytes, must not depend on the cores
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    cases = [case(base, base_model(args.checkpoints, base).double(), args.out) for base in BASES]
    write_json(args.out / "jacobians.json", {"produced_by": produced_by() | {"script": "tools/jacobian_goldens.py"}, "skipped": SKIPPED, "cases": cases})


def case(base: str, model, out: Path) -> dict:
    generator = torch.Generator().manual_seed(len(base))
    texts = [torch.randint(model.config.vocab_size, (length,), generator=generator) for length in LENGTHS]
    each = [jacobians(model, ids) for ids in texts]
    mean = [torch.stack(matrices).mean(0).float() for matrices in zip(*each, strict=True)]
    file = f"fitted-jacobian-{base}.safetensors"
    save_own(out / file, {f"layers.{layer}.weight": matrix for layer, matrix in enumerate(mean)}, {"d_model": str(mean[0].shape[0])})
    return {"base": base, "file": file, "texts": [ids.tolist() for ids in texts]}


def jacobians(model, ids: torch.Tensor) -> list[torch.Tensor]:
    """One matrix for each layer from the embedding to the last but one."""
    seen: list[torch.Tensor] = []

    def enter(_module, args, kwargs):
        x = (args[0] if args else kwargs["hidden_states"]).detach().requires_grad_()
        seen.append(x)
        return ((x, *args[1:]), kwargs) if args else (args, kwargs | {"hidden_states": x})

    blocks = [block.whole for block in parts_of(model).blocks]
    hooks = [blocks[0].register_forward_pre_hook(enter, with_kwargs=True)]
    hooks += [block.register_forward_hook(lambda _m, _a, out: seen.append(out[0] if isinstance(out, tuple) else out)) for block in blocks]
    model(ids[None], use_cache=False)
    for hook in hooks:
        hook.remove()
    valid = range(SKIPPED, len(ids) - 1)
    d = seen[-1].shape[-1]
    rows: list[list[torch.Tensor]] = [[] for _ in blocks]
    for r in range(d):
        cotangent = torch.zeros_like(seen[-1])
        cotangent[0, valid, r] = 1
        for layer, gradient in enumerate(torch.autograd.grad(seen[-1], seen[:-1], cotangent, retain_graph=True)):
            rows[layer].append(gradient[0, valid].mean(0))
    return [torch.stack(layer) for layer in rows]


if __name__ == "__main__":
    main()
