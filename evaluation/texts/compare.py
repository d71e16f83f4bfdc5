"""Synthetic text against human text: all measures, every one beside that of as much real text."""

import math
from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.figure import Figure

from data.texts.load import TextCorpus
from data.texts.vocabulary import Vocabulary, code_points
from evaluation.answers import beside
from evaluation.metrics.texts.diversity import (
    distinct_n,
    has_no_spaces,
    known_word_share,
    line_length_divergence,
    longest_loop,
    ngram_divergence,
    repeated_line_share,
    word_codes,
)
from evaluation.metrics.texts.novelty import LENGTHS, longest_copied_substring, novelty_curve
from foundation.errors import InputError

MOST_COMPARED = 5_000_000  # characters of the training text, its end, that are searched for copies

DISTINCT_LENGTHS = (1, 2, 3, 4, 5, 6)  # of n-grams of characters, and of words
DIVERGENCE_LENGTHS = (1, 2, 3)
CURVES = {
    "novelty": LENGTHS,
    "distinct_characters": DISTINCT_LENGTHS,
    "distinct_words": DISTINCT_LENGTHS,
    "jensen_shannon_characters": DIVERGENCE_LENGTHS,
}
LONGEST_PASSAGE = 200  # characters of a copied passage that the report quotes

HOW_TO_READ = {
    "novelty": (
        "share of substrings the training text does not have; below the real curve: more is copied "
        "than people repeat each other; above it at 5 characters: not this language"
    ),
    "longest_copied_substring": "characters; far above the real figure: a passage learnt by heart",
    "distinct_characters": "share of n-grams not seen before; below the real figures: monotonous",
    "distinct_words": "share of n-grams not seen before; below the real figures: monotonous",
    "repeated_line_share": "above the real figure: the same lines come again and again",
    "longest_loop": "characters; far above the real figure: the text runs in a circle",
    "known_word_share": "below the real figure: words are invented or misspelt",
    "jensen_shannon_characters": (
        "nats, of n-grams from the training text's; lower is better, but no merit below the real "
        "figures: real text keeps to its subject"
    ),
    "jensen_shannon_line_lengths": (
        "nats, from the training text's; lower is better, down to about the real figure"
    ),
    "bits_per_character_under_ngram": (
        "about the real figure is right; above it: unlike the training text; far below it: dull"
    ),
}
KNOWN_PAIRS = "pairs of letters, as no spaces part the words; below the real figure: invented pairs"


def compare_texts(
    sample: str,
    held_out: str,
    training: str,
    log_probabilities: Callable[[np.ndarray], np.ndarray] | None = None,
    vocabulary: Vocabulary | None = None,
) -> dict:
    """Measure a synthetic text, and as many characters of held-out human text, in the same way.

    Nearly all of these measures move with the length of the text. So both sides have the same
    length: the longer one is cut at its end. Compare two reports of equal `sample_characters`, or
    a value with its real figure. 3 s for 110,000 characters against a million; the memory is about
    60 bytes for every character of the training text.

    Args:
      sample: the synthetic text.
      held_out: human text that no model was fitted to.
      training: what the generator has learnt from; never cut.
      log_probabilities: another model of the same text, such as `KneserNey.log_probabilities`:
        codes, shape (length,), to nats, shape (length,). It adds "bits_per_character_under_ngram".
      vocabulary: of `log_probabilities`; the bits leave out characters outside it and count them.

    Returns: a dict fit for JSON: how many characters were compared, and "metrics": name ->
      {"value", "real", "how_to_read"} and details. Curves are lists, with the "lengths" beside.
      Where there is no answer "value" (or an element of the list) is None and "reason" says why.
    Raises: InputError for an empty text, or log_probabilities without their vocabulary.
    """
    for name, text in (("sample", sample), ("held-out", held_out), ("training", training)):
        if not text:
            raise InputError(f"{name} text without characters", "at least one", "give some text")
    if log_probabilities is not None and vocabulary is None:
        raise InputError("log_probabilities alone", "their vocabulary too", "give both or neither")
    measures = _measures(training)
    if log_probabilities is not None:
        measures["bits_per_character_under_ngram"] = lambda text: _bits_per_character(
            text, log_probabilities, vocabulary
        )
    how_to_read = HOW_TO_READ | (
        {"known_word_share": KNOWN_PAIRS} if has_no_spaces(training) else {}
    )
    count = min(len(sample), len(held_out))
    metrics = {}
    for name, measure in measures.items():
        lengths = {"lengths": list(CURVES[name])} if name in CURVES else {}
        metrics[name] = {
            **beside(measure, sample[:count], held_out[:count]),
            **lengths,
            "how_to_read": how_to_read[name],
        }
    return {
        "sample_characters": count,
        "real_characters": count,
        "training_characters": len(training),
        "metrics": metrics,
    }


def novelty_figure(
    curve: Sequence[float | None],
    real_curve: Sequence[float | None],
    lengths: Sequence[int] = LENGTHS,
) -> Figure:
    """Both novelty curves over the length of the substrings; where a share is None, no point.

    Args:
      curve, real_curve: shares in [0, 1], of the synthetic and of the held-out human text.
      lengths: in characters, one for each share.
    """
    figure = Figure(figsize=(5.6, 3.6), layout="constrained")
    axes = figure.subplots()
    shares = {"synthetic text": curve, "held-out human text": real_curve}
    for (legend, values), style in zip(shares.items(), ("o-", "s--"), strict=True):
        axes.plot(lengths, np.array(values, dtype=np.float64), style, markersize=4, label=legend)
    axes.set(
        title="substrings the training text does not have",
        xlabel="length in characters",
        ylabel="share",
        ylim=(-0.03, 1.03),
    )
    axes.legend(fontsize="small")
    axes.grid(alpha=0.3)
    figure.supxlabel(
        "below the human curve: more is copied than people repeat each other", fontsize="small"
    )
    return figure


def _measures(training: str) -> dict[str, Callable[[str], dict]]:
    """Name of each measure -> what it says of a text: {"value"} and details."""
    known = code_points(training)
    spaceless = has_no_spaces(training)
    return {
        "novelty": lambda text: _curve(novelty_curve(code_points(text), known)),
        "longest_copied_substring": lambda text: _longest_copied(text, known),
        "distinct_characters": lambda text: _distinct(code_points(text)),
        "distinct_words": lambda text: _distinct(_words(text, spaceless)),
        "repeated_line_share": lambda text: {"value": repeated_line_share(text)},
        "longest_loop": lambda text: {"value": longest_loop(code_points(text))},
        "known_word_share": lambda text: {"value": known_word_share(text, training)},
        "jensen_shannon_characters": lambda text: _divergences(code_points(text), known),
        "jensen_shannon_line_lengths": lambda text: {
            "value": line_length_divergence(text, training)
        },
    }


def _curve(values: list[float | None]) -> dict:
    if None in values:
        return {"value": values, "reason": "the text is shorter than the lengths that have None"}
    return {"value": values}


def _longest_copied(text: str, known: np.ndarray) -> dict:
    found = longest_copied_substring(code_points(text), known)
    length, start = found.pop("length"), found["in_sample"] or 0
    passage = text[start : start + min(length, LONGEST_PASSAGE)]
    return {"value": length, **found, "passage": passage}


def _distinct(codes: np.ndarray) -> dict:
    return _curve([distinct_n(codes, n) if n <= len(codes) else None for n in DISTINCT_LENGTHS])


def _words(text: str, spaceless: bool) -> np.ndarray:
    if spaceless:
        raise InputError(
            "text without spaces between words", "spaces", "look at distinct_characters instead"
        )
    return word_codes(text)


def _divergences(codes: np.ndarray, known: np.ndarray) -> dict:
    shortest = min(len(codes), len(known))
    return _curve(
        [ngram_divergence(codes, known, n) if n <= shortest else None for n in DIVERGENCE_LENGTHS]
    )


def _bits_per_character(
    text: str, log_probabilities: Callable[[np.ndarray], np.ndarray], vocabulary: Vocabulary
) -> dict:
    codes = vocabulary.encode(text)
    nats = log_probabilities(codes)  # (characters,)
    known = codes != vocabulary.UNKNOWN
    if not known.any():
        raise InputError("no character of the vocabulary", "at least one", "take the right one")
    return {
        "value": float(-nats[known].mean() / math.log(2)),
        "unknown_characters": int((~known).sum()),
    }


def decoded(corpus: TextCorpus, segments: np.ndarray) -> str:
    """Codes (segments, length) as text. Where a segment ends and another begins stands a line
    break: a seam would make passages that are in no text."""
    return "\n".join(corpus.vocabulary.decode(segment) for segment in segments)
