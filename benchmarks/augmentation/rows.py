"""What the augmentation benchmark measures. No heavy import.

Every row has the same meaning on all sides, and as far as their settings allow the same strength:
one function for an augmentation that a user would pick from each of the libraries.
"""

from typing import NamedTuple

OURS = "this project"
SIDES = {
    OURS: "benchmarks.augmentation.ours:Project",
    "Keras": "benchmarks.augmentation.keras_layers:Keras",
    "albumentations": "benchmarks.augmentation.albumentations_side:Albumentations",
}


class Size(NamedTuple):
    """Images of one size: of each, how many different ones, and how many in a batch."""

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
COLOUR_ONLY = ("colour jitter",)
ROWS = {  # name -> what is drawn, and from where
    "flip": "left to right, half of the images",
    "rotation": "-15 to 15 degrees, bilinear",
    "translation": "up to a tenth of each side, bilinear",
    "affine": "rotation -15 to 15 degrees, scale 0.9 to 1.1, shear -10 to 10 degrees, shift 0.1",
    "perspective": "corners moved by up to a tenth, bilinear",
    "elastic": "fields of sigma 4 and alpha 34 (Keras: its own scale)",
    "random resized crop": "0.5 to 1 of the area, bilinear",
    "brightness": "0.8 to 1.2",
    "contrast": "0.8 to 1.2",
    "colour jitter": "brightness, contrast and saturation 0.8 to 1.2, hue -0.05 to 0.05 of a turn",
    "posterize": "4 bits",
    "solarize": "from 128",
    "equalize": "",
    "autocontrast": "",
    "invert": "",
    "Gaussian noise": "standard deviation 25 of 255",
    "Gaussian blur": "sigma 0.5 to 1.5",
    "erasing": "0.02 to 0.33 of the area, black",
    "JPEG": "quality 50 to 95",
    "mixup": "alpha 0.2, labels too",
    "cutmix": "alpha 1, labels too",
    "RandAugment": "2 operations",
}


def rows_for(size: Size) -> list[str]:
    """The rows that mean something at a size."""
    return [row for row in ROWS if size.channels == 3 or row not in COLOUR_ONLY]
