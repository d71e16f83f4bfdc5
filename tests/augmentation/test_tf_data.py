"""In tf.data: one fate for each sample, whatever the batches, the order, shards and threads."""

import collections

import numpy as np
import pytest
import tensorflow as tf

from augmentation.core.batch import Batch
from augmentation.core.composition import OneOf
from augmentation.core.mixing import Partners
from augmentation.core.recipe import Recipe
from augmentation.tf_data import augmented, augmented_arrays, numbered
from augmentation.transforms.catalog import MIXINGS
from foundation.errors import InputError
from tests.augmentation.toys import Add, Double, Grow, Mirror

COUNT = 43
IMAGES = np.random.default_rng(0).integers(0, 256, (COUNT, 6, 5, 1), dtype=np.uint8)
LABELS = np.arange(COUNT) % 4
RECIPE = Recipe("toy", steps=(Add(spread=200), OneOf([Mirror(), Double()], probability=0.7)))
EXPECTED = RECIPE(Batch(tf.constant(IMAGES)), 3, 1, np.arange(COUNT)).images.numpy()


def pairs():
    return tf.data.Dataset.from_tensor_slices((IMAGES, LABELS))


def collect(dataset):
    """All samples of batches of (images, labels)."""
    images, labels = zip(*dataset.as_numpy_iterator(), strict=True)
    return np.concatenate(images), np.concatenate(labels)


@pytest.mark.parametrize("batch_size, parallel_calls", [(1, 8), (7, 2)])
def test_bytes_do_not_depend_on_batches_or_threads(batch_size, parallel_calls):
    options = {"epoch": 1, "batch_size": batch_size, "parallel_calls": parallel_calls}
    for dataset in (
        augmented(pairs(), RECIPE, 3, **options),
        augmented_arrays(IMAGES, LABELS, RECIPE, 3, **options),
    ):
        batches = list(dataset.as_numpy_iterator())
        images, labels = map(np.concatenate, zip(*batches, strict=True))
        np.testing.assert_array_equal(images, EXPECTED)
        np.testing.assert_array_equal(labels, LABELS)
        assert images.dtype == np.uint8 and labels.dtype == LABELS.dtype
        starts = range(0, COUNT, batch_size)
        assert [len(batch) for batch, _ in batches] == [min(batch_size, COUNT - n) for n in starts]


def test_shuffled_and_sharded_samples_keep_their_fate():
    options = {"epoch": 1, "batch_size": 7, "is_numbered": True}
    places = np.arange(COUNT)
    whole = tf.data.Dataset.zip((numbered(pairs()), tf.data.Dataset.from_tensor_slices(places)))
    whole = whole.map(lambda pair, place: (pair[0], {"image": pair[1][0], "place": place}))
    for dataset in (
        [whole.shuffle(COUNT, seed=5)],
        [whole.shard(3, shard) for shard in range(3)],
        [whole.skip(20)],
    ):
        seen = []
        for part in dataset:
            for batch in augmented(part, RECIPE, 3, **options).as_numpy_iterator():
                np.testing.assert_array_equal(batch["image"], EXPECTED[batch["place"]])
                seen += batch["place"].tolist()
        assert len(set(seen)) == len(seen) >= COUNT - 20
    order = np.array([40, 2, 2, 17])
    arrays = augmented_arrays(IMAGES, LABELS, RECIPE, 3, epoch=1, order=order, batch_size=7)
    images, labels = collect(arrays)
    np.testing.assert_array_equal(images, EXPECTED[order])
    np.testing.assert_array_equal(labels, LABELS[order])


def test_epochs_follow_one_another_with_other_images():
    def of_epoch(epoch):
        shuffled = numbered(pairs()).shuffle(COUNT, seed=epoch)
        return augmented(shuffled, RECIPE, 3, epoch=epoch, batch_size=COUNT, is_numbered=True)

    dataset = tf.data.Dataset.range(3).flat_map(of_epoch)
    epochs, again = (list(dataset.as_numpy_iterator()) for _ in range(2))
    for one, other in zip(epochs, again, strict=True):
        np.testing.assert_array_equal(one[0], other[0])
    found = {image.tobytes() for image in epochs[1][0]}
    assert found == {image.tobytes() for image in EXPECTED}
    assert len(found & {image.tobytes() for image in epochs[2][0]}) < 5
    assert not np.array_equal(epochs[0][1], epochs[1][1])


def test_the_structure_of_the_samples_stays():
    mirror, mirrored = Recipe("mirror", steps=(Mirror(),)), IMAGES[:, :, ::-1]

    def first(samples):
        dataset = tf.data.Dataset.from_tensor_slices(samples)
        return next(augmented(dataset, mirror, 3, batch_size=COUNT).as_numpy_iterator())

    np.testing.assert_array_equal(first(IMAGES), mirrored)
    images, _, weights = first((IMAGES, LABELS, LABELS / 4))
    np.testing.assert_array_equal(images, mirrored)
    np.testing.assert_array_equal(weights, LABELS / 4)
    pair = first(collections.namedtuple("Pair", "picture, digit")(IMAGES, LABELS))
    np.testing.assert_array_equal(pair.picture, mirrored)
    np.testing.assert_array_equal(pair.digit, LABELS)
    masks = (IMAGES[..., 0] > 128).astype(np.uint8)
    named = {
        "images": IMAGES,
        "mask": masks,
        "boxes": np.tile(np.array([[[0, 0, 2, 3]]], np.float32), (COUNT, 1, 1)),
        "box_labels": np.zeros((COUNT, 1), np.int32),
        "file": np.array([f"{i}.png" for i in range(COUNT)]),
    }
    after = first(named)
    np.testing.assert_array_equal(after["images"], mirrored)
    np.testing.assert_array_equal(after["mask"], masks[:, :, ::-1])
    np.testing.assert_array_equal(after["boxes"], np.tile([[[3, 0, 5, 3]]], (COUNT, 1, 1)))
    assert list(after) == list(named) and after["file"][3] == b"3.png"


def test_images_of_different_sizes_go_one_by_one():
    def images():
        for side in (4, 7, 5):
            yield IMAGES[side, :side, :4]

    spec = tf.TensorSpec([None, None, 1], tf.uint8)
    dataset = tf.data.Dataset.from_generator(images, output_signature=spec)
    recipe = Recipe("toy", steps=(Add(spread=200), Grow()))
    for i, after in enumerate(augmented(dataset, recipe, 3, batch_size=1)):
        image = tf.constant(list(images())[i][None])
        np.testing.assert_array_equal(after, recipe(Batch(image), 3, 0, [i]).images)


def test_mixing_takes_partners_and_gives_soft_labels():
    recipe = Recipe("mixed", steps=(Add(spread=50),), mixing=MIXINGS["cutmix"]())
    partners = Partners(IMAGES, LABELS, 4)
    batch = Batch(tf.constant(IMAGES), tf.constant(LABELS))
    expected = recipe(batch, 3, 0, np.arange(COUNT), partners)
    for dataset in (
        augmented(pairs(), recipe, 3, partners=partners, batch_size=7),
        augmented_arrays(IMAGES, LABELS, recipe, 3, partners=partners, batch_size=7),
    ):
        images, labels = collect(dataset)
        np.testing.assert_array_equal(images, expected.images)
        np.testing.assert_array_equal(labels, expected.labels)
        assert labels.dtype == np.float32


def test_the_last_batch_can_be_left_out_and_an_empty_set_is_empty():
    dataset = augmented(pairs(), RECIPE, 3, epoch=1, batch_size=7, drop_remainder=True)
    assert dataset.element_spec[0].shape == (7, 6, 5, 1)
    np.testing.assert_array_equal(collect(dataset)[0], EXPECTED[:42])
    assert list(augmented(pairs().take(0), RECIPE, 3, batch_size=7)) == []
    assert list(augmented_arrays(IMAGES[:0], None, RECIPE, 3, batch_size=7)) == []


@pytest.mark.parametrize(
    "samples, options, message",
    [
        (IMAGES / 255, {}, "images of dtype float64; uint8: 0 to 255"),
        (IMAGES[..., 0], {}, r"images of shape \(None, 6, 5\); 0 to 255"),
        ((IMAGES, LABELS / 4), {}, "labels of dtype float64"),
        ({"pixels": IMAGES}, {}, "a sample with the keys pixels; the key images"),
        (((IMAGES, LABELS), LABELS), {}, "a sample that is a tuple without an image in front"),
        ((IMAGES, LABELS), {"is_numbered": True}, "is_numbered=True for samples without a number"),
        ((IMAGES, LABELS), {"epoch": -1}, "epoch -1; a whole number from 0"),
    ],
)
def test_what_cannot_be_augmented_is_refused_before_it_runs(samples, options, message):
    dataset = tf.data.Dataset.from_tensor_slices(samples)
    with pytest.raises(InputError, match=message):
        augmented(dataset, RECIPE, 0, **options)


def test_a_number_may_have_a_name():
    spec = (tf.TensorSpec([], tf.int64, name="number"), tf.TensorSpec([6, 5, 1], tf.uint8))
    rows = list(enumerate(IMAGES))
    named = tf.data.Dataset.from_generator(lambda: iter(rows), output_signature=spec)
    (batch,) = augmented(named, RECIPE, 0, batch_size=len(rows), is_numbered=True)
    (expected,) = augmented_arrays(IMAGES, None, RECIPE, 0, batch_size=len(rows))
    np.testing.assert_array_equal(batch, expected)


def test_arrays_that_do_not_fit_are_refused():
    with pytest.raises(InputError, match="3 labels for 43 images"):
        augmented_arrays(IMAGES, LABELS[:3], RECIPE, 0)
    with pytest.raises(InputError, match="images of dtype float32"):
        augmented_arrays(IMAGES.astype(np.float32), None, RECIPE, 0)
    recipe = Recipe("mixed", mixing=MIXINGS["mixup"]())
    with pytest.raises(InputError, match="there are no partners"):
        augmented_arrays(IMAGES, LABELS, recipe, 0)
