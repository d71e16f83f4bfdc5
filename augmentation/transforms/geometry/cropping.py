"""Crop, random resized crop and pad: windows of the image, of its size or of another."""

import abc
import dataclasses
import math

import tensorflow as tf

from augmentation.core.batch import Size, expand, size_of
from augmentation.core.boxes import Boxes, clip_boxes, move_boxes
from augmentation.core.compiling import computed_once
from augmentation.core.fields import Range, option
from augmentation.core.randomness import Draws
from augmentation.core.transform import Drawn, Transform
from augmentation.core.warp import ONE, sample_images, sample_masks, take_pixels, to_grid
from augmentation.transforms.geometry.base import GROUP, VISIBILITY, _PointMap

LARGEST = 2**14  # pixels a side


def resized_positions(start: tf.Tensor, length: tf.Tensor, out: int | tf.Tensor) -> tf.Tensor:
    """On one axis: where `out` pixels come from that show the part from `start`, of `length`.

    Args:
      start, length: int32 (count,), pixels.
      out: pixels.

    Returns: int32 (count, out), 1/256 pixel, within the middles of the first and last pixel.
    """
    start, length = [tf.cast(part, tf.int64)[:, tf.newaxis] for part in (start, length)]
    out = tf.cast(out, tf.int64)
    # pixel i covers [i, i + 1] of `out`: its middle is at (i + 1/2) length / out; rounded
    doubled = (2 * tf.range(out) + 1) * length * (2 * ONE)
    steps = (doubled + 2 * out) // (4 * out) - ONE // 2
    return tf.cast(start * ONE + tf.clip_by_value(steps, 0, (length - 1) * ONE), tf.int32)


@dataclasses.dataclass(frozen=True)
class _Window(_PointMap):
    """Base of those that cut a window out of each image; what lies outside the image is filled."""

    changes_size = True

    @abc.abstractmethod
    def corner(self, drawn: Drawn) -> tuple[tf.Tensor, tf.Tensor]:
        """Top and left of the window, int32 (count,), or (1,) for all; may be below 0."""

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        return self._cut(images, drawn, self.fill_value)

    def masks(self, masks: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        return self._cut(masks, drawn, self.mask_fill)

    def move(self, drawn, size, x, y):
        top, left = [expand(tf.cast(place, x.dtype), x) for place in self.corner(drawn)]
        return x - left, y - top

    def _cut(self, values: tf.Tensor, drawn: Drawn, fill_value: int) -> tf.Tensor:
        after = self.size_after(size_of(values))
        top, left = [place[:, tf.newaxis, tf.newaxis] for place in self.corner(drawn)]
        y, x = top + tf.range(after.height)[:, tf.newaxis], left + tf.range(after.width)
        return take_pixels(values, y, x, self.fill, fill_value)


@dataclasses.dataclass(frozen=True)
class Crop(_Window):
    """A window at a random place; an image smaller than the window lies in it at a random place."""

    height: int = option(24, "of the window, in pixels", low=1, high=LARGEST)
    width: int = option(24, "of the window, in pixels", low=1, high=LARGEST)

    def draw(self, draws: Draws, size: Size) -> Drawn:
        return {
            "top": _place(draws, size.height, self.height),
            "left": _place(draws, size.width, self.width),
        }

    def size_after(self, size: Size) -> Size:
        return Size(self.height, self.width, size.channels)

    def corner(self, drawn: Drawn) -> tuple[tf.Tensor, tf.Tensor]:
        return drawn["top"], drawn["left"]


@dataclasses.dataclass(frozen=True)
class RandomResizedCrop(Transform):
    """A window of random area and shape at a random place, resized by bilinear interpolation.

    The window is drawn once and cut off to the image's sides. It is meant to enlarge: nothing is
    smoothed before, so a window much larger than the result gives jagged edges.
    """

    group = GROUP
    area: Range = option((0.3, 1.0), "of the window, share of the image's", low=0.01, high=1)
    aspect: Range = option(
        (0.75, 4 / 3), "how much the result is stretched in height; 1: not", low=0.1, high=10
    )
    height: int = option(0, "of the result, in pixels; 0: the image's", low=0, high=LARGEST)
    width: int = option(0, "of the result, in pixels; 0: the image's", low=0, high=LARGEST)
    min_visibility: float = option(0.1, VISIBILITY, low=0.0, high=1.0)

    def __post_init__(self):
        super().__post_init__()
        object.__setattr__(self, "changes_size", self.height > 0 or self.width > 0)

    def draw(self, draws: Draws, size: Size) -> Drawn:
        after = self.size_after(size)
        area = tf.cast(draws.uniform(*self.area), tf.float64)
        # as likely to be twice as wide as twice as high
        low, high = math.log(self.aspect[0]), math.log(self.aspect[1])
        aspect = tf.exp(tf.cast(draws.uniform(low, high), tf.float64))
        sides = [size.height, size.width, after.height, after.width]
        height, width, to_height, to_width = [tf.cast(side, tf.float64) for side in sides]
        shape = aspect * (to_width * height) / (to_height * width)  # wider than the image
        height = _side(height * tf.sqrt(area / shape), size.height)
        width = _side(width * tf.sqrt(area * shape), size.width)
        return {
            "top": draws.integers(0, size.height - height + 1),
            "left": draws.integers(0, size.width - width + 1),
            "height": height,
            "width": width,
        }

    def size_after(self, size: Size) -> Size:
        return Size(self.height or size.height, self.width or size.width, size.channels)

    def positions(self, drawn: Drawn, size: Size) -> tuple[tf.Tensor, tf.Tensor]:
        """Where each pixel comes from; `size` is that of the images before."""
        after = self.size_after(size)
        y = resized_positions(drawn["top"], drawn["height"], after.height)
        x = resized_positions(drawn["left"], drawn["width"], after.width)
        y, x = computed_once(y, x)
        return y[:, :, tf.newaxis], x[:, tf.newaxis, :]

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        y, x = self.positions(drawn, size_of(images))
        return sample_images(images, y, x, fill="edge")

    def masks(self, masks: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        y, x = self.positions(drawn, size_of(masks))
        return sample_masks(masks, y, x, fill="edge")

    def boxes(self, boxes: tf.Tensor, labels: tf.Tensor, drawn: Drawn, size: Size) -> Boxes:
        after = self.size_after(size)
        to_height, to_width = [tf.cast(side, tf.float64) for side in after[:2]]
        names = ("top", "left", "height", "width")

        def move(x, y):
            top, left, height, width = [expand(tf.cast(drawn[n], x.dtype), x) for n in names]
            return (x - left) * to_width / width, (y - top) * to_height / height

        moved = move_boxes(boxes, move)
        return clip_boxes(moved, labels, after, self.min_visibility)


@dataclasses.dataclass(frozen=True)
class Pad(_Window):
    """A border on all sides: before a crop, so that the image may stand at the window's edge."""

    vertical: int = option(4, "rows above, and as many below", low=0, high=LARGEST)
    horizontal: int = option(4, "columns left, and as many right", low=0, high=LARGEST)

    def size_after(self, size: Size) -> Size:
        height, width = size.height + 2 * self.vertical, size.width + 2 * self.horizontal
        return Size(height, width, size.channels)

    def corner(self, drawn: Drawn) -> tuple[tf.Tensor, tf.Tensor]:
        return tf.constant([-self.vertical]), tf.constant([-self.horizontal])


def _place(draws: Draws, length: int | tf.Tensor, window: int) -> tf.Tensor:
    """The first pixel of a window on one axis: int32 (count,), below 0 for a short image."""
    room = tf.cast(length, tf.int32) - window
    return draws.integers(0, tf.abs(room) + 1) + tf.minimum(room, 0)


def _side(pixels: tf.Tensor, longest: int | tf.Tensor) -> tf.Tensor:
    """A whole number of pixels from 1 to `longest`: int32 (count,)."""
    return tf.clip_by_value(tf.cast(to_grid(pixels, 1), tf.int32), 1, longest)
