"""The variational autoencoder's formulas, against SciPy, a closed form and an integral."""

import math

import numpy as np
import pytest
import tensorflow as tf
from scipy import stats
from scipy.special import logsumexp

from baselines.parts.draws import CHUNK
from baselines.vae.images import ImageVae
from baselines.vae.model import Shape, Vae, importance_weighted, log_normal
from baselines.vae.step import MEASURES, VaeTrainer
from tests.baselines.shared import eagerly

SMALL = Shape(pixels=4, num_classes=2, latent_dim=3, units=8, components=5)


def random_prior(vae: Vae, scale: float = 1.0) -> None:
    generator = np.random.default_rng(0)
    for weight in vae.prior:
        weight.assign(scale * generator.normal(size=weight.shape))


def batch(shape: Shape, count: int, seed: int = 0):
    generator = np.random.default_rng(seed)
    return (
        tf.constant(generator.random((count, shape.pixels)), tf.float32),
        tf.constant(np.arange(count) % max(shape.num_classes, 1), tf.int32),
        tf.constant(generator.normal(size=(count, shape.latent_dim)), tf.float32),
    )


def test_the_prior_is_the_mixture_of_its_class():
    vae = Vae(SMALL)
    random_prior(vae)
    z = np.random.default_rng(1).normal(size=(4, 3)).astype(np.float32)
    labels = np.array([0, 1, 1, 0])
    logit, mean, log_variance = (weight.numpy() for weight in vae.prior)
    expected = []
    for row, label in zip(z, labels, strict=True):
        log_pi = logit[label] - logsumexp(logit[label])
        means = mean[label].reshape(5, 3)
        deviations = np.exp(log_variance[label].reshape(5, 3) / 2)
        terms = log_pi + stats.norm.logpdf(row, means, deviations).sum(axis=1)
        expected.append(logsumexp(terms))
    assert vae.log_prior(z, labels).numpy() == pytest.approx(expected, rel=1e-5)


def test_components_are_drawn_in_their_shares_and_as_wide_as_they_are():
    vae = Vae(Shape(pixels=4, num_classes=0, latent_dim=1, units=8, components=3))
    vae.prior[0].assign(np.log([[0.2, 0.5, 0.3]]))
    vae.prior[1].assign([[-100.0, 0.0, 100.0]])
    vae.prior[2].assign(np.log([[9.0, 1.0, 1.0]]))
    images = ImageVae(vae, np.ones(1), (2, 2, 1), ())
    codes = np.concatenate(
        [images._prior_codes(0, chunk, tf.zeros(500, tf.int32)).numpy() for chunk in range(20)]
    )
    near = [codes[np.abs(codes - centre) < 50] for centre in (-100, 0, 100)]
    shares = [len(each) / len(codes) for each in near]
    assert shares == pytest.approx([0.2, 0.5, 0.3], abs=0.015)
    assert [each.std() for each in near] == pytest.approx([3, 1, 1], rel=0.06)


def test_under_a_standard_normal_the_divergence_is_the_closed_form():
    """KL(N(m, s^2) || N(0, 1)) = (m^2 + s^2 - ln s^2 - 1) / 2, Kingma and Welling, appendix B."""
    shape = SMALL._replace(components=1)
    vae = Vae(shape, seed=3)
    vae.prior_mean.assign(tf.zeros_like(vae.prior_mean))
    rows, labels, _ = batch(shape, 2)
    mean, log_variance = (each.numpy() for each in vae.encode(rows, labels))
    expected = 0.5 * (mean**2 + np.exp(log_variance) - log_variance - 1).sum(axis=1)
    noise = tf.random.stateless_normal((40_000, 3), (0, 0))
    many = tf.tile(rows, [20_000, 1]), tf.tile(labels, [20_000])
    draws = vae.elbo_parts(*many, noise)[1].numpy().reshape(20_000, 2)
    error = draws.std(axis=0) / math.sqrt(len(draws))
    assert (np.abs(draws.mean(axis=0) - expected) < 4 * error).all()
    assert (error < 0.02).all()


def test_sigma_never_falls_below_a_pixel_step():
    vae = Vae(SMALL)
    assert float(vae.sigma) == pytest.approx(0.25, rel=1e-5)
    vae.log_sigma.assign(-50.0)
    assert float(vae.sigma) == pytest.approx(stats.uniform(0, 1 / 255).std(), rel=1e-5)


@tf.function
def linear_bound(x: np.ndarray, width: float, draws: tf.Tensor) -> tf.Tensor:
    return importance_weighted(linear_log_weight(x, width), draws, x.shape[0])


def linear_log_weight(x: np.ndarray, width: float):
    """ln p(x, z) - ln q(z | x) where z ~ N(0, 1), x ~ N(2 z, 1), whose posterior is known:
    N(0.4 x, 0.2). q is that posterior, `width` times as wide."""

    def log_weight(k):
        noise = tf.random.stateless_normal(x.shape, tf.stack([k, 7]))
        deviation = width * math.sqrt(0.2)
        z = 0.4 * x + deviation * noise
        joint = log_normal(z[:, None], 0.0, tf.zeros(1))
        joint += log_normal(x[:, None] - 2 * z[:, None], 0.0, tf.zeros(1))
        return joint - log_normal(noise[:, None], 0.0, tf.zeros(1)) + math.log(deviation)

    return log_weight


def test_importance_weighting_reaches_the_exact_likelihood():
    x = np.array([-3.0, 0.0, 0.5, 4.0], np.float32)
    exact = stats.norm.logpdf(x, 0, math.sqrt(5))
    one = linear_bound(x, 1.0, tf.constant(1)).numpy()
    assert one == pytest.approx(exact, abs=1e-5)  # the weight is p(x) itself, whatever z
    many = linear_bound(x, 2.0, tf.constant(5000)).numpy()
    assert many == pytest.approx(exact, abs=0.05)
    assert many.dtype == np.float64


def test_weights_of_very_different_size_are_summed_without_overflow():
    def log_weight(k):
        return tf.where(
            tf.equal(k, 0), tf.constant([0.0, -3000.0]), tf.constant([-2000.0, -1000.0])
        )

    total = tf.function(lambda: importance_weighted(log_weight, tf.constant(2), 2))().numpy()
    assert total == pytest.approx([-math.log(2), -1000 - math.log(2)])


def test_each_image_has_its_own_label_and_noise_beyond_the_first_chunk():
    model = ImageVae(Vae(SMALL), np.array([0.5, 0.5]), (2, 2, 1), ("a", "b"))
    random_prior(model.vae)
    one = np.random.default_rng(0).integers(0, 256, (1, 2, 2, 1), dtype=np.uint8)
    images, labels = np.repeat(one, CHUNK + 2, axis=0), np.zeros(CHUNK + 2, np.int64)
    labels[CHUNK + 1] = 1
    found = model.log_likelihood(images, labels, draws=1)
    assert found[CHUNK] != found[0]  # the same image and label, other noise
    codes = model.encode(images, labels)
    other = model.encode(one, np.ones(1, np.int64))[0]
    assert codes[CHUNK] == pytest.approx(codes[0]) and codes[CHUNK + 1] == pytest.approx(other)
    assert not np.allclose(codes[0], other)


def test_the_likelihood_is_the_integral_over_the_code():
    """With a code of one number, p(x | y) can be integrated on a grid."""
    vae = Vae(Shape(pixels=4, num_classes=2, latent_dim=1, units=8, components=3), seed=1)
    random_prior(vae, 0.4)  # near the untrained encoder's codes: fewer draws will do
    model = ImageVae(vae, np.array([0.3, 0.7]), (2, 2, 1), ("a", "b"))
    images = np.random.default_rng(0).integers(0, 256, (6, 2, 2, 1), dtype=np.uint8)
    rows = images.reshape(6, 4) / 255
    grid = np.linspace(-12, 12, 4001, dtype=np.float32)
    exact = np.empty((2, 6))
    for label in (0, 1):
        chosen = tf.fill([len(grid)], label)
        prior = vae.log_prior(grid[:, None], chosen).numpy().astype(np.float64)
        decoded = vae.decode(grid[:, None], chosen).numpy()
        for i, row in enumerate(rows):
            observed = stats.norm.logpdf(row, decoded, float(vae.sigma)).sum(axis=1)
            exact[label, i] = logsumexp(prior + observed) + math.log(grid[1] - grid[0])
        labels = np.full(6, label)
        assert model.log_likelihood(images, labels, 1000) == pytest.approx(exact[label], abs=0.1)
    expected = np.logaddexp(math.log(0.3) + exact[0], math.log(0.7) + exact[1])
    assert model.log_likelihood(images, draws=1000) == pytest.approx(expected, abs=0.1)


def test_a_step_changes_every_weight_at_its_rate_and_raises_the_bound():
    trainer = VaeTrainer(SMALL, learning_rate=1e-2, batch_size=64, seed=0)
    rows, labels, noise = batch(SMALL, 64)
    before = [weight.numpy() for weight in trainer.vae.weights]
    first = trainer.train_step(rows, labels, noise)
    elbo = float(first["reconstruction"] - first["divergence"])
    assert set(first) == set(MEASURES) and float(first["elbo"]) == pytest.approx(elbo, rel=1e-5)
    for weight, old, mean in zip(trainer.vae.weights, before, trainer.average.weights, strict=True):
        assert not np.array_equal(weight, old), weight.path
        # update_average: the decay is (1 + 1) / (10 + 1) after the first step
        expected = old + (1 - 2 / 11) * (weight.numpy() - old)
        assert mean.numpy() == pytest.approx(expected, abs=1e-6)
    # Adam's first step is its rate, and the prior has ten times that of the networks.
    moved = {
        w.path: abs(w.numpy() - b).max() for w, b in zip(trainer.vae.weights, before, strict=True)
    }
    for weight, rate in ((trainer.vae.decoder.weights[0], 1e-2), (trainer.vae.prior_mean, 1e-1)):
        assert moved[weight.path] == pytest.approx(rate, rel=0.02)
    for _ in range(100):
        last = trainer.train_step(rows, labels, noise)
    assert float(last["elbo"]) > float(first["elbo"]) + 1


def test_the_first_weights_follow_from_the_seed():
    one, same, other = Vae(SMALL, 5), Vae(SMALL, 5), Vae(SMALL, 6)
    for a, b, c in zip(one.weights, same.weights, other.weights, strict=True):
        assert np.array_equal(a, b)
        assert not np.any(a) or "log_sigma" in a.path or not np.array_equal(a, c)


def test_a_checkpoint_holds_every_variable_of_a_step(tmp_path):
    trained, fresh = (VaeTrainer(SMALL, 1e-2, 64, seed) for seed in (0, 1))
    with eagerly():
        for _ in range(2):
            trained.train_step(*batch(SMALL, 64))
    path = tf.train.Checkpoint(**trained.tracked()).save(str(tmp_path / "checkpoint"))
    tf.train.Checkpoint(**fresh.tracked()).restore(path).assert_consumed()
    for name in ("vae", "average", "optimizer", "prior_optimizer"):
        pairs = zip(getattr(trained, name).variables, getattr(fresh, name).variables, strict=True)
        for one, other in pairs:
            assert np.array_equal(one, other), (name, one.path)
