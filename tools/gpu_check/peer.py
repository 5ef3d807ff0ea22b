"""What tools/gpu-check times entropy-lens beside: PyTorch and transformers on the same GPU.

    python3 peer.py FINDINGS.jsonl readout
    python3 peer.py FINDINGS.jsonl shape 1b|8b

readout: linear, log_softmax in float32 and the sum for the entropy of 4,096 rows, bfloat16 weights; whole, and in
chunks of rows that bound the memory. shape: a random Llama of the given shape in bfloat16; hooks keep the stream
after every block, which is normed and read out in chunks of rows.
"""

import json
import sys
import time

import torch

SHAPES = {
    "1b": dict(num_hidden_layers=16, hidden_size=2048, intermediate_size=8192, tie_word_embeddings=True),
    "8b": dict(num_hidden_layers=32, hidden_size=4096, intermediate_size=14336, tie_word_embeddings=False),
    "tiny": dict(num_hidden_layers=2, hidden_size=64, intermediate_size=96, tie_word_embeddings=True),
}
VOCAB = 128256
TEXTS, LENGTH, SHORT, DECODED = 256, 64, 16, 128
ROWS_AT_ONCE = 2048
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


def main() -> None:
    findings, part = sys.argv[1], sys.argv[2]
    start = time.perf_counter()
    with open(findings, "a", encoding="utf-8") as log:
        try:
            if part == "readout":
                readout(log)
            else:
                shape(log, sys.argv[3])
        except Exception as failure:  # a peer that fails costs its own figures only
            found(log, "peer " + part, failed=repr(failure)[:500])
        found(log, "peer " + part, seconds=time.perf_counter() - start)


def found(log, part: str, **pairs) -> None:
    line = json.dumps({"part": part, **pairs})
    print(line, flush=True)
    log.write(line + "\n")
    log.flush()


def wait() -> None:
    if DEVICE == "cuda":
        torch.cuda.synchronize()


def peak(reset: bool = False) -> int:
    if DEVICE != "cuda":
        return 0
    if reset:
        torch.cuda.reset_peak_memory_stats()
    return torch.cuda.max_memory_allocated()


def entropy(rows: torch.Tensor, unembed: torch.Tensor) -> torch.Tensor:
    log_probabilities = torch.log_softmax(torch.nn.functional.linear(rows, unembed).float(), dim=-1)
    return -(log_probabilities.exp() * log_probabilities).sum(dim=-1)


def chunked(rows: torch.Tensor, unembed: torch.Tensor, size: int) -> torch.Tensor:
    return torch.cat([entropy(part, unembed) for part in rows.split(size)])


@torch.inference_mode()
def readout(log) -> None:
    rows, d_model = (4096, 4096) if DEVICE == "cuda" else (16, 64)
    torch.manual_seed(1)
    x = torch.randn(rows, d_model, device=DEVICE).bfloat16()
    unembed = (torch.randn(VOCAB, d_model, device=DEVICE) / d_model**0.5).bfloat16()
    ways = {
        "linear, log_softmax and sum": lambda: entropy(x, unembed),
        "the same, 256 rows at a time": lambda: chunked(x, unembed, 256),
        "the same, 1024 rows at a time": lambda: chunked(x, unembed, 1024),
        "linear alone, to bfloat16": lambda: torch.nn.functional.linear(x, unembed),
    }
    compiled = torch.compile(entropy)
    if DEVICE == "cuda":
        ways["the first, torch.compile"] = lambda: compiled(x, unembed)
    for name, way in ways.items():
        before = peak(reset=True)
        times = []
        for _ in range(6):
            wait()
            start = time.perf_counter()
            way()
            wait()
            times.append(1000 * (time.perf_counter() - start))
        found(log, "peer readout", what=name, milliseconds=sorted(times)[len(times) // 2], rounds=times, rows=rows, beside_bytes=peak() - before)


class Stream:
    """The stream after every block, as hooks see it."""

    def __init__(self, model) -> None:
        self.kept: list[torch.Tensor] = []
        for block in model.model.layers:
            block.register_forward_hook(self.keep)

    def keep(self, _block, _inputs, output) -> None:
        self.kept.append(output[0] if isinstance(output, tuple) else output)

    def rows(self, last_only: bool) -> torch.Tensor:
        kept = [rows[:, -1:] if last_only else rows for rows in self.kept]
        self.kept = []
        return torch.stack(kept, dim=2).flatten(0, 2)


@torch.inference_mode()
def shape(log, name: str) -> None:
    import transformers

    config = transformers.LlamaConfig(
        vocab_size=VOCAB, num_attention_heads=32, num_key_value_heads=8, rope_theta=500000.0, max_position_embeddings=2048, **SHAPES[name]
    )
    start = time.perf_counter()
    torch.set_default_dtype(torch.bfloat16)
    with torch.device(DEVICE):
        model = transformers.LlamaForCausalLM._from_config(config, attn_implementation="sdpa").eval()
    wait()
    found(log, "peer shape " + name, what="the model", seconds=time.perf_counter() - start, torch=torch.__version__, transformers=transformers.__version__)
    texts = TEXTS if DEVICE == "cuda" else 4
    generator = torch.Generator().manual_seed(7)
    prompts = torch.randint(0, VOCAB, (texts, LENGTH), generator=generator).to(DEVICE)
    decode(log, name, model, prompts[:1, :SHORT])
    stream = Stream(model)
    for _ in range(2):
        timed(log, name, f"prompts of {LENGTH} tokens", texts, LENGTH, lambda: of_prompts(model, stream, prompts))
    for _ in range(2):
        timed(log, name, f"{LENGTH} tokens generated after {SHORT}", texts, LENGTH, lambda: generated(model, stream, prompts[:, :SHORT]))


def timed(log, name: str, what: str, texts: int, positions: int, way) -> None:
    peak(reset=True)
    wait()
    start = time.perf_counter()
    entropies = way()
    wait()
    seconds = time.perf_counter() - start
    layers = SHAPES[name]["num_hidden_layers"]
    found(
        log,
        "peer shape " + name,
        what=what,
        texts=texts,
        seconds=seconds,
        texts_per_minute=60 * texts / seconds,
        readouts_per_second=texts * positions * layers / seconds,
        last_entropy=float(entropies[-1]),
        peak_bytes=peak(),
    )


def read(model, rows: torch.Tensor) -> torch.Tensor:
    return torch.cat([entropy(model.model.norm(part), model.lm_head.weight) for part in rows.split(ROWS_AT_ONCE)])


def of_prompts(model, stream: Stream, prompts: torch.Tensor) -> torch.Tensor:
    """Texts a part at a time, so that logits of the model's own head, which nobody needs, are not made."""
    entropies = []
    for part in prompts.split(32):
        model.model(part, use_cache=False)
        entropies.append(read(model, stream.rows(last_only=False)))
    return torch.cat(entropies).cpu()


def generated(model, stream: Stream, prompts: torch.Tensor) -> torch.Tensor:
    import transformers

    cache = transformers.DynamicCache()
    tokens, rows = prompts, []
    for _ in range(LENGTH):
        out = model.model(tokens, past_key_values=cache, use_cache=True)
        rows.append(stream.rows(last_only=True))
        tokens = model.lm_head(out.last_hidden_state[:, -1:]).argmax(dim=-1)
    return read(model, torch.cat(rows)).cpu()


def decode(log, name: str, model, prompt: torch.Tensor) -> None:
    import transformers

    for _ in range(2):
        cache = transformers.DynamicCache()
        tokens = prompt
        wait()
        start = time.perf_counter()
        for _ in range(DECODED):
            out = model.model(tokens, past_key_values=cache, use_cache=True)
            tokens = model.lm_head(out.last_hidden_state[:, -1:]).argmax(dim=-1)
        wait()
        found(log, "peer shape " + name, what="one text decoded", tokens=DECODED, tokens_per_second=DECODED / (time.perf_counter() - start))


if __name__ == "__main__":
    main()
