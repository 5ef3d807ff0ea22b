"""What unigrams and trigrams know of the held-out documents: baselines for the models of the zoo.

    python tools/zoo/ngrams.py --corpus DIR --tokens 9000000 [--batch 10]

Counts the rows that a model sees which is trained with the same --tokens and --batch, and writes ngrams.json: nats per
token over the tokens of heldout.jsonl that the held-out loss of models counts. Contexts begin with BOS and never cross
documents.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
from corpus import BOS, encoded_documents, tokenizer_of
from kneser_ney import KneserNey

LENGTH = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--tokens", type=int, required=True)
    parser.add_argument("--batch", type=int, default=10, help="rows a step of training")
    args = parser.parse_args()
    started = time.time()
    rows = np.load(args.corpus / "rows.npy", mmap_mode="r")
    steps = args.tokens // (args.batch * rows.shape[1])
    seen = windows_of(np.asarray(rows[: steps * args.batch]).reshape(-1))
    heldout = windows_of(np.concatenate(encoded_documents(args.corpus, "heldout.jsonl")))
    vocabulary = len(tokenizer_of(args.corpus))
    trigrams = KneserNey(seen, vocabulary)
    refuse_improper(trigrams, heldout)
    facts = {
        "tokens": steps * args.batch * rows.shape[1], "targets": len(seen), "heldout_tokens": len(heldout),
        "uniform_entropy": round(float(np.log(vocabulary)), 6),
        "unigram_entropy": nats(unigram_probabilities(seen, heldout, vocabulary)),
        "trigram_entropy": nats(trigrams.probabilities(heldout)),
        "smoothing": "interpolated modified Kneser-Ney",
        "discounts": [[round(discount, 4) for discount in order.discounts] for order in trigrams.orders],
        "distinct": [len(order.grams) for order in trigrams.orders],
    }  # fmt: skip
    (args.corpus / "ngrams.json").write_text(json.dumps(facts, indent=2) + "\n")
    print(json.dumps(facts), f"{time.time() - started:.0f} s")


def windows_of(tokens: np.ndarray) -> np.ndarray:
    """[targets, 3]: every token but BOS, behind the two before it; before the first BOS stand further ones."""
    targets = np.flatnonzero(tokens != BOS)
    windows = [tokens[targets]]
    context = targets
    for _ in range(LENGTH - 1):
        context = np.where(windows[0] == BOS, context, context - 1)
        windows.insert(0, tokens[context])
    return np.stack(windows, axis=1)


def unigram_probabilities(seen: np.ndarray, heldout: np.ndarray, vocabulary: int) -> np.ndarray:
    """Frequencies, one added to each."""
    counts = np.bincount(seen[:, -1], minlength=vocabulary) + 1
    return (counts / counts.sum())[heldout[:, -1]]


def nats(probabilities: np.ndarray) -> float:
    return round(float(-np.log(probabilities).mean()), 6)


def refuse_improper(model: KneserNey, heldout: np.ndarray) -> None:
    """After contexts of the held-out documents, and after random ones, the probabilities sum to 1."""
    choose = np.random.default_rng(1)
    contexts = np.concatenate([
        heldout[choose.integers(len(heldout), size=100), :-1],
        choose.integers(model.vocabulary, size=(100, LENGTH - 1)),
    ])  # fmt: skip
    for context in contexts:
        every = np.column_stack([np.tile(context, (model.vocabulary, 1)), np.arange(model.vocabulary)])
        total = model.probabilities(every).sum()
        if abs(total - 1) > 1e-9:
            raise SystemExit(f"after {context.tolist()} the probabilities sum to {total}")


if __name__ == "__main__":
    main()
