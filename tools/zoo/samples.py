"""What the models of the zoo write: requests of every kind of the corpus, and greedy answers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from corpus import EOS, PAD, lines

LONGEST = 160  # tokens of a text
LINE = 24  # tokens of an answer, which is one line

# By which of its words the question of each task is known: see Task.java.
TASKS = {"continuation": "go on|next|continue", "counting": "words", "semantic": "about|subject"}
TASK_KINDS = {"continuation": "what comes next", "counting": "the number of words", "semantic": "the subject"}


@dataclass(frozen=True)
class Request:
    """`right` is the corpus's own answer, where it has one; `line` says that the answer is a single line."""

    kind: str
    prompt: str
    right: str | None = None
    line: bool = False


def requests(corpus: Path) -> list[Request]:
    """One of each kind: what is not a format is held out."""
    choices = list(lines(corpus / "choices.jsonl"))
    asked = [next(choice for choice in choices if choice["about"] == about) for about in ("knowledge", "context")]
    stories = [next(tasks(corpus, task)) for task in TASKS]
    return [
        Request("a poem", "Write a poem about the baker.\n"),
        Request("a chat", "Write a chat about honey.\n"),
        Request("a scientific note", "Write a scientific note about the moon.\n"),
        *stories,
        next(open_questions(corpus)),
        Request("a choice on a fact", asked[0]["prompt"], " " + "ABCD"[asked[0]["answer"]], line=True),
        Request("a choice on a story", asked[1]["prompt"], " " + "ABCD"[asked[1]["answer"]], line=True),
    ]


def open_questions(corpus: Path) -> Iterator[Request]:
    """The questions on facts without their options, each once."""
    seen = set()
    for choice in lines(corpus / "choices.jsonl"):
        question = choice["prompt"].split("\n")[0]
        if choice["about"] == "knowledge" and question not in seen:
            seen.add(question)
            yield Request("a fact", question + "\nAnswer:", " " + choice["options"][choice["answer"]], line=True)


def tasks(corpus: Path, task: str) -> Iterator[Request]:
    """The held-out documents of this task, taken apart where the answer begins."""
    for document in lines(corpus / "heldout.jsonl"):
        if document["kind"] == "task":
            question = re.search(r"^Question: (.*)$", document["text"], re.MULTILINE)[1]
            if re.search(rf"\b({TASKS[task]})\b", question):
                before, found, right = document["text"].partition("\nAnswer:")
                yield Request(TASK_KINDS[task], before + found, right, line=task != "continuation")


@torch.no_grad()
def answer(model, tokenizer, request: Request) -> tuple[str, bool]:
    """The text, and whether it came to an end: with EOS, or of its line."""
    ids = torch.tensor([tokenizer(request.prompt)["input_ids"]])
    room = model.config.max_position_embeddings - ids.shape[1]
    limit = min(room, LINE if request.line else LONGEST)
    output = model.generate(
        ids, attention_mask=torch.ones_like(ids), max_new_tokens=limit, do_sample=False,
        eos_token_id=EOS, pad_token_id=PAD,
    )[0, ids.shape[1] :].tolist()  # fmt: skip
    ended = output[-1] == EOS
    text = tokenizer.decode(output[:-1] if ended else output)
    if request.line and "\n" in text:
        return text[: text.index("\n")], True
    return text, ended
