"""The reference for the Java engine: what transformers computes on held-out documents, one at a time, in float32."""

from pathlib import Path

import numpy as np
import torch
from corpus import encoded_documents

TEXTS = 100


def documents(corpus: Path, limit: int | None = None) -> list[list[int]]:
    """The first 100, each as BOS, its tokens, EOS: all of these are the input."""
    return encoded_documents(corpus, "heldout.jsonl", limit or TEXTS)


@torch.no_grad()
def logits_of(model, ids: list[int]) -> np.ndarray:
    """[tokens, d_vocab]."""
    return model(input_ids=torch.tensor([ids]), use_cache=False).logits[0].numpy()


def loss_of(logits: np.ndarray, ids: list[int]) -> float:
    """Nats of all tokens after BOS, summed in float64."""
    logits = logits[:-1].astype(np.float64)
    highest = logits.max(axis=1, keepdims=True)
    normaliser = highest[:, 0] + np.log(np.exp(logits - highest).sum(axis=1))
    return float((normaliser - logits[np.arange(len(logits)), ids[1:]]).sum())


def perplexity(losses: list[float], texts: list[list[int]]) -> float:
    return float(np.exp(sum(losses) / sum(len(ids) - 1 for ids in texts)))
