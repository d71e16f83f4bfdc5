"""Drawing: the choice against a slow one, the fast step against the model, noise, seeds."""

import numpy as np
import pytest
import tensorflow as tf

from lstm_text.model import CharacterModel
from lstm_text.sampler import CHARACTERS_A_CALL, ROWS, Sampler

VOCABULARY = 8


def made_model(layers: int = 2, tie_weights: bool = False, scale: float = 1.0) -> CharacterModel:
    """A model of strong weights: its favourites change from character to character."""
    model = CharacterModel(VOCABULARY, 5, 6, layers, tie_weights)
    generator = np.random.default_rng(0)
    model.set_weights([generator.normal(size=each.shape) * scale for each in model.get_weights()])
    return model


@tf.function(jit_compile=True)
def compiled_noise(sampler, seed, first_stream, call):
    return sampler._noise(seed, first_stream, call)


def noise_of(sampler: Sampler, seed: int, first_stream: int, call: int) -> np.ndarray:
    """The noise of `next`: compiled as there, because XLA makes other numbers of the same bits."""
    place = (tf.constant(value, tf.int32) for value in (seed, first_stream, call))
    return compiled_noise(sampler, *place).numpy()


@pytest.fixture(scope="module")
def model():
    return made_model()


def slow_shares(logits, temperature, top_k, top_p) -> np.ndarray:
    """The probabilities that a choice among one row of logits should have."""
    order = sorted(range(1, len(logits)), key=lambda code: -logits[code])[:top_k]
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
    return Sampler(model, **choice).choose(rows, tf.constant(noise)).numpy()


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
@pytest.mark.parametrize(
    ("top_k", "top_p"),
    [(None, None), (3, None), (100, None), (None, 0.6), (None, 0.95), (None, 1.0), (4, 0.7)],
)
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
    noise = tf.zeros((5, VOCABULARY))
    for choice in ({}, {"top_k": 4}, {"top_p": 0.9}, {"top_k": 2, "top_p": 0.5}):
        assert Sampler(model, 1.0, **choice).choose(logits, noise).numpy().tolist() == [
            3,
            1,
            7,
            2,
            5,
        ]


@pytest.mark.parametrize(
    "choice",
    [
        {"temperature": 0.0},
        {"temperature": 0.0, "top_k": 3, "top_p": 0.5},
        {"temperature": 1e-30},
        {"temperature": 1e-300},
        {"temperature": 2.0, "top_k": 1},
        {"temperature": 2.0, "top_p": 1e-9},
    ],
)
def test_what_leaves_only_the_likeliest(model, choice):
    for seed in range(20):
        logits = np.random.default_rng(seed).normal(size=VOCABULARY) * 5
        logits[0] = 30.0
        assert set(chosen(model, logits, 50, **choice)) == {1 + int(np.argmax(logits[1:]))}


@pytest.mark.parametrize("choice", [{}, {"top_k": 7}, {"top_p": 0.999}])
@pytest.mark.parametrize("temperature", [1e30, 1e300, float("inf")])
def test_endless_heat_draws_all_alike_but_never_the_unknown(model, temperature, choice):
    drawn = chosen(model, np.arange(VOCABULARY) * 3.0, temperature=temperature, **choice)
    frequencies = np.bincount(drawn, minlength=VOCABULARY) / len(drawn)
    assert frequencies[0] == 0 and np.all(np.abs(frequencies[1:] - 1 / 7) < 0.03)


@pytest.mark.parametrize(("layers", "tie_weights"), [(1, False), (2, False), (2, True), (3, False)])
def test_the_fast_step_is_the_models_own(layers, tie_weights):
    model = made_model(layers, tie_weights)
    sampler = Sampler(model)
    codes = np.random.default_rng(1).integers(0, VOCABULARY, (ROWS, 10)).astype(np.int32)
    expected, last = model(tf.constant(codes), model.zero_state(ROWS))
    state, tables = model.zero_state(ROWS), sampler._tables()
    for index in range(10):
        output, state = sampler._advance(tf.constant(codes[:, index]), state, tables)
        np.testing.assert_allclose(model.logits(output), expected[:, index], atol=1e-4, rtol=1e-5)
    np.testing.assert_allclose(state, last, atol=1e-5)


@pytest.mark.parametrize("prime", [[3], [3, 1, 4], [2] * 33, [1, 5] * 20])
def test_start_reads_all_of_the_prime_text_but_its_last_character(model, prime):
    codes, state, _ = Sampler(model).start(prime)
    assert codes.numpy().tolist() == [prime[-1]] * ROWS
    expected = model.zero_state(ROWS)
    if len(prime) > 1:
        _, expected = model(tf.tile(tf.constant([prime[:-1]]), [ROWS, 1]), expected)
    np.testing.assert_allclose(state, expected, atol=1e-5)


def test_drawing_without_noise_follows_the_models_favourites(model):
    """Over two calls: characters, last codes and state are handed on."""
    sampler, prime = Sampler(model, temperature=0.0), [2, 5, 1]
    codes, state, tables = sampler.start(prime)
    parts = []
    for call in range(2):
        drawn, codes, state = sampler.next(codes, state, tables, 0, 0, call)
        assert drawn.shape == (ROWS, CHARACTERS_A_CALL)
        assert np.array_equal(codes, drawn[:, -1])
        parts.append(drawn.numpy())
    text = np.concatenate([np.tile(prime, (ROWS, 1)), *parts], axis=1)
    logits, last = model(tf.constant(text[:, :-1], tf.int32), model.zero_state(ROWS))
    favourites = 1 + np.argmax(logits[:, 2:, 1:], axis=2)
    assert np.array_equal(text[:, 3:], favourites)
    assert len(np.unique(text)) > 2  # a text, not one character
    np.testing.assert_allclose(state, last, atol=1e-3)


def test_drawing_chooses_by_the_noise_of_its_place():
    """With weights that say nothing, the noise alone decides; the first code never wins."""
    sampler = Sampler(made_model(scale=0.0), temperature=1.0)
    codes, state, tables = sampler.start([1])
    for place in ((3, 0, 0), (3, 8, 1)):
        drawn, _, _ = sampler.next(codes, state, tables, *place)
        noise = noise_of(sampler, *place)
        assert np.array_equal(drawn.numpy().T, 1 + np.argmax(noise[:, :, 1:], axis=2))


def test_noise_is_standard_gumbel(model):
    sampler = Sampler(model)
    values = np.concatenate([noise_of(sampler, 1, 0, call).ravel() for call in range(100)])
    assert np.all(np.isfinite(values))
    deviation = np.sqrt(np.pi**2 / 6 / len(values))
    assert values.mean() == pytest.approx(np.euler_gamma, abs=4 * deviation)
    assert values.var() == pytest.approx(np.pi**2 / 6, rel=0.03)
    for point in (-1.0, 0.0, 1.0, 3.0):
        assert (values < point).mean() == pytest.approx(np.exp(-np.exp(-point)), abs=0.006)


def test_noise_is_a_function_of_seed_stream_and_call(model):
    sampler = Sampler(model)
    noise = noise_of(sampler, 7, 0, 2)
    assert noise.shape == (CHARACTERS_A_CALL, ROWS, VOCABULARY)
    assert np.array_equal(noise, noise_of(Sampler(made_model()), 7, 0, 2))
    assert np.array_equal(noise[:, 2:], noise_of(sampler, 7, 2, 2)[:, :2])  # streams 2 and 3
    others = [noise_of(sampler, *place) for place in ((8, 0, 2), (7, 4, 2), (7, 0, 3))]
    rows = [each[:, row] for each in (noise, *others) for row in range(ROWS)]
    assert len({row.tobytes() for row in rows}) == 4 * ROWS
    assert all(abs(np.corrcoef(rows[0].ravel(), row.ravel())[0, 1]) < 0.3 for row in rows[1:])
