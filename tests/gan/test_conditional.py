"""The labelled pair: shapes, what a label changes, and nothing else than the chapter's layers."""

import numpy as np
import pytest

from gan.conditional import build_discriminator, build_generator

MNIST, COLOUR = (28, 28, 1), (32, 32, 3)


def test_projection_adds_only_the_class_tables():
    # one (scale, shift) a class instead of one for all: 9 more rows of 2 x (256 + 512)
    assert build_generator(100, MNIST, 10).count_params() == 562_704 + 9 * 2 * (256 + 512)
    assert build_discriminator(MNIST, 10).count_params() == 533_505 + 10 * 256
    assert build_discriminator(MNIST, 10, batch_deviation=True).count_params() == 533_506 + 10 * 256


@pytest.mark.parametrize("image_shape", [MNIST, COLOUR, (5, 7, 1)])
@pytest.mark.parametrize("how", ["projection", "concatenation"])
def test_any_image_shape(image_shape, how):
    noise = np.random.default_rng(0).normal(size=(4, 10)).astype(np.float32)
    labels = np.array([0, 1, 2, 0], np.int32)
    generator = build_generator(10, image_shape, 3, how)
    discriminator = build_discriminator(image_shape, 3, how)
    images = generator([noise, labels], training=False).numpy()
    assert images.shape == (4, np.prod(image_shape))
    assert np.abs(images).max() <= 1.0
    assert discriminator([images, labels], training=False).shape == (4, 1)


def test_the_label_changes_the_image_and_the_verdict():
    generator, discriminator = build_generator(10, MNIST, 2), build_discriminator(MNIST, 2)
    tables = [w for w in generator.trainable_variables if w.path.endswith("beta")]
    tables[0].assign(np.random.default_rng(0).normal(size=tables[0].shape))
    embedding = discriminator.get_layer("class_embedding").kernel
    embedding.assign(np.random.default_rng(1).normal(size=embedding.shape))
    noise = np.ones((2, 10), np.float32)
    images = generator([noise, np.array([0, 1], np.int32)], training=False).numpy()
    same = np.repeat(images[:1], 2, axis=0)
    logits = discriminator([same, np.array([0, 1], np.int32)], training=False).numpy()
    assert np.abs(images[0] - images[1]).max() > 1e-3
    assert abs(logits[0, 0] - logits[1, 0]) > 1e-3


def test_concatenation_appends_the_one_hot_label():
    generator = build_generator(10, MNIST, 4, "concatenation")
    discriminator = build_discriminator(MNIST, 4, "concatenation")
    assert generator.count_params() == 562_704 + (10 + 4 - 100) * 256
    assert discriminator.count_params() == 533_505 + 4 * 512
    noise = np.ones((2, 10), np.float32)
    images = generator([noise, np.array([0, 1], np.int32)], training=False).numpy()
    assert np.abs(images[0] - images[1]).max() > 1e-3
