"""The steps of text that every side trains on: the same characters in the same order."""

import numpy as np

from lstm_text.config import TextSettings
from lstm_text.streams import Streams


class Batches:
    """Hands out a round's steps after the other, each going on where the one before stopped.

    Only full steps, so that every target counts. After the last one it begins again without a word:
    the carried state then is of another place, for all sides alike.

    Args:
      text: codes (segments, length).
      settings: the batch size (streams), the sequence length and the seed.
      steps: of a round.

    Raises: ValueError if the text is too short for a round.
    """

    def __init__(self, text: np.ndarray, settings: TextSettings, steps: int):
        self.streams = Streams(text, settings.batch_size, settings.sequence_length, settings.seed)
        self.steps, self.rounds_done = steps, 0
        self.rounds = full_steps(self.streams) // steps
        if self.rounds < 1:
            raise ValueError(f"a text of {text.size} characters is too short for {steps} steps")

    def next_round(self) -> tuple[np.ndarray, np.ndarray]:
        """Inputs and targets, int32 (steps, streams, sequence_length)."""
        first = self.rounds_done % self.rounds * self.steps
        self.rounds_done += 1
        inputs, targets, weights = self.streams.block(0, first, first + self.steps)
        assert weights.all()
        return inputs, targets


def full_steps(streams: Streams) -> int:
    """Steps of an epoch in which no stream has come to its end."""
    shortest = streams.pairs - (streams.streams - 1) * streams.length
    return max(shortest, 0) // streams.sequence_length
