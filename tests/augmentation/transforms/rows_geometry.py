"""The geometric transforms and, for each, the same by Pillow or SciPy."""

import math

import numpy as np
import scipy.ndimage
import tensorflow as tf
from PIL import Image, ImageOps

from augmentation.core.randomness import random_words
from augmentation.transforms.geometry.affine import Affine, Rotate, Translate
from augmentation.transforms.geometry.cropping import Crop, Pad, RandomResizedCrop
from augmentation.transforms.geometry.elastic import Elastic
from augmentation.transforms.geometry.flips import HorizontalFlip, Rotate90, VerticalFlip
from augmentation.transforms.geometry.perspective import Perspective
from tests.augmentation.transforms.table import Row

QUARTERS = {1: Image.ROTATE_90, 2: Image.ROTATE_180, 3: Image.ROTATE_270}


def by_pillow(image, function):
    """`function` of a Pillow image on an array (height, width, channels)."""
    result = function(Image.fromarray(image[..., 0] if image.shape[-1] == 1 else image))
    return np.asarray(result).reshape(result.height, result.width, image.shape[-1])


def interpolated(image, y, x):
    """Bilinear interpolation by SciPy; y and x float, in pixels, 0 the middle of the first."""
    channels = [
        scipy.ndimage.map_coordinates(channel, [y, x], np.float64, order=1, mode="grid-constant")
        for channel in np.moveaxis(image, -1, 0)
    ]
    return np.floor(np.stack(channels, axis=-1) + 0.5).astype(np.uint8)


def moved(image, forward):
    """The image under a 3 x 3 matrix that takes points (x, y, 1), seen from its middle."""
    height, width = image.shape[:2]
    middle = np.array([(width - 1) / 2, (height - 1) / 2])
    y, x = np.mgrid[:height, :width]
    points = np.stack([x - middle[0], y - middle[1], np.ones_like(x)]).reshape(3, -1)
    x, y = (np.linalg.inv(forward) @ points)[:2].reshape(2, height, width)
    return interpolated(image, y + middle[1], x + middle[0])


def rotation(degrees):
    """Counter-clockwise, with y down."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.array([[cos, sin, 0], [-sin, cos, 0], [0, 0, 1]])


def shifting(x, y):
    return np.array([[1, 0, x], [0, 1, y], [0, 0, 1]])


def rotate(image, drawn):
    degrees = float(drawn["degrees"])
    return by_pillow(image, lambda picture: picture.rotate(degrees, Image.BILINEAR))


def rotate_quarters(image, drawn):
    turns = int(drawn["turns"])
    if turns == 0:
        return image
    return by_pillow(image, lambda picture: picture.transpose(QUARTERS[turns]))


def translate(image, drawn):
    height, width = image.shape[:2]
    return moved(image, shifting(drawn["x"] * width, drawn["y"] * height))


def affine(image, drawn):
    height, width = image.shape[:2]
    shift = shifting(drawn["x"] * width, drawn["y"] * height)
    shear = np.array([[1, -math.tan(math.radians(drawn["shear"])), 0], [0, 1, 0], [0, 0, 1]])
    linear = shear @ np.diag([drawn["scale"], drawn["scale"], 1])
    return moved(image, shift @ rotation(drawn["degrees"]) @ linear)


def perspective(image, drawn):
    """The homography from its definition: eight equations for four pairs of points."""
    height, width = image.shape[:2]
    to = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float64)
    shift = [drawn[name] for name in ("top_left", "top_right", "bottom_right", "bottom_left")]
    come_from = to + np.array(shift) * (width, height)
    rows = []
    for (x, y), (u, v) in zip(to, come_from, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
    matrix = np.append(np.linalg.solve(rows, come_from.ravel()), 1).reshape(3, 3)
    y, x = np.mgrid[:height, :width] + 0.5
    u, v, w = (matrix @ np.stack([x, y, np.ones_like(x)]).reshape(3, -1)).reshape(3, height, width)
    return interpolated(image, v / w - 0.5, u / w - 0.5)


def elastic(image, drawn, sigma=4.0):
    height, width = image.shape[:2]
    words = random_words(
        tf.constant(drawn["key"], tf.uint32)[tf.newaxis], -(-2 * height * width // 4)
    )
    levels = words.numpy().view(np.uint8)[0, : 2 * height * width].reshape(2, width, height)
    fields = (2.0 * levels.swapaxes(1, 2) - 255) / 256
    dy, dx = [
        scipy.ndimage.gaussian_filter(field, sigma, mode="constant") * drawn["alpha"]
        for field in fields
    ]
    y, x = np.mgrid[:height, :width]
    return interpolated(image, y + dy, x + dx)


def crop(image, drawn, height=20, width=24):
    left, top = int(drawn["left"]), int(drawn["top"])
    return by_pillow(image, lambda picture: picture.crop((left, top, left + width, top + height)))


def resized_crop(image, drawn):
    names = ("left", "top", "width", "height")
    left, top, width, height = [int(drawn[name]) for name in names]
    window = (left, top, left + width, top + height)
    size = image.shape[1], image.shape[0]
    return by_pillow(image, lambda picture: picture.crop(window).resize(size, Image.BILINEAR))


ROWS = [
    Row(
        HorizontalFlip(probability=1.0),
        reference=lambda image, drawn: by_pillow(image, ImageOps.mirror),
    ),
    Row(
        VerticalFlip(probability=1.0),
        reference=lambda image, drawn: by_pillow(image, ImageOps.flip),
    ),
    Row(Rotate90(), reference=rotate_quarters),
    # Pillow does not blend the border with the fill: what differs is a ring of one pixel
    Row(Rotate(), Rotate(degrees=(0.0, 0.0)), rotate, tolerance=2, agreeing=0.9),
    Row(Translate(), Translate(x=(0.0, 0.0), y=(0.0, 0.0)), translate, tolerance=1),
    Row(
        Affine(),
        Affine(degrees=(0.0, 0.0), scale=(1.0, 1.0), shear=(0.0, 0.0), translate=(0.0, 0.0)),
        affine,
        tolerance=1,
    ),
    Row(Perspective(), Perspective(shift=(0.0, 0.0)), perspective, tolerance=1),
    Row(Elastic(), Elastic(alpha=(0.0, 0.0)), elastic, tolerance=3),
    Row(Crop(height=20, width=24), None, crop),
    Row(
        RandomResizedCrop(),
        RandomResizedCrop(area=(1.0, 1.0), aspect=(1.0, 1.0)),
        resized_crop,
        tolerance=2,
    ),
    Row(
        Pad(vertical=2, horizontal=3),
        Pad(vertical=0, horizontal=0),
        lambda image, drawn: by_pillow(
            image, lambda picture: ImageOps.expand(picture, border=(3, 2), fill=0)
        ),
    ),
]
