"""Shapes and parameter counts of the chapter's two networks, layer by layer."""

import numpy as np
import pytest
from keras import layers

from gan.model import build_discriminator, build_generator

MNIST, COLOUR = (28, 28, 1), (32, 32, 3)


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


@pytest.mark.parametrize("image_shape", [MNIST, COLOUR, (5, 7, 1)])
def test_any_image_shape(image_shape):
    noise = np.random.default_rng(0).normal(size=(4, 10)).astype(np.float32)
    images = build_generator(10, image_shape)(noise, training=False).numpy()
    assert images.shape == (4, np.prod(image_shape))
    assert np.abs(images).max() <= 1.0
    for batch_deviation in (False, True):
        discriminator = build_discriminator(image_shape, batch_deviation=batch_deviation)
        assert discriminator(100 * images, training=False).shape == (4, 1)


def test_the_discriminator_gives_logits():
    images = np.linspace(-40, 40, 5 * 784, dtype=np.float32).reshape(5, 784)
    logits = build_discriminator(MNIST)(images, training=False).numpy()
    assert logits.min() < 0 or logits.max() > 1


def test_batch_deviation_is_one_more_input_of_the_last_layer():
    assert build_discriminator(MNIST, batch_deviation=True).count_params() == 533_505 + 1
