"""Makes the goldens: tiny random checkpoints and what Hugging Face transformers computes on them.

    python tools/make_goldens.py --out core/src/test/resources/goldens [--only NAME]

The reference is computed in float32 by the model as reloaded from the files just written, so the
golden is about the files. The same versions on the same kind of processor give the same bytes.
"""

import argparse
import json
import platform
import re
import shutil
from pathlib import Path

import safetensors
import safetensors.torch
import torch
import transformers
from golden_catalogue import CATALOGUE, Golden
from random_weights import randomise
from residual_stream import parts_of, record

CLASSES = {
    "llama": (transformers.LlamaConfig, transformers.LlamaForCausalLM),
    "mistral": (transformers.MistralConfig, transformers.MistralForCausalLM),
    "gpt2": (transformers.GPT2Config, transformers.GPT2LMHeadModel),
}
N_GREEDY = 20
MIN_MARGIN = 1e-3  # a smaller gap could flip on another machine's float sums
MIN_DISTINCT = 6  # greedy ids that only repeat one token prove little
MIN_SENSITIVITY = 1e-3  # a contrast must move a logit ten times further than any bound we test with


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", choices=[golden.name for golden in CATALOGUE])
    args = parser.parse_args()
    torch.set_num_threads(1)  # the order of float sums, and so the bytes, must not depend on the cores
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    for golden in CATALOGUE:
        if args.only in (None, golden.name):
            make(golden, args.out / golden.name)


def make(golden: Golden, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    write_checkpoint(golden, folder)
    model = load(golden, folder)
    input_ids = random_ids(golden)
    tensors, logits = reference(model, input_ids)
    greedy_ids, margin = greedy(model, input_ids)
    sensitivity = {label: moved(golden, folder, input_ids, logits, change) for label, change in golden.contrasts.items()}
    refuse_a_weak_golden(golden, tensors, greedy_ids, margin, sensitivity)
    safetensors.torch.save_file(tensors, folder / "golden.safetensors")
    manifest = manifest_of(golden, input_ids, greedy_ids, margin, sensitivity)
    write_json(folder / "golden.json", manifest)
    report(folder, tensors["entropy"], logits, margin, sensitivity)


# The checkpoint


def write_checkpoint(golden: Golden, folder: Path) -> None:
    config_class, model_class = CLASSES[golden.family]
    model = model_class(config_class(bos_token_id=0, eos_token_id=0, **golden.config))
    randomise(model, golden.seed)
    model.to(getattr(torch, golden.dtype))
    model.save_pretrained(folder, max_shard_size=golden.shard_size or "1GB")
    (folder / "generation_config.json").unlink()  # sampling defaults: no part of the model
    if golden.hub_style:
        rewrite_as_on_the_hub(folder / "model.safetensors", golden.config["n_positions"])
    if golden.old_style_config:
        write_old_style_config(folder)


def rewrite_as_on_the_hub(file: Path, n_ctx: int) -> None:
    """GPT-2's published files have no `transformer.` prefix and keep each block's causal mask."""
    tensors = {name.removeprefix("transformer."): t for name, t in safetensors.torch.load_file(file).items()}
    blocks = {name.split(".")[1] for name in tensors if name.startswith("h.")}
    for block in blocks:
        tensors[f"h.{block}.attn.bias"] = torch.tril(torch.ones(n_ctx, n_ctx)).view(1, 1, n_ctx, n_ctx)
    safetensors.torch.save_file(tensors, file, metadata={"format": "pt"})


def write_old_style_config(folder: Path) -> None:
    """The same config as transformers 4 wrote it: rope_theta, rope_scaling, torch_dtype at the top."""
    config = read_json(folder / "config.json")
    scaling = config.pop("rope_parameters")
    config["rope_theta"] = scaling.pop("rope_theta")
    config["rope_scaling"] = scaling
    config["torch_dtype"] = config.pop("dtype")
    config["transformers_version"] = "4.45.0"
    write_json(folder / "config.old-style.json", dict(sorted(config.items())))
    new, old = (meaning(folder / name) for name in ("config.json", "config.old-style.json"))
    if new != old:
        raise AssertionError(f"{folder}: transformers reads the two configs differently:\n{new}\n{old}")


def meaning(config_file: Path) -> dict:
    config = transformers.LlamaConfig.from_json_file(config_file).to_dict()
    return {key: value for key, value in config.items() if key != "transformers_version"}


def load(golden: Golden, folder: Path, change: dict | None = None):
    config_class, model_class = CLASSES[golden.family]
    config = config_class.from_pretrained(folder)
    for key, value in (change or {}).items():
        setattr(config, key, value)
    model, info = model_class.from_pretrained(
        folder, config=config, dtype=torch.float32, attn_implementation="eager", output_loading_info=True
    )
    if info["missing_keys"] or info["mismatched_keys"]:
        raise AssertionError(f"{folder}: not loaded as written: {info}")
    return model.eval()


def random_ids(golden: Golden) -> list[int]:
    generator = torch.Generator().manual_seed(1000 + golden.seed)
    d_vocab = golden.config["vocab_size"]
    ids = torch.randint(d_vocab, (golden.n_tokens,), generator=generator).tolist()
    ids[1], ids[2] = d_vocab - 1, 0  # both ends of the embedding
    return ids


# The reference


def reference(model, input_ids: list[int]) -> tuple[dict[str, torch.Tensor], torch.Tensor]:
    stream, logits = record(model, input_ids)
    n_layers = model.config.num_hidden_layers
    lens = [lens_logits(model, stream[f"resid_post.{layer}"]) for layer in range(n_layers)]
    check_the_stream(stream, n_layers)
    if not torch.equal(lens[-1], logits):
        raise AssertionError("the lens on the last resid_post is not the model's own logits")
    tensors = stream | {f"lens_logits.{layer}": z for layer, z in enumerate(lens)}
    tensors["entropy"] = torch.stack([entropy_nats(z) for z in lens]).float()
    return {name: t.contiguous() for name, t in tensors.items()}, logits


def lens_logits(model, resid: torch.Tensor) -> torch.Tensor:
    with torch.inference_mode():
        return parts_of(model).lens(resid[None])[0]


def check_the_stream(stream: dict[str, torch.Tensor], n_layers: int) -> None:
    """attn_out and mlp_out are exactly what is added to the stream."""
    resid = stream["resid_pre.0"]
    for layer in range(n_layers):
        for out, after in (("attn_out", "resid_mid"), ("mlp_out", "resid_post")):
            added = resid + stream[f"{out}.{layer}"]
            resid = stream[f"{after}.{layer}"]
            if not torch.equal(added, resid):
                raise AssertionError(f"{after}.{layer} is not the stream plus {out}.{layer}")


def entropy_nats(logits: torch.Tensor) -> torch.Tensor:
    """-sum p ln p over the last axis, in nats, computed in float64 from the float32 logits."""
    log_p = torch.log_softmax(logits.double(), dim=-1)
    return -(log_p.exp() * log_p).sum(-1)


def greedy(model, input_ids: list[int]) -> tuple[list[int], float]:
    """Greedy ids, the whole sequence recomputed at each step; and the smallest gap between best and second."""
    ids, margin = list(input_ids), float("inf")
    for _ in range(N_GREEDY):
        with torch.inference_mode():
            logits = model(torch.tensor([ids]), use_cache=False).logits[0, -1]
        top = logits.topk(2)
        margin = min(margin, (top.values[0] - top.values[1]).item())
        ids.append(top.indices[0].item())
    new_ids = ids[len(input_ids):]
    if new_ids != greedy_with_kv_cache(model, input_ids):
        raise AssertionError("greedy ids with and without the KV cache differ")
    return new_ids, margin


def greedy_with_kv_cache(model, input_ids: list[int]) -> list[int]:
    ids, past = [], None
    feed = input_ids
    for _ in range(N_GREEDY):
        with torch.inference_mode():
            out = model(torch.tensor([feed]), past_key_values=past, use_cache=True)
        past, feed = out.past_key_values, [out.logits[0, -1].argmax().item()]
        ids += feed
    return ids


def moved(golden: Golden, folder: Path, input_ids: list[int], logits: torch.Tensor, change: dict) -> float:
    """How far the largest logit difference goes when one key of the config is read differently."""
    _, other = record(load(golden, folder, change), input_ids)
    return (other - logits).abs().max().item()


# The manifest


def refuse_a_weak_golden(golden: Golden, tensors: dict, greedy_ids: list[int], margin: float, sensitivity: dict) -> None:
    blind = [label for label, distance in sensitivity.items() if distance < MIN_SENSITIVITY]
    if margin < MIN_MARGIN or len(set(greedy_ids)) < MIN_DISTINCT or blind:
        raise AssertionError(
            f"{golden.name}: seed {golden.seed} makes a weak golden (margin {margin:.1e}, greedy {greedy_ids}, "
            f"blind to {blind}); choose another seed or change the config"
        )
    if not all(t.isfinite().all() for t in tensors.values()):
        raise AssertionError(f"{golden.name}: the reference is not finite")


def manifest_of(golden: Golden, input_ids: list[int], greedy_ids: list[int], margin: float, sensitivity: dict) -> dict:
    return {
        "name": golden.name,
        "family": golden.family,
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
        "reference": "float32 on the CPU, eager attention, no KV cache; entropy in nats, in float64 from the float32 logits",
        "exercises": golden.exercises,
        "sensitivity": {label: float(f"{distance:.3g}") for label, distance in sensitivity.items()},
        "input_ids": input_ids,
        "greedy_ids": greedy_ids,
        "greedy_margin": float(f"{margin:.4g}"),
    }


def report(folder: Path, entropy: torch.Tensor, logits: torch.Tensor, margin: float, sensitivity: dict) -> None:
    size = sum(file.stat().st_size for file in folder.iterdir())
    per_layer = " ".join(f"{h:.2f}" for h in entropy.mean(1).tolist())
    print(
        f"{folder.name}: {size / 1024:.0f} KiB; entropy {entropy.min():.2f}..{entropy.max():.2f}, per layer {per_layer}; "
        f"logit spread {logits.std():.2f}; greedy margin {margin:.3g}"
    )
    for label, distance in sensitivity.items():
        print(f"    {label}: moves a logit by {distance:.3g}")


def read_json(file: Path) -> dict:
    return json.loads(file.read_text())


def write_json(file: Path, content: dict) -> None:
    text = json.dumps(content, indent=2)
    ids_on_one_line = re.sub(r"\[[\d,\s]+\]", lambda ids: " ".join(ids[0].split()), text)
    file.write_text(ids_on_one_line + "\n")


if __name__ == "__main__":
    main()
