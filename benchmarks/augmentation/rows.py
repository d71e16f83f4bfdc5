"""What the augmentation benchmark measures, and which of the sides can do it. No heavy import.

Every row has the same meaning on all sides, and as far as their settings allow the same strength:
one function for an augmentation that a user would pick from each of the libraries.
"""

import dataclasses

OURS, KERAS, PILLOW, ALBUMENTATIONS = "this project", "Keras", "Pillow", "albumentations"
SIDES = {
    OURS: "benchmarks.augmentation.ours:Project",
    KERAS: "benchmarks.augmentation.keras_layers:Keras",
    PILLOW: "benchmarks.augmentation.pillow_side:Pillow",
    ALBUMENTATIONS: "benchmarks.augmentation.albumentations_side:Albumentations",
}


@dataclasses.dataclass(frozen=True)
class Size:
    """Images of one size.

    Args:
      height, width, channels: of an image.
      images: how many different ones.
      batch_size: images in a batch.
    """

    height: int
    width: int
    channels: int
    images: int
    batch_size: int

    @property
    def name(self) -> str:
        """Such as 28x28x1."""
        return f"{self.height}x{self.width}x{self.channels}"


SIZES = (Size(28, 28, 1, 4096, 256), Size(32, 32, 3, 4096, 256), Size(224, 224, 3, 256, 32))


@dataclasses.dataclass(frozen=True)
class Row:
    """One augmentation.

    Args:
      name: as in the table.
      strength: what is drawn, and from where.
      others: the sides beside this project that have it.
      colour_only: it means nothing on grey images.
    """

    name: str
    strength: str
    others: tuple[str, ...]
    colour_only: bool = False


ALL = (KERAS, PILLOW, ALBUMENTATIONS)
ROWS = (
    Row("flip", "left to right, half of the images", ALL),
    Row("rotation", "-15 to 15 degrees, bilinear", ALL),
    Row("translation", "up to a tenth of each side, bilinear", ALL),
    Row(
        "affine",
        "rotation -15 to 15 degrees, scale 0.9 to 1.1, shear -10 to 10 degrees, shift 0.1",
        (PILLOW, ALBUMENTATIONS),
    ),
    Row("perspective", "corners moved by up to a tenth, bilinear", ALL),
    Row(
        "elastic", "fields of sigma 4 and alpha 34 (Keras: its own scale)", (KERAS, ALBUMENTATIONS)
    ),
    Row("random resized crop", "0.5 to 1 of the area, bilinear", (PILLOW, ALBUMENTATIONS)),
    Row("brightness", "0.8 to 1.2", ALL),
    Row("contrast", "0.8 to 1.2", ALL),
    Row(
        "colour jitter",
        "brightness, contrast and saturation 0.8 to 1.2, hue -0.05 to 0.05 of the circle",
        ALL,
        colour_only=True,
    ),
    Row("posterize", "4 bits", ALL),
    Row("solarize", "from 128", ALL),
    Row("equalize", "", ALL),
    Row("autocontrast", "", ALL),
    Row("invert", "", ALL),
    Row("Gaussian noise", "standard deviation 25 of 255", ALL),
    Row("Gaussian blur", "sigma 0.5 to 1.5", ALL),
    Row("erasing", "0.02 to 0.33 of the area, black", ALL),
    Row("JPEG", "quality 50 to 95", (PILLOW, ALBUMENTATIONS)),
    Row("mixup", "alpha 0.2, labels too", (KERAS, PILLOW)),
    Row("cutmix", "alpha 1, labels too", (KERAS, PILLOW)),
    Row("RandAugment", "2 operations", (KERAS,)),
)


def rows_for(size: Size) -> list[Row]:
    """The rows that mean something at a size."""
    return [row for row in ROWS if size.channels == 3 or not row.colour_only]
