"""What is measured of a model: held-out loss, and accuracy on multiple-choice questions."""

import math

import torch
import torch.nn.functional as F
from corpus import BOS, PAD

BATCH = 32


def rows_of(sequences: list[list[int]]) -> torch.Tensor:
    """Padded at the right, which a causal model does not see."""
    width = max(map(len, sequences))
    return torch.tensor([row + [PAD] * (width - len(row)) for row in sequences])


def by_length(items: list, length) -> list[list]:
    ordered = sorted(items, key=length)
    return [ordered[at : at + BATCH] for at in range(0, len(ordered), BATCH)]


@torch.no_grad()
def heldout_loss(model, documents: list[list[int]]) -> tuple[float, int]:
    """Nats per token and the number of tokens: all that follow BOS in each document, EOS included."""
    total, tokens = 0.0, 0
    for batch in by_length(documents, len):
        ids = rows_of(batch)
        logits = model(input_ids=ids, use_cache=False).logits[:, :-1].float()
        total += F.cross_entropy(logits.transpose(1, 2), ids[:, 1:], ignore_index=PAD, reduction="sum").item()
        tokens += sum(len(document) - 1 for document in batch)
    return total / tokens, tokens


@torch.no_grad()
def right_answers(model, questions: list[tuple[list[int], int]], letters: list[int]) -> int:
    """How many answers have the highest logit of the four letters after the prompt."""
    right = 0
    for batch in by_length(questions, lambda question: len(question[0])):
        logits = model(input_ids=rows_of([prompt for prompt, _ in batch]), use_cache=False).logits
        last = torch.tensor([len(prompt) - 1 for prompt, _ in batch])
        chosen = logits[torch.arange(len(batch)), last][:, letters].argmax(dim=1)
        right += sum(int(got) == answer for got, (_, answer) in zip(chosen, batch, strict=True))
    return right


def wilson(right: int, n: int, z: float = 1.959964) -> tuple[float, float]:
    """The 95 % interval of a proportion."""
    share, spread = right / n, z * z / n
    middle = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    return middle - half, middle + half


def next_token_loss(logits: torch.Tensor, ids: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """The loss of training, over the same tokens as the held-out loss: BOS is never a target.

    weights, by token, say how much a target counts.
    """
    targets = ids[:, 1:].reshape(-1)
    losses = F.cross_entropy(logits[:, :-1].float().reshape(-1, logits.shape[-1]), targets, reduction="none")
    weight = weights[targets]
    return (losses * weight).sum() / weight.sum()
