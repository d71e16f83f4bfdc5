"""An epoch of the variational autoencoder: which image meets which noise, and what is averaged."""

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from baselines.vae.model import Shape, Vae
from baselines.vae.step import MEASURES, VaeTrainer
from baselines.vae.train import COLUMNS, FORWARD_BATCH, VaeLearner
from data.images.dataset import ImageDataset, ImageSplit
from tests.baselines.shared import eagerly, settings_of
from training.checkpoints import all_finite

SHAPE = Shape(pixels=4, num_classes=2, latent_dim=3, units=8, components=2)
EPOCH = 5  # images; two batches of two and one of one


def made_split(count: int, seed: int) -> ImageSplit:
    """One image in four is of class 1."""
    generator = np.random.default_rng(seed)
    images = generator.integers(0, 256, (count, 2, 2, 1), dtype=np.uint8)
    return ImageSplit(images, generator.permutation(np.arange(count) % 4 == 3).astype(np.int64))


def learner_of(validation: ImageSplit, **given) -> VaeLearner:
    dataset = ImageDataset("made", made_split(40, 0), validation, made_split(4, 2), ("a", "b"))
    small = {"batch_size": 8, "latent_dim": 3, "units": 8, "learning_rate": 1e-2}
    return VaeLearner(dataset, settings_of("vae", "mnist", **small, **given))


def test_the_steps_of_an_epoch_take_its_images_labels_and_noise_in_order():
    """Against the same steps without a graph, one by one on batches that are cut out here."""
    whole, single = (VaeTrainer(SHAPE, 1e-2, batch_size=2, seed=0) for _ in range(2))
    generator = np.random.default_rng(0)
    images = generator.integers(0, 256, (EPOCH, 4), dtype=np.uint8)
    labels = np.array([0, 1, 1, 0, 1], np.int32)
    order = np.array([3, 0, 4, 1, 2], np.int32)
    noise = generator.normal(size=(EPOCH, 3)).astype(np.float32)
    arrays = (tf.constant(each) for each in (images, labels, order, noise))
    whole.train_steps(*arrays, tf.constant(0), tf.constant(3))
    measured, sizes = [], [2, 2, 1]
    for start in range(0, EPOCH, 2):
        rows, chosen = order[start : start + 2], slice(start, start + 2)
        batch = images[rows] / np.float32(255), labels[rows], noise[chosen]
        with eagerly():
            measured.append(single.train_step(*map(tf.constant, batch)))
    for one, other in zip(whole.vae.weights, single.vae.weights, strict=True):
        assert one.numpy() == pytest.approx(other.numpy(), abs=1e-6), one.path
    averages = whole.averages.result()
    for name in MEASURES:
        values = [float(each[name]) for each in measured]
        mean = np.average(values, weights=sizes)
        assert float(averages[name]) == pytest.approx(mean, rel=1e-5)
        assert mean != pytest.approx(np.mean(values), rel=1e-3)


def test_each_epoch_has_an_order_and_a_noise_of_its_own():
    learner = learner_of(made_split(4, 1))
    learner.begin_epoch(0, 0)
    order, noise = learner.order.numpy(), learner.noise.numpy()
    assert sorted(order) == list(range(40)) and noise.shape == (40, 3)
    learner.begin_epoch(1, 0)
    assert not np.array_equal(learner.order, order) and not np.array_equal(learner.noise, noise)


def test_what_is_measured_and_kept_are_the_averaged_weights():
    learner = learner_of(made_split(4, 1))
    learner.begin_epoch(0, 0)
    with eagerly():
        learner.train_steps(0, 0, learner.steps)
    average, last = learner.trainer.average, learner.trainer.vae
    assert float(average.sigma) != pytest.approx(float(last.sigma), rel=1e-4)
    row = learner.end_epoch(0)
    assert row["sigma"] == pytest.approx(float(average.sigma), rel=1e-6)
    before = row["validation_elbo"]
    last.log_sigma.assign(3.0)  # the weights of the step alone: nothing that is measured changes
    assert learner.validation_elbo() == before
    kept = learner.generator().arrays()
    for index, weight in enumerate(average.get_weights()):
        assert np.array_equal(kept[f"{index:02d}"], weight)


def test_the_validation_bound_is_the_mean_over_all_images_and_their_labels():
    """With a code that the decoder does not hear and a posterior that is the prior's only Gaussian,
    the noise cancels, and the bound is a normal density of the pixels."""
    split = made_split(FORWARD_BATCH + 101, 1)
    learner = learner_of(split, prior_components=1)
    deaf(learner.trainer.average)
    by_label = np.array([0.2, 0.9])  # the mean image of each class: one grey
    sigma = float(learner.trainer.average.sigma)
    apart = split.images.reshape(len(split), -1) / 255 - by_label[split.labels][:, None]
    density = -0.5 * (apart / sigma) ** 2 - np.log(sigma * np.sqrt(2 * np.pi))
    assert learner.validation_elbo() == pytest.approx(density.sum(axis=1).mean(), rel=1e-4)


def deaf(vae: Vae) -> None:
    """Posterior N(0, I) for all images; the decoder gives 0.2 for class 0 and 0.9 for class 1."""
    for weight in [*vae.encoder.weights, *vae.decoder.weights, *vae.prior]:
        weight.assign(tf.zeros_like(weight))
    kernels = [weight for weight in vae.decoder.weights if len(weight.shape) == 2]
    kernels[0][3, 0].assign(1.0)  # inputs: three of the code, then one for each class
    kernels[0][4, 1].assign(1.0)
    kernels[1][0, 0].assign(1.0)
    kernels[1][1, 1].assign(1.0)
    kernels[2][0].assign(tf.fill([4], tf.math.log(0.2 / 0.8)))
    kernels[2][1].assign(tf.fill([4], tf.math.log(0.9 / 0.1)))


def test_the_shares_of_the_classes_are_those_of_the_training_images():
    assert learner_of(made_split(4, 1)).generator().shares == pytest.approx([0.75, 0.25])


def test_a_weight_that_is_not_finite_is_seen():
    learner = learner_of(made_split(4, 1))
    assert all_finite(learner.variables())
    learner.trainer.vae.log_sigma.assign(float("nan"))
    assert not all_finite(learner.variables())


def test_under_each_row_of_images_stands_what_came_back_of_it(tmp_path):
    learner = learner_of(made_split(3 * COLUMNS + 7, 1))
    split, model = learner.dataset.validation, learner.generator()
    with eagerly():
        learner.draw(tmp_path)
        back = model.decode(model.encode(split.images, split.labels), split.labels)
    drawn = np.asarray(Image.open(tmp_path / "reconstructions.png").convert("L"))
    cells = drawn[2:, 2:].reshape(6, 6, COLUMNS, 6).swapaxes(1, 2)[:, :, :4, :4]  # twice as large
    shown = cells[:, :, ::2, ::2].reshape(3, 2, COLUMNS, 2, 2)  # real and what came back, in turn
    for row, expected in enumerate((split.images, back)):
        assert np.array_equal(shown[:, row], expected[: 3 * COLUMNS].reshape(3, COLUMNS, 2, 2))
