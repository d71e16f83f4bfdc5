"""An n-gram that goes on counting while it reads the held-out text, beside the one that does not.

    KERAS_HOME=DIR python -m benchmarks.studies.ngram_reading  # DIR/datasets holds shakespeare.txt

It is another task than the networks': they keep their weights while they are judged.
"""

import numpy as np

from baselines.ngram.counts import modified_discounts
from baselines.ngram.kneser_ney import KneserNey
from data.texts.sources.tiny_shakespeare import downloaded_file

CONTEXT = 6


def main() -> None:
    text = downloaded_file().read_text(encoding="utf-8")
    vocabulary, codes = np.unique(list(text), return_inverse=True)
    start, size = int(0.9 * len(codes)), len(vocabulary) + 1  # and one for unknown characters
    still = KneserNey.fit(codes[None, :start], size, CONTEXT)
    before = codes[None, start - CONTEXT : start]
    print(f"counted once: {still.cross_entropy(codes[None, start:], before):.4f} nats a character")
    print(f"counting on: {reading_entropy(codes, start, size, CONTEXT):.4f} nats a character")


def reading_entropy(codes: np.ndarray, start: int, vocabulary_size: int, context: int) -> float:
    """Mean -ln p in nats of codes[start:], each judged by all codes before it, then counted.

    Modified Kneser-Ney smoothing, the discounts those of codes[:start] (baselines/ngram).
    """
    positions = np.arange(len(codes))
    grams = [np.zeros(len(codes), dtype=np.int64)]  # of each length, which one ends here
    for n in range(1, context + 2):
        shorter = np.roll(grams[-1], 1)
        grams.append(np.unique(shorter * vocabulary_size + codes, return_inverse=True)[1])
        grams[-1][: n - 1] = grams[-1].max() + 1 + positions[: n - 1]  # no code stands before
    p = np.full(len(codes), 1 / vocabulary_size)
    for n in range(1, context + 2):
        counted = np.zeros(len(codes), dtype=np.int64)
        if n <= context:  # shorter ones count the distinct codes before them
            counted[np.unique(grams[n + 1], return_index=True)[1]] = 1
            counted[:n] = 0
        else:
            counted[n - 1 :] = 1
        history = np.roll(grams[n - 1], 1)
        count, total = before_each(counted, grams[n]), before_each(counted, history)
        known = np.bincount(grams[n][:start], weights=counted[:start]).astype(np.int64)
        discount = modified_discounts(known)[np.minimum([count, count + 1], 3)]
        freed = before_each(counted * (discount[1] - discount[0]), history)
        kept = count - discount[0] + freed * p
        p = np.where(total > 0, kept / np.maximum(total, 1), p)
    return float(-np.log(p[start:]).mean())


def before_each(values: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """The sum of the values at earlier places of the same group; all of shape (places,)."""
    order = np.argsort(groups, kind="stable")
    sums = np.cumsum(values[order]) - values[order]
    first = np.append(True, np.diff(groups[order]) != 0)
    result = np.empty_like(sums)
    result[order] = sums - sums[first][np.cumsum(first) - 1]
    return result


if __name__ == "__main__":
    main()
