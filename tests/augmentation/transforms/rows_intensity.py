"""Intensity, noise, blur, JPEG, erasing and policies and, for each, the same by Pillow or SciPy."""

import io

import numpy as np
import scipy.ndimage
import scipy.special
import tensorflow as tf
from PIL import Image, ImageEnhance, ImageOps

from augmentation.core.randomness import random_words
from augmentation.transforms.colour import Hue, Saturation
from augmentation.transforms.erasing import Erase
from augmentation.transforms.filters import GaussianBlur
from augmentation.transforms.noise import GaussianNoise, Jpeg
from augmentation.transforms.policies import OPERATIONS, RandAugment
from augmentation.transforms.tone import (
    Autocontrast,
    Brightness,
    Contrast,
    Equalize,
    Invert,
    Posterize,
    Solarize,
)
from tests.augmentation.transforms.rows_geometry import by_pillow, moved, rotation, shifting
from tests.augmentation.transforms.table import Row


def enhanced(kind):
    """One of Pillow's ImageEnhance, by the drawn factor."""

    def reference(image, drawn):
        return by_pillow(image, lambda picture: kind(picture).enhance(float(drawn["factor"])))

    return reference


def without_numbers(function):
    return lambda image, drawn: by_pillow(image, function)


def posterize(image, drawn):
    return by_pillow(image, lambda picture: ImageOps.posterize(picture, int(drawn["bits"])))


def solarize(image, drawn):
    return by_pillow(image, lambda picture: ImageOps.solarize(picture, int(drawn["threshold"])))


def hue(image, drawn):
    turned = tf.image.adjust_hue(image.astype(np.float32) / 255, float(drawn["turns"]))
    return np.rint(np.clip(turned, 0, 1) * 255).astype(np.uint8)


def words_of(drawn, number):
    """The first random words of an image's key: uint32 (number,)."""
    return random_words(tf.constant(drawn["key"], tf.uint32)[tf.newaxis], number).numpy()[0]


def noise(image, drawn):
    halves = words_of(drawn, (image.size + 1) // 2).astype("<u4").view("<u2")[: image.size]
    normal = scipy.special.ndtri((halves.astype(np.float64) + 0.5) / 2**16)
    noisy = image + np.rint(float(drawn["sigma"]) * normal).reshape(image.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8)


def blur(image, drawn):
    sigmas = (float(drawn["sigma"]), float(drawn["sigma"]), 0)
    blurred = scipy.ndimage.gaussian_filter(image.astype(np.float64), sigmas, mode="nearest")
    return np.rint(np.clip(blurred, 0, 255)).astype(np.uint8)


def jpeg(image, drawn):
    def saved_and_opened(picture):
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=int(drawn["quality"]))
        return Image.open(file)

    return by_pillow(image, saved_and_opened)


def erase(image, drawn):
    left, top, right, bottom = drawn["box"]
    values = words_of(drawn, (image.size + 3) // 4).astype("<u4").view(np.uint8)[: image.size]
    image[top:bottom, left:right] = values.reshape(image.shape)[top:bottom, left:right]
    return image


def erase_with_level(image, drawn, level=77):
    left, top, right, bottom = drawn["box"]
    image[top:bottom, left:right] = level
    return image


def policy(image, drawn):
    for place, amount in zip(drawn["operation"], drawn["amount"], strict=True):
        image = operate(image, OPERATIONS[place], float(amount))
    return image


def operate(image, operation, amount):
    """One of the operations of a policy."""
    sheared = {"shear_x": [[1, -amount, 0], [0, 1, 0], [0, 0, 1]]}
    sheared["shear_y"] = [[1, 0, 0], [amount, 1, 0], [0, 0, 1]]
    motions = {name: np.array(matrix) for name, matrix in sheared.items()}
    motions["translate_x"], motions["translate_y"] = shifting(amount, 0), shifting(0, amount)
    motions["rotate"] = rotation(amount)
    enhancers = {
        "brightness": ImageEnhance.Brightness,
        "contrast": ImageEnhance.Contrast,
        "colour": ImageEnhance.Color,
        "sharpness": ImageEnhance.Sharpness,
    }
    functions = {
        "identity": lambda picture: picture,
        "autocontrast": ImageOps.autocontrast,
        "equalize": ImageOps.equalize,
        "posterize": lambda picture: ImageOps.posterize(picture, int(amount)),
        "solarize": lambda picture: ImageOps.solarize(picture, int(amount)),
    }
    if operation in motions:
        return moved(image, motions[operation])
    if operation in enhancers:
        return by_pillow(image, lambda picture: enhancers[operation](picture).enhance(amount))
    return by_pillow(image, functions[operation])


ROWS = [
    Row(Brightness(factor=(0, 3)), Brightness(factor=(1, 1)), enhanced(ImageEnhance.Brightness)),
    Row(Contrast(factor=(0, 3)), Contrast(factor=(1, 1)), enhanced(ImageEnhance.Contrast)),
    Row(Invert(), None, without_numbers(ImageOps.invert)),
    Row(Posterize(bits=(1, 8)), Posterize(bits=(8, 8)), posterize),
    Row(Solarize(threshold=(0, 256)), Solarize(threshold=(256, 256)), solarize),
    # Pillow cuts a float64 product off where it should be whole
    Row(Autocontrast(), None, without_numbers(ImageOps.autocontrast), tolerance=1),
    Row(Equalize(), None, without_numbers(ImageOps.equalize)),
    Row(
        Saturation(factor=(0, 3)),
        Saturation(factor=(1, 1)),
        enhanced(ImageEnhance.Color),
        colour=True,
    ),
    Row(Hue(turns=(-1, 1)), Hue(turns=(0, 0)), hue, tolerance=1, colour=True),
    Row(GaussianNoise(sigma=(0, 60)), GaussianNoise(sigma=(0, 0)), noise),
    Row(GaussianBlur(sigma=(0, 3)), GaussianBlur(sigma=(0, 0)), blur, tolerance=1),
    Row(Jpeg(quality=(1, 100)), None, jpeg),
    Row(Erase(probability=1.0), Erase(area=(0, 0)), erase),
    Row(Erase(probability=1.0, fill="constant", fill_value=77), None, erase_with_level),
    # a second operation can enlarge what the first rounds otherwise
    Row(RandAugment(fill_value=0), None, policy, tolerance=2, agreeing=0.999),
]
