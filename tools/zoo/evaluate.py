"""Measures trained models of the zoo, and writes their cards: card.json and README.md.

    python tools/zoo/evaluate.py --corpus DIR [--to DIR] [--limit N] MODEL_DIR ...

Computes in float32 from the weights as written, on the whole of heldout.jsonl and choices.jsonl. With --to, the files
that ship are copied to a folder of the model's name in that directory. --limit takes only so many documents and
questions of each kind, to try things out.
"""

import argparse
import json
import shutil
from pathlib import Path

from card import card
from readme import readme
from zoo_models import load, quiet_on_one_thread

SHIPPED = ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "generation_config.json",
           "card.json", "README.md")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", type=Path, nargs="+", metavar="MODEL_DIR")
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--to", type=Path)
    parser.add_argument("--limit", type=int)
    args = parser.parse_args()
    if args.to and args.limit:
        parser.error("what ships is measured on everything: --to needs no --limit")
    quiet_on_one_thread()
    for folder in args.models:
        evaluate(folder, args.corpus, args.limit)
        if args.to:
            ship(folder, args.to / folder.name)


def evaluate(folder: Path, corpus: Path, limit: int | None) -> None:
    if (folder / "tokenizer.json").read_bytes() != (corpus / "tokenizer" / "tokenizer.json").read_bytes():
        raise SystemExit(f"{folder} has another tokenizer than {corpus}: it was trained on another corpus")
    training = json.loads((folder / "training.json").read_text())
    facts = card(folder.resolve().name, load(folder), training, corpus, limit)
    (folder / "card.json").write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "README.md").write_text(readme(facts), encoding="utf-8")
    shares = " ".join(f"{about} {share['accuracy']:.3f}" for about, share in facts["accuracy"].items())
    words = "in words {correct} of {n}".format(**facts["in_words"])
    loss = f"held-out {facts['heldout_loss']:.4f} ({facts['heldout_tokens']:,} tokens)"
    print(f"{folder}: {loss} {shares} {words}", flush=True)


def ship(folder: Path, to: Path) -> None:
    to.mkdir(parents=True, exist_ok=True)
    for name in SHIPPED:
        shutil.copyfile(folder / name, to / name)


if __name__ == "__main__":
    main()
