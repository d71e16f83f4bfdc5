"""The labelled pair: its class tables, and what a label changes."""

import numpy as np

from gan.conditional import build_discriminator, build_generator

MNIST = (28, 28, 1)


def test_only_the_class_tables_are_added():
    # one (scale, shift) a class instead of one for all: 9 more rows of 2 x (256 + 512)
    assert build_generator(100, MNIST, 10).count_params() == 562_704 + 9 * 2 * (256 + 512)
    assert build_discriminator(MNIST, 10).count_params() == 533_505 + 10 * 256
    assert build_discriminator(MNIST, 10, batch_deviation=True).count_params() == 533_506 + 10 * 256


def test_the_label_changes_the_image_and_the_verdict():
    shape, noise = (5, 7, 3), np.ones((2, 10), np.float32)
    generator, discriminator = build_generator(10, shape, 2), build_discriminator(shape, 2)
    table = next(w for w in generator.trainable_variables if w.path.endswith("beta"))
    for weights in (table, discriminator.get_layer("class_embedding").kernel):
        weights.assign(np.random.default_rng(0).normal(size=weights.shape))
    images = generator([noise, np.array([0, 1], np.int32)], training=False).numpy()
    assert images.shape == (2, 5 * 7 * 3) and np.abs(images).max() <= 1.0
    same = np.repeat(images[:1], 2, axis=0)
    logits = discriminator([same, np.array([0, 1], np.int32)], training=False).numpy()
    assert np.abs(images[0] - images[1]).max() > 1e-3
    assert logits.shape == (2, 1) and abs(logits[0, 0] - logits[1, 0]) > 1e-3
