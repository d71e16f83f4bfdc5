"""The variant `listing` keeps both defects, and in all else is the corrected GAN."""

import numpy as np
import pytest
import tensorflow as tf

from gan.listing import ListingGan
from tests.gan.steps import eager_step, made_batch, make_gan, run_epoch, values


def test_its_discriminator_says_probabilities_and_the_losses_take_them_for_logits():
    """Erratum E1; the measures read them as what they are."""
    listing, corrected = make_gan(variant="listing"), make_gan()
    assert isinstance(listing, ListingGan)
    images, noise, _ = made_batch(listing)
    real = tf.sigmoid(corrected.discriminator(images)).numpy()
    fake = tf.sigmoid(corrected.discriminator(corrected.generator(noise, training=True))).numpy()
    np.testing.assert_allclose(listing.discriminator(images), real, rtol=1e-5)
    measured = {name: float(value) for name, value in eager_step(listing, images, noise).items()}
    assert measured["d_real"] == pytest.approx(real.mean(), rel=1e-5)
    assert measured["d_fake"] == pytest.approx(fake.mean(), rel=1e-5)
    assert measured["generator_loss"] == pytest.approx(np.log1p(np.exp(-fake)).mean(), rel=1e-5)


def test_it_pairs_the_last_batch_with_too_many_fakes():
    """Erratum E2: 3 real images against 8 fakes in the last step."""
    looped, stepped = make_gan(variant="listing"), make_gan(variant="listing")
    images, order, noise = run_epoch(looped, 19)
    for first, last, fakes in ((0, 8, 8), (8, 16, 16), (16, 19, 24)):
        real = images[order[first:last]].astype(np.float32) / 127.5 - 1.0
        eager_step(stepped, tf.constant(real), tf.constant(noise[first:fakes]))
    for a, b in zip(values(looped.variables()), values(stepped.variables()), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)
    assert float(looped.averages.sums[-1]) == 19.0
