"""The facts of a model's card: how it was trained, and what it was measured to do."""

import hashlib
import json
import re
from pathlib import Path

from corpus import encoded_documents, letter_ids, questions, tokenizer_of
from measures import heldout_loss, right_answers, wilson
from samples import Request, answer, open_questions, requests, tasks
from zoo_models import parameters_of, versions

OPTIONS = ("family", "blocks", "width", "tokens", "batch", "lr", "warmup", "decay", "letter_weight", "seed")


def card(name: str, model, training: dict, corpus: Path, limit: int | None) -> dict:
    settings = training["settings"]
    loss, tokens = heldout_loss(model, encoded_documents(corpus, "heldout.jsonl", limit))
    ngrams = ngrams_of(corpus, training["tokens"])
    return {
        "name": name, "family": settings["family"], "blocks": model.config.num_hidden_layers,
        "width": model.config.hidden_size, "heads": model.config.num_attention_heads,
        "vocabulary": model.config.vocab_size, "context": model.config.max_position_embeddings,
        "parameters": parameters_of(model), "dtype": training["dtype"],
        "tokens_seen": training["tokens"], "epochs": training["epochs"], "batch_tokens": training["batch_tokens"],
        "learning_rate": float(settings["lr"]), "letter_weight": float(settings["letter_weight"]),
        "seed": int(settings["seed"]), "minutes": training["minutes"],
        "heldout_loss": round(loss, 6), "heldout_tokens": tokens,
        "unigram_entropy": ngrams["unigram_entropy"], "trigram_entropy": ngrams["trigram_entropy"],
        "accuracy": {about: accuracy(model, corpus, about, limit) for about in ("knowledge", "context")},
        "in_words": in_words(model, corpus, limit),
        "tasks": {"counting": counting(model, corpus, limit), "semantic": semantic(model, corpus, limit)},
        "corpus": corpus_of(corpus), "loss_curve": training["curve"],
        "command": command(name, settings, training["dtype"]),
        "versions": {"training": training["versions"], "evaluation": versions()},
        "samples": samples(model, corpus),
    }  # fmt: skip


def ngrams_of(corpus: Path, tokens: int) -> dict:
    ngrams = json.loads((corpus / "ngrams.json").read_text())
    if ngrams["tokens"] != tokens:
        raise SystemExit(f"{corpus}/ngrams.json counts {ngrams['tokens']} tokens, but the model has seen {tokens}: "
                         f"run ngrams.py with the --tokens of the training")  # fmt: skip
    return ngrams


def accuracy(model, corpus: Path, about: str, limit: int | None) -> dict:
    asked = questions(corpus, about, limit)
    right = right_answers(model, asked, letter_ids(corpus))
    low, high = wilson(right, len(asked))
    shares = {"accuracy": right / len(asked), "low": low, "high": high}
    return {"n": len(asked), "correct": right} | {key: round(share, 4) for key, share in shares.items()}


def in_words(model, corpus: Path, limit: int | None) -> dict:
    """Held-out questions on facts, without options: how often the greedy answer is the right one, word for word."""
    asked = list(open_questions(corpus))[:limit]
    right = [request.right.strip() for request in asked]
    given = [text.strip() for text in answers(model, corpus, asked)]
    return {"n": len(asked), "correct": sum(got == answer for got, answer in zip(given, right, strict=True))}


def counting(model, corpus: Path, limit: int | None) -> dict:
    """How many of the held-out stories' words are counted right, and how far off the counts are on average."""
    asked = list(tasks(corpus, "counting"))[:limit]
    given = [number(text) for text in answers(model, corpus, asked)]
    right = [number(request.right) for request in asked]
    median = sorted(right)[len(right) // 2]
    numbers = [(got, count) for got, count in zip(given, right, strict=True) if got is not None]
    return {
        "n": len(asked), "correct": sum(got == count for got, count in numbers),
        "without_number": len(asked) - len(numbers),
        "mean_error": mean(abs(got - count) for got, count in numbers),
        "mean_error_of_always_the_median": mean(abs(median - count) for count in right),
    }  # fmt: skip


def answers(model, corpus: Path, asked: list[Request]) -> list[str]:
    tokenizer = tokenizer_of(corpus)
    return [answer(model, tokenizer, request)[0] for request in asked]


def number(text: str) -> int | None:
    found = re.search(r"\d+", text)
    return int(found[0]) if found else None


def mean(numbers) -> float | None:
    numbers = list(numbers)
    return round(sum(numbers) / len(numbers), 2) if numbers else None


def semantic(model, corpus: Path, limit: int | None) -> dict:
    """How often the subject of a held-out story is named, word for word."""
    asked = list(tasks(corpus, "semantic"))[:limit]
    right = [request.right for request in asked]
    return {"n": len(asked), "correct": sum(map(same_subject, answers(model, corpus, asked), right))}


def same_subject(one: str, other: str) -> bool:
    """Both begin with "It is about" or "The story is about"."""
    return one.partition(" about ")[2] == other.partition(" about ")[2] != ""


def corpus_of(corpus: Path) -> dict:
    facts = json.loads((corpus / "corpus.json").read_text())
    with (corpus / "train.jsonl").open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    if sha256 != facts["train"]["sha256"]:
        raise SystemExit(f"{corpus}/train.jsonl is not what corpus.json says")
    made = [facts[part]["documents"] + facts[part]["dropped_as_repeated"] for part in ("train", "heldout")]
    arguments = " ".join(map(str, [facts["seed"], *made, facts["choices"]["questions"]]))
    packed = json.loads((corpus / "rows.json").read_text())["tokens"]
    return {"seed": facts["seed"], "arguments": arguments, "sha256": sha256, "packed_tokens": packed}


def command(name: str, settings: dict, dtype: str) -> str:
    options = " ".join(f"--{key.replace('_', '-')} {settings[key]}" for key in OPTIONS)
    return f"python tools/zoo/train_model.py {options} --dtype {dtype} --corpus CORPUS --out OUT/{name}"


def samples(model, corpus: Path) -> list[dict]:
    """Greedy, so that everybody gets the same."""
    tokenizer, written = tokenizer_of(corpus), []
    for request in requests(corpus):
        text, ended = answer(model, tokenizer, request)
        right = {} if request.right is None else {"right": request.right}
        written.append({"kind": request.kind, "prompt": request.prompt, "text": text, "ended": ended} | right)
    return written
