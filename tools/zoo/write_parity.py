"""Writes goldens for the tests that compare the Java engine with transformers on the models of the zoo.

    python tools/zoo/write_parity.py --corpus DIR --out zoo/src/test/resources/parity [--limit N] MODEL_DIR ...

For each model, NAME.safetensors about the first 100 held-out documents (BOS and EOS included):

    ids          int32 [tokens]      all documents, one behind the other
    lengths      int32 [100]         tokens of each
    loss         float64 [100]       nats of the tokens after BOS, summed
    last_logits  float32 [100, d_vocab]  at the last position, EOS

and NAME.json: of which weights it is, perplexity, versions.
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import parity
import safetensors.numpy
from zoo_models import load, quiet_on_one_thread, versions


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", type=Path, nargs="+", metavar="MODEL_DIR")
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--limit", type=int, help="so many documents, to try things out")
    args = parser.parse_args()
    quiet_on_one_thread()
    args.out.mkdir(parents=True, exist_ok=True)
    texts = parity.documents(args.corpus, args.limit)
    for folder in args.models:
        write(folder, texts, args.out / folder.resolve().name)


def write(folder: Path, texts: list[list[int]], to: Path) -> None:
    model, losses, last = load(folder), [], []
    for ids in texts:
        logits = parity.logits_of(model, ids)
        losses.append(parity.loss_of(logits, ids))
        last.append(logits[-1])
    file = to.with_name(to.name + ".safetensors")
    file.write_bytes(safetensors.numpy.save({
        "ids": np.concatenate(texts).astype(np.int32), "lengths": np.array([len(ids) for ids in texts], np.int32),
        "loss": np.array(losses), "last_logits": np.stack(last),
    }))  # fmt: skip
    weights = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    facts = {
        "name": to.name, "sha256": weights, "texts": len(texts), "tokens": sum(map(len, texts)),
        "perplexity": round(parity.perplexity(losses, texts), 6), "versions": versions(),
    }  # fmt: skip
    to.with_name(to.name + ".json").write_text(json.dumps(facts, indent=2) + "\n")
    print(f"{file}: {file.stat().st_size:,} bytes, perplexity {facts['perplexity']:.6f}", flush=True)


if __name__ == "__main__":
    main()
