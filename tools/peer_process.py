"""One Python peer of tools/peers.py, which starts it and gives it jobs, a line each; it answers with a line of JSON.

    python tools/peer_process.py NAME CHECKPOINT THREADS

transformers      KV cache, hooks, batched read-outs: `alone`, `together`, `readout`
paper             the algorithm of the paper's code, written on transformers: `alone`
transformer-lens  the same algorithm on TransformerLens, as the paper has it: `alone`
tuned-lens        the logit lens of that package, rows of 64 at a time: `readout`

A peer that cannot start answers {"missing": why}.
"""

import argparse
import json
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy
import torch
import transformers
from bench_peers import PROMPT, ROWS_AT_ONCE, as_in_the_paper, entropy_nats, together, with_kv_cache
from residual_stream import parts_of


class Transformers:
    def __init__(self, checkpoint: Path):
        self.model = load(checkpoint)
        self.name = f"transformers {transformers.__version__}, torch {torch.__version__}"

    def alone(self, tokens: str):
        return with_kv_cache(self.model, PROMPT, int(tokens))

    def together(self, texts: str, tokens: str):
        prompts = [[PROMPT[0] + text, *PROMPT[1:]] for text in range(int(texts))]
        ids, entropy = together(self.model, prompts, int(tokens))
        return [i for text in ids for i in text], [layers for text in entropy for layers in text]

    def readout(self, file: str):
        return [], entropies(parts_of(self.model).lens, file, self.model)


class Paper:
    def __init__(self, checkpoint: Path):
        self.model = load(checkpoint)
        self.name = f"the paper's algorithm on transformers {transformers.__version__}"

    def alone(self, tokens: str):
        return as_in_the_paper(self.model, PROMPT, int(tokens))


class OnTransformerLens:
    """Every step runs the whole sequence with `run_with_cache` and reads each layer's last position."""

    def __init__(self, checkpoint: Path):
        from transformer_lens import HookedTransformer, HookedTransformerConfig
        from transformer_lens.pretrained.weight_conversions import convert_gpt2_weights

        hf_model = load(checkpoint)
        config = hf_model.config
        if config.model_type != "gpt2":
            raise ImportError(f"only GPT-2 is put into TransformerLens here, not {config.model_type}")
        self.model = HookedTransformer(HookedTransformerConfig(
            n_layers=config.n_layer, d_model=config.n_embd, n_ctx=config.n_positions, n_heads=config.n_head,
            d_head=config.n_embd // config.n_head, d_mlp=config.n_inner or 4 * config.n_embd, d_vocab=config.vocab_size,
            act_fn=config.activation_function, normalization_type="LN", eps=config.layer_norm_epsilon, device="cpu",
        ))
        self.model.load_state_dict(convert_gpt2_weights(hf_model, self.model.cfg), strict=False)
        try:
            found = version("transformer-lens")
        except PackageNotFoundError:
            found = "(not installed as a package)"
        self.name = f"the paper's algorithm on TransformerLens {found}"

    def alone(self, tokens: str):
        model, ids, entropy = self.model, list(PROMPT), []
        for _ in range(int(tokens)):
            logits, cache = model.run_with_cache(torch.tensor([ids]))
            layers = [cache["resid_post", layer][0, -1] for layer in range(model.cfg.n_layers)]
            entropy.append([entropy_nats(model.unembed(model.ln_final(row[None, None]))[0]).item() for row in layers])
            ids.append(logits[0, -1].argmax().item())
        return ids[len(PROMPT):], entropy


class TunedLens:
    def __init__(self, checkpoint: Path):
        from tuned_lens.nn.lenses import LogitLens

        self.model = load(checkpoint)
        self.lens = LogitLens.from_model(self.model)
        try:
            self.name = f"tuned-lens {version('tuned-lens')}"
        except PackageNotFoundError:
            self.name = "tuned-lens (not installed as a package)"

    def readout(self, file: str):
        return [], entropies(lambda some: self.lens(some, 0), file, self.model)


PEERS = {"transformers": Transformers, "paper": Paper, "transformer-lens": OnTransformerLens, "tuned-lens": TunedLens}


def load(checkpoint: Path):
    return transformers.AutoModelForCausalLM.from_pretrained(checkpoint, dtype=torch.float32).eval()


def entropies(lens, file: str, model) -> list[float]:
    rows = torch.from_numpy(numpy.fromfile(file, dtype="<f4")).view(-1, model.config.hidden_size)
    return torch.cat([entropy_nats(lens(some)) for some in rows.split(ROWS_AT_ONCE)]).tolist()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=PEERS)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("threads", type=int)
    args = parser.parse_args()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    torch.set_num_threads(args.threads)
    answers, sys.stdout = sys.stdout, sys.stderr  # some packages print
    try:
        peer = PEERS[args.name](args.checkpoint)
    except ImportError as missing:
        print(json.dumps({"missing": str(missing)}), file=answers, flush=True)
        return
    print(json.dumps({"ready": peer.name}), file=answers, flush=True)
    with torch.inference_mode():
        for line in sys.stdin:
            job, *values = line.split()
            start = time.perf_counter()
            ids, entropy = getattr(peer, job)(*values)
            seconds = time.perf_counter() - start
            print(json.dumps({"seconds": seconds, "ids": ids, "entropy": entropy}), file=answers, flush=True)


if __name__ == "__main__":
    main()
