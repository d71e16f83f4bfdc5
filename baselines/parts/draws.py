"""Random numbers by index: row i depends on (seed, purpose, i) only, however calls are cut."""

from collections.abc import Callable, Iterator

import numpy as np

from foundation.errors import InputError

# Rows are drawn, and matrix products taken, in chunks of this size, always: a product of another
# shape may sum in another order and differ in the last bit, and then a sample would depend on how
# many were asked for.
CHUNK = 500

SMALLEST_CLASS = 2  # training samples: one alone has no distribution, and nothing to move to


def check_class(name: object, samples: int) -> None:
    """Raise InputError if a class has too few training samples to draw others like them."""
    if samples < SMALLEST_CLASS:
        raise InputError(
            f"class {name} with {samples} training samples",
            f"at least {SMALLEST_CLASS}, which a class of 4 before the split is sure to have",
            "add samples of this class or remove it",
        )


def chunks(start: int, count: int) -> Iterator[tuple[int, slice]]:
    """(chunk, which of its rows) of the rows start .. start + count - 1, in order."""
    end = start + count
    for chunk in range(start // CHUNK, -(-end // CHUNK) if count else 0):
        first = chunk * CHUNK
        yield chunk, slice(max(start - first, 0), min(end - first, CHUNK))


def in_chunks(
    function: Callable[[int, np.ndarray | None], np.ndarray],
    start: int,
    count: int,
    labels: np.ndarray | None,
) -> np.ndarray:
    """Call a function of whole chunks for the rows start .. start + count - 1, at least one.

    Args:
      function: (chunk, labels int64 (CHUNK,) or None) -> array (CHUNK, ...). Row i of the result
        may depend on the chunk and on label i.
      labels: of these rows, int (count,), or None. The other rows of a chunk get label 0.
    """
    parts, done = [], 0
    for chunk, rows in chunks(start, count):
        padded = None
        if labels is not None:
            padded = np.zeros(CHUNK, np.int64)
            padded[rows] = labels[done : done + rows.stop - rows.start]
        parts.append(function(chunk, padded)[rows])
        done += rows.stop - rows.start
    return np.concatenate(parts)


def choose(cumulative: np.ndarray, uniform: np.ndarray) -> np.ndarray:
    """Draw from one distribution a row, never a choice of probability 0: int64 (count,).

    Args:
      cumulative: sums of probabilities, (count, choices) or (1, choices); the total need not be 1.
      uniform: in [0, 1), (count,).
    """
    total = cumulative[:, -1]
    # Below the total even after rounding, or a choice of probability 0 could be drawn.
    target = np.minimum(uniform * total, np.nextafter(total, 0.0))
    return np.argmax(cumulative > target[:, None], axis=1)
