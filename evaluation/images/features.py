"""The image features of every metric: a small CNN trained on the real training images only.

    two or more classes    the CNN learns them
    no labels, or one      the same CNN learns by how far each image was turned (0, 90, 180, 270
                           degrees; Gidaris et al. 2018); a random projection would see pixels,
                           not shapes, and one class alone has no gradient

Recipe, chosen on validation accuracy: Adam 2e-3 with cosine decay to 0, batch 128, 6 epochs (more
on small sets, until 1,000 updates), dropout 0.3; the last epoch is taken. For the embedded images
the trained weights lie in shipped/, so that a Frechet distance is the same on every machine; other
data train their own once.
"""

import dataclasses
import json
import math
import sys
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from data.images.load import ImageDataset, ImageSplit
from evaluation.metrics.arrays import check_images
from foundation.files import atomic_path, sha256_of_file, write_json
from foundation.purposes import FEATURE_TURNS, feature_order_rng, rng
from training.run_directory import versions

RECIPE_VERSION = 2  # raise it with any change that alters the trained weights
BATCH_SIZE = 128
EPOCHS = 6
FEWEST_UPDATES = 1000
FEATURE_UNITS = 64
FORWARD_BATCH = 500  # one fixed size: sums in another order would differ in the last bit
CACHE = Path("outputs/feature_networks")
SHIPPED = Path(__file__).with_name("shipped")  # networks of the embedded images, by make.py there


@dataclasses.dataclass(eq=False)
class FeatureNetwork:
    """A trained feature network; make one with `FeatureNetwork.for_dataset`.

    Attributes:
      model: Keras model from uint8 images to [features (n, 64), probabilities (n, classes)].
      task: "classes" or "rotation prediction".
      validation_accuracy, test_accuracy: share right in its own task; None where a split is empty.
      directory: the cache of it, or of what is measured with it; None if the disk refused it.
    """

    model: keras.Model
    task: str
    validation_accuracy: float | None
    test_accuracy: float | None
    directory: Path | None

    @classmethod
    def for_dataset(
        cls, dataset: ImageDataset, epochs: int | None = None, cache: Path = CACHE
    ) -> "FeatureNetwork":
        """Load the network of this data set (shipped or cached), or train it and cache it.

        Training takes about 65 s for 50,000 images of 28 x 28 on two CPU cores. It draws only from
        generators of its own: the caller's NumPy, Python and Keras random states are kept.
        Deterministic kernels are switched on for the process: without them the network would
        depend on whether a training ran before in the same process.

        Args:
          dataset: only `train` is trained on; `validation` and `test` are scored once, at the end.
          epochs: other than the recipe's (tests, smoke runs); such a network is cached apart.
          cache: the directory that holds all cached networks, as
            CACHE/<first 16 hex digits of the data's hash>-<recipe version>-<epochs>. If it cannot
            be written, that is said on stderr.
        """
        tf.config.experimental.enable_op_determinism()
        task = "classes" if dataset.num_classes >= 2 else "rotation prediction"
        if epochs is None:
            updates_per_epoch = math.ceil(len(dataset.train.images) / BATCH_SIZE)
            epochs = max(EPOCHS, math.ceil(FEWEST_UPDATES / updates_per_epoch))
        recipe = {"version": RECIPE_VERSION, "task": task, "epochs": epochs}
        name = f"{dataset.sha256[:16]}-{RECIPE_VERSION}-{epochs}"
        directory = Path(cache) / name
        turns = _turns(dataset.image_shape)
        classes = dataset.num_classes if task == "classes" else len(turns)
        trained, scored = build_models(dataset.image_shape, classes)
        stored = load_network(SHIPPED / name, dataset.sha256, recipe)
        if stored is not None:  # its figures apart from those of a network trained on this machine
            directory = directory.with_name(f"{name}-shipped")
        else:
            stored = load_network(directory, dataset.sha256, recipe)
        # Asked before a minute of work, not only after it:
        if not cached("the feature network", lambda: directory.mkdir(parents=True, exist_ok=True)):
            directory = None
        if stored is None:
            _train(trained, dataset.train, task, turns, epochs)
            scores = {
                part: _accuracy(scored, getattr(dataset, part), task, turns)
                for part in ("validation", "test")
            }
            stored = trained.get_weights(), scores
            if directory and not cached(
                "the feature network",
                lambda: save_network(directory, *stored, dataset.sha256, recipe),
            ):
                directory = None
        weights, scores = stored
        trained.set_weights(weights)
        return cls(scored, task, scores["validation"], scores["test"], directory)

    def outputs(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Features and probabilities of uint8 images (n, height, width, channels), in one pass.

        Returns: float32 (n, 64), at least 0 (ReLU); float32 (n, classes), rows that sum to 1.
        Raises: InputError if the images are not uint8 in four dimensions.
        """
        return _forward(self.model, images)

    def features(self, images: np.ndarray) -> np.ndarray:
        """The penultimate layer of each uint8 image; float32 (n, 64)."""
        return self.outputs(images)[0]

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        """What the network takes each uint8 image for; float32 (n, classes)."""
        return self.outputs(images)[1]


def build_models(
    image_shape: tuple[int, int, int], classes: int
) -> tuple[keras.Model, keras.Model]:
    """Two models over the same weights: uint8 -> logits, and uint8 -> [features, probabilities].

    Convolutions of 16, 32, 64 filters, each but the last halving the image, until it is at most
    8 x 8; Dense 64 ReLU (the features); Dense `classes`. Every initializer and dropout has a seed
    of its own, so that no global seed has to be set.
    """
    layers, seeds = keras.layers, iter(range(100))

    def initializer(kind: type[keras.Initializer]) -> keras.Initializer:
        return kind(seed=next(seeds))

    he, glorot = keras.initializers.HeUniform, keras.initializers.GlorotUniform
    images = keras.Input(image_shape, dtype="uint8")
    x = layers.Rescaling(1 / 127.5, offset=-1.0)(images)  # float32 in [-1, 1]
    filters, size = 16, max(image_shape[:2])
    while size > 8:
        x = layers.Conv2D(filters, 3, padding="same", kernel_initializer=initializer(he))(x)
        x = layers.MaxPooling2D(padding="same")(layers.ReLU()(x))
        filters, size = min(2 * filters, 64), math.ceil(size / 2)
    x = layers.Conv2D(64, 3, padding="same", kernel_initializer=initializer(he))(x)
    x = layers.Dropout(0.3, seed=next(seeds))(layers.Flatten()(layers.ReLU()(x)))
    features = layers.Dense(
        FEATURE_UNITS, activation="relu", kernel_initializer=initializer(he), name="features"
    )(x)
    x = layers.Dropout(0.3, seed=next(seeds))(features)
    logits = layers.Dense(classes, kernel_initializer=initializer(glorot))(x)
    trained = keras.Model(images, logits)
    scored = keras.Model(images, [features, layers.Softmax()(logits)])
    return trained, scored


def _train(
    model: keras.Model, train: ImageSplit, task: str, turns: tuple[int, ...], epochs: int
) -> None:
    count = len(train.images)
    updates = epochs * math.ceil(count / BATCH_SIZE)
    model.compile(
        keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(2e-3, updates)),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    for epoch in range(epochs):
        images, targets = _task_data(train, task, turns, 0, epoch)
        order = feature_order_rng(epoch).permutation(count)
        right = 0.0
        for start in range(0, count, BATCH_SIZE):
            batch = order[start : start + BATCH_SIZE]
            # Not `fit`: its tf.data pipeline writes a false alarm of TensorFlow 2.21 to the screen.
            measured = model.train_on_batch(images[batch], targets[batch], return_dict=True)
            right += len(batch) * float(measured["accuracy"])
        print(
            f"feature network ({task}): epoch {epoch + 1} of {epochs}, "
            f"training accuracy {right / count:.4f}",
            file=sys.stderr,
            flush=True,
        )


def _accuracy(
    model: keras.Model, split: ImageSplit, task: str, turns: tuple[int, ...]
) -> float | None:
    if len(split.images) == 0:
        return None
    images, targets = _task_data(split, task, turns, 1, 0)
    return float((_forward(model, images)[1].argmax(axis=1) == targets).mean())


def _turns(image_shape: tuple[int, int, int]) -> tuple[int, ...]:
    """Quarter turns that keep the image's shape: all four if it is square, else none and two."""
    return (0, 1, 2, 3) if image_shape[0] == image_shape[1] else (0, 2)


def _task_data(
    split: ImageSplit, task: str, turns: tuple[int, ...], seed: int, epoch: int
) -> tuple[np.ndarray, np.ndarray]:
    """Images with their classes, or images each turned at random with the number of its turn."""
    if task == "classes":
        return split.images, split.labels
    targets = rng(seed, FEATURE_TURNS, epoch).integers(len(turns), size=len(split.images))
    images = np.empty_like(split.images)
    for target, turn in enumerate(turns):
        chosen = targets == target
        images[chosen] = np.rot90(split.images[chosen], turn, axes=(1, 2))
    return images, targets


def _forward(model: keras.Model, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    images = check_images("images for the feature network", images)
    if images.shape[1:] != model.input_shape[1:]:
        raise ValueError(
            f"images of shape {images.shape[1:]}; {model.input_shape[1:]} is expected; "
            "resize them to the size of the data set"
        )
    outputs = [np.empty((len(images), shape[1]), np.float32) for shape in model.output_shape]
    for start in range(0, len(images), FORWARD_BATCH):
        part = images[start : start + FORWARD_BATCH]
        padding = [(0, FORWARD_BATCH - len(part)), (0, 0), (0, 0), (0, 0)]
        results = model.predict_on_batch(np.pad(part, padding))
        for output, result in zip(outputs, results, strict=True):
            output[start : start + len(part)] = result[: len(part)]
    return tuple(outputs)


def cached(what: str, write: Callable[[], object]) -> bool:
    """Whether `write` succeeded. A cache saves time and nothing else: a refusal is a warning."""
    try:
        write()
        return True
    except OSError as error:
        print(
            f"warning: {what} cannot be cached ({error}) and will be computed again next time",
            file=sys.stderr,
            flush=True,
        )
        return False


def save_network(
    directory: Path,
    weights: list[np.ndarray],
    scores: dict[str, float | None],
    data_sha256: str,
    recipe: dict,
) -> None:
    """Write weights.npz, then network.json with its hash: only both together are a network."""
    for figures in directory.glob("real-*.json"):  # measured with the features of older weights
        figures.unlink()
    weights_file = directory / "weights.npz"
    with atomic_path(weights_file) as temporary:
        np.savez(temporary, **{f"{index:03d}": array for index, array in enumerate(weights)})
    description = {
        "data_sha256": data_sha256,
        "recipe": recipe,
        "accuracy": scores,
        "weights_sha256": sha256_of_file(weights_file),
        "versions": versions("tensorflow", "keras", "numpy"),
    }
    write_json(directory / "network.json", description)


def load_network(
    directory: Path, data_sha256: str, recipe: dict
) -> tuple[list[np.ndarray], dict[str, float | None]] | None:
    """Weights and accuracies as `save_network` got them; None if there are none that are whole.

    A damaged cache is not an error: it is said on stderr, and the caller trains anew.
    """
    try:
        if not (directory / "network.json").exists():
            return None
        description = json.loads((directory / "network.json").read_text(encoding="utf-8"))
        if description["data_sha256"] != data_sha256 or description["recipe"] != recipe:
            raise ValueError("it belongs to other data or another recipe")
        if sha256_of_file(directory / "weights.npz") != description["weights_sha256"]:
            raise ValueError("weights.npz does not have the hash in network.json")
        with np.load(directory / "weights.npz", allow_pickle=False) as arrays:
            weights = [arrays[name] for name in sorted(arrays.files)]
        accuracy = description["accuracy"]
        return weights, {name: accuracy[name] for name in ("validation", "test")}
    except (OSError, ValueError, KeyError, TypeError) as error:  # a JSON error is a ValueError
        print(
            f"feature network in {directory} is damaged ({error}): training anew", file=sys.stderr
        )
        return None
