"""What every transform must pass. A new one is tested by a row in one of the tables."""

import dataclasses
import json
import math

import numpy as np
import pytest
import scipy.stats
import tensorflow as tf

from augmentation.core.batch import Batch
from augmentation.core.composition import apply_step, check_steps, describe_step, draw_step
from augmentation.core.fields import FieldError
from augmentation.core.randomness import Draws, image_keys
from augmentation.core.recipe import Recipe
from augmentation.core.transform import Size
from augmentation.recipes.read import load_recipe, recipe_text
from augmentation.transforms.catalog import TRANSFORMS
from foundation.errors import InputError
from tests.augmentation.transforms import rows_geometry, rows_intensity
from tests.augmentation.transforms.table import Row, pictures

ALL = rows_geometry.ROWS + rows_intensity.ROWS
EVERY = pytest.mark.parametrize("row", ALL, ids=[row.name for row in ALL])
MANY = 10_000


def channels_of(row: Row) -> tuple[int, ...]:
    return (3,) if row.colour else (1, 3)


def run(transform, images, indices=None, masks=None, boxes=None, box_labels=None):
    """Draw for these samples and apply, operation by operation."""
    indices = np.arange(len(images)) if indices is None else indices
    batch = Batch(images, None, masks, boxes, box_labels).map(tf.constant)
    drawn = draw(transform, indices, Size(*images.shape[1:]))
    return apply_step(transform, batch, drawn)


def draw(transform, indices, size):
    return draw_step(transform, Draws(image_keys(1, 2, tf.constant(indices, tf.int64))), size)


def in_graph(transform, channels, height=None, width=None):
    """The same as one graph; with a known height and width it is compiled."""
    shape = [None, height, width, channels]
    signature = [tf.TensorSpec(shape, tf.uint8), tf.TensorSpec([None], tf.int64)]

    @tf.function(input_signature=signature, autograph=False)
    def graph(images, indices):
        dynamic = tf.shape(images)
        size = Size(height or dynamic[1], width or dynamic[2], channels)
        drawn = draw_step(transform, Draws(image_keys(1, 2, indices)), size)
        return apply_step(transform, Batch(images), drawn).images

    return graph


def size_behind(transform, images):
    return tuple(transform.size_after(Size(*images.shape[1:])))


def test_every_transform_has_a_row():
    assert {row.name for row in ALL} == set(TRANSFORMS)


@EVERY
def test_dtype_and_shape_are_kept_and_the_input_is_not_touched(row):
    for channels in channels_of(row):
        images = pictures(channels)
        before = images.copy()
        after = run(row.transform, images).images
        assert after.dtype == tf.uint8
        assert after.shape == (len(images), *size_behind(row.transform, images))
        np.testing.assert_array_equal(images, before)
        if not row.transform.changes_size:
            assert after.shape == images.shape
            assert np.any(after != images)
        assert run(row.transform, images[:0]).images.shape[1:] == after.shape[1:]


@EVERY
def test_a_transform_of_colours_refuses_grey_images_by_name(row):
    assert row.colour == row.transform.colour_only
    if row.colour:
        with pytest.raises(InputError, match=f"{row.name} on grey images; .*; leave it out"):
            run(row.transform, pictures(1))


@EVERY
def test_strength_zero_gives_every_bit_back(row):
    if row.identity is None:
        pytest.skip("has no strength")
    for channels in channels_of(row):
        for height, width in ((30, 26), (7, 8), (1, 1)):
            images = pictures(channels, height, width)
            np.testing.assert_array_equal(run(row.identity, images).images, images)
        noise = np.random.default_rng(0).integers(0, 256, (8, 9, 9, channels), dtype=np.uint8)
        np.testing.assert_array_equal(run(row.identity, noise).images, noise)


@EVERY
def test_an_image_has_the_same_bytes_in_any_batch_order_and_graph(row):
    for channels in channels_of(row):
        images, indices = pictures(channels), np.arange(50, 58)
        whole = run(row.transform, images, indices).images.numpy()
        for part in (slice(0, 3), slice(3, 8), slice(5, 6)):
            alone = run(row.transform, images[part], indices[part]).images
            np.testing.assert_array_equal(alone, whole[part])
        # compiled in colour, of any size (as folders of images are) in grey: each takes a second
        known = row.transform.compilable and channels == 3
        graph = in_graph(row.transform, channels, *(images.shape[1:3] if known else ()))
        np.testing.assert_array_equal(graph(images, indices), whole)
        np.testing.assert_array_equal(graph(images[::-1], indices[::-1])[::-1], whole)
        np.testing.assert_array_equal(graph(images[5:6], indices[5:6])[0], whole[5])
        assert graph(images[:0], indices[:0]).shape == (0, *whole.shape[1:])


@EVERY
def test_images_of_a_batch_draw_for_themselves(row):
    images = np.repeat(pictures(3)[:1], 64, axis=0)
    drawn = tf.nest.flatten(draw(row.transform, np.arange(64), Size(*images.shape[1:])))
    if not any(len(np.unique(values, axis=0)) > 1 for values in drawn):
        pytest.skip("draws nothing")
    assert len(np.unique(run(row.transform, images).images, axis=0)) > 1


@EVERY
def test_it_is_applied_with_exactly_its_probability(row):
    step = dataclasses.replace(row.transform, probability=0.3)
    if step.changes_size:
        with pytest.raises(FieldError, match=f"probability 0.3; 1: {row.name} changes the size"):
            check_steps((step,))
        return
    applied = draw(step, np.arange(MANY), Size(8, 9, 3))["applied"].numpy()
    counts = np.bincount(applied, minlength=2)
    assert scipy.stats.chisquare(counts, [0.7 * MANY, 0.3 * MANY]).pvalue > 1e-4
    images = np.resize(pictures(3), (64, 30, 26, 3))
    after = run(step, images).images
    changed = np.any(after != images, axis=(1, 2, 3))
    assert np.any(changed) and not np.any(changed & ~applied[:64])
    full = run(dataclasses.replace(step, probability=1.0), images).images
    np.testing.assert_array_equal(after, np.where(applied[:64, None, None, None], full, images))


@EVERY
def test_it_reads_back_equal_from_a_recipe(row, tmp_path):
    for step in (row.transform, type(row.transform)(), row.identity or row.transform):
        if step.changes_size:
            step = dataclasses.replace(step, probability=1.0)
        recipe = Recipe("one", steps=(step,))
        path = tmp_path / "one.toml"
        path.write_text(recipe_text(recipe), encoding="utf-8")
        assert load_recipe(path) == recipe


@EVERY
def test_every_field_is_explained_and_kept_within_its_bounds(row):
    for field in dataclasses.fields(row.transform):
        assert field.metadata["help"]
        whole = isinstance(getattr(row.transform, field.name), tuple)
        for bound, step in ((field.metadata["low"], -1), (field.metadata["high"], 1)):
            if bound is None:
                continue
            outside = bound + step
            for value in (outside, math.nan, "much", True, None):
                length = len(getattr(row.transform, field.name)) if whole else 1
                with pytest.raises(FieldError, match=f"^{field.name} "):
                    dataclasses.replace(
                        row.transform, **{field.name: (value,) * length if whole else value}
                    )
        if field.metadata["choices"]:
            with pytest.raises(FieldError, match=f"^{field.name} 'xyz'; one of "):
                dataclasses.replace(row.transform, **{field.name: "xyz"})


@EVERY
def test_it_agrees_with_an_independent_implementation(row):
    if row.reference is None:
        pytest.skip("is tested on its own")
    for channels in channels_of(row):
        images = pictures(channels)
        drawn = draw(row.transform, np.arange(8), Size(*images.shape[1:]))
        after = apply_step(row.transform, Batch(tf.constant(images)), drawn).images.numpy()
        for i, image in enumerate(images):
            own = tf.nest.map_structure(lambda values, i=i: np.asarray(values[i]), drawn)
            expected = row.reference(image.copy(), own)
            assert expected.shape == after[i].shape and expected.dtype == np.uint8
            away = np.abs(after[i].astype(int) - expected)
            share = np.mean(away <= row.tolerance)
            assert share >= row.agreeing, f"image {i}: {share:.4f} agree, most {away.max()} away"


@EVERY
def test_masks_keep_their_class_numbers_and_stay_in_step(row):
    images = pictures(3)
    blocks = np.zeros(images.shape[:3], np.int32)
    blocks[:, 4:17, 3:14] = 300  # more than a byte holds
    after = run(row.transform, images, masks=blocks)
    assert after.masks.dtype == tf.int32
    assert after.masks.shape == after.images.shape[:3]
    assert set(np.unique(after.masks)) <= {0, 300}
    if row.transform.group == "geometry":
        shown = run(row.transform, np.repeat((blocks > 0)[..., None] * np.uint8(255), 3, -1)).images
        agree = (shown.numpy()[..., 0] > 127) == (after.masks.numpy() > 0)
        assert agree.mean() > 0.97
    elif row.transform.group not in ("erasing", "policies"):
        np.testing.assert_array_equal(after.masks, blocks)
    small = run(row.transform, images, masks=blocks.astype(bool).astype(np.uint8)).masks
    assert small.dtype == tf.uint8
    np.testing.assert_array_equal(small.numpy() > 0, after.masks.numpy() > 0)


@EVERY
def test_boxes_stay_around_what_they_held(row):
    images = pictures(3)
    blocks = np.zeros(images.shape[:3], np.uint8)
    blocks[:, 4:17, 3:14] = 1
    boxes = np.tile(np.array([[[3, 4, 14, 17], [0, 0, 0, 0]]], np.float32), (8, 1, 1))
    labels = np.tile(np.array([[5, -1]], np.int32), (8, 1))
    after = run(row.transform, images, None, blocks, boxes, labels)
    height, width = after.images.shape[1:3]
    assert after.boxes.shape == (8, 2, 4) and after.boxes.dtype == tf.float32
    assert after.box_labels.shape == (8, 2) and after.box_labels.dtype == tf.int32
    assert set(np.unique(after.box_labels[:, 0])) <= {5, -1} and np.all(
        after.box_labels[:, 1] == -1
    )
    if row.transform.group not in ("geometry", "policies"):
        np.testing.assert_array_equal(after.boxes, boxes)
        return
    for box, label, mask in zip(
        after.boxes[:, 0], after.box_labels[:, 0], after.masks, strict=True
    ):
        if label == -1:
            continue
        left, top, right, bottom = box.numpy()
        assert 0 <= left < right <= width and 0 <= top < bottom <= height
        y, x = np.nonzero(mask)
        if len(y):
            assert left - 1 <= x.min() and x.max() + 1 <= right + 1
            assert top - 1 <= y.min() and y.max() + 1 <= bottom + 1


@EVERY
def test_an_image_of_one_pixel_is_taken_or_refused_by_name(row):
    for channels in channels_of(row):
        try:
            after = run(row.transform, pictures(channels, 1, 1)).images
        except InputError as error:
            assert "1 x 1" in str(error)
        else:
            assert after.shape == (8, *row.transform.size_after(Size(1, 1, channels)))


@EVERY
def test_what_was_drawn_is_json(row):
    size = Size(30, 26, 3)
    entries = describe_step(row.transform, draw(row.transform, np.arange(4), size), 3)
    assert json.loads(json.dumps(entries, allow_nan=False)) == entries
    assert entries == [] or all(entry["transform"] in TRANSFORMS for entry in entries)
