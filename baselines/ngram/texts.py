"""The Kneser-Ney n-gram as a baseline with a run directory."""

from typing import ClassVar

import numpy as np

from baselines.config import BaselineSettings
from baselines.ngram.counts import Level
from baselines.ngram.kneser_ney import KneserNey
from data.texts.load import TextCorpus
from data.texts.vocabulary import Vocabulary, prime_codes
from training.generator import check_labels

LEVEL_ARRAYS = ("keys", "weights", "rest")


class TextNgram:
    """An n-gram of characters (training.generator.Generator, Density)."""

    kind: ClassVar[str] = "text"
    num_classes: ClassVar[int] = 0

    def __init__(self, model: KneserNey, vocabulary: Vocabulary):
        self.model, self.vocabulary = model, vocabulary

    def sample(
        self,
        seed: int,
        start: int,
        count: int,
        labels: None = None,
        length: int = 500,
        temperature: float = 1.0,
        prime: str | None = None,
    ) -> list[str]:
        """New texts; see Generator and TextHmm.sample."""
        check_labels(0, count, labels)
        history = prime_codes(self.vocabulary, prime)
        unknown = [Vocabulary.UNKNOWN]
        codes = self.model.sample(length, count, seed, start, history, temperature, unknown)
        return [self.vocabulary.decode(row) for row in codes]

    def log_likelihood(self, segments: np.ndarray) -> np.ndarray:
        """ln p of each code given those before it in its segment, in nats; 0 for an unknown one.

        Codes (segments, length) to float64 (segments, length).
        """
        found = np.stack([self.model.log_probabilities(codes) for codes in segments])
        return np.where(segments == Vocabulary.UNKNOWN, 0.0, found)

    def describe(self) -> dict:
        return {"vocabulary": self.vocabulary.to_json(), "context": self.model.context}

    def arrays(self) -> dict[str, np.ndarray]:
        return {
            f"{name}_{order}": getattr(level, name)
            for order, level in enumerate(self.model.levels)
            for name in LEVEL_ARRAYS
        }

    @classmethod
    def restore(cls, description: dict, arrays: dict[str, np.ndarray]) -> "TextNgram":
        vocabulary = Vocabulary.from_json(description["vocabulary"])
        levels = [
            Level(*(arrays[f"{name}_{order}"] for name in LEVEL_ARRAYS))
            for order in range(description["context"] + 1)
        ]
        return cls(KneserNey(levels, vocabulary.size), vocabulary)


def fit(data: TextCorpus, settings: BaselineSettings) -> TextNgram:
    """Count the n-grams of data.train, about 100 bytes of memory a character."""
    model = KneserNey.fit(data.train, data.vocabulary.size, settings.context)
    return TextNgram(model, data.vocabulary)
