"""Pillow, image by image: what a user writes who has no augmentation library."""

import io
import math
import random
from collections.abc import Callable

import numpy as np
import PIL
from PIL import Image, ImageChops, ImageEnhance, ImageFilter, ImageOps

from benchmarks.augmentation.side import ImageByImage

BILINEAR = Image.Resampling.BILINEAR
Picture = Image.Image
draw = random.Random(0)  # Python's own: for single numbers faster than NumPy's


class Pillow(ImageByImage):
    """See benchmarks.augmentation.side."""

    version = f"Pillow {PIL.__version__}"
    how = "image by image, from array to array"

    @classmethod
    def use_threads(cls, threads: int) -> None:
        """So many threads share a batch; Pillow itself takes one."""
        cls.threads = threads

    def operations(self, images: np.ndarray) -> dict[str, Callable[[np.ndarray], np.ndarray]]:
        """Row -> function from array to array."""
        others = [picture_of(each) for each in images]

        def mixup(picture: Picture) -> Picture:
            return Image.blend(picture, draw.choice(others), draw.betavariate(0.2, 0.2))

        def cutmix(picture: Picture) -> Picture:
            side = math.sqrt(draw.random())
            box = random_box(picture, side * picture.width, side * picture.height)
            picture = picture.copy()
            picture.paste(draw.choice(others).crop(box), box)
            return picture

        mixing = {"mixup": mixup, "cutmix": cutmix}
        return {name: on_arrays(each) for name, each in (OPERATIONS | mixing).items()}


def on_arrays(operation: Callable[[Picture], Picture]) -> Callable[[np.ndarray], np.ndarray]:
    """A function of pictures as one of arrays (height, width, channels)."""

    def function(image: np.ndarray) -> np.ndarray:
        return np.asarray(operation(picture_of(image))).reshape(image.shape)

    return function


def picture_of(image: np.ndarray) -> Picture:
    """uint8 (height, width, channels) as a picture, without a copy."""
    return Image.fromarray(image[..., 0] if image.shape[2] == 1 else image)


def flip(picture: Picture) -> Picture:
    if draw.random() < 0.5:
        return picture
    return picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def rotation(picture: Picture) -> Picture:
    return picture.rotate(draw.uniform(-15, 15), BILINEAR)


def translation(picture: Picture) -> Picture:
    x = draw.uniform(-0.1, 0.1) * picture.width
    y = draw.uniform(-0.1, 0.1) * picture.height
    return picture.transform(picture.size, Image.Transform.AFFINE, (1, 0, x, 0, 1, y), BILINEAR)


def affine(picture: Picture) -> Picture:
    """One matrix, from places of the result to places of the picture."""
    angle, shear = (
        math.radians(draw.uniform(-15, 15)),
        math.tan(math.radians(draw.uniform(-10, 10))),
    )
    scale = 1 / draw.uniform(0.9, 1.1)
    cosine, sine = scale * math.cos(angle), scale * math.sin(angle)
    a, b, d, e = cosine, cosine * shear + sine, -sine, cosine - sine * shear
    x, y = picture.width / 2, picture.height / 2
    right, down = draw.uniform(-0.1, 0.1) * x * 2, draw.uniform(-0.1, 0.1) * y * 2
    matrix = (a, b, x - a * x - b * y + right, d, e, y - d * x - e * y + down)
    return picture.transform(picture.size, Image.Transform.AFFINE, matrix, BILINEAR)


def perspective(picture: Picture) -> Picture:
    """Each corner of the result is taken from up to a tenth of the sides inside the picture."""
    width, height = picture.size
    rows, targets = [], []
    for x, y in ((0, 0), (width, 0), (width, height), (0, height)):
        u = abs(x - draw.uniform(0, 0.1) * width)
        v = abs(y - draw.uniform(0, 0.1) * height)
        rows += [(x, y, 1, 0, 0, 0, -u * x, -u * y), (0, 0, 0, x, y, 1, -v * x, -v * y)]
        targets += [u, v]
    coefficients = np.linalg.solve(np.array(rows, float), targets)
    return picture.transform(picture.size, Image.Transform.PERSPECTIVE, coefficients, BILINEAR)


def random_resized_crop(picture: Picture) -> Picture:
    side, shape = math.sqrt(draw.uniform(0.5, 1)), math.sqrt(draw.uniform(3 / 4, 4 / 3))
    width = min(side * shape, 1.0) * picture.width
    height = min(side / shape, 1.0) * picture.height
    left = draw.uniform(0, picture.width - width)
    top = draw.uniform(0, picture.height - height)
    return picture.resize(picture.size, BILINEAR, box=(left, top, left + width, top + height))


def brightness(picture: Picture) -> Picture:
    return ImageEnhance.Brightness(picture).enhance(draw.uniform(0.8, 1.2))


def contrast(picture: Picture) -> Picture:
    return ImageEnhance.Contrast(picture).enhance(draw.uniform(0.8, 1.2))


def colour_jitter(picture: Picture) -> Picture:
    picture = ImageEnhance.Color(contrast(brightness(picture))).enhance(draw.uniform(0.8, 1.2))
    hue, saturation, value = picture.convert("HSV").split()
    turn = draw.randint(-13, 13)  # of 256
    hue = hue.point([(level + turn) % 256 for level in range(256)])
    return Image.merge("HSV", (hue, saturation, value)).convert("RGB")


def gaussian_noise(picture: Picture) -> Picture:
    noise = [Image.effect_noise(picture.size, 25) for _ in picture.getbands()]
    return ImageChops.add(picture, Image.merge(picture.mode, noise), offset=-128)


def gaussian_blur(picture: Picture) -> Picture:
    return picture.filter(ImageFilter.GaussianBlur(draw.uniform(0.5, 1.5)))


def erasing(picture: Picture) -> Picture:
    area = draw.uniform(0.02, 0.33) * picture.width * picture.height
    shape = math.sqrt(draw.uniform(0.3, 3.3))
    width, height = math.sqrt(area) * shape, math.sqrt(area) / shape
    picture = picture.copy()
    picture.paste(0, random_box(picture, width, height))
    return picture


def jpeg(picture: Picture) -> Picture:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=draw.randint(50, 95))
    return Image.open(buffer)


def random_box(picture: Picture, width: float, height: float) -> tuple[int, int, int, int]:
    """A box of about this size somewhere in the picture: left, top, right, bottom."""
    width, height = min(round(width), picture.width), min(round(height), picture.height)
    left, top = draw.randint(0, picture.width - width), draw.randint(0, picture.height - height)
    return left, top, left + width, top + height


OPERATIONS = {
    "flip": flip,
    "rotation": rotation,
    "translation": translation,
    "affine": affine,
    "perspective": perspective,
    "random resized crop": random_resized_crop,
    "brightness": brightness,
    "contrast": contrast,
    "colour jitter": colour_jitter,
    "posterize": lambda picture: ImageOps.posterize(picture, 4),
    "solarize": lambda picture: ImageOps.solarize(picture, 128),
    "equalize": ImageOps.equalize,
    "autocontrast": ImageOps.autocontrast,
    "invert": ImageChops.invert,
    "Gaussian noise": gaussian_noise,
    "Gaussian blur": gaussian_blur,
    "erasing": erasing,
    "JPEG": jpeg,
}
