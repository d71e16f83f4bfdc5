"""The training text as parallel streams: each step goes on where the step before stopped.

A model that carries its state must see, in row s of a step, the characters that follow those of row
s in the step before. So the text is cut into as many long streams as the batch has rows, and a step
takes the next `sequence_length` characters of each.
"""

import numpy as np

from foundation.purposes import STREAM_OFFSET, TEXT_WINDOWS, rng


class Streams:
    """Cuts text into steps: every character but the first of a segment is a target once an epoch.

    The pairs (character, next character) are numbered through all segments. Each epoch turns this
    ring by a random offset and cuts it into `streams` equal parts, so that borders of streams and
    of steps fall elsewhere each time. What is missing in the last parts is filled with weight 0.
    A stream that runs over the end of a segment goes on with the next one, its state carried.

    Args:
      segments: integer codes (segments, length), length at least 2.
      streams: rows of a step.
      sequence_length: characters of each stream in a step.
      seed: of the offsets; None: no offset, the text in its order.
    """

    def __init__(
        self, segments: np.ndarray, streams: int, sequence_length: int, seed: int | None = None
    ):
        self.segments, self.sequence_length, self.seed = segments, sequence_length, seed
        self.pairs_a_segment = segments.shape[1] - 1
        self.pairs = segments.shape[0] * self.pairs_a_segment
        self.streams = min(streams, self.pairs)
        self.length = -(-self.pairs // self.streams)  # pairs of a stream, rounded up
        self.steps = -(-self.length // sequence_length)

    def offset(self, epoch: int) -> int:
        """Where on the ring of pairs the first stream of an epoch starts."""
        if self.seed is None:
            return 0
        return int(rng(self.seed, STREAM_OFFSET, epoch).integers(self.pairs))

    def block(self, epoch: int, first: int, last: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Steps `first` to `last` - 1 of an epoch.

        Returns: inputs int32, targets int32 and weights float32, each (steps, streams,
          sequence_length); where the weight is 0 there is no text left.
        """
        count = last - first
        along = np.arange(first * self.sequence_length, last * self.sequence_length)
        numbers = np.arange(self.streams)[:, np.newaxis] * self.length + along  # (streams, columns)
        there = (along < self.length) & (numbers < self.pairs)
        numbers = (numbers + self.offset(epoch)) % self.pairs
        row, column = np.divmod(numbers, self.pairs_a_segment)
        # erratum E17: the listing never says that the target is the character after the input.
        inputs, targets = self.segments[row, column], self.segments[row, column + 1]

        def by_step(values, dtype):
            steps = values.reshape(self.streams, count, self.sequence_length)
            return np.ascontiguousarray(steps.transpose(1, 0, 2), dtype)

        return by_step(inputs, np.int32), by_step(targets, np.int32), by_step(there, np.float32)


def random_windows(
    segments: np.ndarray, count: int, length: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Windows drawn with replacement, as nanoGPT draws them to estimate its loss.

    Returns: inputs and targets, int32 (count, length); a target is the character after its input.
    Raises: ValueError if a segment is shorter than length + 1.
    """
    rows, characters = segments.shape
    if characters < length + 1:
        raise ValueError(
            f"segments of {characters} characters; at least {length + 1} for windows of {length}"
        )
    generator = rng(seed, TEXT_WINDOWS)
    row = generator.integers(rows, size=(count, 1))
    start = generator.integers(characters - length, size=(count, 1))
    columns = start + np.arange(length)
    return segments[row, columns].astype(np.int32), segments[row, columns + 1].astype(np.int32)
