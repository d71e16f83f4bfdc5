"""Shapes and parameter counts of the chapter's networks."""

import numpy as np
import pytest

from gan.model import BatchDeviation, build_discriminator, build_generator

MNIST, COLOUR = (28, 28, 1), (32, 32, 3)


def test_parameter_counts_are_the_chapters():
    assert build_generator(100, MNIST).count_params() == 562_704
    assert build_discriminator(MNIST).count_params() == 533_505


def test_conditional_networks_add_only_the_class_tables():
    # one (scale, shift) a class instead of one for all: 9 more rows of 2 x (256 + 512)
    assert build_generator(100, MNIST, 10).count_params() == 562_704 + 9 * 2 * (256 + 512)
    assert build_discriminator(MNIST, 10).count_params() == 533_505 + 10 * 256


@pytest.mark.parametrize("image_shape", [MNIST, COLOUR, (5, 7, 1)])
@pytest.mark.parametrize(("classes", "how"), [(0, ""), (3, "projection"), (3, "concatenation")])
def test_any_image_shape(image_shape, classes, how):
    noise = np.random.default_rng(0).normal(size=(4, 10)).astype(np.float32)
    labels = np.array([0, 1, 2, 0], np.int32)
    generator = build_generator(10, image_shape, classes, how)
    discriminator = build_discriminator(image_shape, classes, how)
    images = generator([noise, labels] if classes else noise, training=False).numpy()
    logits = discriminator([images, labels] if classes else images, training=False)
    assert images.shape == (4, np.prod(image_shape))
    assert logits.shape == (4, 1)
    assert np.abs(images).max() <= 1.0


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


def test_listing_keeps_its_sigmoid():
    logits = np.linspace(-40, 40, 5 * 784, dtype=np.float32).reshape(5, 784)
    output = build_discriminator(MNIST, output_activation="sigmoid")(logits, training=False)
    assert np.all((output >= 0) & (output <= 1))


def test_concatenation_appends_the_one_hot_label():
    generator = build_generator(10, MNIST, 4, "concatenation")
    discriminator = build_discriminator(MNIST, 4, "concatenation")
    assert generator.count_params() == build_generator(10, MNIST).count_params() + 4 * 256
    assert discriminator.count_params() == 533_505 + 4 * 512
    noise = np.ones((2, 10), np.float32)
    images = generator([noise, np.array([0, 1], np.int32)], training=False).numpy()
    assert np.abs(images[0] - images[1]).max() > 1e-3


def test_batch_deviation_by_hand():
    features = np.array([[0.0, 2.0], [0.0, 4.0], [0.0, 6.0]], np.float32)
    deviation = np.sqrt(8 / 3) / 2  # units vary by 0 and by sqrt(8 / 3); their mean
    expected = np.c_[features, np.full(3, deviation)]
    np.testing.assert_allclose(BatchDeviation()(features), expected, atol=1e-4)
    assert build_discriminator(MNIST, batch_deviation=True).count_params() == 533_505 + 1
