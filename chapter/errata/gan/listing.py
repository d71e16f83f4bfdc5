"""Exhibits of the GAN listing (5.2.1) that need no training worth the name.

E3, E4, E5, E7, E10, E11 and E13: names, return values, the unused model, files, versions.
"""

import builtins
import contextlib
import dis
import io
import math
import tempfile
import types
import warnings
from collections.abc import Callable
from importlib.metadata import metadata
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from keras import layers

import gan.losses
import gan.model
import gan.step
import gan.train
import gan.trained
from chapter.errata.entry import Exhibit
from gan.config import GanSettings
from gan.model import build_discriminator, build_generator
from gan.step import Gan
from gan.train import train
from gan.trained import to_images
from training.seeds import SAMPLE_NOISE, normal_noise
from training.stored import load_run
from training.tensorflow_setup import make_repeatable

MNIST_SHAPE, CIFAR_SHAPE = (28, 28, 1), (32, 32, 3)

# The order in which the listing's loop uses its names, and nothing else of it.
OUTLINE = """
def run_epochs(batches, step):
    for epoch in range(EPOCHS):
        for batch in batches:
            step(batch, BATCH_SIZE)
        display_losses(epoch, train_loss, generator_loss, discriminator_loss)
"""


def run_outline(names: dict[str, object]) -> object:
    """Run the outline of the listing's loop with these names defined; what it returns."""
    scope = dict(names)
    exec(OUTLINE, scope)
    return scope["run_epochs"]([np.zeros(3)], lambda batch, batch_size: None)


def names_asked_for(supplies: dict[str, object]) -> list[str]:
    """Run, supply the name that a NameError asks for, run again: the names, in that order."""
    asked = []
    while True:
        try:
            run_outline({name: supplies[name] for name in asked})
        except NameError as error:
            asked.append(error.name)
        else:
            return asked


def unresolved_names(module: types.ModuleType) -> list[str]:
    """Global names that the code of a module reads and neither it nor Python defines."""
    known = {*vars(module), *vars(builtins), "__annotations__"}
    missing = set()
    pending = [compile(Path(module.__file__).read_text(encoding="utf-8"), module.__file__, "exec")]
    while pending:
        code = pending.pop()
        pending += [each for each in code.co_consts if isinstance(each, types.CodeType)]
        instructions = list(dis.get_instructions(code))
        local = {each.argval for each in instructions if each.opname == "STORE_NAME"}
        read = {each.argval for each in instructions if each.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
        missing |= read - local - known
    return sorted(missing)


SUPPLIES = {
    "EPOCHS": 1,
    "BATCH_SIZE": 64,
    "display_losses": lambda *losses: None,
    "train_loss": 0.0,
    "generator_loss": 0.0,
    "discriminator_loss": 0.0,
}


def undefined_names(seed: int) -> Exhibit:
    """E3: which names stop the listing's loop, one after the other."""
    asked = names_asked_for(SUPPLIES)
    modules = (gan.model, gan.losses, gan.step, gan.train, gan.trained)
    missing = [name for module in modules for name in unresolved_names(module)]
    return Exhibit(
        {"names used and never defined": asked, "runs that end in a NameError": len(asked)},
        {"names used and never defined": missing, "runs that end in a NameError": len(missing)},
    )


def step_without_result(seed: int) -> Exhibit:
    """E4: what a caller can learn about a step that returns nothing."""
    kept = {}

    @tf.function
    def silent_step(images: tf.Tensor) -> None:
        kept["loss"] = tf.reduce_mean(images)  # the way out one tries first: a variable outside

    returned = silent_step(tf.zeros((2, 784)))
    try:
        float(kept["loss"])
        obstacle = None
    except TypeError as error:
        obstacle = type(error).__name__
    make_repeatable(seed)
    here = Gan(GanSettings(seed=seed), MNIST_SHAPE, 10)
    noise = normal_noise(seed, SAMPLE_NOISE, 0, (2, 100))
    measured = here.train_step(tf.zeros((2, 784)), noise, None)
    return Exhibit(
        {
            "what a step returns": returned,
            "numbers a caller can show": 0,
            "error on reading a loss kept outside": obstacle,
        },
        {
            "what a step returns": sorted(measured),
            "numbers a caller can show": sum(math.isfinite(x) for x in measured.values()),
            "error on reading a loss kept outside": None,
        },
    )


def combined_model(seed: int) -> Exhibit:
    """E5: weights that change when the combined model is trained as older textbooks do, and here.

    They compile the discriminator, freeze it, compile generator plus discriminator, and train both
    models in turn. Keras 3 reads `trainable` when a model first trains, not when it is compiled.
    """
    make_repeatable(seed)
    images = tf.random.stateless_uniform((32, 784), (seed, 1), -1, 1)
    noise = normal_noise(seed, SAMPLE_NOISE, 0, (32, 100))
    generator, discriminator = build_generator(100, MNIST_SHAPE), build_discriminator(MNIST_SHAPE)
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    discriminator.compile(optimizer=keras.optimizers.Adam(2e-4, beta_1=0.5), loss=loss)
    discriminator.trainable = False
    combined = keras.Sequential([generator, discriminator])
    combined.compile(optimizer=keras.optimizers.Adam(2e-4, beta_1=0.5), loss=loss)
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
    return Exhibit(
        {
            "models compiled": 2,
            "generator's arrays that changed, of 14": changed(before[0], generator),
            "discriminator's arrays that changed, of 6": changed(before[1], discriminator),
            "what Keras says about it": said[0] if said else None,
        },
        {
            "models compiled": 0,
            "generator's arrays that changed, of 14": changed(before_here[0], here.generator),
            "discriminator's arrays that changed, of 6": changed(
                before_here[1], here.discriminator
            ),
            "what Keras says about it": None,
        },
    )


def changed(before: list[np.ndarray], model: keras.Model) -> int:
    """How many weight arrays of a model differ from what they were."""
    pairs = zip(before, model.get_weights(), strict=True)
    return sum(not np.array_equal(old, new) for old, new in pairs)


def nothing_saved(seed: int) -> Exhibit:
    """E7: what is left when training is over, and whether images can be drawn from it."""
    with tempfile.TemporaryDirectory() as directory:
        with contextlib.chdir(directory):
            returned = run_outline(SUPPLIES)
            left = len(list(Path(directory).rglob("*")))
        run = Path(directory) / "run"
        settings = GanSettings.resolve(
            {"preset": "smoke", "out": str(run), "seed": seed, "quiet": True}
        )
        with contextlib.redirect_stdout(io.StringIO()):
            result = train(settings)
        files = [path for path in run.rglob("*") if path.is_file()]
        first, second = (load_run(run, "gan").generator.sample(seed, 0, 8) for _ in range(2))
    return Exhibit(
        {
            "what training returns": returned,
            "files it leaves": left,
            "images that can be drawn afterwards": 0,
            "the same images when drawn again": False,
        },
        {
            "what training returns": sorted(result),
            "files it leaves": len(files),
            "images that can be drawn afterwards": len(first),
            "the same images when drawn again": bool(np.array_equal(first, second)),
        },
    )


def deprecated_input_dim(seed: int) -> Exhibit:
    """E10: what Keras 3 says about `input_dim`, and that an Input gives the same layer."""

    def measures(make_model: Callable[[], keras.Model]) -> dict:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            model = make_model()
        first = next(layer for layer in model.layers if isinstance(layer, layers.Dense))
        return {
            "warnings": len(caught),
            "what Keras says": str(caught[0].message).split(". ")[0] if caught else None,
            "parameters of the first layer": first.count_params(),
        }

    return Exhibit(
        measures(lambda: keras.Sequential([layers.Dense(256, input_dim=100)])),
        measures(lambda: build_generator(100, MNIST_SHAPE)),
    )


def fixed_image_size(seed: int) -> Exhibit:
    """E11: CIFAR-10, which the chapter names, against networks for 784 values, and for 3,072."""
    cifar_image = tf.zeros((1, int(np.prod(CIFAR_SHAPE))))
    noise = normal_noise(seed, SAMPLE_NOISE, 0, (1, 100))

    def measures(shape: tuple[int, int, int]) -> dict:
        drawn = build_generator(100, shape)(noise, training=False).numpy()
        try:
            build_discriminator(shape)(cifar_image, training=False)
            takes = True
        except ValueError:
            takes = False
        return {
            "values in a CIFAR-10 image": cifar_image.shape[1],
            "values the generator draws": drawn.shape[1],
            "shape of the image they make": list(to_images(drawn, shape).shape[1:]),
            "the discriminator takes a CIFAR-10 image": takes,
        }

    return Exhibit(measures(MNIST_SHAPE), measures(CIFAR_SHAPE))


def old_python(seed: int) -> Exhibit:
    """E13: which of the installed packages refuse the Python that the chapter asks for."""
    packages = ("tensorflow", "keras", "numpy", "pillow")
    oldest = {name: oldest_python(metadata(name)["Requires-Python"]) for name in packages}

    def measures(version: tuple[int, int]) -> dict:
        return {
            "Python": ".".join(map(str, version)),
            "packages that refuse it": [name for name in packages if oldest[name] > version],
        }

    return Exhibit(measures((3, 8)), measures((3, 11)))


def oldest_python(requirement: str) -> tuple[int, int]:
    """The oldest version of a Requires-Python entry: ">=3.10" -> (3, 10)."""
    bound = next(part for part in requirement.split(",") if part.strip().startswith(">="))
    major, minor = bound.strip().removeprefix(">=").split(".")[:2]
    return int(major), int(minor)
