"""What an entropy profile of generated tokens costs in Python, two ways.

    python tools/bench_peers.py CHECKPOINT --way kv --tokens 256 --dtype f32 --out profile.json

kv     transformers with a KV cache; hooks keep the last position's resid_post of every block; the
       read-outs are done afterwards, many rows at a time. The strongest plain-Python peer we know.
paper  the algorithm of the paper's code: no KV cache, the whole sequence recomputed at each step, every
       activation kept while the step lasts, the last position read out layer by layer.

Row k of the entropies belongs to the position that predicts generated id k.
Prints one JSON line per timed run. Timed: generation and read-outs, not loading or warming up.
"""

import argparse
import json
import platform
import resource
import time
from pathlib import Path

import torch
import transformers
from residual_stream import first, parts_of

PROMPT = [464, 2068, 7586, 21831, 18045, 625, 262, 16931, 3290, 13]
DTYPES = {"f32": torch.float32, "bf16": torch.bfloat16}
N_WARM_UP = 8  # tokens, so that no timed run pays for the first touch of the mapped weights
ROWS_AT_ONCE = 64  # rows x 50,257 float32 logits = 13 MB, a few copies of which fit beside the weights


def main() -> None:
    args = parse_args()
    torch.set_num_threads(args.threads)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    model = load(args)
    WAYS[args.way](model, args.prompt_ids, N_WARM_UP)
    for run in range(args.repeat):
        wall, cpu = time.perf_counter(), time.process_time()
        generated_ids, entropy = WAYS[args.way](model, args.prompt_ids, args.tokens)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        result = measured(args, run, wall, cpu)
        print(json.dumps(result), flush=True)
    if args.out:
        result |= {"prompt_ids": args.prompt_ids, "generated_ids": generated_ids, "entropy": entropy}
        args.out.write_text(json.dumps(result) + "\n")


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--way", choices=WAYS, default="kv")
    parser.add_argument("--tokens", type=int, default=256)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--dtype", choices=DTYPES, default="f32", help="of the computation, whatever the file's")
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--prompt-ids", type=lambda text: [int(i) for i in text.split(",")], default=PROMPT)
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


def load(args: argparse.Namespace):
    model = transformers.AutoModelForCausalLM.from_pretrained(args.checkpoint, dtype=DTYPES[args.dtype])
    return model.eval()


def measured(args: argparse.Namespace, run: int, seconds: float, cpu_seconds: float) -> dict:
    return {
        "who": "transformers",
        "way": args.way,
        "checkpoint": args.checkpoint.name,
        "dtype": args.dtype,
        "threads": args.threads,
        "prompt_tokens": len(args.prompt_ids),
        "tokens": args.tokens,
        "run": run,
        "seconds": round(seconds, 3),
        "cpu_seconds": round(cpu_seconds, 3),  # well below threads x seconds: something else had the cores
        "tokens_per_second": round(args.tokens / seconds, 2),
        "peak_rss_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),  # KiB on Linux
        "python": platform.python_version(),
        "torch": torch.__version__,
        "transformers": transformers.__version__,
    }


# With KV cache and deferred, batched read-outs


@torch.inference_mode()
def with_kv_cache(model, prompt_ids: list[int], n_tokens: int) -> tuple[list[int], list[list[float]]]:
    parts = parts_of(model)
    rows: list[torch.Tensor] = []  # resid_post of the last position, layer by layer, token by token
    handles = [
        block.whole.register_forward_hook(lambda _module, _inputs, output: rows.append(first(output)[0, -1].clone()))
        for block in parts.blocks
    ]
    try:
        generated_ids = generate_with_kv_cache(model, prompt_ids, n_tokens)
    finally:
        for handle in handles:
            handle.remove()
    chunks = torch.stack(rows).split(ROWS_AT_ONCE)
    entropy = torch.cat([entropy_nats(parts.lens(chunk)) for chunk in chunks])
    return generated_ids, entropy.view(n_tokens, len(parts.blocks)).tolist()


def generate_with_kv_cache(model, prompt_ids: list[int], n_tokens: int) -> list[int]:
    generated_ids: list[int] = []
    past, feed = None, prompt_ids
    for _ in range(n_tokens):
        out = model(torch.tensor([feed]), past_key_values=past, use_cache=True, logits_to_keep=1)
        past, feed = out.past_key_values, [out.logits[0, -1].argmax().item()]
        generated_ids += feed
    return generated_ids


# Texts together


@torch.inference_mode()
def together(model, prompts: list[list[int]], n_tokens: int) -> tuple[list[list[int]], list[list[list[float]]]]:
    ends = end_ids(model)
    longest = max(map(len, prompts))
    ids = torch.tensor([[0] * (longest - len(prompt)) + prompt for prompt in prompts])
    mask = torch.tensor([[0] * (longest - len(prompt)) + [1] * len(prompt) for prompt in prompts])
    parts = parts_of(model)
    rows: list[torch.Tensor] = []  # [texts, d_model], layer by layer, token by token
    handles = [
        block.whole.register_forward_hook(lambda _module, _inputs, output: rows.append(first(output)[:, -1].clone()))
        for block in parts.blocks
    ]
    generated: list[list[int]] = [[] for _ in prompts]
    open_ = [True] * len(prompts)
    past, feed = None, ids
    try:
        for _ in range(n_tokens):
            positions = (mask.cumsum(-1) - 1).clamp(min=0)[:, -feed.shape[1] :]
            out = model(feed, attention_mask=mask, position_ids=positions, past_key_values=past, use_cache=True, logits_to_keep=1)
            past = out.past_key_values
            feed = out.logits[:, -1].argmax(-1, keepdim=True)
            mask = torch.cat([mask, torch.ones_like(feed)], -1)
            for text, id_ in enumerate(feed[:, 0].tolist()):
                if open_[text]:
                    generated[text].append(id_)
                    open_[text] = id_ not in ends
            if not any(open_):
                break
    finally:
        for handle in handles:
            handle.remove()
    steps = len(rows) // len(parts.blocks)
    chunks = torch.cat(rows).split(ROWS_AT_ONCE)
    entropy = torch.cat([entropy_nats(parts.lens(chunk)) for chunk in chunks])
    by_text = entropy.view(steps, len(parts.blocks), len(prompts)).permute(2, 0, 1).tolist()
    return generated, [layers[: len(ids_)] for layers, ids_ in zip(by_text, generated, strict=True)]


def end_ids(model) -> set[int]:
    ends = model.generation_config.eos_token_id
    return set() if ends is None else set(ends if isinstance(ends, list) else [ends])


# The paper's algorithm


@torch.inference_mode()
def as_in_the_paper(model, prompt_ids: list[int], n_tokens: int) -> tuple[list[int], list[list[float]]]:
    parts = parts_of(model)
    activations: dict[torch.nn.Module, torch.Tensor] = {}
    handles = [
        module.register_forward_hook(lambda module, _inputs, output: activations.update({module: first(output)}))
        for block in parts.blocks
        for module in block.whole.modules()
    ]
    ids, entropy = list(prompt_ids), []
    try:
        for _ in range(n_tokens):
            logits = model(torch.tensor([ids]), use_cache=False).logits
            last_rows = [activations[block.whole][0, -1] for block in parts.blocks]
            entropy.append([entropy_nats(parts.lens(row[None])).item() for row in last_rows])
            ids.append(logits[0, -1].argmax().item())
    finally:
        for handle in handles:
            handle.remove()
    return ids[len(prompt_ids):], entropy


def entropy_nats(logits: torch.Tensor) -> torch.Tensor:
    """-sum p ln p of the softmax in float32, as the paper's code has it."""
    log_p = torch.log_softmax(logits.float(), dim=-1)
    return -(log_p.exp() * log_p).sum(-1)


WAYS = {"kv": with_kv_cache, "paper": as_in_the_paper}


if __name__ == "__main__":
    main()
