"""E21. Diversity from a text's own imitation: see docs/errata.md."""

import numpy as np

from baselines.ngram.kneser_ney import KneserNey
from chapter.errata.exhibit import Exhibit, Measures
from data.texts.load import load_text
from data.texts.vocabulary import Vocabulary

CHARACTERS = 200_000  # of each text
ROW = 1_000  # characters of a segment
PIECE = 6
CONTEXT = 6  # characters that an n-gram looks back


def exhibit(seed: int) -> Exhibit:
    """E21: real text and text that a model of it has written, against the real text alone."""
    corpus = load_text("shakespeare", max_characters=1_000_000, quiet=True)
    size, held_out = corpus.vocabulary.size, corpus.validation
    real, further = corpus.train[0, : 2 * CHARACTERS].reshape(2, -1, ROW)
    generator = KneserNey.fit(real, size, CONTEXT)
    generated = generator.sample(ROW, len(real), seed, exclude=[Vocabulary.UNKNOWN])

    def loss_after(*texts: np.ndarray) -> float:
        learner = KneserNey.fit(np.concatenate(texts), size, CONTEXT)
        return learner.cross_entropy(held_out, ignore=Vocabulary.UNKNOWN)

    human, known = pieces_of(held_out, size), pieces_of(real, size)
    added = np.setdiff1d(pieces_of(generated, size), known)
    beside = {
        "the same, learnt from the real text twice": loss_after(real, real),
        "the same, learnt from as much further real text": loss_after(real, further),
    }

    def measures(share_of_added: float | None, *texts: np.ndarray) -> Measures:
        pieces = pieces_of(np.concatenate(texts), size)
        return {
            "characters": sum(text.size for text in texts),
            f"different pieces of {PIECE} characters": len(pieces),
            "share of the pieces of held-out text among them": share_found(human, pieces),
            "of the pieces that mixing adds, share in held-out text": share_of_added,
            "held-out loss of an n-gram learnt from it": loss_after(*texts),
            **beside,
        }

    return Exhibit(measures(share_found(added, human), real, generated), measures(None, real))


def pieces_of(segments: np.ndarray, vocabulary_size: int) -> np.ndarray:
    """The different substrings of PIECE characters, as sorted int64 numbers.

    Args:
      segments: integer codes (segments, at least PIECE); no piece crosses from one into the next.
      vocabulary_size: at most 1,448, whose sixth power still fits.
    """
    windows = np.lib.stride_tricks.sliding_window_view(segments.astype(np.int64), PIECE, axis=1)
    return np.unique(windows @ (vocabulary_size ** np.arange(PIECE, dtype=np.int64)))


def share_found(pieces: np.ndarray, among: np.ndarray) -> float:
    """Share of `pieces` that are `among` others."""
    return float(np.isin(pieces, among).mean())
