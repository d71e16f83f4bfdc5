"""Transforms so simple that a test can say what they must give."""

import dataclasses
from typing import ClassVar

import tensorflow as tf

from augmentation.core.batch import Size, expand
from augmentation.core.fields import option
from augmentation.core.transform import Transform


@dataclasses.dataclass(frozen=True)
class _Add(Transform):
    """Add a number to every pixel, modulo 256; the drawn part is from 0 to `spread`."""

    amount: int = option(1, "grey levels", low=0, high=255)
    spread: int = option(0, "grey levels", low=0, high=255)

    def draw(self, draws, size):
        return {"added": self.amount + draws.integers(0, self.spread + 1)}

    def images(self, images, drawn):
        return images + expand(tf.cast(drawn["added"], tf.uint8), images)


@dataclasses.dataclass(frozen=True)
class _Double(Transform):
    """Twice every pixel, modulo 256: does not commute with adding."""

    def images(self, images, drawn):
        return images * tf.constant(2, tf.uint8)


@dataclasses.dataclass(frozen=True)
class _Mirror(Transform):
    """Left to right, with masks and boxes."""

    def images(self, images, drawn):
        return images[:, :, ::-1]

    def masks(self, masks, drawn):
        return masks[:, :, ::-1]

    def boxes(self, boxes, labels, drawn, size):
        width = tf.cast(size.width, tf.float32)
        left, top, right, bottom = tf.unstack(boxes, axis=-1)
        return tf.stack([width - right, top, width - left, bottom], axis=-1), labels


@dataclasses.dataclass(frozen=True)
class _Grow(Transform):
    """A black border of one pixel."""

    changes_size = True

    def size_after(self, size):
        return Size(size.height + 2, size.width + 2, size.channels)

    def images(self, images, drawn):
        return tf.pad(images, [[0, 0], [1, 1], [1, 1], [0, 0]])


@dataclasses.dataclass(frozen=True)
class _WidthAdded(Transform):
    """Adds the width that it was told when it drew."""

    def draw(self, draws, size):
        return {"width": tf.fill([tf.shape(draws.keys)[0]], tf.cast(size.width, tf.uint8))}

    def images(self, images, drawn):
        return images + expand(drawn["width"], images)


@dataclasses.dataclass(frozen=True)
class _Slow(_Add):
    """Not for XLA; remembers how many images it was given."""

    compilable = False
    seen: ClassVar[list[int]] = []

    def images(self, images, drawn):
        self.seen.append(len(images))
        return super().images(images, drawn)


@dataclasses.dataclass(frozen=True)
class _Python(Transform):
    """Says that XLA can compile it, and it cannot."""

    def images(self, images, drawn):
        same = tf.numpy_function(lambda values: values, [images], tf.uint8)
        return tf.ensure_shape(same, images.shape)


Add, Double, Mirror, Grow = _Add, _Double, _Mirror, _Grow
WidthAdded, Slow, Python = _WidthAdded, _Slow, _Python
