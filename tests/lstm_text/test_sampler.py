"""Drawing: the choice against a slow one, noise, seeds, one stream and many."""

import numpy as np
import pytest
import tensorflow as tf

from foundation.purposes import GENERATION_NOISE
from lstm_text.model import CharacterModel
from lstm_text.sampler import GROUP, PIECE, Sampler, first_largest
from training.seeds import stateless_seed

VOCABULARY = 8


def made_model(layers: int = 2, scale: float = 1.0) -> CharacterModel:
    """A model of strong weights: its favourites change from character to character."""
    model = CharacterModel(VOCABULARY, 5, 6, layers)
    generator = np.random.default_rng(0)
    model.set_weights([generator.normal(size=each.shape) * scale for each in model.get_weights()])
    return model


@tf.function(jit_compile=True)
def compiled_noise(sampler, seed, streams, piece):
    seeds = [stateless_seed(seed, GENERATION_NOISE, stream) for stream in tf.unstack(streams)]
    return sampler._noise(tf.stack(seeds), piece)


def noise_of(sampler: Sampler, seed: int, streams: list[int], piece: int) -> np.ndarray:
    """The noise of `next`: compiled as there, because XLA makes other numbers of the same bits."""
    place = (tf.constant(value, tf.int32) for value in (seed, streams, piece))
    return compiled_noise(sampler, *place).numpy()


@pytest.fixture(scope="module")
def model():
    return made_model()


@pytest.fixture(scope="module")
def sampler(model):
    """For tests that draw as the model says: compiling takes a second, and nothing is kept."""
    return Sampler(model, temperature=0.7)


def slow_shares(logits, temperature, top_k, top_p) -> np.ndarray:
    """The probabilities that a choice among one row of logits should have."""
    order = sorted(range(1, len(logits)), key=lambda code: -logits[code])[:top_k]
    temperature = min(max(temperature, 1e-9), 1e9)
    weights = {code: np.exp((logits[code] - logits[order[0]]) / temperature) for code in order}
    shares = {code: weight / sum(weights.values()) for code, weight in weights.items()}
    kept, reached = [], 0.0
    for code in order:
        if reached < (top_p or 1.0):
            kept.append(code)
        reached += shares[code]
    result = np.zeros(len(logits))
    for code in kept:
        result[code] = shares[code] / sum(shares[each] for each in kept)
    return result


def chosen(model, logits, count=4000, seed=0, **choice) -> np.ndarray:
    """What the sampler chooses from one row of logits with `count` different noises."""
    noise = np.random.default_rng(seed).gumbel(size=(count, VOCABULARY)).astype(np.float32)
    rows = tf.tile(tf.constant(logits, tf.float32)[tf.newaxis], [count, 1])
    sampler = Sampler(model, **choice)
    return sampler.choose(rows, tf.constant(noise[:, : sampler.top_k])).numpy()


LIMITS = [(None, None), (3, None), (100, None), (None, 0.6), (None, 0.95), (None, 1.0), (4, 0.7)]
CHOICES = [(temperature, *limits) for temperature in (0.5, 1.0, 3.0) for limits in LIMITS]
# What leaves only the likeliest; and what draws all alike, but never the unknown.
CHOICES += [(0.0, None, None), (0.0, 3, 0.5), (1e-300, None, None), (2.0, 1, None)]
CHOICES += [(2.0, None, 1e-9), (1e30, None, None), (1e300, 7, None), (np.inf, None, 0.999)]


@pytest.mark.parametrize(("temperature", "top_k", "top_p"), CHOICES)
def test_the_choice_has_the_right_probabilities(model, temperature, top_k, top_p):
    for seed in range(3):
        logits = np.random.default_rng(seed).normal(size=VOCABULARY) * 2
        logits[0] = 9.0  # the unknown symbol, however likely, is never drawn
        shares = slow_shares(logits, temperature, top_k, top_p)
        assert shares.sum() == pytest.approx(1.0) and shares[0] == 0
        choice = {"temperature": temperature, "top_k": top_k, "top_p": top_p}
        drawn = chosen(model, logits, seed=seed, **choice)
        frequencies = np.bincount(drawn, minlength=VOCABULARY) / len(drawn)
        assert not np.any(frequencies[shares == 0]), (choice, shares, frequencies)
        assert np.all(frequencies[shares > 0.005] > 0)
        bound = 4.5 * np.sqrt(shares * (1 - shares) / len(drawn)) + 1e-9
        assert np.all(np.abs(frequencies - shares) <= bound), (choice, shares, frequencies)


def test_rows_choose_for_themselves(model):
    logits = np.full((5, VOCABULARY), -50.0, np.float32)
    logits[np.arange(5), [3, 1, 7, 2, 5]] = 50.0
    for choice in ({}, {"top_k": 4}, {"top_p": 0.9}, {"top_k": 2, "top_p": 0.5}):
        sampler = Sampler(model, 1.0, **choice)
        drawn = sampler.choose(logits, tf.zeros((5, sampler.top_k or VOCABULARY)))
        assert drawn.numpy().tolist() == [3, 1, 7, 2, 5]


def test_the_first_of_the_largest():
    scores = [[1.0, 3.0, 3.0], [5.0, -1.0, 5.0], [-9.0, -8.0, -7.0], [float("-inf"), 0.0, -1.0]]
    places = first_largest(tf.constant(scores)).numpy().tolist()
    assert places == np.argmax(scores, axis=1).tolist() == [1, 0, 2, 1]


@pytest.mark.parametrize("prime", [[3], [3, 1, 4], [1, 5] * 70])
def test_start_reads_all_of_the_prime_text_but_its_last_character(model, prime):
    codes, state = Sampler(model).start(prime)
    assert codes.numpy().tolist() == [prime[-1]] * GROUP
    expected = model.zero_state(1)
    if len(prime) > 1:
        _, expected = model(tf.constant([prime[:-1]]), expected)
    np.testing.assert_allclose(state, tf.repeat(expected, GROUP, axis=2), atol=1e-5)


@pytest.mark.parametrize("layers", [1, 3])
def test_drawing_without_noise_follows_the_models_favourites(layers):
    """Over three calls of different lengths: last codes and state are handed on."""
    model = made_model(layers)
    sampler, prime = Sampler(model, temperature=0.0), [2, 5, 1]
    start, first, parts = sampler.start(prime), 0, []
    for count in (3, 1, 6):
        drawn, start = sampler.next(start, 0, 0, first, count)
        assert drawn.shape == (GROUP, PIECE * count)
        assert np.array_equal(start[0], drawn[:, -1])
        parts.append(drawn.numpy())
        first += count
    text = np.concatenate([np.tile(prime, (GROUP, 1)), *parts], axis=1)
    logits, last = model(tf.constant(text[:, :-1], tf.int32), model.zero_state(GROUP))
    favourites = 1 + np.argmax(logits[:, 2:, 1:], axis=2)
    assert np.array_equal(text[:, 3:], favourites)
    assert len(np.unique(text)) > 2  # a text, not one character
    np.testing.assert_allclose(start[1], last, atol=1e-3)


def test_drawing_chooses_by_the_noise_of_its_place():
    """With weights that say nothing, the noise alone decides; the first code never wins."""
    sampler = Sampler(made_model(scale=0.0), temperature=1.0)
    for group, first in ((0, 0), (3, 5)):
        drawn, _ = sampler.next(sampler.start([1]), 3, group, first, 2)
        streams = range(group * GROUP, group * GROUP + GROUP)
        noise = [noise_of(sampler, 3, streams, first + piece) for piece in range(2)]
        winners = 1 + np.argmax(np.concatenate(noise)[:, :, 1:], axis=2)
        assert np.array_equal(drawn.numpy().T, winners)


def test_a_stream_does_not_depend_on_those_beside_it(sampler):
    """The same program, whatever the others are: not a bit of a row moves with another row."""
    codes, state = sampler.start([1, 2])
    for mine in (0, 5, GROUP - 1):
        others = np.where(np.arange(GROUP) == mine, 0.0, 0.5).astype(np.float32)
        changed = tf.where(others > 0, 3, codes), state + others[:, np.newaxis]
        expected, found = (sampler.next(each, 5, 2, 0, 6) for each in ((codes, state), changed))
        assert np.array_equal(found[0][mine], expected[0][mine])
        assert np.array_equal(found[1][1][:, :, mine], expected[1][1][:, :, mine])
        assert not np.array_equal(found[0], expected[0])


def test_noise_is_standard_gumbel(sampler):
    values = np.concatenate(
        [noise_of(sampler, 1, [0, 1, 2, 3], piece).ravel() for piece in range(400)]
    )
    assert np.all(np.isfinite(values))
    deviation = np.sqrt(np.pi**2 / 6 / len(values))
    assert values.mean() == pytest.approx(np.euler_gamma, abs=4 * deviation)
    assert values.var() == pytest.approx(np.pi**2 / 6, rel=0.03)
    for point in (-1.0, 0.0, 1.0, 3.0):
        assert (values < point).mean() == pytest.approx(np.exp(-np.exp(-point)), abs=0.006)


def test_noise_is_a_function_of_seed_stream_and_piece(sampler, model):
    noise = noise_of(sampler, 7, [0, 1, 2, 3], 2)
    assert noise.shape == (PIECE, 4, VOCABULARY)
    assert np.array_equal(noise, noise_of(Sampler(made_model()), 7, [0, 1, 2, 3], 2))
    assert np.array_equal(noise[:, [3, 1]], noise_of(sampler, 7, [3, 1], 2))
    assert np.array_equal(noise[:, [2]], noise_of(sampler, 7, [2], 2))
    few = noise_of(Sampler(model, top_k=3), 7, [0, 1, 2, 3], 2)  # no more than is looked at
    assert few.shape == (PIECE, 4, 3)
    others = [
        noise_of(sampler, *place)
        for place in ((8, [0, 1, 2, 3], 2), (7, [4, 5, 6, 7], 2), (7, [0, 1, 2, 3], 3))
    ]
    rows = [each[:, row] for each in (noise, *others) for row in range(4)]
    assert len({row.tobytes() for row in rows}) == 16
    assert all(abs(np.corrcoef(rows[0].ravel(), row.ravel())[0, 1]) < 0.4 for row in rows[1:])
