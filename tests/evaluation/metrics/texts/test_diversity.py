"""Diversity and likeness of texts: cases by hand, and slow, obvious versions."""

import itertools
import math
from collections import Counter

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon

from data.texts.vocabulary import code_points
from evaluation.metrics.texts.diversity import (
    LONGEST_PERIOD,
    distinct_n,
    has_no_spaces,
    known_word_share,
    line_length_divergence,
    longest_loop,
    ngram_divergence,
    repeated_line_share,
    word_codes,
    words_of,
)
from foundation.errors import InputError

POEM = "床前明月光，疑是地上霜。\n举头望明月，低头思故乡。"


def random_texts(count: int, seed: int = 0):
    generator = np.random.default_rng(seed)
    for _ in range(count):
        letters = list("ab \ncé𝄞"[: generator.integers(1, 8)])
        yield "".join(generator.choice(letters, generator.integers(6, 70)))


def ngrams_slowly(items, n):
    return [tuple(items[i : i + n]) for i in range(len(items) - n + 1)]


@pytest.mark.parametrize("n", range(1, 7))
def test_distinct_n_is_that_of_a_set(n):
    for text in random_texts(60):
        grams = ngrams_slowly(text, n)
        assert distinct_n(code_points(text), n) == len(set(grams)) / len(grams)


def test_distinct_n_of_large_codes_and_of_too_few():
    assert distinct_n(np.array([65535, 0, 65535, 0], np.uint16), 2) == 2 / 3
    assert distinct_n(np.array([7, 7, 7], np.uint8), 3) == 1.0
    with pytest.raises(InputError, match="at least 4"):
        distinct_n(np.array([7, 7, 7], np.uint8), 4)


def test_repeated_lines_by_hand():
    assert repeated_line_share("one\n\ntwo \n\n two\nthree\ntwo") == pytest.approx(2 / 5)
    assert repeated_line_share("one") == 0
    with pytest.raises(InputError, match="without lines"):
        repeated_line_share(" \n\n")


def loop_slowly(text: str) -> int:
    """Longest stretch after a unit in which every character equals that one unit earlier."""
    longest = 0
    for period in range(1, len(text)):
        for start in range(len(text) - period):
            end = start
            while end + period < len(text) and text[end] == text[end + period]:
                end += 1
            if end - start >= period:
                longest = max(longest, end - start)
    return longest


def test_the_longest_loop_by_hand_and_by_trying_every_start():
    assert longest_loop(code_points("the state of the state of the state of ")) == 26
    assert longest_loop(code_points("and so he said, he said, he went")) == 13  # " he said, he "
    assert longest_loop(code_points("abcdabc")) == 0  # "abc" comes again, but not at once
    assert longest_loop(code_points("a")) == longest_loop(code_points("")) == 0
    for text in random_texts(80, seed=1):
        assert longest_loop(code_points(text)) == loop_slowly(text)


def test_a_unit_that_is_too_long_is_no_loop():
    unit = np.arange(LONGEST_PERIOD + 1)
    assert longest_loop(np.tile(unit, 2)) == 0
    assert longest_loop(np.tile(unit[1:], 2)) == LONGEST_PERIOD


def test_words_are_runs_of_letters_with_their_marks():
    assert words_of("Who's THERE? 2nd_try, naïve ma\u0301s") == (
        ["Who", "s", "THERE", "nd", "try", "naïve", "ma\u0301s"]
    )
    assert words_of("नमस्ते दुनिया") == ["नमस्ते", "दुनिया"]  # Devanagari: the vowels are marks
    assert words_of("12 ...\n") == []
    assert word_codes("to be or not to be").tolist() == [0, 1, 2, 3, 0, 1]
    assert distinct_n(word_codes("to be or not to be"), 2) == 4 / 5


def test_scripts_without_spaces_are_told_from_others():
    assert has_no_spaces(POEM)
    assert has_no_spaces("吾輩は猫である。名前はまだ無い。")
    assert has_no_spaces("ภาษาไทยไม่มีช่องว่าง")
    for text in ("To be", "Война и мир", "나는 고양이로소이다", "A word, 月, in English", "", "12"):
        assert not has_no_spaces(text), text


def test_known_words_by_hand():
    assert known_word_share("the king and teh king", "The king, and the queen.") == 4 / 5
    assert known_word_share("KIng", "King") == 0
    with pytest.raises(InputError, match="without words"):
        known_word_share("1, 2", "one two")


def test_known_words_of_chinese_are_pairs_of_letters():
    # 明月 and 月光 are in the poem, 光明 is not; no pair goes across the full stop
    assert known_word_share("明月光明。月", POEM) == pytest.approx(2 / 3)
    assert known_word_share(POEM, POEM) == 1
    with pytest.raises(InputError, match="without words"):
        known_word_share("月。", POEM)


@pytest.mark.parametrize("n", (1, 2, 3))
def test_ngram_divergence_is_scipys_of_counted_ngrams(n):
    for text, reference in zip(random_texts(60, 2), random_texts(60, 3), strict=True):
        counts, others = (Counter(ngrams_slowly(side, n)) for side in (text, reference))
        grams = list(counts | others)
        expected = jensenshannon([counts[g] for g in grams], [others[g] for g in grams]) ** 2
        divergence = ngram_divergence(code_points(text), code_points(reference), n)
        assert divergence == pytest.approx(expected, abs=1e-12)


def test_ngram_divergence_at_its_ends():
    text, other = code_points("abab"), code_points("cdcdcd")
    assert ngram_divergence(text, text, 2) == 0
    assert ngram_divergence(text, other, 1) == pytest.approx(math.log(2))
    assert ngram_divergence(text.astype(np.uint8), text.astype(np.uint16), 3) == 0


def test_line_lengths_by_hand():
    assert line_length_divergence("abc\n\nde", "\nxy\nxyz") == 0  # 0, 2 and 3 on both sides
    assert line_length_divergence("a\nb", "four") == pytest.approx(math.log(2))
    half = line_length_divergence("a\nfour", "b\nc")  # (1/2, 1/2) against (1, 0)
    assert half == pytest.approx((math.log(4 / 3) + (math.log(2 / 3) + math.log(2)) / 2) / 2)


def test_lines_of_every_short_length_have_a_bin_of_their_own_and_long_ones_share():
    lines = ["x" * length for length in range(11)]
    for a, b in itertools.combinations(lines, 2):
        assert line_length_divergence(a, b) > 0.69, (a, b)
    assert line_length_divergence("x" * 500, "x" * 510) == 0
