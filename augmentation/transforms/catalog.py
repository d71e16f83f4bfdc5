"""All transforms: importing a family registers what it holds."""

from augmentation.core.mixing import MIXINGS
from augmentation.core.transform import TRANSFORMS
from augmentation.transforms import (
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

FAMILIES = (flips, affine, perspective, elastic, cropping, tone, colour)
FAMILIES += (noise, filters, jpeg, erasing, policies)

__all__ = ["FAMILIES", "MIXINGS", "TRANSFORMS"]
