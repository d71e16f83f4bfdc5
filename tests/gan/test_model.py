"""Shapes and parameter counts of the chapter's two networks, layer by layer."""

import numpy as np
import pytest
from keras import layers

from gan.model import BatchDeviation, build_discriminator, build_generator

MNIST = (28, 28, 1)


def kinds(model) -> list[str]:
    """The layers of a model, its input apart: their kind, and their units if they have any."""
    named = [(type(layer).__name__, getattr(layer, "units", "")) for layer in model.layers]
    return [f"{name} {units}".strip() for name, units in named if name != "InputLayer"]


def test_the_layers_and_parameter_counts_are_the_chapters():
    generator, discriminator = build_generator(100, MNIST), build_discriminator(MNIST)
    block = ["BatchNormalization", "LeakyReLU"]
    assert kinds(generator) == ["Dense 256", *block, "Dense 512", *block, "Dense 784"]
    block = ["LeakyReLU", "Dropout"]
    assert kinds(discriminator) == ["Dense 512", *block, "Dense 256", *block, "Dense 1"]
    assert generator.count_params() == 562_704
    assert discriminator.count_params() == 533_505
    dropped = [layer for layer in discriminator.layers if isinstance(layer, layers.Dropout)]
    assert [(layer.rate, layer.seed) for layer in dropped] == [(0.3, 0), (0.3, 1)]


@pytest.mark.parametrize("image_shape", [MNIST, (5, 7, 3)])
def test_any_image_shape(image_shape):
    noise = np.random.default_rng(0).normal(size=(4, 10)).astype(np.float32)
    images = build_generator(10, image_shape)(noise, training=False).numpy()
    assert images.shape == (4, np.prod(image_shape))
    assert np.abs(images).max() <= 1.0
    for batch_deviation in (False, True):
        discriminator = build_discriminator(image_shape, batch_deviation=batch_deviation)
        logits = discriminator(100 * images, training=False).numpy()
        assert logits.shape == (4, 1) and (logits.min() < 0 or logits.max() > 1)  # no probability


def test_batch_deviation_by_hand_and_as_one_more_input_of_the_last_layer():
    features = np.array([[0.0, 2.0], [0.0, 4.0], [0.0, 6.0]], np.float32)
    deviation = np.sqrt(8 / 3) / 2  # units vary by 0 and by sqrt(8 / 3); their mean
    expected = np.c_[features, np.full(3, deviation)]
    np.testing.assert_allclose(BatchDeviation()(features), expected, atol=1e-4)
    assert build_discriminator(MNIST, batch_deviation=True).count_params() == 533_505 + 1
