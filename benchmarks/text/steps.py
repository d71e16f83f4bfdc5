"""The steps of text that every side trains on: the same characters in the same order."""

import itertools
from collections.abc import Iterator

import numpy as np

from lstm_text.config import TextSettings


def rounds_of(
    text: np.ndarray, settings: TextSettings, steps: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """A round's steps after the other, each going on where the one before stopped.

    After the last one it begins again without a word: the carried state then is of another place,
    for all sides alike.

    Args:
      text: codes (1, characters), enough of them for a round.
      settings: the batch size (streams: equal parts of the text) and the sequence length.
      steps: of a round.

    Yields: inputs and targets, int32 (steps, streams, sequence_length).
    """
    streams, length = settings.batch_size, settings.sequence_length
    rows = text[0, : text.size // streams * streams].reshape(streams, -1).astype(np.int32)
    pairs = steps * length
    for number in itertools.cycle(range((rows.shape[1] - 1) // pairs)):
        piece = rows[:, number * pairs : (number + 1) * pairs + 1]
        yield tuple(
            part.reshape(streams, steps, length).swapaxes(0, 1)
            for part in (piece[:, :-1], piece[:, 1:])
        )
