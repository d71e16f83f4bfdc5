"""Bounding boxes in step with the images: moved, clipped to the image, dropped when hardly seen.

Boxes are (x_min, y_min, x_max, y_max) in pixels; the image covers [0, width] x [0, height], so the
box of one pixel (x, y) is x, y, x + 1, y + 1, and the middle of a pixel is at a half.
"""

from collections.abc import Callable

import tensorflow as tf

from augmentation.core.batch import Size, size_of
from augmentation.core.warp import ONE, to_grid

Boxes = tuple[tf.Tensor, tf.Tensor]  # float32 (count, most, 4), int32 (count, most)
Mapping = Callable[[tf.Tensor, tf.Tensor], tuple[tf.Tensor, tf.Tensor]]


def move_boxes(boxes: tf.Tensor, mapping: Mapping) -> tf.Tensor:
    """The box around the four moved corners of each box: float64 (count, most, 4), not clipped.

    `mapping` takes x and y of the corners, float64 (count, most, 4), and returns where they go.
    Corners move by whole multiples of 1/256 pixel, the resolution of the images' own warp; a corner
    that does not move stays bit-equal.
    """
    x_min, y_min, x_max, y_max = tf.unstack(tf.cast(boxes, tf.float64), axis=-1)
    x = tf.stack([x_min, x_max, x_min, x_max], axis=-1)
    y = tf.stack([y_min, y_min, y_max, y_max], axis=-1)
    # with corners on a grid the sums below are exact, and so the same however they are fused
    grid_x, grid_y = to_grid(x, ONE), to_grid(y, ONE)
    to_x, to_y = mapping(grid_x, grid_y)
    x, y = x + to_grid(to_x - grid_x, ONE), y + to_grid(to_y - grid_y, ONE)
    smallest = [tf.reduce_min(x, axis=-1), tf.reduce_min(y, axis=-1)]
    largest = [tf.reduce_max(x, axis=-1), tf.reduce_max(y, axis=-1)]
    return tf.stack(smallest + largest, axis=-1)


def clip_boxes(boxes: tf.Tensor, labels: tf.Tensor, size: Size, min_visibility: float) -> Boxes:
    """Cut every box at the border of the image; drop those of which too little is left.

    Args:
      boxes, labels: float64 (count, most, 4), as `move_boxes` gives them; int32 (count, most).
      size: of the image in which they lie now.
      min_visibility: the share of the box's area that must lie in the image, in [0, 1].

    Returns: boxes float32 and labels. A dropped box has label -1 and four zeros.
    """
    right, bottom = tf.cast(size.width, tf.float64), tf.cast(size.height, tf.float64)
    clipped = tf.maximum(tf.minimum(boxes, tf.stack([right, bottom, right, bottom])), 0.0)
    area, left = [
        (each[..., 2] - each[..., 0]) * (each[..., 3] - each[..., 1]) for each in (boxes, clipped)
    ]
    kept = (left > 0) & (left >= min_visibility * area) & (labels >= 0)
    clipped = tf.where(kept[..., tf.newaxis], tf.cast(clipped, tf.float32), 0.0)
    return clipped, tf.where(kept, labels, -1)


def boxes_of_moved_pixels(
    boxes: tf.Tensor, labels: tf.Tensor, y: tf.Tensor, x: tf.Tensor, min_visibility: float
) -> Boxes:
    """Boxes under a warp that bends straight lines: around the pixels that came from the box.

    Each side moves by as many pixels as the outermost of the box's pixels on that side. How much is
    seen is the number of those pixels, over the number there were.

    Args:
      y, x: int32 (count, height, width), where each pixel comes from, in 1/256 pixel.
      boxes, labels, min_visibility: see `clip_boxes`, which also says what is returned.
    """
    size, still = size_of(y), tf.zeros_like(y)
    here_y = tf.range(size.height)[:, tf.newaxis] * ONE + still
    here_x = tf.range(size.width) * ONE + still
    old, before = _around(boxes, here_y, here_x)
    new, after = _around(boxes, y, x)
    seen = after >= tf.cast(tf.math.ceil(min_visibility * tf.cast(before, tf.float64)), tf.int32)
    covers = before > 0  # a box too small to hold the middle of a pixel stays where it is
    shift = tf.where(covers[..., tf.newaxis], new - old, 0)
    moved = tf.cast(boxes, tf.float64) + tf.cast(shift, tf.float64)
    labels = tf.where(~covers | (seen & (after > 0)), labels, -1)
    return clip_boxes(moved, labels, size, 0.0)


def _around(boxes: tf.Tensor, y: tf.Tensor, x: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """The box around all pixels whose middle comes from within each box, and their number."""
    # the middle of pixel 0 is at 0 for positions and at a half for boxes
    edges = tf.cast(tf.math.ceil(boxes * ONE), tf.int32) - ONE // 2
    x_min, y_min, x_max, y_max = [edges[..., i, tf.newaxis, tf.newaxis] for i in range(4)]
    y, x = y[:, tf.newaxis], x[:, tf.newaxis]
    inside = (x >= x_min) & (x < x_max) & (y >= y_min) & (y < y_max)  # (count, most, rows, columns)
    number = tf.reduce_sum(tf.cast(inside, tf.int32), axis=[2, 3])
    first_x, last_x = _ends(tf.reduce_any(inside, axis=2))
    first_y, last_y = _ends(tf.reduce_any(inside, axis=3))
    return tf.stack([first_x, first_y, last_x, last_y], axis=-1), number


def _ends(hit: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """The first True on the last axis, and one past the last."""
    length = tf.shape(hit)[-1]
    places = tf.range(length)
    first = tf.reduce_min(tf.where(hit, places, length), axis=-1)
    return first, tf.reduce_max(tf.where(hit, places + 1, 0), axis=-1)
