"""Interpolated n-grams with modified Kneser-Ney discounts (Chen and Goodman 1999), on arrays of token ids.

An n-gram is one number, its ids as digits in base `vocabulary`; the last digit is the token that is predicted.
"""

from dataclasses import dataclass

import numpy as np


@dataclass
class Order:
    """The n-grams of one length, and the sums over those that share a context."""

    grams: np.ndarray  # sorted
    discounted: np.ndarray  # count less discount, by n-gram
    contexts: np.ndarray  # sorted
    counts: np.ndarray  # by context
    backoff: np.ndarray  # by context: the share that the discounts leave to the shorter context
    discounts: list[float]


class KneserNey:
    """`windows` [targets, length]: each target behind its context, as counted."""

    def __init__(self, windows: np.ndarray, vocabulary: int):
        self.vocabulary = vocabulary
        grams, counts = np.unique(digits(windows, vocabulary), return_counts=True)
        self.orders = [order_of(grams, counts, vocabulary)]
        for length in range(windows.shape[1] - 1, 0, -1):
            # Shorter n-grams count by how many different tokens they follow, not by how often they occur.
            grams, counts = np.unique(grams % vocabulary**length, return_counts=True)
            self.orders.insert(0, order_of(grams, counts, vocabulary))

    def probabilities(self, windows: np.ndarray) -> np.ndarray:
        """Of the last token of each window after the others. Over the vocabulary, they sum to 1."""
        found = np.full(len(windows), 1 / self.vocabulary)
        for length, order in enumerate(self.orders, start=1):
            grams = digits(windows[:, -length:], self.vocabulary)
            seen, context = look_up(order.contexts, grams // self.vocabulary)
            hit, gram = look_up(order.grams, grams)
            own = np.where(hit, order.discounted[gram], 0) / order.counts[context]
            found = np.where(seen, own + order.backoff[context] * found, found)
        return found


def digits(windows: np.ndarray, vocabulary: int) -> np.ndarray:
    return windows.astype(np.int64) @ (vocabulary ** np.arange(windows.shape[1] - 1, -1, -1))


def order_of(grams: np.ndarray, counts: np.ndarray, vocabulary: int) -> Order:
    discounts = discounts_of(counts)
    taken = np.array([0.0, *discounts])[np.minimum(counts, 3)]
    contexts, starts = np.unique(grams // vocabulary, return_index=True)
    sums = np.add.reduceat(counts, starts)
    return Order(grams, counts - taken, contexts, sums, np.add.reduceat(taken, starts) / sums, discounts)


def discounts_of(counts: np.ndarray) -> list[float]:
    """For n-grams that occur once, twice, and more often."""
    once, twice, thrice, four = (int((counts == times).sum()) for times in (1, 2, 3, 4))
    if not (once and twice and thrice):
        return [0.5, 0.75, 0.75]  # too few n-grams to tell
    share = once / (once + 2 * twice)
    raw = [1 - 2 * share * twice / once, 2 - 3 * share * thrice / twice, 3 - 4 * share * four / thrice]
    return [min(max(discount, 0.01), 0.99 * times) for times, discount in enumerate(raw, start=1)]


def look_up(sorted_keys: np.ndarray, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which keys there are, and where (anywhere, if they are not)."""
    at = np.minimum(np.searchsorted(sorted_keys, keys), len(sorted_keys) - 1)
    return sorted_keys[at] == keys, at
