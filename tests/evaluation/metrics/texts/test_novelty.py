"""Shared substrings against slow, obvious versions, and the human yardstick on Tiny Shakespeare."""

import os
from pathlib import Path

import numpy as np
import pytest

from data.texts.vocabulary import code_points
from evaluation.metrics.texts.novelty import longest_copied_substring, novelty_curve


def novel_share_slowly(sample: str, training: str, length: int) -> float | None:
    pieces = [sample[i : i + length] for i in range(len(sample) - length + 1)]
    return sum(piece not in training for piece in pieces) / len(pieces) if pieces else None


def longest_common_slowly(sample: str, training: str) -> int:
    """The table of dynamic programming: the longest common suffix of both prefixes."""
    longest, previous = 0, [0] * (len(training) + 1)
    for one in sample:
        row = [0] * (len(training) + 1)
        for j, other in enumerate(training):
            row[j + 1] = previous[j] + 1 if one == other else 0
        longest, previous = max(longest, *row), row
    return longest


def random_texts(count: int):
    """Pairs over alphabets of 1 to 5 letters; some samples contain a piece of the training text."""
    generator = np.random.default_rng(0)
    for _ in range(count):
        letters = list("abcdé"[: generator.integers(1, 6)])
        training = "".join(generator.choice(letters, generator.integers(1, 90)))
        sample = "".join(generator.choice(letters, generator.integers(1, 60)))
        if generator.random() < 0.5:
            start = generator.integers(len(training))
            sample += training[start : start + 37] + sample[:5]
        yield sample, training


@pytest.mark.parametrize("lengths", [(1, 2, 3, 4, 5, 7, 8, 9, 15, 40), (33, 6, 1, 6)])
def test_novelty_is_that_of_searching_every_substring(lengths):
    for sample, training in random_texts(150):
        expected = [novel_share_slowly(sample, training, length) for length in lengths]
        assert novelty_curve(*map(code_points, (sample, training)), lengths) == expected


def test_longest_copied_substring_is_that_of_dynamic_programming():
    for sample, training in random_texts(200):
        found = longest_copied_substring(code_points(sample), code_points(training))
        length, i, j = found["length"], found["in_sample"], found["in_training"]
        assert length == longest_common_slowly(sample, training)
        if length:
            passage = sample[i : i + length]
            assert passage == training[j : j + length]
            assert training.find(passage) == j  # the first in the training text
            assert not any(sample[k : k + length] in training for k in range(i))  # and sample
        else:
            assert i is None and j is None


def test_a_planted_copy_is_found_where_it_was_put():
    generator = np.random.default_rng(1)
    training = generator.integers(0, 60, 50_000, dtype=np.uint8)
    sample = generator.integers(60, 120, 3000, dtype=np.uint16)  # no character in common
    sample[700:1333] = training[20_000:20_633]
    expected = {"length": 633, "in_sample": 700, "in_training": 20_000}
    assert longest_copied_substring(sample, training) == expected
    assert novelty_curve(sample, training, (633, 634)) == [1 - 1 / (3000 - 632), 1.0]


def test_thue_morse_words_which_collide_in_polynomial_hashes_are_told_apart():
    """2^11 characters and their complement: equal under every polynomial hash modulo 2^64."""
    bits = np.array([bin(i).count("1") % 2 for i in range(2048)], dtype=np.uint8)
    base, powers = np.uint64(31), np.ones(2048, dtype=np.uint64)
    powers[1:] = np.cumprod(np.full(2047, base), dtype=np.uint64)
    assert (bits * powers).sum() == ((1 - bits) * powers).sum()  # the collision
    assert novelty_curve(bits, 1 - bits, (2048,)) == [1.0]
    assert longest_copied_substring(bits, 1 - bits)["length"] < 2048


def test_texts_without_an_answer():
    nothing, something = np.zeros(0, np.uint8), np.array([1, 2], np.uint8)
    assert novelty_curve(nothing, something, (1, 2)) == [None, None]
    assert novelty_curve(something, nothing, (1, 2, 3)) == [1.0, 1.0, None]
    for texts in ((nothing, something), (something, nothing), (something, something + 5)):
        assert longest_copied_substring(*texts)["length"] == 0
        assert longest_copied_substring(*texts)["in_sample"] is None


def test_the_human_yardstick_on_tiny_shakespeare():
    """The last tenth against the first nine: what any author repeats of himself."""
    home = Path(os.environ.get("KERAS_HOME", Path.home() / ".keras"))
    path = home / "datasets" / "shakespeare.txt"
    if not path.exists():
        pytest.skip("datasets/shakespeare.txt is not in KERAS_HOME")
    codes = code_points(path.read_text(encoding="utf-8")).astype(np.uint8)
    cut = int(0.9 * len(codes))
    training, human = codes[:cut], codes[cut:]
    expected = [0.101, 0.497, 0.749, 0.893, 0.974, 0.998, 0.9997, 1.0, 1.0]
    assert novelty_curve(human, training) == pytest.approx(expected, abs=6e-4)
    found = longest_copied_substring(human, training)
    passage = human[found["in_sample"] :][: found["length"]]
    assert bytes(passage) == b" you, Signior Gremio?\n\nGREMIO:\n"
    assert bytes(passage) in bytes(training)
