"""Which substrings of a text also occur in another: novelty curve, longest copied substring.

Exact: no hashing, so no collision can pass for a copy. Both texts carry a number at every start
position: equal numbers, equal substrings; -1 where the substring is not in both. A substring of
length L + step is its first L characters and its last L, so two numbers of length L, `step` apart,
give the numbers of length L + step (prefix doubling: Karp, Miller & Rosenberg 1972).
"""

from collections.abc import Sequence

import numpy as np

LENGTHS = (5, 8, 10, 12, 15, 20, 25, 30, 50)

Numbers = tuple[np.ndarray, np.ndarray]  # of the sample's and of the training text's substrings


def novelty_curve(
    sample: np.ndarray, training: np.ndarray, lengths: Sequence[int] = LENGTHS
) -> list[float | None]:
    """Share of the sample's substrings of each length that never occur in the training text.

    Read it beside the curve of held-out human text of the same size: the last tenth of Tiny
    Shakespeare against the rest has .101 (5 characters), .749 (10), .998 (20), 1.000 (30). A sample
    below that curve copies more than its author repeats himself.

    Args:
      sample, training: codes of characters, integers, shapes (n,) and (N,); equal codes, equal
        characters.
      lengths: in characters, each at least 1, in any order.

    Returns: one share in [0, 1] a length; None for a length that exceeds the sample's.
    Reference: torch-rnn's scripts/novel_substrings.py (J. Johnson 2016); McCoy et al. 2021, How
      Much Do Language Models Copy from Their Training Data? (RAVEN).
    """
    shares: dict[int, float | None] = dict.fromkeys(lengths)
    length, numbers = 1, _number_characters(sample, training)
    for wanted in sorted(shares):
        if wanted > len(sample):
            break
        while length < wanted:
            step = min(length, wanted - length)
            length, numbers = length + step, _lengthen(numbers, step)
        shares[wanted] = float(np.mean(numbers[0] < 0))
    return [shares[length] for length in lengths]


def longest_copied_substring(sample: np.ndarray, training: np.ndarray) -> dict[str, int | None]:
    """The longest passage of the sample that stands, character for character, in the training text.

    Args:
      sample, training: codes of characters, integers, shapes (n,) and (N,).

    Returns: {"length": in characters, "in_sample", "in_training": where it starts, counted from 0};
      the first such passage of the sample and its first occurrence in the training text. Length 0
      has no place: None. 300,000 codes in 6 million take 2 to 5 s and 0.4 GB.
    """
    beyond = min(len(sample), len(training)) + 1  # a length that no common substring has
    length, numbers = 1, _number_characters(sample, training)
    if not (numbers[0] >= 0).any():
        return {"length": 0, "in_sample": None, "in_training": None}
    while length + 1 < beyond:  # a substring of `length` is shared, none of length `beyond` is
        step = min(length, (beyond - length) // 2)
        longer = _lengthen(numbers, step)
        if (longer[0] >= 0).any():
            length, numbers = length + step, longer
        else:
            beyond = length + step
    in_sample = int(np.argmax(numbers[0] >= 0))
    in_training = int(np.argmax(numbers[1] == numbers[0][in_sample]))
    return {"length": length, "in_sample": in_sample, "in_training": in_training}


def _number_characters(sample: np.ndarray, training: np.ndarray) -> Numbers:
    """Numbers of the substrings of length 1."""
    sample_starts, training_starts = np.arange(len(sample)), np.arange(len(training))
    sizes = len(sample), len(training)
    return _number_shared(sample_starts, sample, training_starts, training, sizes)


def _lengthen(numbers: Numbers, step: int) -> Numbers:
    """Numbers of the substrings that are `step` longer; step is at most the present length."""
    base = int(numbers[0].max(initial=0)) + 1
    keys = []
    for own in numbers:
        last = max(len(own) - step, 0)
        # An unshared part makes the whole unshared: later lengths have ever fewer starts to look at
        starts = np.flatnonzero((own[:last] >= 0) & (own[step:] >= 0))
        keys += [starts, own[starts].astype(np.int64) * base + own[starts + step]]
    return _number_shared(*keys, tuple(max(len(own) - step, 0) for own in numbers))


def _number_shared(
    sample_starts: np.ndarray,
    sample_keys: np.ndarray,
    training_starts: np.ndarray,
    training_keys: np.ndarray,
    sizes: tuple[int, int],
) -> Numbers:
    """Number the keys that occur on both sides; -1 at every other start of the two texts."""
    distinct, positions = np.unique(sample_keys, return_inverse=True)
    places = np.searchsorted(distinct, training_keys)
    found = places < len(distinct)
    found[found] = distinct[places[found]] == training_keys[found]
    places = places[found]
    shared = np.zeros(len(distinct), dtype=bool)
    shared[places] = True
    own_numbers = np.where(shared, np.arange(len(distinct)), -1)
    of_sample, of_training = (np.full(size, -1, dtype=np.int32) for size in sizes)
    of_sample[sample_starts] = own_numbers[positions]
    of_training[training_starts[found]] = places
    return of_sample, of_training
