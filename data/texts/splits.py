"""Two ways to cut a text into training, validation and test part; the parts share no character."""

import itertools

import numpy as np

from data.kinds import SMALLEST_TEXT
from foundation.errors import InputError

SMALLEST_PART = 2  # characters: one to read and one to predict


def split_contiguous(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The first 90 % train, the next 5 % validate, the last 5 % test.

    Validation and test together are the validation text of nanoGPT (data/shakespeare_char).

    Args:
      codes: shape (characters,).

    Returns: train, validation and test: views of shape (1, length).
    Raises: InputError if a part would have fewer than 2 characters.
    """
    count = len(codes)
    train_end = int(0.9 * count)
    validation_end = train_end + (count - train_end) // 2
    bounds = [0, train_end, validation_end, count]
    parts = [codes[None, start:end] for start, end in itertools.pairwise(bounds)]
    if min(part.shape[1] for part in parts) < SMALLEST_PART:
        raise InputError(
            f"a text of {count:,} characters",
            f"at least {SMALLEST_TEXT} characters: 2 each for training, validation and test",
            "use a longer text",
        )
    return tuple(parts)


def split_interleaved(
    codes: np.ndarray, streams: int, piece_length: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The split of char-rnn: every part is taken from all over the text.

    The text, cut to a multiple of streams x piece_length, is laid out as `streams` rows. Columns of
    pieces go to the parts: the first 80 % train, the next 10 % validate, the last 10 % test.

    Args:
      codes: shape (characters,).
      streams: how many rows, at least 1.
      piece_length: width of a column in characters, at least 2.

    Returns: train, validation and test: views of shape (streams, length).
    Raises: InputError if there are not 10 columns, or if streams or piece_length is too small.
    """
    if streams < 1 or piece_length < SMALLEST_PART:
        raise InputError(
            f"{streams} streams of pieces of {piece_length} characters",
            f"at least 1 stream and pieces of at least {SMALLEST_PART} characters",
            "choose larger numbers",
        )
    columns = len(codes) // (streams * piece_length)
    train_columns, validation_columns = int(0.8 * columns), int(0.1 * columns)
    if not validation_columns:
        raise InputError(
            f"a text of {len(codes):,} characters",
            f"at least {10 * streams * piece_length:,} for an interleaved split: 10 columns of "
            f"{streams} pieces of {piece_length} characters",
            "use a longer text or --split contiguous",
        )
    rows = codes[: columns * streams * piece_length].reshape(streams, columns * piece_length)
    train_end = train_columns * piece_length
    validation_end = train_end + validation_columns * piece_length
    return rows[:, :train_end], rows[:, train_end:validation_end], rows[:, validation_end:]
