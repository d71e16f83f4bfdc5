"""Scores against one character after the other; the scale against a search."""

import itertools

import numpy as np
import pytest

from lstm_text.model import CharacterModel
from lstm_text.sampler import Sampler
from lstm_text.score import COLUMNS, SCALES, WARM_UP, Scorer, fit_scale, mean_loss, scale_logits
from lstm_text.streams import random_windows

VOCABULARY = 8


@pytest.fixture(scope="module")
def model():
    """A model of strong weights: what it reads matters for many characters."""
    made = CharacterModel(VOCABULARY, 4, 6)
    generator = np.random.default_rng(0)
    made.set_weights([generator.normal(size=each.shape) for each in made.get_weights()])
    return made


@pytest.fixture(scope="module")
def scorer(model):
    return Scorer(model)


def made_text(segments: int, length: int, first_code: int = 0) -> np.ndarray:
    generator = np.random.default_rng(segments * length)
    return generator.integers(first_code, VOCABULARY, (segments, length)).astype(np.uint8)


def slow_losses(model: CharacterModel, segment: np.ndarray) -> np.ndarray:
    """Character by character with NumPy alone, in double precision."""
    embedding, *layers, kernel, bias = (each.astype(np.float64) for each in model.get_weights())
    states = [[np.zeros(model.units), np.zeros(model.units)] for _ in range(model.num_layers)]
    losses = []
    for code, target in itertools.pairwise(segment):
        values = embedding[code]
        for index, state in enumerate(states):
            inputs, recurrent, layer_bias = layers[3 * index : 3 * index + 3]
            i, f, g, o = np.split(values @ inputs + state[0] @ recurrent + layer_bias, 4)
            i, f, o = (1 / (1 + np.exp(-gate)) for gate in (i, f, o))
            state[1] = f * state[1] + i * np.tanh(g)
            state[0] = values = o * np.tanh(state[1])
        logits = values @ kernel + bias
        losses.append(np.log(np.exp(logits).sum()) - logits[target])
    return np.array(losses)


@pytest.mark.parametrize("length", [2, 5, COLUMNS + 1, COLUMNS + 2, 2 * COLUMNS + 50])
def test_carried_is_character_by_character(scorer, model, length):
    text = made_text(2, length)
    received = scorer.carried(text)
    assert received.shape == (2, length - 1) and received.dtype == np.float32
    # Each segment by itself: it starts from nothing, whatever stands before it in the array.
    expected = [slow_losses(model, segment) for segment in text]
    np.testing.assert_allclose(received, expected, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize(("pairs", "parallel"), [(4 * COLUMNS - 1, 3), (9, 2), (5, 9), (1, 4)])
def test_in_parallel_it_is_close_and_exact_where_nothing_is_cut_off(scorer, pairs, parallel):
    text = made_text(2, pairs + 1)
    exact, read = scorer.carried(text), scorer.carried(text, parallel)
    assert read.shape == exact.shape
    first_row = -(-pairs // parallel)
    # The first row reads from the start, and so does all that the warm-up reaches.
    for end, tolerance in ((max(first_row, WARM_UP), 1e-4), (pairs, 0.05)):
        np.testing.assert_allclose(read[:, :end], exact[:, :end], atol=tolerance)
    assert read.mean() == pytest.approx(exact.mean(), rel=1e-3)


def test_windows_are_scored_from_nothing(scorer, model):
    text = made_text(3, 90)
    received = scorer.windows(text, count=70, length=12, seed=5)  # more than one call's worth
    inputs, targets = random_windows(text, 70, 12, 5)
    assert received.shape == (70, 12)
    assert np.array_equal(np.isnan(received), targets == 0) and (targets == 0).any()
    for row in (0, 1, 63, 64, 69):
        expected = slow_losses(model, np.append(inputs[row], targets[row, -1]))
        known = targets[row] > 0
        np.testing.assert_allclose(received[row, known], expected[known], atol=1e-3)


def test_unknown_targets_are_left_out_of_the_mean():
    text = np.array([[0, 3, 0, 5, 0], [1, 0, 0, 0, 2]], np.uint8)
    losses = np.array([[1.0, 90.0, 2.0, 90.0], [90.0, 90.0, 90.0, 6.0]], np.float32)
    assert mean_loss(losses, text) == 3.0


def test_the_mean_of_a_long_text_is_exact_and_that_of_nothing_no_number():
    text = np.ones((1, 2_000_001), np.uint8)
    losses = np.broadcast_to(np.float32(1.1), (1, 2_000_000))
    assert mean_loss(losses, text) == pytest.approx(float(np.float32(1.1)), rel=1e-9)
    assert np.isnan(mean_loss(losses, 0 * text))  # and not 0, the best of all losses


@pytest.fixture
def known(model):
    """The model, for one test, without the unknown symbol, which does not count."""
    weights, bias = model.get_weights(), model.head.bias
    bias.assign(bias - 30.0 * np.eye(VOCABULARY)[0])
    yield model
    model.set_weights(weights)


def logits_of(model: CharacterModel, text: np.ndarray) -> np.ndarray:
    logits, _ = model(text[:, :-1].astype(np.int32), model.zero_state(len(text)))
    return logits.numpy().astype(np.float64)


def text_drawn(model: CharacterModel, scale: float) -> np.ndarray:
    """Texts of which the model with its logits multiplied by `scale` is the truth."""
    sampler = Sampler(model, temperature=1 / scale)
    drawn, _ = sampler.next(sampler.start([1]), 0, 0, 0, 32)
    return drawn.numpy()


def loss_at(logits: np.ndarray, text: np.ndarray, scale: float) -> float:
    """In double precision, over the targets that are known."""
    log_p = scale * logits - np.log(np.exp(scale * logits).sum(axis=-1, keepdims=True))
    losses = -np.take_along_axis(log_p, text[:, 1:, np.newaxis].astype(int), axis=-1)[..., 0]
    return float(losses[text[:, 1:] > 0].mean())


@pytest.mark.parametrize("true_scale", [0.4, 1.0, 2.0])
def test_the_scale_is_the_one_the_text_was_drawn_with(known, scorer, true_scale):
    text = text_drawn(known, true_scale)
    scale, logits = fit_scale(scorer, text), logits_of(known, text)
    tried = scale * np.linspace(0.9, 1.1, 401)
    best = tried[np.argmin([loss_at(logits, text, each) for each in tried])]
    assert scale == pytest.approx(best, rel=1e-3)
    assert scale == pytest.approx(true_scale, rel=0.1)


def test_the_scale_ends_at_its_bounds_and_stays_where_nothing_can_be_scaled(known, scorer):
    expected = text_drawn(known, 1e6)
    assert fit_scale(scorer, expected) == SCALES[1]
    before = logits_of(known, expected)
    scale_logits(known, 100.0)
    np.testing.assert_allclose(logits_of(known, expected), 100.0 * before, rtol=1e-5, atol=1e-4)
    random = np.random.default_rng(2).integers(1, VOCABULARY, (20, 200)).astype(np.uint8)
    assert fit_scale(scorer, random) == SCALES[0]
    scale_logits(known, 0.0)
    assert fit_scale(scorer, expected) == 1.0
