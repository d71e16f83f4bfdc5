"""Text drawn from the n-gram, as often as the model says."""

import numpy as np
import pytest

from baselines.ngram.kneser_ney import KneserNey


@pytest.fixture(scope="module")
def small_model():
    """Fitted to steps of 0 to 5, small ones more often, around a circle of 6 codes."""
    steps = np.random.default_rng(0).random((2, 400)) ** 3 * 6
    text = np.cumsum(steps.astype(np.int64), axis=1) % 6
    return KneserNey.fit(text, vocabulary_size=6, context=3)


@pytest.mark.parametrize(("temperature", "exclude"), [(1.0, ()), (0.6, ()), (2.0, (0, 5))])
def test_samples_follow_the_distribution(small_model, temperature, exclude):
    """Each frequency within 5 standard deviations, for the first and for the second code."""
    count, history = 4000, [0, 1]
    drawn = small_model.sample(
        2, count=count, history=history, temperature=temperature, exclude=exclude
    )
    usual = np.bincount(drawn[:, 0]).argmax()
    second = drawn[drawn[:, 0] == usual, 1]
    for codes, past in ((drawn[:, 0], history), (second, [*history, usual])):
        p = small_model.distribution(past) ** (1 / temperature)
        p[list(exclude)] = 0
        p /= p.sum()
        shares = np.bincount(codes, minlength=6) / len(codes)
        assert (np.abs(shares - p) <= 5 * np.sqrt(p * (1 - p) / len(codes))).all()


def test_a_low_temperature_takes_the_most_probable_code(small_model):
    drawn = small_model.sample(30, history=[2], temperature=1e-6)[0]
    for position, code in enumerate(drawn):
        assert code == small_model.distribution([2, *drawn[:position]]).argmax()
