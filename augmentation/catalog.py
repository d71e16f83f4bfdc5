"""All transforms: importing a family registers what it holds."""

from augmentation import (
    affine,
    colour,
    cropping,
    elastic,
    erasing,
    filters,
    flips,
    jpeg,
    noise,
    perspective,
    policies,
    tone,
)
from augmentation.mixing import MIXINGS
from augmentation.transform import TRANSFORMS

FAMILIES = (flips, affine, perspective, elastic, cropping, tone, colour)
FAMILIES += (noise, filters, jpeg, erasing, policies)

__all__ = ["FAMILIES", "MIXINGS", "TRANSFORMS"]
