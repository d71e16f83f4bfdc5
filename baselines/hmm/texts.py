"""Text from a hidden Markov model (chapter 4.1.1): states that show characters."""

from pathlib import Path
from typing import ClassVar

import numpy as np

from baselines.config import BaselineSettings
from baselines.hmm.emissions import Categorical
from baselines.hmm.fit import Hmm, HmmLearner, Sequences
from baselines.parts.draws import choose
from data.texts.load import TextCorpus
from data.texts.vocabulary import Vocabulary, prime_codes
from foundation.files import write_text
from foundation.purposes import HMM_TEXT, rng
from training.generator import check_labels

ROWS = 16  # streams in every matrix product: another shape may differ in the last bit
SHOWN = 12  # characters of a state that states.txt lists


class TextHmm:
    """A hidden Markov model of characters (training.generator.Generator, Density).

    `model` holds pi, A and (b,), with b (N, vocabulary size).
    """

    kind: ClassVar[str] = "text"
    num_classes: ClassVar[int] = 0

    def __init__(self, model: Hmm, vocabulary: Vocabulary):
        self.model, self.vocabulary = model, vocabulary
        self.shown = model.emission[0].T.copy()  # b_j(x), (codes, N)
        self.shown[Vocabulary.UNKNOWN] = 1.0  # tells nothing

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
        """New texts of `length` characters; see Generator. A longer one begins as the shorter one.

        Each character is drawn from p(x_t | all before it), to the power of 1 / temperature. At
        temperature 1 that is the same as drawing a path of states and what they show. Every text
        goes on from `prime`, without its being part of it.

        Raises: InputError for a character in `prime` that the training text did not have.
        """
        check_labels(0, count, labels)
        expected = self.model.pi[np.newaxis]
        for code in prime_codes(self.vocabulary, prime):
            _, expected = self._read(expected, [code])
        texts = []
        for first in range(0, count, ROWS):
            rows = min(ROWS, count - first)
            uniforms = np.ones((ROWS, length))
            for row in range(rows):
                uniforms[row] = rng(seed, HMM_TEXT, start + first + row).random(length)
            codes = self._draw(np.tile(expected, (ROWS, 1)), uniforms, temperature)
            texts += [self.vocabulary.decode(row) for row in codes[:rows]]
        return texts

    def _draw(self, expected: np.ndarray, uniforms: np.ndarray, temperature: float) -> np.ndarray:
        """Codes (ROWS, length) after p(z) = expected (ROWS, N), of numbers in [0, 1]."""
        b = self.model.emission[0]
        codes = np.empty(uniforms.shape, np.int64)
        for t in range(uniforms.shape[1]):
            p = expected @ b  # p(x_t | before), (ROWS, codes)
            if temperature != 1.0:
                p = (p / p.max(axis=1, keepdims=True)) ** (1.0 / temperature)
            codes[:, t] = choose(np.cumsum(p, axis=1), uniforms[:, t])
            _, expected = self._read(expected, codes[:, t])
        return codes

    def _read(self, expected: np.ndarray, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """c = p(x_t | before), (rows,), and p(z_{t+1} | all so far), (rows, N): `em.forward` once.

        Args:
          expected: p(z_t | before), (rows, N).
          codes: x_t, (rows,).
        """
        joint = expected * self.shown[codes]
        c = joint.sum(axis=1, keepdims=True)
        return c[:, 0], (joint / c) @ self.model.a

    def log_likelihood(self, segments: np.ndarray) -> np.ndarray:
        """ln p of each code given all before it in its segment, in nats; 0 for an unknown one.

        Codes (segments, length) to float64 (segments, length).
        """
        c = np.empty(segments.shape)
        expected = np.tile(self.model.pi, (len(segments), 1))
        for t, codes in enumerate(segments.T):
            c[:, t], expected = self._read(expected, codes)
        return np.where(segments == Vocabulary.UNKNOWN, 0.0, np.log(c))

    def describe(self) -> dict:
        return {"vocabulary": self.vocabulary.to_json(), "states": len(self.model.pi)}

    def arrays(self) -> dict[str, np.ndarray]:
        return {"pi": self.model.pi, "a": self.model.a, "b": self.model.emission[0]}

    @classmethod
    def restore(cls, description: dict, arrays: dict[str, np.ndarray]) -> "TextHmm":
        model = Hmm(arrays["pi"], arrays["a"], (arrays["b"],))
        return cls(model, Vocabulary.from_json(description["vocabulary"]))


class TextLearner(HmmLearner):
    """Baum-Welch on a text, cut into streams of `sequence_length` characters."""

    def __init__(self, corpus: TextCorpus, settings: BaselineSettings):
        self.corpus = corpus
        parts = corpus.train, corpus.validation
        streams = (text_streams(part, settings.sequence_length) for part in parts)
        emission = Categorical(corpus.vocabulary.size, settings.smoothing)
        super().__init__(*streams, emission, settings, unit="character")

    def generator(self) -> TextHmm:
        return TextHmm(self.model(), self.corpus.vocabulary)

    def draw(self, run: Path) -> None:
        """RUN/states.txt: how often each state is passed, and the characters that it shows."""
        (b,), counts = self.model().emission, self.counts[2].numpy().sum(axis=1)
        shares = counts / counts.sum()
        lines = ["state  share of the text  likeliest characters"]
        for state in np.argsort(-shares):
            best = np.argsort(-b[state], kind="stable")[:SHOWN]
            named = zip(self.corpus.vocabulary.decode(best), b[state, best], strict=True)
            shown = "  ".join(f"{name!r} {p:.2f}" for name, p in named if p >= 0.01)
            lines.append(f"{state:>5}  {shares[state]:>17.4f}  {shown}")
        write_text(run / "states.txt", "\n".join(lines) + "\n")


def text_streams(segments: np.ndarray, length: int) -> Sequences:
    """Cut segments of text, integer codes (segments, characters), into streams of `length`.

    The last stream of a segment may be shorter. Observations are the known characters.
    """
    count, characters = segments.shape
    length = min(length, characters)
    padding = ((0, 0), (0, -characters % length))
    x = np.pad(segments.astype(np.int32), padding).reshape(-1, length).T  # (T, S)
    real = np.pad(np.ones((count, characters)), padding).reshape(-1, length).T
    known = int(((x != Vocabulary.UNKNOWN) & (real > 0)).sum())
    return Sequences(np.ascontiguousarray(x), np.ascontiguousarray(real), known)
