"""What every transform must pass. A new one is tested by a row in one of the tables."""

import dataclasses
import functools
import json
import math

import numpy as np
import pytest
import scipy.stats
import tensorflow as tf

from augmentation.core.batch import Batch, Size, size_of
from augmentation.core.composition import apply_step, check_steps, describe_step, draw_step
from augmentation.core.fields import FieldError
from augmentation.core.randomness import Draws, image_keys
from augmentation.core.recipe import Recipe
from augmentation.core.transform import Transform
from augmentation.recipes.read import read_recipe
from augmentation.recipes.tables import recipe_table
from augmentation.transforms.catalog import TRANSFORMS
from foundation.errors import InputError
from tests.augmentation.transforms import rows_geometry, rows_intensity
from tests.augmentation.transforms.table import Row, pictures

ALL = rows_geometry.ROWS + rows_intensity.ROWS
SIZE, INDICES, MANY = Size(30, 26, 3), np.arange(50, 58), 10_000
# compiled once, as affine; and sums of whole numbers, which no compiler changes
SAME_COMPILED = {"rotate", "translate", "vertical_flip", "contrast", "saturation", "invert"}
SAME_COMPILED |= {"posterize"}
OWN_DRAW = {"erase", "random_resized_crop"}  # compute with what they draw


def rows(chosen: list[Row]):
    return pytest.mark.parametrize("row", chosen, ids=[row.name for row in chosen])


EVERY = rows(ALL)


def channels_of(row: Row) -> tuple[int, ...]:
    return (3,) if row.colour else (1, 3)


def draw(transform, indices, size=SIZE):
    return draw_step(transform, Draws(image_keys(1, 2, tf.constant(indices, tf.int64))), size)


def run(transform, images, indices=INDICES):
    """Draw for these samples and apply, operation by operation."""
    batch = Batch(tf.constant(images))
    return apply_step(transform, batch, draw(transform, indices, size_of(images))).images.numpy()


def blocks(count: int = 8) -> np.ndarray:
    """A bright rectangle in each image: uint8 (count, height, width)."""
    found = np.zeros((count, *SIZE[:2]), np.uint8)
    found[:, 4:17, 3:14] = 1
    return found


@functools.cache
def applied(row: Row, channels: int) -> tuple[np.ndarray, dict, Batch]:
    """Images with a mask and boxes, what was drawn for them, and what came out."""
    images, masks = pictures(channels), blocks() * np.int32(300)  # more than a byte holds
    boxes = np.tile(np.array([[[3, 4, 14, 17], [0, 0, 0, 0]]], np.float32), (8, 1, 1))
    labels = np.tile(np.array([[5, -1]], np.int32), (8, 1))
    batch = Batch(images, None, masks, boxes, labels).map(tf.constant)
    drawn = draw(row.transform, INDICES, size_of(images))
    after = apply_step(row.transform, batch, drawn).map(lambda part: part.numpy())
    np.testing.assert_array_equal(batch.images, images)
    return images, drawn, after


def test_every_transform_has_a_row():
    assert {row.name for row in ALL} == set(TRANSFORMS)


@EVERY
def test_dtypes_shapes_and_the_drawn_numbers(row):
    assert row.colour == row.transform.colour_only
    for channels in channels_of(row):
        images, drawn, after = applied(row, channels)
        size = row.transform.size_after(size_of(images))
        assert after.images.dtype == np.uint8 and after.images.shape == (8, *size)
        assert row.transform.changes_size or np.any(after.images != images)
        assert after.masks.dtype == np.int32 and after.masks.shape == (8, *size[:2])
        assert after.boxes.dtype == np.float32 and after.boxes.shape == (8, 2, 4)
        assert after.box_labels.dtype == np.int32 and after.box_labels.shape == (8, 2)
        entries = describe_step(row.transform, drawn, 3)
        assert json.loads(json.dumps(entries, allow_nan=False)) == entries
        assert entries == [] or all(entry["transform"] in TRANSFORMS for entry in entries)
        one_pixel = pictures(channels, 1, 1)
        after = run(row.transform, one_pixel)
        assert after.shape == (8, *row.transform.size_after(Size(1, 1, channels)))


@rows([row for row in ALL if row.colour])
def test_a_transform_of_colours_refuses_grey_images_by_name(row):
    with pytest.raises(InputError, match=f"{row.name} on grey images; .*; leave it out"):
        run(row.transform, pictures(1))


@rows([row for row in ALL if row.identity])
def test_strength_zero_gives_every_bit_back(row):
    noise = np.random.default_rng(0).integers(0, 256, (8, 9, 9, 3), dtype=np.uint8)
    small = [pictures(1, 7, 8), pictures(1, 1, 1)] * (not row.colour)
    for images in (pictures(3), noise, *small):
        np.testing.assert_array_equal(run(row.identity, images), images)


@EVERY
def test_an_image_has_the_same_bytes_in_any_batch_order_and_graph(row):
    """In a graph of images of any size, as folders have them."""
    images, drawn, after = applied(row, channels_of(row)[0])
    draws_itself = type(row.transform).draw is not Transform.draw
    any_count = tf.nest.map_structure(lambda v: tf.TensorSpec([None, *v.shape[1:]], v.dtype), drawn)
    any_size = tf.TensorSpec([None, None, None, images.shape[3]], tf.uint8)

    @tf.function(
        input_signature=[any_size, tf.TensorSpec([None], tf.int64), any_count], autograph=False
    )
    def graph(images, indices, drawn):
        if draws_itself:
            drawn = draw_step(row.transform, Draws(image_keys(1, 2, indices)), size_of(images))
        return apply_step(row.transform, Batch(images), drawn).images

    for places in (slice(None), slice(None, None, -1), slice(5, 6), slice(0, 0)):
        own = tf.nest.map_structure(lambda values, places=places: values[places], drawn)
        found = graph(images[places], INDICES[places], own)
        np.testing.assert_array_equal(found, after.images[places])
    np.testing.assert_array_equal(run(row.transform, images[5:6], INDICES[5:6])[0], after.images[5])
    assert run(row.transform, images[:0], INDICES[:0]).shape == (0, *after.images.shape[1:])


@rows([row for row in ALL if row.transform.compilable and row.name not in SAME_COMPILED])
def test_it_gives_the_same_bytes_compiled(row):
    images, drawn, after = applied(row, 3)

    @tf.function(autograph=False)
    def compiled(images, drawn):
        return apply_step(row.transform, Batch(images), drawn).images

    np.testing.assert_array_equal(compiled(tf.constant(images), drawn), after.images)
    if row.name in OWN_DRAW:
        keys = image_keys(1, 2, tf.constant(INDICES, tf.int64))
        drawing = tf.function(
            lambda keys: draw_step(row.transform, Draws(keys), SIZE), jit_compile=True
        )
        tf.nest.map_structure(np.testing.assert_array_equal, drawing(keys), drawn)


@EVERY
def test_it_is_applied_with_exactly_its_probability_and_images_draw_for_themselves(row):
    images = np.resize(pictures(3), (64, *SIZE))
    full = run(row.transform, images, np.arange(64))
    drawn = tf.nest.flatten(applied(row, 3)[1])
    if any(len(np.unique(values, axis=0)) > 1 for values in drawn):
        assert len(np.unique(full[::8], axis=0)) > 1  # eight times one picture
    step = dataclasses.replace(row.transform, probability=0.3)
    if step.changes_size:
        with pytest.raises(FieldError, match=f"probability 0.3; 1: {row.name} changes the size"):
            check_steps((step,))
        return
    chosen = draw(step, np.arange(MANY), Size(8, 9, 3))["applied"].numpy()
    expected = [0.7 * MANY, 0.3 * MANY]
    assert scipy.stats.chisquare(np.bincount(chosen, minlength=2), expected).pvalue > 1e-4
    after = run(step, images, np.arange(64))
    np.testing.assert_array_equal(after, np.where(chosen[:64, None, None, None], full, images))


@EVERY
def test_every_field_is_explained_kept_within_its_bounds_and_read_back(row):
    for field in dataclasses.fields(row.transform):
        assert field.metadata["help"]
        given = getattr(row.transform, field.name)
        for bound, step in ((field.metadata["low"], -1), (field.metadata["high"], 1)):
            for value in () if bound is None else (bound + step, math.nan, "much", True, None):
                wrong = (value,) * len(given) if isinstance(given, tuple) else value
                with pytest.raises(FieldError, match=f"^{field.name} "):
                    dataclasses.replace(row.transform, **{field.name: wrong})
        if field.metadata["choices"]:
            with pytest.raises(FieldError, match=f"^{field.name} 'xyz'; one of "):
                dataclasses.replace(row.transform, **{field.name: "xyz"})
    for step in (row.transform, type(row.transform)(), row.identity or row.transform):
        recipe = Recipe("one", steps=(step,))
        assert read_recipe(json.loads(json.dumps(recipe_table(recipe, "image")))) == recipe


@EVERY
def test_it_agrees_with_an_independent_implementation(row):
    for channels in channels_of(row):
        images, drawn, after = applied(row, channels)
        for i, image in enumerate(images):
            own = tf.nest.map_structure(lambda values, i=i: np.asarray(values[i]), drawn)
            expected = row.reference(image.copy(), own)
            assert expected.shape == after.images[i].shape and expected.dtype == np.uint8
            away = np.abs(after.images[i].astype(int) - expected)
            share = np.mean(away <= row.tolerance)
            assert share >= row.agreeing, f"image {i}: {share:.4f} agree, most {away.max()} away"


@EVERY
def test_masks_keep_their_class_numbers_and_stay_in_step_and_so_do_boxes(row):
    _, drawn, after = applied(row, 3)
    assert set(np.unique(after.masks)) <= {0, 300}
    small = Batch(tf.constant(blocks()[..., None].repeat(3, -1) * 255), masks=tf.constant(blocks()))
    shown = apply_step(row.transform, small, drawn)
    assert shown.masks.dtype == tf.uint8
    np.testing.assert_array_equal(shown.masks.numpy() > 0, after.masks > 0)
    if row.transform.group == "geometry":
        agree = (shown.images.numpy()[..., 0] > 127) == (after.masks > 0)
        assert agree.mean() > 0.97
    elif row.transform.group not in ("erasing", "policies"):
        np.testing.assert_array_equal(after.masks > 0, blocks() > 0)

    # boxes stay around what they held
    assert set(np.unique(after.box_labels[:, 0])) <= {5, -1}
    assert np.all(after.box_labels[:, 1] == -1)
    if row.transform.group not in ("geometry", "policies"):
        assert np.all(after.boxes == [[3, 4, 14, 17], [0, 0, 0, 0]])
        return
    height, width = after.images.shape[1:3]
    for box, label, mask in zip(
        after.boxes[:, 0], after.box_labels[:, 0], after.masks, strict=True
    ):
        if label == -1:
            continue
        left, top, right, bottom = box
        assert 0 <= left < right <= width and 0 <= top < bottom <= height
        y, x = np.nonzero(mask)
        if len(y):
            assert left - 1 <= x.min() and x.max() + 1 <= right + 1
            assert top - 1 <= y.min() and y.max() + 1 <= bottom + 1
