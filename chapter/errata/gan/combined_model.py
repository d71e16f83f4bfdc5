"""E5. A combined model that nothing uses: see docs/errata.md."""

import warnings

import keras
import numpy as np
import tensorflow as tf

from chapter.errata.exhibit import Exhibit, Measures
from foundation.purposes import SAMPLE_NOISE
from gan.config import GanSettings
from gan.model import build_discriminator, build_generator
from gan.step import Gan
from training.seeds import make_repeatable, normal_noise

MNIST_SHAPE = (28, 28, 1)


def exhibit(seed: int) -> Exhibit:
    """E5: weights that change when the combined model is trained as older textbooks do, and here.

    They compile the discriminator, freeze it, compile generator plus discriminator, and train both
    models in turn. Keras 3 reads `trainable` when a model first trains, not when it is compiled.
    """
    make_repeatable(seed)
    images = tf.random.stateless_uniform((32, 784), (seed, 1), -1, 1)
    noise = normal_noise(seed, SAMPLE_NOISE, 0, (32, 100))
    generator, discriminator = build_generator(100, MNIST_SHAPE), build_discriminator(MNIST_SHAPE)
    discriminator = compiled(discriminator)
    discriminator.trainable = False
    combined = compiled(keras.Sequential([generator, discriminator]))
    before = generator.get_weights(), discriminator.get_weights()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        discriminator.train_on_batch(images, np.ones((32, 1)))
        discriminator.train_on_batch(generator(noise), np.zeros((32, 1)))
        combined.train_on_batch(noise, np.ones((32, 1)))
    said = [str(each.message) for each in caught if "trainable weights" in str(each.message)]

    here = Gan(GanSettings(seed=seed), MNIST_SHAPE, 10)
    before_here = here.generator.get_weights(), here.discriminator.get_weights()
    here.train_step(images, noise, None)

    def measures(models: int, old: tuple, new: tuple, warning: str | None) -> Measures:
        return {
            "models compiled": models,
            "generator's arrays that changed, of 14": changed(old[0], new[0]),
            "discriminator's arrays that changed, of 6": changed(old[1], new[1]),
            "what Keras says about it": warning,
        }

    return Exhibit(
        measures(2, before, (generator, discriminator), said[0] if said else None),
        measures(0, before_here, (here.generator, here.discriminator), None),
    )


def compiled(model: keras.Model) -> keras.Model:
    """The model, compiled with the listing's optimizer and loss."""
    adam = keras.optimizers.Adam(2e-4, beta_1=0.5)
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    model.compile(optimizer=adam, loss=loss, run_eagerly=True)
    return model


def changed(before: list[np.ndarray], model: keras.Model) -> int:
    """How many weight arrays of a model differ from what they were."""
    pairs = zip(before, model.get_weights(), strict=True)
    return sum(not np.array_equal(old, new) for old, new in pairs)
