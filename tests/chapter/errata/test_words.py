"""The errata that are a matter of words: what they say of Keras, Python and the listings holds."""

import dataclasses
import importlib.metadata
import itertools
import math
import re
import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from chapter.errata.command import choose
from chapter.errata.text.small_text import listing_model, loss_of_logits
from gan.config import GanSettings
from gan.model import build_discriminator, build_generator
from gan.step import Gan
from gan.trained import to_images
from lstm_text.model import CharacterModel
from lstm_text.score import Scorer
from tests.chapter.errata.exhibits import shown
from training.seeds import make_repeatable

# The order in which the listings use their names, and nothing else of them.
GAN_OUTLINE = """
def run(batches, step):
    for epoch in range(EPOCHS):
        for batch in batches:
            step(batch, BATCH_SIZE)
        display_losses(epoch, train_loss, generator_loss, discriminator_loss)
"""
TEXT_OUTLINE = """
def run(model, batches):
    model.compile(optimizer="adam", loss=loss_of)
    for epoch in range(EPOCHS):
        for codes, targets in batches:
            step(model, codes, targets)
        display_losses(epoch, train_loss, model.loss)

def step(model, codes, targets):
    with GradientTape() as tape:
        value = loss_of(targets, model(codes))
    variables = model.trainable_variables
    optimizer.apply(tape.gradient(value, variables), variables)
"""
CODES = np.arange(72).reshape(4, 18) % 5 + 1  # a text of four segments, five characters in turn
EPOCHS = 3


def names_asked_for(run, supplies):
    """Run, supply the name that a NameError asks for, run again: the names, in that order."""
    asked = []
    while True:
        try:
            run({name: supplies[name] for name in asked})
        except NameError as error:
            asked.append(error.name)
        else:
            return asked


def run_gan(names):
    scope = dict(names)
    exec(GAN_OUTLINE, scope)
    return scope["run"]([np.zeros(3)], lambda batch, batch_size: None)


def run_text(names, model):
    scope = {"loss_of": loss_of_logits, "GradientTape": tf.GradientTape, **names}
    exec(TEXT_OUTLINE, scope)
    return scope["run"](model, [(CODES[:, :8], CODES[:, 1:9])])


def test_e3_undefined_names():
    supplies = {"EPOCHS": 1, "BATCH_SIZE": 64, "display_losses": lambda *losses: None}
    losses = ("train_loss", "generator_loss", "discriminator_loss")
    asked = names_asked_for(run_gan, supplies | dict.fromkeys(losses, 0.0))
    assert asked == [*supplies, *losses]
    assert re.findall(r"`(\w+)`", shown("E3")) == asked
    assert {"epochs", "batch_size"} <= {each.name for each in dataclasses.fields(GanSettings)}


def test_e4_step_without_result():
    kept = {}

    @tf.function
    def silent_step(images):
        kept["loss"] = tf.reduce_mean(images)  # the way out one tries first: a variable outside

    assert silent_step(tf.zeros((2, 784))) is None
    with pytest.raises(TypeError):
        float(kept["loss"])
    make_repeatable(0)
    gan = Gan(GanSettings(), (28, 28, 1), 10)
    measured = gan.train_step(tf.zeros((2, 784)), tf.zeros((2, 100)), None)
    assert {"generator_loss", "discriminator_loss"} <= set(measured) and len(measured) == 6
    assert all(math.isfinite(value) for value in measured.values())


def test_e10_deprecated_input_dim():
    with pytest.warns(UserWarning, match="input_dim") as said:
        model = keras.Sequential([layers.Dense(256, input_dim=100)])
    assert len(said) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        generator = build_generator(100, (28, 28, 1))
    first = next(layer for layer in generator.layers if isinstance(layer, layers.Dense))
    assert model.count_params() == first.count_params() == 25_856


def test_e11_fixed_image_size():
    cifar = (32, 32, 3)
    with pytest.raises(ValueError, match="3072"):
        build_discriminator((28, 28, 1))(tf.zeros((1, 3072)))
    assert build_discriminator(cifar)(tf.zeros((1, 3072))).shape == (1, 1)
    drawn = build_generator(100, cifar)(tf.zeros((1, 100)), training=False).numpy()
    assert to_images(drawn, cifar).shape == (1, 32, 32, 3)


def test_e13_old_python():
    oldest = {}
    for name in ("tensorflow", "keras", "numpy", "pillow"):
        requirement = importlib.metadata.metadata(name)["Requires-Python"]
        major, minor = re.search(r">=(\d+)\.(\d+)", requirement).groups()
        oldest[name] = (int(major), int(minor))
    assert all((3, 8) < version <= (3, 11) for version in oldest.values())


def text_supplies(show=lambda *shown: None):
    """What the text listing uses and never defines."""
    optimizer = keras.optimizers.Adam()
    own = {"EPOCHS": EPOCHS, "optimizer": optimizer, "display_losses": show}
    return own | {"train_loss": None}


def test_e14_undefined_optimizer():
    model, names = listing_model(6, 4, 8, seed=0), text_supplies()
    before = model.get_weights()
    run_text(names, model)
    assert isinstance(model.optimizer, keras.optimizers.Adam)
    assert int(model.optimizer.iterations) == 0 and int(names["optimizer"].iterations) == EPOCHS
    assert any(np.any(old != new) for old, new in zip(before, model.get_weights(), strict=True))


def test_e15_displayed_loss():
    model, displayed = listing_model(6, 4, 8, seed=0), []

    def run(names):  # each time with a new optimizer
        supplied = text_supplies(lambda epoch, train_loss, loss: displayed.append(loss))
        run_text({name: supplied[name] for name in names}, model)

    asked = names_asked_for(run, text_supplies())
    assert asked == ["EPOCHS", "optimizer", "display_losses", "train_loss"]
    assert displayed == [loss_of_logits] * EPOCHS  # of the last run; the others stop before


def test_e22_a_step_that_never_says_that_it_trains():
    make_repeatable(0)
    values = tf.ones((8, 100))
    model = keras.Sequential([keras.Input((100,)), layers.Dropout(0.5)])

    @tf.function
    def step(values):
        with tf.GradientTape():
            return model(values)

    assert np.array_equal(step(values), values)
    first, second = (model(values, training=True).numpy() for _ in range(2))
    assert np.mean(first == 0) == pytest.approx(0.5, abs=0.1)  # the word that is missing
    assert np.any(first != second)


def test_e23_chance_of_a_text():
    make_repeatable(0)
    model = CharacterModel(vocabulary_size=5, embedding_dim=4, units=8)
    texts = np.array([(0, *rest) for rest in itertools.product(range(5), repeat=3)], np.uint8)
    chances = np.exp(-Scorer(model).carried(texts).sum(axis=1, dtype=np.float64))
    assert len(texts) == 125 and chances.sum() == pytest.approx(1)
    state, chance = model.zero_state(1), 1.0
    for code, target in itertools.pairwise(texts[86].tolist()):
        logits, state = model(tf.constant([[code]]), state)
        chance *= float(tf.nn.softmax(logits)[0, 0, target])
    assert chances[86] == pytest.approx(chance, rel=1e-5)


def test_references():
    titles = {
        "E12": (
            "Image-to-Image Translation with Conditional Adversarial Networks",
            *("Data Augmentation Generative Adversarial Networks", "1711.04340", "Antoniou"),
            '"Generative Adversarial Nets", NIPS 2014, is right',
        ),
        "E24": (
            *("Show and Tell: A Neural Image Caption Generator", "CVPR 2015", "1411.4555"),
            *("Generating Text with Recurrent Neural Networks", "ICML 2011"),
        ),
        "E25": ("Synthetic Data Generation for Scalable Model Evaluation", "None was found"),
    }
    check_told(titles)


def test_divisions():
    check_told(
        {
            "E27": ("no adversary", "Auto-Encoding Variational Bayes", "1312.6114"),
            "E28": ("EM Algorithm", "1977", "Dempster"),
            "E33": ("from one or two real ones", "learnt from all of them"),
        }
    )


def check_told(words):
    for number, told in words.items():
        (erratum,) = choose(number)
        assert erratum.module is None
        text = " ".join(erratum.text.split())
        assert [each for each in told if each not in text] == [], number
