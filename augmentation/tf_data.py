"""A recipe in a tf.data pipeline: the same bytes for any batch size, order, shard and parallelism.

    training = augmented(dataset, load_recipe("cifar_standard"), seed=0, batch_size=128)

Every sample has a number, and its number decides its fate. Whoever shuffles or shards must do so
after the numbering; and every epoch needs another number, or it brings the same images again:

    def of_epoch(epoch):
        shuffled = numbered(dataset).shuffle(60_000, seed=epoch)
        return augmented(shuffled, recipe, seed=0, epoch=epoch, is_numbered=True)

    training = tf.data.Dataset.range(20).flat_map(of_epoch)

(After `tf.random.set_seed(0)`, TensorFlow takes no tensor as the seed of a shuffle; any other
number, or none, will do.)
"""

import numpy as np
import tensorflow as tf

from augmentation.core.batch import Batch, checked, named_parts, to_batch
from augmentation.core.compiling import can_compile
from augmentation.core.mixing import Partners
from augmentation.core.recipe import Recipe
from foundation.errors import InputError


def numbered(dataset: tf.data.Dataset) -> tf.data.Dataset:
    """(number, sample) for each sample, in the order of the data set: to be shuffled or sharded."""
    return dataset.enumerate()


def augmented(
    dataset: tf.data.Dataset,
    recipe: Recipe,
    seed: int,
    *,
    epoch: int | tf.Tensor = 0,
    batch_size: int = 32,
    parallel_calls: int = tf.data.AUTOTUNE,
    partners: Partners | None = None,
    is_numbered: bool = False,
    drop_remainder: bool = False,
) -> tf.data.Dataset:
    """Batches of augmented samples, in the order of the data set.

    Args:
      dataset: single samples: an image; (image, label, ...); or a dict with the keys images, and
        labels, masks, boxes, box_labels where there are any. Images are uint8 (height, width,
        channels), all of one size unless the batch size is 1; see `Batch` for the rest. What else
        there is passes through.
      recipe: what to do; see `load_recipe`.
      seed, epoch: whole numbers; the same two give the same images.
      parallel_calls: batches that are made at the same time; it changes nothing but the speed.
      partners: the images to mix with; for a recipe that mixes.
      is_numbered: the data set comes from `numbered`, and was shuffled or sharded since.
      drop_remainder: leave out the last batch if it is smaller.

    Returns: the same structure with a leading axis; after mixing the labels are float32 (count,
      classes).
    Raises: InputError for samples that the recipe cannot take.
    """
    dataset = dataset if is_numbered else numbered(dataset)
    spec = dataset.element_spec
    if not (isinstance(spec, tuple) and len(spec) == 2 and is_number(spec[0])):
        received = "is_numbered=True for samples without a number"
        expected = "(number, sample), as numbered() gives"
        raise InputError(received, expected, "call numbered() before the shuffling")
    parts = Batch(**named_parts(spec[1]))
    checked(parts.map(lambda part: tf.TensorSpec([None, *part.shape], part.dtype)))

    @tf.autograph.experimental.do_not_convert
    def step(indices, sample):
        batch, restore = to_batch(sample)
        return restore(_apply(recipe, batch, seed, epoch, indices, partners, batch_size))

    batches = dataset.batch(batch_size, drop_remainder=drop_remainder)
    return batches.map(step, num_parallel_calls=parallel_calls, deterministic=True)


def is_number(spec: object) -> bool:
    """Whether an element is one int64, under whatever name."""
    return isinstance(spec, tf.TensorSpec) and (spec.dtype, spec.shape.rank) == (tf.int64, 0)


def augmented_arrays(
    images: np.ndarray,
    labels: np.ndarray | None,
    recipe: Recipe,
    seed: int,
    *,
    epoch: int | tf.Tensor = 0,
    order: np.ndarray | tf.Tensor | None = None,
    batch_size: int = 32,
    parallel_calls: int = tf.data.AUTOTUNE,
    partners: Partners | None = None,
    drop_remainder: bool = False,
) -> tf.data.Dataset:
    """The same from arrays in memory, batch by batch: faster, because no sample travels alone.

    Args:
      images, labels: see `Batch`; labels whole numbers, or None.
      order: the samples to take, in this order: int64 (any,); all of them in theirs if not given.
      others: see `augmented`, which gives the same bytes.

    Returns: batches of (images, labels), or of images.
    Raises: InputError for arrays that the recipe cannot take.
    """
    arrays = checked(Batch(images, labels).map(tf.convert_to_tensor))
    if labels is not None and len(labels) != len(images):
        raise InputError(f"{len(labels)} labels for {len(images)} images", "as many", "pass all")
    order = tf.range(len(images), dtype=tf.int64) if order is None else tf.cast(order, tf.int64)

    @tf.autograph.experimental.do_not_convert
    def step(indices):
        batch = arrays.map(lambda part: tf.gather(part, indices))
        after = _apply(recipe, batch, seed, epoch, indices, partners, batch_size)
        return after.images if labels is None else (after.images, after.labels)

    chosen = tf.data.Dataset.from_tensor_slices(order)
    batches = chosen.batch(batch_size, drop_remainder=drop_remainder)
    return batches.map(step, num_parallel_calls=parallel_calls, deterministic=True)


def _apply(
    recipe: Recipe,
    batch: Batch,
    seed: int,
    epoch: int | tf.Tensor,
    indices: tf.Tensor,
    partners: Partners | None,
    size: int,
) -> Batch:
    """The recipe on batches that keep one shape: a smaller last one is filled up to `size` images.

    A compiled function fits one number of images; with a second one the last batch of the first
    epoch would wait for the compiler again.
    """
    if indices.shape[0] is not None or not can_compile(batch):
        return recipe(batch, seed, epoch, indices, partners)
    count = tf.shape(indices)[0]
    places = tf.minimum(tf.range(size), count - 1)  # the last sample again and again

    def fill(part: tf.Tensor) -> tf.Tensor:
        full = tf.cond(count == size, lambda: part, lambda: tf.gather(part, places))
        return tf.ensure_shape(full, [size, *part.shape[1:]])

    after = recipe(batch.map(fill), seed, epoch, fill(indices), partners)
    return after.map(lambda part: part[:count])
