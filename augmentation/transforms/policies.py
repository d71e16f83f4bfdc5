"""Policies: RandAugment, which draws from a list of fourteen operations.

Every image draws for itself. The operations are of three kinds below, each compiled once, and each
leaves an image bit-equal that did not draw it; so the cheap kind is applied to all images and the
two costly ones only to those that need them.
"""

import dataclasses
from typing import ClassVar

import tensorflow as tf

from augmentation.core.batch import Batch, Size, expand
from augmentation.core.composition import apply_step, apply_to_some
from augmentation.core.fields import option
from augmentation.core.randomness import Draws, on_grid
from augmentation.core.transform import Drawn, Transform, plain
from augmentation.transforms.filters import smooth
from augmentation.transforms.geometry.affine import Motion, _Affine, make_motion
from augmentation.transforms.geometry.base import _Geometric
from augmentation.transforms.tone import (
    blend,
    equal_tables,
    look_up,
    luma,
    mean_luma,
    posterize,
    solarize,
    stretch_tables,
)

AT_REST = {  # operation -> the amount that leaves the image as it is, in the operation's own unit
    "identity": 0,
    "autocontrast": 0,
    "equalize": 0,
    "rotate": 0,  # degrees
    "solarize": 256,  # grey level from which on values are inverted
    "colour": 1,  # factor, as of Saturation; without effect on grey images
    "posterize": 8,  # bits that are kept
    "contrast": 1,
    "brightness": 1,
    "sharpness": 1,
    "shear_x": 0,  # pixels to the right for each pixel up
    "shear_y": 0,
    "translate_x": 0,  # pixels
    "translate_y": 0,
}
OPERATIONS = tuple(AT_REST)
WHOLE = ("solarize", "posterize")  # amounts are whole numbers; they only go down
BLENDED = ("colour", "contrast", "brightness", "sharpness")
MOVED = ("rotate", "translate_x", "translate_y", "shear_x", "shear_y")
LOOKED_UP = ("autocontrast", "equalize")
AMOUNT_STEPS = 2**12  # other amounts are multiples of 1/4096, in which all sums are exact
SHARE_MOVED = 150 / 331  # AutoAugment's 150 pixels, of the 331 of its images


def drew(drawn: Drawn, *names: str) -> tf.Tensor:
    """Which images drew one of these operations: bool (count,)."""
    return tf.reduce_any([drawn["operation"] == OPERATIONS.index(name) for name in names], axis=0)


def amount_of(drawn: Drawn, *names: str) -> tf.Tensor:
    """The drawn amount where it was drawn for one of these operations, else that at rest."""
    return tf.where(drew(drawn, *names), drawn["amount"], float(AT_REST[names[0]]))


@dataclasses.dataclass(frozen=True)
class _Move(_Affine):
    """Shear, translate and rotate in one warp, of which each image has drawn one or none."""

    def motion(self, drawn: Drawn, size: Size) -> Motion:
        degrees, x, y, lean, fall = [tf.cast(amount_of(drawn, name), tf.float64) for name in MOVED]
        moved = make_motion(degrees=degrees, shift=(x, y))
        return moved._replace(b=moved.b - lean, c=moved.c + fall)


@dataclasses.dataclass(frozen=True)
class _Tone(Transform):
    """The four that blend with another image, posterize and solarize."""

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        def where_drawn(name: str, yes: tf.Tensor, no: tf.Tensor) -> tf.Tensor:
            return tf.where(expand(drew(drawn, name), images), yes, no)

        other = where_drawn("contrast", mean_luma(images), 0)  # brightness: black
        other = where_drawn("colour", luma(images), other)
        other = where_drawn("sharpness", smooth(images), other)
        toned = blend(other, images, amount_of(drawn, *BLENDED))
        toned = posterize(toned, tf.cast(amount_of(drawn, "posterize"), tf.int32))
        return solarize(toned, tf.cast(amount_of(drawn, "solarize"), tf.int32))


@dataclasses.dataclass(frozen=True)
class _LookUp(Transform):
    """Autocontrast and equalize."""

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        equal = drew(drawn, "equalize")[:, tf.newaxis, tf.newaxis]
        tables = tf.where(equal, equal_tables(images), stretch_tables(images))
        found = look_up(images, tables)
        return tf.where(expand(drew(drawn, *LOOKED_UP), images), found, images)


@dataclasses.dataclass(frozen=True)
class RandAugment(_Geometric):
    """A few of fourteen operations, all of one magnitude.

    Magnitude 10 is AutoAugment's largest: shear 0.3, translate 0.45 of the side, rotate 30 degrees,
    factors 0.1 or 1.9, 4 bits, all values inverted; 0 leaves nearly all as it was. Elsewhere (in
    torchvision, 31 steps) the same strength is called 30.

    Reference: Cubuk, Zoph, Shlens and Le 2020, RandAugment; ranges of Cubuk et al. 2019,
    AutoAugment, but growing with the magnitude for all operations (in the authors' code solarize
    and posterize weaken, and factors are without effect at 5).
    """

    group = "policies"
    compilable = False  # each kind is; how many images a kind gets is not known
    fill_value: int = option(128, "grey level outside, in [0, 255]", low=0, high=255)
    operations: int = option(2, "how many, one after another", low=1, high=14)
    magnitude: float = option(5.0, "of 10", low=0, high=10)

    REACH: ClassVar[dict[str, float]] = {
        "rotate": 30,
        "solarize": 256,
        "posterize": 4,
        "shear_x": 0.3,
        "shear_y": 0.3,
        **dict.fromkeys(BLENDED, 0.9),
    }

    def draw(self, draws: Draws, size: Size) -> Drawn:
        sides = {"translate_x": size.width, "translate_y": size.height}
        reach = {name: SHARE_MOVED * tf.cast(side, tf.float64) for name, side in sides.items()}
        turns = [self._operation(draws, reach | self.REACH) for _ in range(self.operations)]
        operation, amount = zip(*turns, strict=True)
        return {"operation": tf.stack(operation, axis=1), "amount": tf.stack(amount, axis=1)}

    def _operation(
        self, draws: Draws, reach: dict[str, float | tf.Tensor]
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """One operation for each image, int32 (count,), and its amount, up or down by chance.

        `reach`: how far the amount of an operation goes, at magnitude 10, from that at rest.
        """
        operation = draws.integers(0, len(OPERATIONS))
        sign = tf.cast(2 * draws.integers(0, 2) - 1, tf.float64)
        whole = tf.gather(tf.constant([name in WHOLE for name in OPERATIONS]), operation)
        reaches = tf.stack([tf.cast(reach.get(name, 0), tf.float64) for name in OPERATIONS])
        rest = tf.gather(tf.constant(list(AT_REST.values()), tf.float64), operation)
        change = tf.gather(reaches, operation) * (self.magnitude / 10)
        change = tf.where(whole, tf.round(change), sign * on_grid(change, AMOUNT_STEPS))
        amount = tf.where(whole, rest - change, rest + change)
        return operation, tf.cast(amount, tf.float32)

    def apply(self, batch: Batch, drawn: Drawn) -> Batch:
        outside = ("fill", "fill_value", "mask_fill", "min_visibility")
        move = _Move(**{name: getattr(self, name) for name in outside})
        for turn in range(drawn["operation"].shape[1]):
            own = {name: values[:, turn] for name, values in drawn.items()}
            batch = apply_step(_Tone(), batch, own)
            batch = apply_to_some(move, batch, own, drew(own, *MOVED))
            batch = apply_to_some(_LookUp(), batch, own, drew(own, *LOOKED_UP))
        return batch

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        return self.apply(Batch(images), drawn).images

    def describe(self, drawn: Drawn, position: int) -> list[dict]:
        """One entry an operation."""
        both = [plain(drawn[name][position]) for name in ("operation", "amount")]
        return [
            {"transform": self.name(), "operation": OPERATIONS[place], "amount": amount}
            for place, amount in zip(*both, strict=True)
        ]
