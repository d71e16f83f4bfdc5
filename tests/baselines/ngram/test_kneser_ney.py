"""The n-gram against dictionaries that spell the formulas out, by hand, and known figures."""

import collections
import os
from pathlib import Path

import numpy as np
import pytest

from baselines.ngram.counts import modified_discounts
from baselines.ngram.kneser_ney import KneserNey
from benchmarks.studies.ngram_reading import reading_entropy
from foundation.errors import InputError

KERAS_HOME = Path(os.environ.get("KERAS_HOME", Path.home() / ".keras"))
SHAKESPEARE = KERAS_HOME / "datasets" / "shakespeare.txt"


class SlowKneserNey:
    """Chen and Goodman's formulas with one dictionary an order and a recursion over histories."""

    def __init__(self, segments, vocabulary_size, context):
        self.vocabulary_size, self.context = vocabulary_size, context
        occurrences = collections.defaultdict(collections.Counter)  # by length, then by n-gram
        heads = collections.defaultdict(set)  # what stands before an n-gram
        for segment in segments.tolist():
            for end in range(1, len(segment) + 1):
                for n in range(1, min(context + 1, end) + 1):
                    ngram = tuple(segment[end - n : end])
                    occurrences[n][ngram] += 1
                    heads[ngram[1:]].add(ngram[0])
        self.counts = {n: {g: len(heads[g]) for g in occurrences[n]} for n in range(1, context + 1)}
        self.counts[context + 1] = dict(occurrences[context + 1])
        self.discounts = {n: self.discounts_of(list(c.values())) for n, c in self.counts.items()}

    @staticmethod
    def discounts_of(counts):
        n1, n2, n3, n4 = (counts.count(j) for j in (1, 2, 3, 4))
        discounts = {0: 0.0, 1: 0.5, 2: 1.0, 3: 1.5}
        if n1 > 0:
            y = n1 / (n1 + 2 * n2)
            estimates = {
                1: 1 - 2 * y * n2 / n1 if n2 else 0,
                2: 2 - 3 * y * n3 / n2 if n2 and n3 else 0,
                3: 3 - 4 * y * n4 / n3 if n3 and n4 else 0,
            }
            discounts.update({j: d for j, d in estimates.items() if d > 0})
        return discounts

    def probability(self, code, history):
        history = tuple(history)[max(len(history) - self.context, 0) :]
        n = len(history) + 1
        shorter = self.probability(code, history[1:]) if n > 1 else 1 / self.vocabulary_size
        after = {g[-1]: c for g, c in self.counts[n].items() if g[:-1] == history}
        total = sum(after.values())
        if total == 0:
            return shorter
        discount = self.discounts[n]
        freed = sum(discount[min(count, 3)] for count in after.values())
        count = after.get(code, 0)
        return (count - discount[min(count, 3)]) / total + freed / total * shorter


def made_text(vocabulary_size, shape, seed=0):
    """Some codes often, some never; what stands before a code says something about it."""
    generator = np.random.default_rng(seed)
    noise = (generator.random(shape) ** 4 * vocabulary_size).astype(np.int64)
    text = np.cumsum(noise, axis=1) % vocabulary_size
    return np.where(generator.random(shape) < 0.5, noise, text).astype(np.uint16)


def distribution(model, history):
    """p of every code after a history of any length, as `sample` draws from it."""
    return model._distributions(model._contexts(history))[0]


CASES = [  # vocabulary size, context, shape of the training text
    (2, 3, (1, 60)),
    (4, 0, (1, 50)),
    (5, 2, (4, 40)),
    (9, 4, (1, 700)),
    (66, 6, (3, 150)),
    (300, 1, (2, 300)),
    (3, 6, (5, 7)),  # one n-gram of the full order in each segment
    (2, 0, (1, 1)),
]


@pytest.mark.parametrize(("vocabulary_size", "context", "shape"), CASES)
def test_equals_the_slow_version(vocabulary_size, context, shape):
    text = made_text(vocabulary_size, shape)
    slow = SlowKneserNey(text, vocabulary_size, context)
    fast = KneserNey.fit(text, vocabulary_size, context)
    codes = np.concatenate([text[0, -25:], made_text(vocabulary_size, (1, 25), seed=1)[0]])
    history = text[0, -30:-25]
    before = np.concatenate([history, codes])
    start = len(history)
    expected = [slow.probability(c, before[: start + i].tolist()) for i, c in enumerate(codes)]
    result = np.exp(fast.log_probabilities(codes, history))
    np.testing.assert_allclose(result, expected, rtol=1e-12, atol=0)
    for end in (0, 1, 2, len(before) // 2, len(before)):
        past = before[:end].tolist()
        expected = [slow.probability(code, past) for code in range(vocabulary_size)]
        np.testing.assert_allclose(distribution(fast, past), expected, rtol=1e-12, atol=0)


@pytest.mark.parametrize(
    ("vocabulary_size", "context", "length"), [(4, 0, 50), (5, 2, 90), (9, 6, 80)]
)
def test_what_goes_on_counting_judges_each_code_by_all_before_it(vocabulary_size, context, length):
    """Held against the slow version, counted anew before every code, with the first discounts."""
    codes = made_text(vocabulary_size, (1, length))[0].astype(np.int64)
    start = length // 2
    discounts = SlowKneserNey(codes[None, :start], vocabulary_size, context).discounts
    found = []
    for place in range(start, length):
        slow = SlowKneserNey(codes[None, :place], vocabulary_size, context)
        slow.discounts = discounts
        found.append(-np.log(slow.probability(codes[place], codes[:place].tolist())))
    result = reading_entropy(codes, start, vocabulary_size, context)
    assert result == pytest.approx(np.mean(found), rel=1e-12)


def test_by_hand():
    """Text 01010, context 1. Both bigrams occur twice (D2 = 1), both codes have one head (1/2)."""
    model = KneserNey.fit(np.array([[0, 1, 0, 1, 0]]), vocabulary_size=3, context=1)
    unigram = [5 / 12, 5 / 12, 2 / 12]  # 0.5 / 2 + 0.5 / 3, twice, and 0.5 / 3
    np.testing.assert_allclose(distribution(model, []), unigram)
    np.testing.assert_allclose(distribution(model, [2]), unigram)  # never seen: shortened
    np.testing.assert_allclose(distribution(model, [0]), [5 / 24, 1 / 2 + 5 / 24, 2 / 24])


@pytest.mark.parametrize(
    ("counts_of_counts", "expected"),
    [
        ((4, 3, 2, 1), [0, 0.4, 1.2, 2.2]),  # Y = 0.4
        ((3, 1, 2, 1), [0, 0.6, 1.0, 1.8]),  # D2 = -1.6 would be
        ((4, 3, 2, 0), [0, 0.4, 1.2, 1.5]),
        ((4, 3, 0, 1), [0, 0.4, 1.0, 1.5]),
        ((4, 0, 2, 1), [0, 0.5, 1.0, 1.0]),  # Y = 1
        ((0, 3, 2, 1), [0, 0.5, 1.0, 1.5]),
        ((0, 0, 0, 0), [0, 0.5, 1.0, 1.5]),
    ],
)
def test_discounts(counts_of_counts, expected):
    counts = np.repeat([1, 2, 3, 4, 0, 5, 70], [*counts_of_counts, 2, 6, 1])
    np.testing.assert_allclose(modified_discounts(counts), expected)


@pytest.mark.parametrize("context", [0, 1, 6])
@pytest.mark.parametrize("vocabulary_size", [2, 30, 10_000])
def test_probabilities_sum_to_one(vocabulary_size, context):
    text = made_text(vocabulary_size, (3, 400))
    model = KneserNey.fit(text, vocabulary_size, context)
    random = [np.random.default_rng(2).integers(0, vocabulary_size, n) for n in range(9)]
    # What ends a segment and occurs nowhere else was seen, yet nothing follows it.
    for history in [text[0, :50], *random, *text]:
        p = distribution(model, history)
        assert p.min() > 0 and p.sum() == pytest.approx(1, abs=1e-12)


def test_history_is_carried_within_a_segment_only():
    text, held_out = made_text(6, (2, 200)), made_text(6, (2, 50), seed=1)
    # uint64 and int64 together would become float64.
    model = KneserNey.fit(text.astype(np.uint64), 6, 3)
    whole = model.log_probabilities(held_out[0])
    later = model.log_probabilities(held_out[0, 20:].astype(np.uint64), history=held_out[0, :20])
    assert np.array_equal(whole[20:], later)
    assert not np.array_equal(whole[20:], model.log_probabilities(held_out[0, 20:]))
    expected = -np.mean([model.log_probabilities(segment) for segment in held_out])
    assert model.cross_entropy(held_out) == pytest.approx(expected, rel=1e-12)
    expected = -np.mean(
        [model.log_probabilities(h, t) for h, t in zip(held_out, text, strict=True)]
    )
    assert model.cross_entropy(held_out, text) == pytest.approx(expected, rel=1e-12)


def test_an_ignored_code_is_no_target_but_stays_in_the_history():
    text, held_out = made_text(6, (1, 300)), made_text(6, (1, 60), seed=1)
    model = KneserNey.fit(text, 6, 2)
    kept = model.log_probabilities(held_out[0])[held_out[0] != 0]
    assert 0 < len(kept) < 60
    assert model.cross_entropy(held_out, ignore=0) == pytest.approx(-kept.mean(), rel=1e-12)
    with pytest.raises(InputError, match="without a character to predict"):
        model.cross_entropy(np.zeros((1, 9), dtype=int), ignore=0)


@pytest.mark.parametrize(
    ("segments", "context", "message"),
    [
        ([[0, 1, 3]], 1, "from 0 to 3; integers from 0 to 2 in 2 dimensions"),
        ([[-1, 1]], 1, "from -1 to 1"),
        ([0, 1, 2], 1, r"shape \(3,\).*in 2 dimensions"),
        ([[0.0, 1.0]], 1, "type float64"),
        ([[0, 1, 2]], 3, "1 segments of 3 characters; at least 4"),
        (np.zeros((0, 9), int), 3, "0 segments of 9 characters"),
        (np.zeros((1, 0), int), 0, "1 segments of 0 characters; at least 1"),
    ],
)
def test_refuses_bad_training_text(segments, context, message):
    with pytest.raises(InputError, match=message):
        KneserNey.fit(segments, 3, context)


def test_refuses_what_it_cannot_score_or_draw():
    model = KneserNey.fit(made_text(6, (2, 50)), vocabulary_size=6, context=3)
    for wrong in (
        lambda: model.log_probabilities([6]),
        lambda: distribution(model, [6]),
        lambda: model.cross_entropy([[6]]),
        lambda: model.sample(5, exclude=[6]),
        lambda: model.sample(5, history=[6]),
    ):
        with pytest.raises(InputError, match="from 6 to 6; integers from 0 to 5"):
            wrong()
    assert model.log_probabilities([]).shape == (0,)


@pytest.fixture(scope="module")
def shakespeare():
    """Codes of tiny-shakespeare's first 90 % and of the rest; 0 is left for unknown characters."""
    if not SHAKESPEARE.is_file():
        pytest.skip("no shakespeare.txt in the datasets folder of KERAS_HOME")
    text = SHAKESPEARE.read_text(encoding="utf-8")
    assert len(text) == 1_115_394
    cut = int(0.9 * len(text))
    codes = {character: 1 + i for i, character in enumerate(sorted(set(text[:cut])))}
    assert len(codes) == 65
    encoded = np.array([codes[character] for character in text], dtype=np.uint8)[None]
    return encoded[:, :cut], encoded[:, cut:]


@pytest.mark.parametrize(
    ("context", "expected"),
    list(
        enumerate([3.3473, 2.4835, 2.0381, 1.7190, 1.5612, 1.5226, 1.5165, 1.5192, 1.5220, 1.5225])
    ),
)
def test_tiny_shakespeare(shakespeare, context, expected):
    """The held-out text follows the training text, so that stands before its first characters."""
    train, held_out = shakespeare
    model = KneserNey.fit(train, vocabulary_size=66, context=context)
    assert model.cross_entropy(held_out, train[:, -9:]) == pytest.approx(expected, abs=1e-4)


def test_the_code_for_unknown_characters_costs_next_to_nothing(shakespeare):
    train, held_out = shakespeare
    with_unknown = KneserNey.fit(train, 66, context=3).cross_entropy(held_out)
    without = KneserNey.fit(train - 1, 65, context=3).cross_entropy(held_out - 1)
    assert 0 < with_unknown - without < 0.0005
