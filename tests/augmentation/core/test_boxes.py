"""Bounding boxes against a brute-force mask: paint the box, warp the paint, look where it is."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from augmentation.core.batch import Batch, Size
from augmentation.core.boxes import clip_boxes
from augmentation.core.randomness import Draws, image_keys
from augmentation.transforms.geometry.affine import Affine, Rotate, Translate
from augmentation.transforms.geometry.cropping import Crop, Pad, RandomResizedCrop
from augmentation.transforms.geometry.elastic import Elastic
from augmentation.transforms.geometry.flips import HorizontalFlip, Rotate90, VerticalFlip
from augmentation.transforms.geometry.perspective import Perspective

SIZE = Size(60, 60, 1)
COUNT = 24
LABELS = np.full((COUNT, 1), 3, np.int32)
EXACT = [  # the painted pixels end where the box ends
    HorizontalFlip(),
    VerticalFlip(),
    Rotate90(),
    Crop(height=40, width=30),
    Crop(height=80, width=30),
    Pad(vertical=3, horizontal=5),
    Elastic(alpha=(60.0, 60.0)),
]
ROUNDED = [  # to the next pixel
    Translate(x=(-0.3, 0.3), y=(-0.3, 0.3)),
    Affine(degrees=(0.0, 0.0), scale=(0.5, 2.0), shear=(0.0, 0.0), translate=(0.0, 0.0)),
    RandomResizedCrop(area=(0.2, 1.0)),
    RandomResizedCrop(area=(0.2, 1.0), height=90, width=120),
]
AROUND = [  # the box around the corners; a slanted box's own pixels lie within
    Rotate(degrees=(-180.0, 180.0)),
    Affine(degrees=(0.0, 0.0), scale=(1.0, 1.0), shear=(-40.0, 40.0)),
    Affine(degrees=(-90.0, 90.0), scale=(0.7, 1.5), translate=(-0.2, 0.2)),
    Perspective(shift=(-0.2, 0.2)),
]


def named(transforms):
    return pytest.mark.parametrize("transform", transforms, ids=[t.name() for t in transforms])


def painted():
    """COUNT boxes, one in each image, and the same as masks."""
    generator = np.random.default_rng(4)
    start = generator.integers(0, 40, (COUNT, 2))
    end = np.minimum(start + generator.integers(8, 30, (COUNT, 2)), 60)
    boxes = np.concatenate([start, end], axis=1).astype(np.float32)[:, np.newaxis]
    masks = np.zeros((COUNT, 60, 60), np.uint8)
    for mask, (left, top, right, bottom) in zip(masks, boxes[:, 0].astype(int), strict=True):
        mask[top:bottom, left:right] = 1
    return boxes, masks


def draw(transform):
    return transform.draw(Draws(image_keys(8, 0, tf.range(COUNT, dtype=tf.int64))), SIZE)


def moved(transform, boxes, masks):
    """Boxes, labels and masks behind a transform that drops no box."""
    if "min_visibility" in {field.name for field in dataclasses.fields(transform)}:
        transform = dataclasses.replace(transform, min_visibility=0.0)
    batch = Batch(tf.zeros((COUNT, *SIZE), tf.uint8), None, masks, boxes, LABELS)
    after = transform.apply(batch.map(tf.constant), draw(transform))
    return after.boxes.numpy()[:, 0], after.box_labels.numpy()[:, 0], after.masks.numpy()


def around(mask):
    y, x = np.nonzero(mask)
    return np.array([x.min(), y.min(), x.max() + 1, y.max() + 1])


@named(EXACT)
def test_the_box_is_the_one_around_its_pixels(transform):
    boxes, labels, masks = moved(transform, *painted())
    for box, label, mask in zip(boxes, labels, masks, strict=True):
        assert (label == 3) == bool(mask.any())
        np.testing.assert_array_equal(box, around(mask) if mask.any() else 0)


@named(ROUNDED)
def test_the_box_ends_within_a_pixel_of_its_pixels(transform):
    boxes, labels, masks = moved(transform, *painted())
    assert np.any(labels == 3)
    for box, label, mask in zip(boxes, labels, masks, strict=True):
        if mask.any():
            assert label == 3
            assert np.abs(box - around(mask)).max() <= 0.51
        else:  # at most a strip in which no pixel has its middle is left of it
            assert min(box[2] - box[0], box[3] - box[1]) <= 0.51


@named(AROUND)
def test_the_box_holds_its_pixels_and_touches_them(transform):
    boxes, labels, masks = moved(transform, *painted())
    gaps = []
    for box, label, mask in zip(boxes, labels, masks, strict=True):
        if not mask.any():
            continue
        assert label == 3
        gap = (around(mask) - box) * (1, 1, -1, -1)
        assert gap.min() >= -0.71  # half the diagonal of a pixel
        if box.min() > 0 and box.max() < 60:  # whole: every side goes through a corner
            gaps += gap.tolist()
    # a sharp corner ends in a point in which few pixels have their middle
    assert len(gaps) >= COUNT and np.mean(gaps) < 1 and max(gaps) < 3


@named([HorizontalFlip(), Rotate90(), *EXACT[-1:], *ROUNDED[-1:], *AROUND[-2:]])
def test_boxes_are_the_same_compiled_or_not_and_empty_slots_stay_empty(transform):
    boxes, _ = painted()
    boxes = np.concatenate([boxes, boxes + 0.3, 0 * boxes], axis=1).astype(np.float32)
    labels = np.tile(np.array([[2, 0, -1]], np.int32), (COUNT, 1))

    def run(boxes, labels, drawn):
        return transform.boxes(boxes, labels, drawn, SIZE)

    drawn = draw(transform)
    few = tf.nest.map_structure(lambda values: values[:5], drawn)
    expected = run(boxes, labels, drawn)
    compiled = tf.function(run, jit_compile=True, autograph=False)(boxes, labels, drawn)
    for result in (compiled, run(boxes[:5], labels[:5], few)):
        for part, whole in zip(result, expected, strict=True):
            np.testing.assert_array_equal(part, whole[: len(part)])
    assert np.all(expected[0][:, 2] == 0) and np.all(expected[1][:, 2] == -1)
    empty = run(boxes[:, :0], labels[:, :0], drawn)
    assert empty[0].shape == (COUNT, 0, 4) and empty[1].shape == (COUNT, 0)


@named(
    [
        Rotate(degrees=(0.0, 0.0)),
        Perspective(shift=(0.0, 0.0)),
        Elastic(alpha=(0.0, 0.0)),
        RandomResizedCrop(area=(1.0, 1.0), aspect=(1.0, 1.0)),
        Pad(vertical=0, horizontal=0),
    ]
)
def test_at_strength_zero_boxes_keep_every_bit(transform):
    corners = np.random.default_rng(1).uniform(0, 60, (COUNT, 1, 2, 2)).astype(np.float32)
    boxes = np.sort(corners, axis=2).reshape(COUNT, 1, 4)
    boxes[0, 0] = (20.6, 20.6, 20.9, 20.9)  # holds no pixel's middle
    after, labels, _ = moved(transform, boxes, np.zeros((COUNT, 60, 60), np.uint8))
    np.testing.assert_array_equal(after, boxes[:, 0])
    assert np.all(labels == 3)


@pytest.mark.parametrize("min_visibility", [0.0, 0.3, 0.5, 1.0])
def test_a_box_is_dropped_when_less_of_it_is_left_than_stated(min_visibility):
    """Against counting: paint the moved box on a canvas on which it is whole."""
    generator = np.random.default_rng(2)
    start = generator.integers(-40, 50, (300, 2))
    boxes = np.concatenate([start, start + generator.integers(1, 40, (300, 2))], axis=1)
    labels = tf.fill([1, 300], 6)
    given = tf.constant(boxes[np.newaxis], tf.float64)
    clipped, kept = clip_boxes(given, labels, Size(30, 50, 1), min_visibility)
    for box, after, label in zip(boxes, clipped.numpy()[0], kept.numpy()[0], strict=True):
        canvas = np.zeros((200, 200), bool)
        canvas[box[1] + 50 : box[3] + 50, box[0] + 50 : box[2] + 50] = True
        seen = canvas[50:80, 50:100]
        expected = seen.any() and seen.sum() / canvas.sum() >= min_visibility
        assert (label == 6) == expected
        np.testing.assert_array_equal(after, around(seen) if expected else 0)


def test_an_elastic_box_is_dropped_by_its_pixels():
    """Those that come from it, counted in the mask; there may be more than there were."""
    transform = Elastic(alpha=(120.0, 120.0), sigma=4.0)
    boxes, masks = painted()
    _, _, after = moved(transform, boxes, masks)
    share = after.sum(axis=(1, 2)) / masks.sum(axis=(1, 2))
    for limit in (0.5, 0.9, 1.0):
        strict = dataclasses.replace(transform, min_visibility=limit)
        _, labels = strict.boxes(boxes, LABELS, draw(strict), SIZE)
        np.testing.assert_array_equal(labels.numpy()[:, 0] == 3, share >= limit)
    assert np.any(share < 0.9) and np.any(share > 1)
    still = Elastic(alpha=(0.0, 0.0), min_visibility=1.0)  # all of it is still there: exactly 1
    _, labels = still.boxes(boxes, LABELS, draw(still), SIZE)
    assert np.all(labels == 3)
