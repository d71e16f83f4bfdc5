"""Synthetic text against human text: all measures, every one beside that of as much real text."""

import math
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from baselines.ngram.kneser_ney import KneserNey
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
from foundation.pictures import save_figure

MOST_COMPARED = 5_000_000  # characters of the training text, its end, that are searched for copies

DISTINCT_LENGTHS = (1, 2, 3, 4, 5, 6)  # of n-grams of characters, and of words
DIVERGENCE_LENGTHS = (1, 2, 3)
LONGEST_PASSAGE = 200  # characters of a copied passage that the report quotes


def compare_texts(
    sample: str, held_out: str, training: str, ngram: KneserNey, vocabulary: Vocabulary
) -> dict:
    """Measure a synthetic text, and as many characters of held-out human text, in the same way.

    Nearly all of these measures move with the length of the text. So both sides have the same
    length: the longer one is cut at its end. Compare two reports of equal `sample_characters`, or
    a value with its real figure. 3 s for 110,000 characters against a million; the memory is about
    60 bytes for every character of the training text.

    Args:
      sample: the synthetic text, not empty, as none of them is.
      held_out: human text that no model was fitted to.
      training: what the generator has learnt from; never cut.
      ngram: another model of the same training text.
      vocabulary: of the n-gram; the bits leave out characters outside it and count them.

    Returns: a dict fit for JSON: how many characters were compared, and "metrics": name ->
      {"value", "real", "how_to_read"} and details. Curves are lists, with the "lengths" beside.
      Where there is no answer "value" (or an element of the list) is None and "reason" says why.
    """
    count = min(len(sample), len(held_out))
    metrics = {
        name: {
            **beside(how_to_read, compute, sample[:count], held_out[:count]),
            **({"lengths": list(*lengths)} if lengths else {}),
        }
        for name, (compute, how_to_read, *lengths) in _measures(training, ngram, vocabulary).items()
    }
    return {
        "sample_characters": count,
        "real_characters": count,
        "training_characters": len(training),
        "metrics": metrics,
    }


def draw_novelty(novelty: dict, directory: Path) -> None:
    """Write novelty.png: both curves over the length of the substrings; no point for a None.

    Args:
      novelty: the metric of that name: shares in [0, 1], of the synthetic and of human text.
    """
    figure = Figure(figsize=(5.6, 3.6), layout="constrained")
    axes = figure.subplots()
    for side, legend, style in (
        ("value", "synthetic text", "o-"),
        ("real", "held-out human text", "s--"),
    ):
        shares = np.array(novelty[side], dtype=np.float64)
        axes.plot(novelty["lengths"], shares, style, markersize=4, label=legend)
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
    save_figure(figure, directory / "novelty.png")


def _measures(training: str, ngram: KneserNey, vocabulary: Vocabulary) -> dict[str, tuple]:
    """Name -> what computes {"value"} and details of a text; how to read it, which way is better;
    of a curve, the lengths of substrings that its values stand for."""
    known = code_points(training)
    spaceless = has_no_spaces(training)
    return {
        "novelty": (
            lambda text: _curve(novelty_curve(code_points(text), known)),
            "share of substrings the training text does not have; below the real curve: more is "
            "copied than people repeat each other; above it at 5 characters: not this language",
            LENGTHS,
        ),
        "longest_copied_substring": (
            lambda text: _longest_copied(text, known),
            "characters; far above the real figure: a passage learnt by heart",
        ),
        "distinct_characters": (
            lambda text: _distinct(code_points(text)),
            "share of n-grams not seen before; below the real figures: monotonous",
            DISTINCT_LENGTHS,
        ),
        "distinct_words": (
            lambda text: _distinct(_words(text, spaceless)),
            "share of n-grams not seen before; below the real figures: monotonous",
            DISTINCT_LENGTHS,
        ),
        "repeated_line_share": (
            lambda text: {"value": repeated_line_share(text)},
            "above the real figure: the same lines come again and again",
        ),
        "longest_loop": (
            lambda text: {"value": longest_loop(code_points(text))},
            "characters; far above the real figure: the text runs in a circle",
        ),
        "known_word_share": (
            lambda text: {"value": known_word_share(text, training)},
            "pairs of letters, as no spaces part the words; below the real figure: invented pairs"
            if spaceless
            else "below the real figure: words are invented or misspelt",
        ),
        "jensen_shannon_characters": (
            lambda text: _divergences(code_points(text), known),
            "nats, of n-grams from the training text's; lower is better, but no merit below the "
            "real figures: real text keeps to its subject",
            DIVERGENCE_LENGTHS,
        ),
        "jensen_shannon_line_lengths": (
            lambda text: {"value": line_length_divergence(text, training)},
            "nats, from the training text's; lower is better, down to about the real figure",
        ),
        "bits_per_character_under_ngram": (
            lambda text: _bits_per_character(text, ngram, vocabulary),
            "about the real figure is right; above it: unlike the training text; far below it: "
            "dull",
        ),
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


def _bits_per_character(text: str, ngram: KneserNey, vocabulary: Vocabulary) -> dict:
    codes = vocabulary.encode(text)
    nats = ngram.log_probabilities(codes)  # (characters,)
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
