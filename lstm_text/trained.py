"""Text from a trained model, each stream a pure function of (run, seed, stream, prime, choice)."""

import concurrent.futures
import os
import threading
from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from data.texts.vocabulary import Vocabulary, prime_codes
from lstm_text.config import MODEL_SIZES
from lstm_text.model import CharacterModel
from lstm_text.sampler import GROUP, MOST_PIECES, PIECE, Sampler, Start
from training.generator import check_labels
from training.stored import keras_arrays, set_keras_arrays

DEFAULT_TEMPERATURE = 0.8


class TrainedText:
    """A character model, with the vocabulary of its training text, that writes.

    It is a training.generator.Generator of text.
    """

    kind: ClassVar[str] = "text"
    num_classes: ClassVar[int] = 0

    def __init__(self, model: CharacterModel, vocabulary: Vocabulary):
        self.model, self.vocabulary = model, vocabulary
        self._samplers = {}

    def sampler(
        self,
        temperature: float = DEFAULT_TEMPERATURE,
        top_k: int | None = None,
        top_p: float | None = None,
    ) -> Sampler:
        """The sampler of a choice, compiled once."""
        choice = (temperature, top_k, top_p)
        if choice not in self._samplers:
            self._samplers[choice] = Sampler(self.model, *choice)
        return self._samplers[choice]

    def prime_codes(self, prime: str | None) -> list[int]:
        """The prime text as codes; None: a line break, or the first character if there is none.

        Raises: InputError naming the characters that the training text does not have.
        """
        if prime is None:
            prime = "\n" if "\n" in self.vocabulary.characters else self.vocabulary.characters[0]
        return prime_codes(self.vocabulary, prime).tolist()

    def pieces(
        self, sampler: Sampler, start: Start, seed: int, group: int, characters: int
    ) -> Iterator[np.ndarray]:
        """Endless text of a group of streams, part by part: int32 arrays (GROUP, characters).

        Args:
          sampler, start: from `sampler`, and its `start`.
          seed, group: of the draws; the streams from group * GROUP on.
          characters: of each stream and part; rounded up to a multiple of PIECE, and at most
            PIECE * MOST_PIECES.
        """
        count, first = min(-(-characters // PIECE), MOST_PIECES), 0
        while True:
            drawn, start = sampler.next(start, seed, group, first, count)
            yield drawn.numpy()
            first += count

    def sample(
        self,
        seed: int,
        start: int,
        count: int,
        labels: None = None,
        length: int = 500,
        prime: str | None = None,
        temperature: float = DEFAULT_TEMPERATURE,
    ) -> list[str]:
        """New texts of `length` characters; see training.generator.Generator.

        Args:
          prime: what every text goes on from, without being part of it; see `prime_codes`.
          temperature: 0: always the likeliest character; 1: as learnt; more: wilder.
        """
        check_labels(0, count, labels)
        sampler, codes = self.sampler(temperature), self.prime_codes(prime)
        return list(self.texts(sampler, codes, seed, start, count, length))

    def texts(
        self,
        sampler: Sampler,
        prime: list[int],
        seed: int,
        start: int,
        count: int,
        length: int,
        stop: str | None = None,
    ) -> Iterator[str]:
        """Texts in order, groups of them drawn at the same time on the processors there are.

        Args:
          sampler, prime: from `sampler` and `prime_codes`.
          seed, start, count: see `sample`.
          length: characters, fewer where the text `stop` comes before.
        """
        after_prime = sampler.start(prime)
        given_up = threading.Event()

        def draw(group: int) -> list[str]:
            """The texts asked for of a group; no more is drawn than the longest of them needs."""
            first, last = max(start - group * GROUP, 0), min(start + count - group * GROUP, GROUP)
            drawn = [""] * (last - first)
            for piece in self.pieces(sampler, after_prime, seed, group, length):
                decoded = map(self.vocabulary.decode, piece[first:last])
                drawn = [text + more for text, more in zip(drawn, decoded, strict=True)]
                ends = [end_of(text, length, stop) for text in drawn]
                if given_up.is_set() or None not in ends:
                    return [text[:end] for text, end in zip(drawn, ends, strict=True)]

        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            try:
                for group in pool.map(draw, range(start // GROUP, -(-(start + count) // GROUP))):
                    yield from group
            finally:
                given_up.set()  # after Ctrl-C the other threads would draw their texts to the end

    def describe(self) -> dict:
        model = self.model
        sizes = model.embedding.output_dim, model.units, model.num_layers
        described = dict(zip(MODEL_SIZES, sizes, strict=True))
        return {**described, "vocabulary": self.vocabulary.to_json()}

    def arrays(self) -> dict[str, np.ndarray]:
        return keras_arrays(self.model)

    @classmethod
    def restore(cls, description: dict, arrays: dict[str, np.ndarray]) -> "TrainedText":
        sizes = [description[key] for key in MODEL_SIZES]
        if not all(isinstance(size, int) and size >= 1 for size in sizes):
            raise ValueError(f"sizes {sizes}, not whole numbers for {', '.join(MODEL_SIZES)}")
        vocabulary = Vocabulary.from_json(description["vocabulary"])
        model = CharacterModel(vocabulary.size, *sizes)
        set_keras_arrays(model, arrays)
        return cls(model, vocabulary)


def end_of(text: str, length: int, stop: str | None) -> int | None:
    """Where a drawn text ends: before the stop text or after `length`; None: not yet."""
    found = -1 if stop is None else text.find(stop, 0, length)
    if found >= 0:
        return found
    return length if len(text) >= length else None
