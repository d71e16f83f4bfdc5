"""The scores against one character after the other, and that scoring leaves no trace."""

import itertools

import numpy as np
import pytest
import tensorflow as tf

from lstm_text.config import TextSettings
from lstm_text.model import CharacterModel
from lstm_text.score import COLUMNS, WARM_UP, Scorer, mean_loss, rows_of
from lstm_text.step import TextTrainer
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


def test_in_parallel_it_is_close_and_exact_where_nothing_is_cut_off(scorer):
    text = made_text(2, 4 * COLUMNS)
    exact, parallel = scorer.carried(text), scorer.carried(text, parallel=3)
    assert parallel.shape == exact.shape
    first_row = -(-(4 * COLUMNS - 1) // 3)
    # The first row reads from the start, and so does all that the warm-up reaches.
    np.testing.assert_allclose(parallel[:, :first_row], exact[:, :first_row], atol=1e-4)
    assert parallel.mean() == pytest.approx(exact.mean(), rel=1e-3)
    np.testing.assert_allclose(parallel, exact, atol=0.05)


@pytest.mark.parametrize(("pairs", "parallel"), [(9, 1), (9, 2), (1000, 3), (5, 9), (1, 4)])
def test_rows_share_out_every_pair_once_and_warm_up(pairs, parallel):
    text = np.zeros((2, pairs + 1), np.uint8)
    segment, start, first, last = rows_of(text, parallel)
    scored = [
        (s, pair) for s, a, b in zip(segment, first, last, strict=True) for pair in range(a, b)
    ]
    assert sorted(scored) == [(s, pair) for s in range(2) for pair in range(pairs)]
    assert len(segment) <= 2 * parallel
    assert start.tolist() == [max(0, begin - WARM_UP) for begin in first]


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


def test_the_mean_of_nothing_is_no_number():
    """And not 0, which would be the best of all losses."""
    assert np.isnan(mean_loss(np.ones((1, 3), np.float32), np.array([[1, 0, 0, 0]], np.uint8)))


def test_the_mean_of_a_long_text_is_exact():
    text = np.ones((1, 2_000_001), np.uint8)
    losses = np.broadcast_to(np.float32(1.1), (1, 2_000_000))
    assert mean_loss(losses, text) == pytest.approx(float(np.float32(1.1)), rel=1e-9)


def test_scoring_leaves_no_trace_and_drops_nothing():
    trainer = TextTrainer(
        TextSettings(embedding_dim=4, units=6, dropout=0.5),
        VOCABULARY,
        streams=3,
        total_steps=10,
    )
    trainer.state.assign(tf.random.stateless_normal(trainer.state.shape, (1, 2)))
    variables = [*trainer.model.variables, *trainer.optimizer.variables, trainer.averages.sums]

    def bits() -> list[bytes]:
        return [np.asarray(each).tobytes() for each in (*variables, trainer.state)]

    before, text, scorer = bits(), made_text(1, 300, first_code=1), Scorer(trainer.judged)
    first, again = scorer.carried(text, parallel=2), scorer.carried(text, parallel=2)
    assert bits() == before
    assert np.array_equal(first, again)
    expected = slow_losses(trainer.model, text[0])
    np.testing.assert_allclose(first[0], expected, atol=1e-4)


def test_the_weights_are_read_anew_at_each_call(scorer, model):
    text = made_text(2, 5)
    before, weights = scorer.carried(text), model.get_weights()
    model.set_weights([-each for each in weights])
    after = scorer.carried(text)
    model.set_weights(weights)
    assert not np.allclose(before, after)
    np.testing.assert_array_equal(scorer.carried(text), before)
