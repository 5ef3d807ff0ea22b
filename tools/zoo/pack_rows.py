"""Tokenises train.jsonl and packs it into rows of 256 tokens, once for all models.

    python tools/zoo/pack_rows.py --corpus DIR --tokens 20000000 [--primer 2800000] [--row 256] [--seed 1]

Writes rows.npy (uint16 [rows, row length]) and rows.json. Every row begins with a document: BOS, tokens, EOS. More
documents follow until the row is full; the last one is cut and its remainder dropped. Documents are shuffled
anew for each epoch, and epochs follow one another until there are enough tokens. A training run reads the rows once,
in order. The first --primer tokens are of documents dense in letters and facts, in short rows of 64: four of these lie
in one row of the file, and training takes them apart again.
"""

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from corpus import encoded_documents, lines

PRIMER_ROW = 64
PRIMER_KINDS = ("matching", "listing", "knowledge") * 2 + ("directory",)  # equally many rows of each


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--tokens", type=int, required=True)
    parser.add_argument("--primer", type=int, default=2_800_000, help="tokens at the beginning, in rows of 64")
    parser.add_argument("--row", type=int, default=256)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    documents = encoded_documents(args.corpus, "train.jsonl")
    longest = max(map(len, documents + encoded_documents(args.corpus, "heldout.jsonl")))
    if longest > args.row:
        raise SystemExit(f"{args.corpus}: the longest document has {longest} tokens, and a model sees {args.row}")
    primer = primed(args.corpus, documents, args.primer // args.row, args.row, args.seed)
    rows, begun = pack(documents, args.tokens // args.row - len(primer), args.row, args.seed)
    rows = np.concatenate([primer, rows])
    np.save(args.corpus / "rows.npy", rows)
    facts = {
        "rows": len(rows), "row": args.row, "tokens": rows.size, "primer_rows": len(primer), "primer_row": PRIMER_ROW, "seed": args.seed,
        "documents": len(documents), "tokens_of_documents": sum(map(len, documents)), "longest_document": longest,
        "epochs": round(begun / len(documents), 4),  # without the primer
    }  # fmt: skip
    (args.corpus / "rows.json").write_text(json.dumps(facts, indent=2) + "\n")
    print(json.dumps(facts))


def primed(corpus: Path, documents: list[list[int]], count: int, length: int, seed: int) -> np.ndarray:
    """Rows that each hold several short ones, whose kinds come in random order."""
    kinds = [document["kind"] for document in lines(corpus / "train.jsonl")]
    parts = length // PRIMER_ROW
    shuffle, chosen = random.Random(seed), []
    for number, kind in enumerate(PRIMER_KINDS):
        some = [document for document, its in zip(documents, kinds, strict=True) if its == kind]
        chosen.append(pack(some, count * parts // len(PRIMER_KINDS), PRIMER_ROW, seed + number)[0])
    short = np.concatenate(chosen)
    order = list(range(len(short)))
    shuffle.shuffle(order)
    return short[order][: len(short) // parts * parts].reshape(-1, length)


def pack(documents: list[list[int]], count: int, length: int, seed: int) -> tuple[np.ndarray, int]:
    """The rows, and how many documents were begun."""
    rows = np.empty((count, length), dtype=np.uint16)
    endless = shuffled_endlessly(documents, seed)
    begun = 0
    for row in rows:
        filled = 0
        while filled < length:
            document = next(endless)[: length - filled]
            row[filled : filled + len(document)] = document
            filled += len(document)
            begun += 1
    return rows, begun


def shuffled_endlessly(documents: list[list[int]], seed: int) -> Iterator[list[int]]:
    order = list(range(len(documents)))
    shuffle = random.Random(seed)
    while True:
        shuffle.shuffle(order)
        for index in order:
            yield documents[index]


if __name__ == "__main__":
    main()
