"""Compares all logits of the first 100 held-out documents with those that a Java program wrote.

    python tools/zoo/compare_logits.py --corpus DIR [--atol 1e-3] MODEL_DIR LOGITS.safetensors

The file holds `logits`, float32 [tokens, d_vocab]: all positions of all documents, one document behind the other, as
the `ids` of write_parity.py are. Prints the largest difference, and where; then both perplexities. Exits 1 when a logit
differs by more than --atol.
"""

import argparse
import math
import sys
from pathlib import Path

import numpy as np
import parity
from safetensors import safe_open
from zoo_models import load, quiet_on_one_thread


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, metavar="MODEL_DIR")
    parser.add_argument("logits", type=Path, metavar="LOGITS")
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--atol", type=float, default=1e-3)
    parser.add_argument("--limit", type=int, help="so many documents, to try things out")
    args = parser.parse_args()
    quiet_on_one_thread()
    texts = parity.documents(args.corpus, args.limit)
    with safe_open(args.logits, framework="numpy") as file:
        sys.exit(compare(load(args.model), texts, file.get_slice("logits"), args.atol))


def compare(model, texts: list[list[int]], found, atol: float) -> int:
    """Whether a logit differs too much; one that is no number does."""
    shape = [sum(map(len, texts)), model.config.vocab_size]
    if found.get_shape() != shape or found.get_dtype() != "F32":
        raise SystemExit(f"logits are {found.get_dtype()} {found.get_shape()}, but must be F32 {shape}")
    largest, place, start, losses = -1.0, "", 0, ([], [])
    for text, ids in enumerate(texts):
        expected, got = parity.logits_of(model, ids), found[start : start + len(ids)]
        start += len(ids)
        difference = np.nan_to_num(np.abs(got - expected), nan=math.inf)
        if difference.max() > largest:
            largest = float(difference.max())
            position, token = np.unravel_index(difference.argmax(), difference.shape)
            place = f"text {text}, position {position}, token {token}: {got[position, token]:.6f}, " \
                    f"but {expected[position, token]:.6f}"  # fmt: skip
        for side, logits in zip(losses, (expected, got), strict=True):
            side.append(parity.loss_of(logits, ids))
    print(f"largest difference {largest:.3e} of {shape[0] * shape[1]:,} logits ({place})")
    theirs, ours = (parity.perplexity(side, texts) for side in losses)
    print(f"perplexity {ours:.6f}; of transformers {theirs:.6f}")
    return int(largest > atol)


if __name__ == "__main__":
    main()
