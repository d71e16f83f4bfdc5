"""One training step: the right losses, the right weights changed, from the same starting point."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan.losses import discriminator_loss, generator_loss
from gan.step import MEASURES
from tests.gan.steps import all_variables, eager_step, made_batch, make_gan, run_epoch, values


def test_losses_equal_keras_cross_entropy():
    real, fake = np.random.default_rng(0).normal(size=(2, 9, 1)).astype(np.float32) * 5
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    ones, zeros = np.ones_like(real), np.zeros_like(real)
    expected = cross_entropy(ones, real) + cross_entropy(zeros, fake)
    np.testing.assert_allclose(discriminator_loss(real, fake), expected, rtol=1e-6)
    np.testing.assert_allclose(generator_loss(fake), cross_entropy(ones, fake), rtol=1e-6)


def test_losses_at_their_levels_and_at_extreme_logits():
    zero, huge = tf.zeros((5, 1)), tf.constant([[1e4], [-1e4]])
    np.testing.assert_allclose(discriminator_loss(zero, zero), 2 * np.log(2), rtol=1e-6)
    np.testing.assert_allclose(generator_loss(zero), np.log(2), rtol=1e-6)
    assert np.isfinite(discriminator_loss(huge, huge)) and np.isfinite(generator_loss(huge))


@pytest.mark.parametrize("variant", ["listing", "corrected", "conditional"])
def test_each_optimizer_changes_its_own_network_and_no_other(variant):
    gan = make_gan(variant=variant)
    batch = made_batch(gan)
    for moving, resting, rate_g, rate_d in (
        (gan.generator, gan.discriminator, 0.01, 0.0),
        (gan.discriminator, gan.generator, 0.0, 0.01),
    ):
        gan.generator_optimizer.learning_rate.assign(rate_g)
        gan.discriminator_optimizer.learning_rate.assign(rate_d)
        before = values(moving.trainable_variables), values(resting.trainable_variables)
        eager_step(gan, *batch)
        after = values(moving.trainable_variables), values(resting.trainable_variables)
        # A class table moves only in the rows of the batch's classes; a Dense before batch
        # normalization has a bias without effect. So: the last layer moves, nothing rests moves.
        assert np.any(before[0][-2] != after[0][-2])
        assert all(np.array_equal(a, b) for a, b in zip(before[1], after[1], strict=True))


@pytest.mark.parametrize("gamma", [0.0, 2.0])
@pytest.mark.parametrize("variant", ["corrected", "conditional"])
def test_step_is_simultaneous(variant, gamma):
    """Against two separate computations, each from the untouched weights."""
    given = {"variant": variant, "gradient_penalty": gamma}
    fast, slow = make_gan(**given), make_gan(**given)
    images, noise, labels = made_batch(fast)

    def pair(inputs):
        return [inputs, labels] if labels is not None else inputs

    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(
            tf.nn.softplus(-slow.discriminator(pair(slow.generator(pair(noise), training=True))))
        )
    gradients_g = tape.gradient(loss, slow.generator.trainable_variables)
    # the forward pass above has moved the batch statistics once, as the step does
    fakes = slow.generator(pair(noise), training=True)
    with tf.GradientTape() as tape:
        real, fake = slow.discriminator(pair(images)), slow.discriminator(pair(fakes))
        loss = tf.reduce_mean(tf.nn.softplus(-real)) + tf.reduce_mean(tf.nn.softplus(fake))
        with tf.GradientTape() as inner:
            inner.watch(images)
            judged = slow.discriminator(pair(images))
        norms = tf.reduce_sum(inner.gradient(judged, images) ** 2, axis=1)
        objective = loss + gamma / 2 * tf.reduce_mean(norms)
    gradients_d = tape.gradient(objective, slow.discriminator.trainable_variables)
    slow.discriminator_optimizer.apply(gradients_d, slow.discriminator.trainable_variables)
    slow.generator_optimizer.apply(gradients_g, slow.generator.trainable_variables)

    measured = eager_step(fast, images, noise, labels)
    assert float(measured["discriminator_loss"]) == pytest.approx(float(loss), rel=1e-5)
    for network in ("generator", "discriminator"):
        pairs = (values(getattr(each, network).trainable_variables) for each in (fast, slow))
        for a, b in zip(*pairs, strict=True):
            # Adam's first step has size 1 whatever the gradient; where that is rounding noise
            # (biases before batch normalization) the sign is chance, the size is the step.
            np.testing.assert_allclose(a, b, atol=2 * 2e-4 + 1e-6)
            assert np.isclose(a, b, atol=1e-6).mean() > 0.99 or a.ndim == 1


def test_measures_are_what_they_say():
    gan = make_gan()
    images, noise, _ = made_batch(gan)
    real = tf.sigmoid(gan.discriminator(images)).numpy()
    fake = tf.sigmoid(gan.discriminator(gan.generator(noise, training=True))).numpy()
    measured = {name: float(value) for name, value in eager_step(gan, images, noise).items()}
    assert tuple(measured) == MEASURES
    assert measured["d_real"] == pytest.approx(real.mean(), rel=1e-4)
    assert measured["d_fake"] == pytest.approx(fake.mean(), rel=1e-4)
    assert measured["accuracy_real"] == pytest.approx((real > 0.5).mean())
    assert measured["accuracy_fake"] == pytest.approx((fake < 0.5).mean())


@pytest.mark.parametrize("variant", ["corrected", "conditional"])
def test_the_last_smaller_batch_is_right(variant):
    """19 images in batches of 8: the third step gets 3 images, 3 labels and 3 noise vectors."""
    given = {"variant": variant, "gradient_penalty": 2.0}
    looped, stepped = make_gan(**given), make_gan(**given)
    images, order, noise = run_epoch(looped, 19)
    for first, last in ((0, 8), (8, 16), (16, 19)):
        real = images[order[first:last]].astype(np.float32) / 127.5 - 1.0
        labels = tf.constant(order[first:last] % 3) if stepped.conditional else None
        eager_step(stepped, tf.constant(real), tf.constant(noise[first:last]), labels)
    assert float(looped.averages.sums[-1]) == 19.0  # steps weigh by their images
    for a, b in zip(values(looped.variables()), values(stepped.variables()), strict=True):
        # a bias before batch normalization has no gradient but rounding noise, which Adam enlarges
        np.testing.assert_allclose(a, b, atol=1e-5)


def test_an_epoch_in_pieces_is_the_same_epoch():
    gan = make_gan(dropout=0.3)
    variables = all_variables(gan)
    before = values(variables)
    run_epoch(gan, 19)
    whole = values(variables)
    for variable, value in zip(variables, before, strict=True):
        variable.assign(value)
    run_epoch(gan, 19, calls=((0, 1), (1, 3)))
    assert not all(map(np.array_equal, whole, before))
    assert all(map(np.array_equal, whole, values(variables)))


def test_average_generator_follows_by_its_formula():
    gan = make_gan(generator_average=0.9)
    expected = values(gan.average_generator.variables)
    for t in range(1, 4):
        eager_step(gan, *made_batch(gan))
        decay = min(0.9, (1 + t) / (10 + t))
        weights = values(gan.generator.variables)
        expected = [e + (1 - decay) * (w - e) for e, w in zip(expected, weights, strict=True)]
    for a, b in zip(values(gan.average_generator.variables), expected, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)
    assert gan.sampler is gan.average_generator


def test_gradient_penalty_is_that_of_finite_differences():
    gan = make_gan(gradient_penalty=1.0)
    images, _, _ = made_batch(gan, count=3)
    logits, penalty = gan._judge_real(images, None)
    epsilon, norms = 1e-2, []
    for row in images.numpy():
        shifted = row + epsilon * np.eye(16, dtype=np.float32)
        back = row - epsilon * np.eye(16, dtype=np.float32)
        slope = (gan.discriminator(shifted) - gan.discriminator(back)) / (2 * epsilon)
        norms.append(float(tf.reduce_sum(slope**2)))
    assert logits.shape == (3, 1)
    assert float(penalty) == pytest.approx(0.5 * np.mean(norms), rel=0.05)


def test_class_tables_take_the_step_of_adam():
    """Their gradients are dense: Keras's Adam mistreats the sparse ones of a look-up."""
    gan = make_gan(variant="conditional")
    _, noise, labels = made_batch(gan)
    with tf.GradientTape(persistent=True) as tape:
        fakes = gan.generator([noise, labels], training=True)
        loss = tf.reduce_sum(gan.discriminator([fakes, labels], training=True))
    for model in (gan.generator, gan.discriminator):
        for variable in model.trainable_variables:
            gradient = tape.gradient(loss, variable)
            assert gradient is None or isinstance(gradient, tf.Tensor), variable.path
