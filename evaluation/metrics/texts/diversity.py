"""Diversity and likeness of a text: distinct n-grams, repeats, known words, histograms.

Texts are str, or codes of their characters or words: integers of at least 0, shape (count,).
"""

import re
import unicodedata

import numpy as np

from evaluation.metrics.likeness.different_bins import jensen_shannon
from foundation.errors import InputError

LONGEST_PERIOD = 1000  # characters; a text that runs in circles does so in far fewer
BINS_PER_DOUBLING = 8  # of line lengths: exact up to 10 characters, 9 % wide from there on

# Kana, Han, Thai, Lao, Myanmar, Khmer: no spaces between words (Hangul has them)
SPACELESS = re.compile(
    "[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]"
)


def distinct_n(codes: np.ndarray, n: int) -> float:
    """Share of distinct n-grams among all n-grams, in (0, 1]; it falls with the text's length.

    Raises: InputError if there are fewer than n codes.
    Reference: Li et al. 2016, A Diversity-Promoting Objective Function for Neural Conversation
      Models.
    """
    grams = _number_ngrams(codes, n)
    return (int(grams.max()) + 1) / len(grams)


def repeated_line_share(text: str) -> float:
    """Share of the non-empty lines that are equal to an earlier line of the same text, 0 to 1.

    Spaces at either end of a line do not count.
    Raises: InputError if every line is empty.
    """
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if not lines:
        raise InputError("text without lines", "at least one line that is not empty", "add text")
    return 1 - len(set(lines)) / len(lines)


def longest_loop(codes: np.ndarray) -> int:
    """Length of the longest passage that repeats what stands right before it, over and over.

    "the state of the state of the state of " has the unit "the state of ", 13 characters, three
    times: 26 characters repeat. A unit counts from its first full repetition; it has at most
    1,000 characters. Greedy sampling and low temperatures drive character models into such loops.

    Returns: characters, 0 if nothing is repeated at once.
    """
    longest = 0
    for period in range(1, min(LONGEST_PERIOD, len(codes) // 2) + 1):
        breaks = np.flatnonzero(codes[period:] != codes[:-period])
        run = int(np.diff(breaks, prepend=-1, append=len(codes) - period).max()) - 1
        if run >= period:
            longest = max(longest, run)
    return longest


def words_of(text: str) -> list[str]:
    """The runs of letters, with the marks that belong to them, in order and in their own case."""
    keep = {ord(c): c if unicodedata.category(c)[0] in "LM" else " " for c in set(text)}
    return text.translate(keep).split()


def word_codes(text: str) -> np.ndarray:
    """The words of a text, numbered by first appearance; int64, shape (words,)."""
    numbers: dict[str, int] = {}
    codes = [numbers.setdefault(word, len(numbers)) for word in words_of(text)]
    return np.array(codes, dtype=np.int64)


def has_no_spaces(text: str) -> bool:
    """Is most of the text in a script that leaves no spaces between words, as Chinese?"""
    return 2 * len(SPACELESS.findall(text)) > sum(map(len, words_of(text)))


def known_word_share(text: str, training_text: str) -> float:
    """Share of the text's words, counted as often as they occur, that the training text has too.

    Words are runs of letters, case kept: "KIng" is not "King". If the training text has no spaces
    between words (`has_no_spaces`), pairs of neighbouring letters stand in for words.

    Raises: InputError if the text has no words (or pairs).
    """
    words, known = words_of(text), words_of(training_text)
    if has_no_spaces(training_text):
        words, known = (
            [run[start : start + 2] for run in runs for start in range(len(run) - 1)]
            for runs in (words, known)
        )
    if not words:
        raise InputError("text without words", "at least one word", "generate more text")
    known = set(known)
    return sum(word in known for word in words) / len(words)


def ngram_divergence(codes: np.ndarray, reference: np.ndarray, n: int) -> float:
    """Jensen-Shannon divergence of two histograms of n-grams, in nats: 0 (equal) to ln 2.

    A short text is far from every long one, for want of most n-grams: compare equal lengths only.

    Args:
      codes, reference: at least n each; equal codes, equal characters.

    Raises: InputError for fewer.
    """
    if (shorter := min(len(codes), len(reference))) < n:
        raise InputError(f"a text of {shorter} characters", f"at least {n}", "give a longer text")
    grams = _number_ngrams(np.concatenate([codes, reference]), n)
    # The n-grams that begin in the one text and end in the other are left out
    return _histogram_divergence(grams[: len(codes) - n + 1], grams[len(codes) :])


def line_length_divergence(text: str, reference: str) -> float:
    """Jensen-Shannon divergence of the histograms of line lengths, in nats: 0 (equal) to ln 2.

    Lengths in characters, empty lines included, in bins that are exact for short lines and 9 % wide
    for long ones.
    """
    lengths = (np.array([len(line) for line in side.split("\n")]) for side in (text, reference))
    return _histogram_divergence(
        *(np.round(BINS_PER_DOUBLING * np.log2(1 + side)).astype(np.int64) for side in lengths)
    )


def _histogram_divergence(numbers: np.ndarray, other_numbers: np.ndarray) -> float:
    bins = int(max(numbers.max(), other_numbers.max())) + 1
    return jensen_shannon(
        np.bincount(numbers, minlength=bins), np.bincount(other_numbers, minlength=bins)
    )


def _number_ngrams(codes: np.ndarray, n: int) -> np.ndarray:
    """A number for each n-gram, from 0 without gaps; equal numbers, equal n-grams."""
    if len(codes) < n:
        raise InputError(f"text of {len(codes)}", f"at least {n}", "give a longer text")
    singles = _without_gaps(codes)
    grams, base = singles, int(singles.max()) + 1
    for more in range(1, n):
        grams = _without_gaps(grams[:-1] * base + singles[more:])
    return grams


def _without_gaps(keys: np.ndarray) -> np.ndarray:
    """The keys, renumbered in their order: int64, from 0 without gaps."""
    largest = int(keys.max())
    if largest > 4 * len(keys):
        return np.unique(keys, return_inverse=True)[1]
    present = np.zeros(largest + 1, dtype=bool)  # a table: 10 times as fast as sorting
    present[keys] = True
    return (np.cumsum(present) - 1)[keys]
