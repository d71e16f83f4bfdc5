"""A character n-gram with interpolated modified Kneser-Ney smoothing: the bar for text networks."""

from collections.abc import Sequence

import numpy as np

from baselines.ngram.counts import Level, smoothed_levels
from baselines.parts.draws import choose
from foundation.errors import InputError
from foundation.purposes import NGRAM_TEXT, rng

Codes = np.ndarray | Sequence[int]


class KneserNey:
    """p(next code | the `context` codes before it), fitted to a text by counting.

    Every order is interpolated with the next shorter one, down to a uniform distribution over the
    vocabulary, so that every code has a positive probability after every history:

        p(w | h) = max(c(h w) - D, 0) / c(h) + rest(h) * p(w | h without its first code)

    (counts and discounts: baselines/ngram/counts.py). A history never seen is shortened until it
    was. On tiny-shakespeare, first 90 % against last 10 %, context 6 gives 1.5165 nats a character.

    Reference: Chen and Goodman 1999, An empirical study of smoothing techniques for language
      modeling, section 3.
    """

    def __init__(self, levels: list[Level], vocabulary_size: int):
        self.levels = levels
        self.vocabulary_size = vocabulary_size
        self.context = len(levels) - 1

    @classmethod
    def fit(cls, segments: np.ndarray, vocabulary_size: int, context: int = 6) -> "KneserNey":
        """Count the n-grams of a text; none crosses from one segment into the next.

        Args:
          segments: integer codes in [0, vocabulary_size), shape (segments, length).
          vocabulary_size: codes that never occur are given a little probability too.
          context: how many codes before a character are looked at, 0 or more.

        Raises: InputError for codes that are none, or segments of fewer than context + 1 codes,
          which hold no n-gram of the order asked for.
        """
        segments = _checked(segments, vocabulary_size, dimensions=2)
        if segments.size == 0 or segments.shape[1] <= context:
            raise InputError(
                f"{segments.shape[0]} segments of {segments.shape[1]} characters",
                f"at least {context + 1} characters for a context of {context}",
                "give more text or lower the context",
            )
        return cls(smoothed_levels(segments, vocabulary_size, context), vocabulary_size)

    def log_probabilities(self, codes: Codes, history: Codes = ()) -> np.ndarray:
        """ln p of each code (length,) given up to `context` codes before it, in nats.

        `history` is what stood before the first code, any length; empty: nothing is known.
        """
        codes = _checked(codes, self.vocabulary_size, dimensions=1)
        history = _checked(history, self.vocabulary_size, dimensions=1)
        return np.log(self._probabilities(codes[None], history[None]))[0]

    def cross_entropy(
        self, segments: Codes, histories: Codes | None = None, ignore: int | None = None
    ) -> float:
        """Mean of -ln p over all codes, in nats a character; history is carried within a segment.

        Args:
          segments: integer codes, shape (segments, length).
          histories: what stood before each segment, shape (segments, any length); None: nothing.
          ignore: a code that is no target, such as the one for unknown characters. It stays in the
            history of the codes after it.

        Raises: InputError if not one code is left to average over.
        """
        segments = _checked(segments, self.vocabulary_size, dimensions=2)
        histories = segments[:, :0] if histories is None else histories
        histories = _checked(histories, self.vocabulary_size, dimensions=2)
        probabilities = self._probabilities(segments, histories)
        if ignore is not None:
            probabilities = probabilities[segments != ignore]
        if probabilities.size == 0:
            raise InputError(
                f"segments of shape {segments.shape} without a character to predict",
                "at least one",
                "give a longer text",
            )
        return float(-np.log(probabilities).mean())

    def sample(
        self,
        length: int,
        count: int = 1,
        seed: int = 0,
        first: int = 0,
        history: Codes = (),
        temperature: float = 1.0,
        exclude: Codes = (),
    ) -> np.ndarray:
        """Text drawn from the model, code by code. Stream i depends on (seed, first + i) only.

        Args:
          length, count: how many codes, in how many streams; at least 1.
          history: what every stream continues.
          temperature: above 0; probabilities are raised to 1 / temperature and scaled to sum to 1.
          exclude: codes never drawn, such as the one for unknown characters; not all.

        Returns: int64 codes, shape (count, length).
        """
        exclude = _checked(exclude, self.vocabulary_size, dimensions=1)
        uniforms = np.stack([rng(seed, NGRAM_TEXT, first + i).random(length) for i in range(count)])
        contexts = np.repeat(self._contexts(history), count, axis=0)
        drawn = np.empty((count, length), dtype=np.int64)
        for step in range(length):
            p = self._distributions(contexts)  # (count, vocabulary)
            p[:, exclude] = 0.0
            p = (p / p.max(axis=1, keepdims=True)) ** (1 / temperature)
            drawn[:, step] = choose(np.cumsum(p, axis=1), uniforms[:, step])
            contexts = self._extended(contexts, drawn[:, step])
        return drawn

    def _probabilities(self, segments: np.ndarray, histories: np.ndarray) -> np.ndarray:
        """p of each code of `segments`, shape (segments, length): one pass for each order."""
        histories = histories[:, max(histories.shape[1] - self.context, 0) :]
        rows = np.concatenate([histories, segments], axis=1)
        p = np.full(rows.shape, 1 / self.vocabulary_size)
        contexts = np.zeros(rows.shape, dtype=np.int64)  # id of the n codes before each code
        for level in self.levels:
            ids = level.find(contexts, rows, self.vocabulary_size)
            p *= level.rest[contexts]
            p += level.weights[ids]
            contexts = np.full(rows.shape, -1)
            contexts[:, 1:] = ids[:, :-1]
        return p[:, histories.shape[1] :]

    def _contexts(self, history: Codes) -> np.ndarray:
        """The ids of the last 0, 1, ..., context codes of one history: shape (1, context + 1)."""
        contexts = np.full((1, self.context + 1), -1)
        contexts[:, 0] = 0
        history = _checked(history, self.vocabulary_size, dimensions=1)
        for code in history[max(len(history) - self.context, 0) :]:
            contexts = self._extended(contexts, np.array([code]))
        return contexts

    def _extended(self, contexts: np.ndarray, codes: np.ndarray) -> np.ndarray:
        """The contexts of each stream, (streams, context + 1), after one more code each."""
        extended = np.zeros_like(contexts)
        for n, level in enumerate(self.levels[:-1]):
            extended[:, n + 1] = level.find(contexts[:, n], codes, self.vocabulary_size)
        return extended

    def _distributions(self, contexts: np.ndarray) -> np.ndarray:
        """p of every code after each stream's contexts: shape (streams, vocabulary_size)."""
        size = self.vocabulary_size
        p = np.full((len(contexts), size), 1 / size)
        for level, context in zip(self.levels, contexts.T, strict=True):
            start = np.searchsorted(level.keys, context * size)  # what follows lies side by side
            followers = np.searchsorted(level.keys, (context + 1) * size) - start
            stream = np.repeat(np.arange(len(context)), followers)
            before = np.cumsum(followers) - followers  # followers of all streams before this one
            ids = np.arange(len(stream)) + np.repeat(start - before, followers)
            p *= level.rest[context][:, None]
            p[stream, level.keys[ids] % size] += level.weights[ids]  # no pair occurs twice
        return p


def _checked(codes: Codes, vocabulary_size: int, dimensions: int) -> np.ndarray:
    """The codes as an array, if they are integers in [0, vocabulary_size) of that many dimensions.

    Raises: InputError otherwise.
    """
    codes = np.asarray(codes)
    if codes.size == 0 and codes.ndim == dimensions:
        return codes.astype(np.int64)
    low, high = (codes.min(), codes.max()) if codes.size else (0, -1)
    kind = codes.dtype
    integers = codes.ndim == dimensions and np.issubdtype(kind, np.integer)
    if not integers or low < 0 or high >= vocabulary_size:
        raise InputError(
            f"codes of type {kind} and shape {codes.shape}, from {low} to {high}",
            f"integers from 0 to {vocabulary_size - 1} in {dimensions} dimensions",
            "encode the text with the vocabulary of the training text",
        )
    # uint64 and int64 together would become float64, which cannot hold every key.
    return codes.astype(np.int64, copy=False) if codes.dtype.itemsize == 8 else codes
