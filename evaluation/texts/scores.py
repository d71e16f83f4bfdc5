"""How well a character model predicts held-out text, under two protocols, beside an n-gram."""

import math
from collections.abc import Callable

import numpy as np

from baselines.ngram.kneser_ney import KneserNey
from data.texts.load import TextCorpus
from data.texts.vocabulary import Vocabulary
from evaluation.texts.ngram import NGRAM_CONTEXT
from foundation.errors import InputError
from foundation.progress import CountProgress
from lstm_text.model import CharacterModel
from lstm_text.score import Scorer, mean_loss
from lstm_text.step import scored

WINDOW = 256  # characters, nanoGPT's block size
MOST_HELD_OUT = 2_000_000  # characters of each part read one by one

PROTOCOLS = {
    "carried": "every held-out character once, in order, the state carried from the first on",
    "windows": f"random windows of {WINDOW} characters, each from the zero state (nanoGPT's way)",
    "ngram": f"interpolated modified Kneser-Ney, {NGRAM_CONTEXT} characters of context, as carried",
}


def score_parts(
    model: CharacterModel,
    ngram: KneserNey,
    corpus: TextCorpus,
    windows: int,
    seed: int,
    quiet: bool = False,
) -> dict:
    """Nats and bits a character on the held-out parts.

    Args:
      model: the trained model.
      ngram: what stands beside it, see `fit_ngram`.
      corpus: the text, cut as for the training.
      windows: how many random windows.
      seed: of the choice of windows.
      quiet: no progress bar.

    Returns: {part: {"characters", "unknown", "carried", "windows", "windows_standard_error",
      "ngram", and each of the three in "..._bits"}}. The parts are "held_out" (validation and test
      together: all that was not trained on, at most 2 million characters of each), "validation"
      (chose the checkpoint) and "test" (chose nothing). "windows" is None where no window fits.
    """
    most = MOST_HELD_OUT // len(corpus.test)
    left_out = max(corpus.validation.shape[1] - most, 0)
    validation, test = corpus.validation[:, left_out:], corpus.test[:, :most]
    before = corpus.validation[:, :left_out] if left_out else corpus.train
    scorer = Scorer(model)
    # Test text goes on where validation text ends, so one pass over both carries the state.
    held_out = np.concatenate([validation, test], axis=1)
    border = validation.shape[1]
    # Test text is scored from its first character on: the one before it is read, too.
    parts = {
        "held_out": (held_out, slice(None), before),
        "validation": (validation, slice(None, border - 1), before),
        "test": (held_out[:, border - 1 :], slice(border - 1, None), validation[:, :-1]),
    }
    for name, (segments, _, _) in parts.items():
        if not scored(segments[:, 1:]).any():
            raise InputError(
                f"a {name} part of {corpus.name} without a character that the training part has",
                "parts that are alike",
                "use another text, or --split interleaved",
            )
    total = held_out.size + windows * WINDOW * len(parts)
    report = {}
    with CountProgress(total, "characters scored", quiet) as progress:
        losses = scorer.carried(held_out, advance=progress.advance)
        for name, (segments, columns, preceding) in parts.items():
            scores = {
                "carried": mean_loss(losses[:, columns], segments),
                **window_scores(scorer, segments, windows, seed, progress.advance),
                "ngram": ngram.cross_entropy(
                    segments, preceding[:, -NGRAM_CONTEXT:], ignore=Vocabulary.UNKNOWN
                ),
            }
            bits = {
                f"{key}_bits": scores[key] / math.log(2)
                for key in ("carried", "windows", "ngram")
                if scores[key] is not None
            }
            unknown = int((1 - scored(segments)).sum())
            report[name] = {"characters": segments.size, "unknown": unknown, **scores, **bits}
    return report


def window_scores(
    scorer: Scorer,
    segments: np.ndarray,
    windows: int,
    seed: int,
    advance: Callable[[int], None],
) -> dict:
    """The mean over random windows, and its standard error (windows overlap: a lower bound)."""
    if segments.shape[1] <= WINDOW:
        return {"windows": None, "windows_standard_error": None}
    losses = scorer.windows(segments, windows, WINDOW, seed, advance)
    means = np.nanmean(losses, axis=1)
    return {
        "windows": float(np.nanmean(losses)),
        "windows_standard_error": float(np.std(means) / math.sqrt(len(means))),
    }
