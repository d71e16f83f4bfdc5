"""Counter-based random numbers: published answers, exact probabilities, right distributions."""

import numpy as np
import pytest
import scipy.stats
import tensorflow as tf

from augmentation.core.randomness import Draws, image_keys, random_words, standard_normal, threefry

KEYS = image_keys(7, 3, tf.range(100_000, dtype=tf.int64))


@pytest.mark.parametrize(
    "key, counter, answer",
    [  # the known answers published with Random123 for threefry2x32, 20 rounds
        ((0, 0), (0, 0), (0x6B200159, 0x99BA4EFE)),
        ((0xFFFFFFFF,) * 2, (0xFFFFFFFF,) * 2, (0x1CB996FC, 0xBB002BE7)),
        ((0x13198A2E, 0x03707344), (0x243F6A88, 0x85A308D3), (0xC4923A9C, 0x483DF7A0)),
    ],
)
def test_the_published_answers_of_threefry(key, counter, answer):
    words = threefry(tf.constant(key, tf.uint32), tf.constant(counter, tf.uint32))
    assert tuple(words.numpy()) == answer


def test_a_key_depends_on_seed_epoch_and_index_and_on_nothing_else():
    indices = tf.constant([5, 9, 2**40 + 1], tf.int64)
    together = image_keys(1, 2, indices).numpy()
    alone = np.concatenate([image_keys(1, 2, indices[i : i + 1]).numpy() for i in (2, 0, 1)])
    np.testing.assert_array_equal(together, alone[[1, 2, 0]])
    others = [image_keys(0, 2, indices), image_keys(1, 3, indices), image_keys(1, 2, indices + 1)]
    for other in others:
        assert not np.any(np.all(other.numpy() == together, axis=1))
    assert not np.array_equal(image_keys(1, 2, [2**32 + 1]), image_keys(1, 2, [1]))


def test_children_and_later_draws_differ():
    draws = Draws(KEYS[:1000])
    columns = [draws.uniform(0, 1), draws.uniform(0, 1)]
    columns += [draws.child(i).uniform(0, 1) for i in range(3)]
    columns += [draws.child(0).child(0).uniform(0, 1)]
    correlations = np.corrcoef(np.stack(columns))
    assert np.abs(correlations - np.eye(len(columns))).max() < 0.12


@pytest.mark.parametrize("probability", [0.0, 1e-9, 0.05, 0.9, 1.0])
def test_probabilities_are_exact(probability):
    happened = int(tf.reduce_sum(tf.cast(Draws(KEYS).happens(probability), tf.int32)))
    assert scipy.stats.binomtest(happened, len(KEYS), probability).pvalue > 1e-4


def test_uniform_and_integers_are_even():
    draws = Draws(KEYS)
    values = draws.uniform(-2.0, 6.0).numpy()
    assert values.min() >= -2 and values.max() < 6
    assert scipy.stats.kstest(values, "uniform", (-2, 8)).pvalue > 1e-4
    whole = draws.integers(3, 10).numpy()
    counts = np.bincount(whole, minlength=10)
    assert counts[:3].sum() == 0 and len(counts) == 10
    assert scipy.stats.chisquare(counts[3:]).pvalue > 1e-4
    assert np.all(draws.uniform(1.5, 1.5).numpy() == 1.5)
    own = draws.integers(0, tf.range(1, len(KEYS) + 1)).numpy()
    assert np.all((own >= 0) & (own < np.arange(1, len(KEYS) + 1)))


def test_normal_and_beta_values_have_their_distributions():
    normal = standard_normal(KEYS[:100], 1001).numpy()
    assert normal.shape == (100, 1001)
    assert scipy.stats.kstest(normal.ravel(), "norm").pvalue > 1e-4
    assert np.abs(np.corrcoef(normal[:, :20].T) - np.eye(20)).max() < 0.45
    for alpha in (0.2, 1.0, 3.0):
        beta = Draws(KEYS).beta(alpha).numpy()
        beta = beta[beta < 0.5] * 2  # above, float32 has too few steps for the crowd beside 1
        assert abs(len(beta) / len(KEYS) - 0.5) < 0.01
        halved = scipy.stats.beta(alpha, alpha)
        assert scipy.stats.kstest(beta, lambda x, b=halved: 2 * b.cdf(x / 2)).pvalue > 1e-4


def test_words_do_not_depend_on_how_many_are_asked_for():
    few, many = random_words(KEYS[:3], 5), random_words(KEYS[:3], 64)
    np.testing.assert_array_equal(few, many[:, :5])


def test_compiled_and_not_compiled_draw_the_same():
    def draw(indices):
        draws = Draws(image_keys(3, 1, indices))
        return draws.uniform(-0.3, 0.7), draws.integers(0, 11), draws.beta(0.2), draws.key()

    compiled = tf.function(draw, jit_compile=True)
    for count in (1, 7, 33):
        indices = tf.range(count, dtype=tf.int64)
        for a, b in zip(draw(indices), compiled(indices), strict=True):
            np.testing.assert_array_equal(a, b)


def test_many_draws_and_many_children_are_those_of_single_ones():
    draws = Draws(KEYS[:5])
    for used in range(1, 10):  # over the border of a block, each by its own counter
        expected = threefry(KEYS[:5], tf.constant([used, 0], tf.uint32))
        np.testing.assert_array_equal(draws.key(), expected)
    for position, child in enumerate(draws.children(3)):
        alone = draws.child(position)
        for _ in range(6):
            np.testing.assert_array_equal(child.key(), alone.key())


def test_a_choice_is_in_proportion_to_the_weights():
    counts = np.bincount(Draws(KEYS).choice((1.0, 0.0, 2.5, 0.5)), minlength=4)
    assert counts[1] == 0
    expected = len(KEYS) * np.array([0.25, 0.625, 0.125])
    assert scipy.stats.chisquare(counts[[0, 2, 3]], expected).pvalue > 1e-4
    assert np.all(Draws(KEYS).choice((3.0,)).numpy() == 0)
