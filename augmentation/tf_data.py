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

from collections.abc import Callable

import numpy as np
import tensorflow as tf

from augmentation.core.batch import Batch, check_batch, check_kinds
from augmentation.core.compiling import can_compile
from augmentation.core.mixing import Partners
from augmentation.core.recipe import Recipe
from augmentation.core.samples import named_parts, to_batch
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
    if not _is_numbered(spec):
        raise InputError(
            "is_numbered=True for samples without a number",
            "(number, sample), as numbered() gives",
            "call numbered() before the shuffling",
        )
    parts = named_parts(spec[1])
    check_kinds(Batch(**{name: _with_axis(part) for name, part in parts.items()}))
    batches = dataset.batch(batch_size, drop_remainder=drop_remainder)
    step = _on_numbered(augmenter(recipe, seed, epoch, partners, batch_size))
    return batches.map(step, num_parallel_calls=parallel_calls, deterministic=True)


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
      images: uint8 (count, height, width, channels), an array or a tensor.
      labels: whole numbers (count,), or None.
      order: the samples to take, in this order: int64 (any,); all of them in theirs if not given.
      others: see `augmented`, which gives the same bytes.

    Returns: batches of (images, labels), or of images.
    Raises: InputError for arrays that the recipe cannot take.
    """
    arrays = check_batch(Batch(images, labels))
    if labels is not None and len(labels) != len(images):
        raise InputError(f"{len(labels)} labels for {len(images)} images", "as many", "pass all")
    chosen = (
        tf.data.Dataset.range(len(images))
        if order is None
        else tf.data.Dataset.from_tensor_slices(tf.cast(order, tf.int64))
    )
    apply = augmenter(recipe, seed, epoch, partners, batch_size)

    @tf.autograph.experimental.do_not_convert
    def step(indices):
        after = apply(indices, arrays.map(lambda part: tf.gather(part, indices)))
        return after.images if labels is None else (after.images, after.labels)

    batches = chosen.batch(batch_size, drop_remainder=drop_remainder)
    return batches.map(step, num_parallel_calls=parallel_calls, deterministic=True)


def augmenter(
    recipe: Recipe,
    seed: int,
    epoch: int | tf.Tensor,
    partners: Partners | None,
    batch_size: int,
) -> Callable[[tf.Tensor, Batch], Batch]:
    """A function of (indices, batch) that keeps one shape: a smaller last batch is filled up.

    A compiled function fits one number of images; with a second one the last batch of the first
    epoch would wait for the compiler again.
    """

    def apply(indices: tf.Tensor, batch: Batch) -> Batch:
        known = indices.shape[0] is not None or not can_compile(batch)
        if known:
            return recipe(batch, seed, epoch, indices, partners)
        count = tf.shape(indices)[0]
        indices, batch = _filled_up(indices, batch, count, batch_size)
        after = recipe(batch, seed, epoch, indices, partners)
        return after.map(lambda part: part[:count])

    return apply


def _filled_up(
    indices: tf.Tensor, batch: Batch, count: tf.Tensor, size: int
) -> tuple[tf.Tensor, Batch]:
    """Repeat the last sample until there are `size` of them."""
    places = tf.minimum(tf.range(size), count - 1)

    def fill(part: tf.Tensor) -> tf.Tensor:
        full = tf.cond(count == size, lambda: part, lambda: tf.gather(part, places))
        return tf.ensure_shape(full, [size, *part.shape[1:]])

    return fill(indices), batch.map(fill)


def _on_numbered(apply: Callable[[tf.Tensor, Batch], Batch]) -> Callable:
    @tf.autograph.experimental.do_not_convert
    def step(indices, sample):
        batch, restore = to_batch(sample)
        return restore(apply(indices, batch))

    return step


def _is_numbered(spec: object) -> bool:
    if not isinstance(spec, tuple) or len(spec) != 2 or not isinstance(spec[0], tf.TensorSpec):
        return False
    return spec[0].dtype == tf.int64 and spec[0].shape.rank == 0


def _with_axis(spec: tf.TensorSpec) -> tf.TensorSpec:
    return tf.TensorSpec([None, *spec.shape], spec.dtype)
