"""Counts what Kneser-Ney smoothing needs: the n-grams of a text, as sorted integer keys."""

import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True, eq=False)
class Level:
    """All n-grams of one length n, smoothed: p(w | h) = weights[h w] + rest[h] * p(w | shorter h).

    An n-gram h w has an id, its place in `keys`. The key is (id of h among the n-grams of length
    n - 1) * vocabulary_size + w, so what follows one context lies side by side. The empty context
    has id 0; id -1 stands for "never seen" and falls on the last entry of `weights` and `rest`.

    Attributes:
      keys: int64, sorted, shape (n-grams,).
      weights: float64, shape (n-grams + 1,): (count - discount) / (sum of the counts after h); 0.
      rest: float64 in (0, 1], shape (contexts + 1,): what the discounts freed after h; 1.
    """

    keys: np.ndarray
    weights: np.ndarray
    rest: np.ndarray

    def find(self, contexts: np.ndarray, codes: np.ndarray, vocabulary_size: int) -> np.ndarray:
        """The ids of the n-grams (context, code), any shape; -1 where one was never seen."""
        wanted = contexts * vocabulary_size + codes  # below 0 for context -1, so never found
        places = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        return np.where(self.keys[places] == wanted, places, -1)


def smoothed_levels(segments: np.ndarray, vocabulary_size: int, context: int) -> list[Level]:
    """Count and discount the n-grams of length 1 to context + 1.

    The longest n-grams count as often as they occur; a shorter one how many distinct codes stand
    before it: "Francisco" may be frequent and yet follow nothing but "San". No n-gram crosses the
    border of a segment.

    Args:
      segments: integer codes in [0, vocabulary_size), shape (segments, length), length > context.

    Returns: context + 1 levels, shortest n-grams first.
    """
    levels, shorter = [], None
    contexts = np.zeros(segments.shape, dtype=np.int64)  # id of the n - 1 codes before each code
    for n in range(1, context + 2):
        keys, first, ids, occurrences = np.unique(
            contexts * vocabulary_size + segments[:, n - 1 :],  # (segments, length - n + 1)
            return_index=True,
            return_inverse=True,
            return_counts=True,
        )
        if shorter is not None:  # each distinct n-gram continues the n-gram without its head
            shorter_keys, shorter_contexts, shorter_ids = shorter
            tails = shorter_ids[:, 1:].reshape(-1)[first]
            continuations = np.bincount(tails, minlength=len(shorter_keys))
            levels.append(smooth(shorter_keys, continuations, shorter_contexts, vocabulary_size))
        shorter = keys, (len(levels[-1].keys) if levels else 1), ids
        contexts = ids[:, :-1]
    levels.append(smooth(keys, occurrences, shorter[1], vocabulary_size))
    return levels


def smooth(keys: np.ndarray, counts: np.ndarray, contexts: int, vocabulary_size: int) -> Level:
    """Turn the counts of all n-grams of one length into a Level; there are `contexts` contexts."""
    discounts = modified_discounts(counts)[np.minimum(counts, 3)]  # (n-grams,)
    before = keys // vocabulary_size  # id of each n-gram's context
    total = np.bincount(before, weights=counts, minlength=contexts)
    freed = np.bincount(before, weights=discounts, minlength=contexts)
    # Nothing follows a context that only ends segments: all of its mass is left to shorter ones.
    empty = total == 0
    rest = np.where(empty, 1.0, freed / np.where(empty, 1.0, total))
    weights = (counts - discounts) / np.maximum(total, 1.0)[before]
    return Level(keys, np.append(weights, 0.0), np.append(rest, 1.0))


def modified_discounts(counts: np.ndarray) -> np.ndarray:
    """What is taken off a count of 0, 1, 2, 3 or more: 0, D1, D2, D3+.

    With n_j n-grams that count exactly j, and Y = n1 / (n1 + 2 n2):

        D_j = j - (j + 1) Y n_{j+1} / n_j          for j = 1, 2, 3

    so D_j < j. Small texts and small vocabularies lack some n_j, or give a D_j of 0 or below, with
    which a code never seen would get probability 0. Such a D_j is j / 2, as KenLM offers too.

    Reference: Chen and Goodman 1999, An empirical study of smoothing techniques for language
      modeling, section 3.
    """
    n = np.bincount(np.minimum(counts, 5), minlength=6).tolist()  # n[j]: how many count j
    discounts = [0.0, 0.5, 1.0, 1.5]
    for j in (1, 2, 3):
        if n[1] and n[j] and n[j + 1]:
            estimate = j - (j + 1) * n[1] / (n[1] + 2 * n[2]) * n[j + 1] / n[j]
            if estimate > 0:
                discounts[j] = estimate
    return np.array(discounts)
