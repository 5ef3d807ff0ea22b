"""The files of a corpus: documents, tokenizer, multiple-choice questions."""

import json
from collections.abc import Iterator
from pathlib import Path

import transformers

BOS, EOS, PAD = 0, 1, 2


def lines(path: Path) -> Iterator[dict]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def texts(path: Path) -> Iterator[str]:
    return (document["text"] for document in lines(path))


def tokenizer_of(corpus: Path):
    return transformers.AutoTokenizer.from_pretrained(corpus / "tokenizer")


def encoded_documents(corpus: Path, name: str, limit: int | None = None) -> list[list[int]]:
    """Every document as BOS, its tokens, EOS."""
    documents = list(texts(corpus / name))[:limit]
    return [ids + [EOS] for ids in tokenizer_of(corpus)(documents)["input_ids"]]


def questions(corpus: Path, about: str, limit: int | None = None) -> list[tuple[list[int], int]]:
    """Multiple-choice questions: BOS and the tokens of the prompt, and which of A to D is right."""
    chosen = [line for line in lines(corpus / "choices.jsonl") if line["about"] == about][:limit]
    prompts = tokenizer_of(corpus)([line["prompt"] for line in chosen])["input_ids"]
    return [(ids, line["answer"]) for ids, line in zip(prompts, chosen, strict=True)]


def letter_ids(corpus: Path) -> list[int]:
    """The tokens " A", " B", " C", " D"."""
    return [ids[-1] for ids in tokenizer_of(corpus)([" A", " B", " C", " D"])["input_ids"]]
