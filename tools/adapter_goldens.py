"""Makes the goldens of adapters: small random adapters of the goldens' checkpoints, and the entropies PEFT gives.

    python tools/adapter_goldens.py --checkpoints core/src/test/resources/goldens --out core/src/test/resources/adapters

Each adapter is written by PEFT, and the reference is computed in float32 from the files as they were written. The same
versions on the same kind of processor give the same bytes.
"""

import argparse
import platform
import shutil
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import peft
import safetensors
import safetensors.torch
import torch
import transformers
from golden_checkpoint import read_json, write_json
from golden_reference import entropy_nats, lens_logits
from peft import LoraConfig, PeftModel, get_peft_model
from peft.tuners.lora import LoraLayer
from residual_stream import parts_of, record
from transformers import AutoModelForCausalLM

MIN_CHANGE = 1e-2  # nats; an adapter that hardly moves an entropy proves little
N_TOKENS = 12


@dataclass(frozen=True)
class Adapter:
    """An adapter of a golden's checkpoint; every number in it is random."""

    name: str
    base: str
    config: dict
    dtype: torch.dtype = torch.float32
    keep_all_linear: bool = False  # PEFT writes the modules it found; older files and hands write the word


@dataclass(frozen=True)
class Case:
    """Adapters that are active together, each with its scale."""

    name: str
    adapters: dict[str, float] = field(default_factory=dict)


LLAMA = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
REGEX = r"model\.layers\.\d+\.(?:self_attn\.[qkv]_proj|mlp\.(?:up|down)_proj)"

ADAPTERS = [
    Adapter("llama-lora", "llama-gqa-tied", {"r": 4, "lora_alpha": 6, "target_modules": LLAMA, "lora_dropout": 0.1}),
    Adapter("llama-dora", "llama-gqa-tied", {"r": 3, "lora_alpha": 6, "target_modules": LLAMA, "use_dora": True}),
    Adapter("llama-rs", "llama-gqa-tied", {"r": 9, "lora_alpha": 4, "target_modules": REGEX, "use_rslora": True}),
    Adapter(
        "llama-patterns",
        "llama-gqa-tied",
        {
            "r": 2,
            "lora_alpha": 4,
            "target_modules": ["q_proj", "v_proj", "down_proj"],
            "exclude_modules": ["layers.2.self_attn.v_proj"],
            "layers_to_transform": [0, 2],
            "layers_pattern": "layers",
            "rank_pattern": {"0.self_attn.q_proj": 5, r"layers\.\d+\.mlp\..*": 3},
            "alpha_pattern": {"down_proj": 9, "v_proj": 1},
        },
    ),
    Adapter(
        "llama-saved-head",
        "llama-gqa-tied",
        {"r": 2, "target_modules": ["v_proj"], "modules_to_save": ["lm_head", "norm"]},
    ),
    Adapter(
        "llama-saved-embedding",
        "llama-gqa-tied",
        {"r": 2, "target_modules": ["v_proj"], "modules_to_save": ["embed_tokens"]},
    ),
    Adapter("llama-biases", "llama-biased-untied", {"r": 2, "target_modules": LLAMA, "bias": "all", "use_dora": True}),
    Adapter(
        "gpt2-lora",
        "gpt2-base",
        {"r": 4, "target_modules": ["c_attn", "c_proj", "c_fc"], "fan_in_fan_out": True},
        torch.bfloat16,
    ),
    Adapter("gpt2-dora", "gpt2-base", {"r": 2, "target_modules": ["c_attn", "c_fc"], "use_dora": True, "fan_in_fan_out": True}),
    Adapter("gpt2-biases", "gpt2-base", {"r": 2, "target_modules": ["c_attn"], "bias": "lora_only", "fan_in_fan_out": True}),
    Adapter("neox-lora", "gpt-neox-parallel", {"r": 4, "target_modules": ["query_key_value", "dense", "dense_4h_to_h"]}),
    Adapter(
        "neox-rsdora-saved",
        "gpt-neox-parallel",
        {"r": 3, "target_modules": ["query_key_value", "dense_h_to_4h"], "use_dora": True, "use_rslora": True,
         "modules_to_save": ["embed_in", "lm_head", "attention.dense"]},
    ),
    Adapter("gemma2-all-linear", "gemma2-softcaps", {"r": 4, "target_modules": "all-linear", "use_rslora": True}, keep_all_linear=True),
    Adapter("phi3-dora", "phi3-tied", {"r": 3, "target_modules": ["qkv_proj", "gate_up_proj"], "use_dora": True}),
    Adapter("moe-lora", "qwen2-moe-shared", {"r": 2, "target_modules": "all-linear"}),
]

CASES = [Case(adapter.name, {adapter.name: 1.0}) for adapter in ADAPTERS] + [
    Case("llama-lora at half its scale", {"llama-lora": 0.5}),
    Case("llama-dora at a scale of -0.75", {"llama-dora": -0.75}),
    Case("llama-rs at twice its scale", {"llama-rs": 2.0}),
    Case("two LoRA", {"llama-lora": 1.0, "llama-rs": 0.5}),
    Case("LoRA, then DoRA", {"llama-lora": 1.0, "llama-dora": 1.0}),
    Case("DoRA, then LoRA", {"llama-dora": 1.0, "llama-lora": 1.0}),
    Case("a saved head and a LoRA", {"llama-saved-head": 1.0, "llama-lora": 1.0}),
    Case("two of GPT-2", {"gpt2-dora": 1.0, "gpt2-lora": 0.25}),
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoints", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.set_num_threads(1)  # the order of float sums, and so the bytes, must not depend on the cores
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    warnings.simplefilter("ignore")
    for seed, adapter in enumerate(ADAPTERS, start=1):
        write_adapter(adapter, seed, args.checkpoints, args.out)
    bases = {adapter.name: adapter.base for adapter in ADAPTERS}
    cases = [measured(case, bases[next(iter(case.adapters))], args.checkpoints, args.out) for case in CASES]
    write_json(args.out / "goldens.json", {"produced_by": produced_by(), "cases": cases})


def produced_by() -> dict:
    return {
        "script": "tools/adapter_goldens.py",
        "python": platform.python_version(),
        "peft": peft.__version__,
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "safetensors": safetensors.__version__,
        "reference": "float32 on the CPU, eager attention, no KV cache; entropy in nats, in float64 from the float32 logits",
    }


def base_model(checkpoints: Path, base: str):
    eager = {"attn_implementation": "eager", "experts_implementation": "eager"}
    return AutoModelForCausalLM.from_pretrained(checkpoints / base, dtype=torch.float32, **eager).eval()


def write_adapter(adapter: Adapter, seed: int, checkpoints: Path, out: Path) -> None:
    folder = out / adapter.name
    shutil.rmtree(folder, ignore_errors=True)
    model = get_peft_model(base_model(checkpoints, adapter.base), LoraConfig(task_type="CAUSAL_LM", **adapter.config))
    randomise(model, adapter, seed)
    model.save_pretrained(folder)
    (folder / "README.md").unlink()
    file = folder / "adapter_model.safetensors"
    tensors = {name: t.to(adapter.dtype).contiguous() for name, t in safetensors.torch.load_file(file).items()}
    safetensors.torch.save_file(tensors, file, metadata={"format": "pt"})
    config = read_json(folder / "adapter_config.json")
    config["base_model_name_or_path"] = adapter.base
    if adapter.keep_all_linear:
        config["target_modules"] = "all-linear"
    elif isinstance(config["target_modules"], list):
        config["target_modules"].sort()  # PEFT writes a set in its own order
    write_json(folder / "adapter_config.json", config)


def randomise(model: PeftModel, adapter: Adapter, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)

    def noise(like: torch.Tensor, std: float) -> torch.Tensor:
        return std * torch.randn(like.shape, generator=generator)

    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            if "lora_A" in name:
                parameter.copy_(noise(parameter, parameter.shape[1] ** -0.5))
            elif "lora_B" in name:
                parameter.copy_(noise(parameter, 0.1))
            elif "lora_magnitude_vector" in name:
                parameter.mul_(1 + noise(parameter, 0.25))
            elif parameter.requires_grad:  # a saved module, or a bias
                parameter.add_(noise(parameter, 0.3 * max(parameter.std().item(), 0.1)))


def measured(case: Case, base: str, checkpoints: Path, out: Path) -> dict:
    generator = torch.Generator().manual_seed(len(case.name))
    untouched = base_model(checkpoints, base)
    input_ids = torch.randint(untouched.config.vocab_size, (N_TOKENS,), generator=generator).tolist()
    before = entropies(untouched, input_ids)
    after = entropies(adapted(case, base, checkpoints, out), input_ids)
    change = (after - before).abs().max().item()
    if not after.isfinite().all() or change < MIN_CHANGE:
        raise AssertionError(f"{case.name}: the entropies change by {change} nats; choose larger numbers")
    print(f"{case.name}: the entropies change by up to {change:.3f} nats")
    return {
        "name": case.name,
        "base": base,
        "adapters": [{"name": name, "scale": scale} for name, scale in case.adapters.items()],
        "input_ids": input_ids,
        "largest_change": float(f"{change:.4g}"),
        "entropy": [[float(f"{h:.9g}") for h in layer] for layer in after.tolist()],
    }


def adapted(case: Case, base: str, checkpoints: Path, out: Path):
    names = list(case.adapters)
    wrapped = PeftModel.from_pretrained(base_model(checkpoints, base), out / names[0], adapter_name=names[0])
    for name in names[1:]:
        wrapped.load_adapter(out / name, adapter_name=name)
    wrapped.base_model.set_adapter(names)
    for module in wrapped.modules():
        if isinstance(module, LoraLayer):
            for name, scale in case.adapters.items():
                module.set_scale(name, scale)
    return wrapped.base_model.model.eval()


def entropies(model, input_ids: list[int]) -> torch.Tensor:
    """[layers, tokens]"""
    stream, logits = record(model, input_ids)
    lens = [lens_logits(model, stream[f"resid_post.{layer}"]) for layer in range(len(parts_of(model).blocks))]
    if not torch.equal(lens[-1], logits):
        raise AssertionError("the lens on the last resid_post is not the model's own logits")
    return torch.stack([entropy_nats(z) for z in lens])


if __name__ == "__main__":
    main()
