"""How well a model predicts held-out text, beside an n-gram: a character LSTM, or any density."""

import math

import numpy as np

from baselines.ngram.kneser_ney import KneserNey
from data.texts.load import TextCorpus
from data.texts.vocabulary import Vocabulary
from evaluation.texts.ngram import NGRAM_CONTEXT
from foundation.console import print_table
from foundation.errors import InputError
from foundation.progress import CountProgress
from lstm_text.model import CharacterModel
from lstm_text.score import Scorer, mean_loss
from lstm_text.step import scored
from training.generator import Density

WINDOW = 256  # characters, nanoGPT's block size
MOST_HELD_OUT = 2_000_000  # characters of each part read one by one
PARTS = {  # held_out: validation and test together, all that was not trained on
    "held_out": "held out (all)",
    "validation": "validation",
    "test": "test",
}
PROTOCOLS = {
    "carried": (
        "every held-out character once, in order, the state carried from the first on; validation "
        "chose the epoch, test chose nothing"
    ),
    "windows": f"random windows of {WINDOW} characters, each from the zero state (nanoGPT's way)",
    "ngram": f"interpolated modified Kneser-Ney, {NGRAM_CONTEXT} characters of context, as carried",
}
DENSITY_PROTOCOL = (
    "every held-out character once, in order, given all before it in the held-out text; neither "
    f"part chose anything; ngram: interpolated modified Kneser-Ney with {NGRAM_CONTEXT} characters "
    "of context"
)


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
      ngram: what stands beside the model, see `fit_ngram`.
      corpus: the text, cut as for the training.
      windows: how many random windows.
      seed: of the choice of windows.
      quiet: no progress bar.

    Returns: {each of PARTS: {"characters", "unknown", "carried", "windows",
      "windows_standard_error", "ngram", and each of the three in "..._bits"}}. "windows" is None
      where no window fits.
    """
    validation, test = _held_out(corpus)
    left_out = corpus.validation.shape[1] - validation.shape[1]
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
        _require_known(scored(segments[:, 1:]), name, corpus)
    total = held_out.size + windows * WINDOW * len(parts)
    report = {}
    with CountProgress(total, "characters scored", quiet) as progress:
        losses = scorer.carried(held_out, advance=progress.advance)
        for name, (segments, columns, preceding) in parts.items():
            preceding = preceding[:, -NGRAM_CONTEXT:]
            means = {
                "carried": mean_loss(losses[:, columns], segments),
                "windows": None,
                "ngram": ngram.cross_entropy(segments, preceding, ignore=Vocabulary.UNKNOWN),
            }
            error = None
            if segments.shape[1] > WINDOW:
                found = scorer.windows(segments, windows, WINDOW, seed, progress.advance)
                means["windows"] = float(np.nanmean(found))
                each = np.nanmean(found, axis=1)  # windows overlap: the error is a lower bound
                error = float(np.std(each) / math.sqrt(len(each)))
            report[name] = {
                "characters": segments.size,
                "unknown": int((1 - scored(segments)).sum()),
                "windows_standard_error": error,
                **_with_bits(means),
            }
    return report


def score_density(generator: Density, ngram: KneserNey, corpus: TextCorpus) -> dict:
    """Mean -ln p of the known held-out characters, for the model and for the n-gram.

    Both begin at the first held-out character without knowing what stood before it. Test text goes
    on where validation text ends.

    Returns: {each of PARTS: {"characters", "unknown", "model", "ngram", "model_bits",
      "ngram_bits"}}.
    Raises: InputError if a part holds no known character.
    """
    validation, test = _held_out(corpus)
    held_out = np.concatenate([validation, test], axis=1)
    border = validation.shape[1]
    known = held_out != Vocabulary.UNKNOWN
    nats = {
        "model": -generator.log_likelihood(held_out),
        "ngram": -np.stack([ngram.log_probabilities(codes) for codes in held_out]),
    }
    columns = (slice(None), slice(None, border), slice(border, None))
    report = {}
    for part, chosen in zip(PARTS, columns, strict=True):
        mask = known[:, chosen]
        _require_known(mask, part, corpus)
        means = {name: float(values[:, chosen][mask].mean()) for name, values in nats.items()}
        unknown = int((~mask).sum())
        report[part] = {"characters": mask.size, "unknown": unknown, **_with_bits(means)}
    return report


def print_scores(scores: dict, names: dict[str, str]) -> None:
    """A line for each part, a column for each figure: {its key in the scores: its heading}."""

    def cell(found: dict, key: str) -> str:
        return "-" if found[key] is None else f"{found[key]:.4f} ({found[key + '_bits']:.3f})"

    rows = [
        (PARTS[part], *(cell(found, key) for key in names), str(found["unknown"]))
        for part, found in scores.items()
    ]
    print_table(("nats (bits) a character", *names.values(), "unknown, left out"), rows)


def _held_out(corpus: TextCorpus) -> tuple[np.ndarray, np.ndarray]:
    """The end of the validation part and the beginning of the test part: they touch."""
    most = MOST_HELD_OUT // len(corpus.test)
    return corpus.validation[:, -most:], corpus.test[:, :most]


def _require_known(known: np.ndarray, part: str, corpus: TextCorpus) -> None:
    if not known.any():
        raise InputError(
            f"a {part} part of {corpus.name} without a character that the training part has",
            "parts that are alike",
            "use another text, or --split interleaved",
        )


def _with_bits(means: dict[str, float | None]) -> dict[str, float | None]:
    bits = {f"{key}_bits": nats / math.log(2) for key, nats in means.items() if nats is not None}
    return means | bits
