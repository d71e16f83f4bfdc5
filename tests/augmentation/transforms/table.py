"""One row a transform: what test_every_transform.py must know to test it.

The rows stand in rows_geometry.py and rows_intensity.py. A new transform is tested by adding a row.
"""

import dataclasses
from collections.abc import Callable

import numpy as np

from augmentation.core.transform import Transform


@dataclasses.dataclass(frozen=True, eq=False)
class Row:
    """One transform under test."""

    transform: Transform  # at its usual strength
    identity: Transform | None = None  # at strength zero, if it has one: every bit comes back
    # The same by another implementation (Pillow, SciPy, plain NumPy): one uint8 image (height,
    # width, channels) and its drawn values, without the leading axis, to the expected uint8 image.
    reference: Callable[[np.ndarray, dict], np.ndarray] | None = None
    tolerance: int = 0  # grey levels that the reference may be away ...
    agreeing: float = 1.0  # ... in at least this share of the pixels
    colour: bool = False  # for colour images only

    @property
    def name(self) -> str:
        """As recipes call it."""
        return self.transform.name()


def pictures(channels: int, height: int = 30, width: int = 26, count: int = 8) -> np.ndarray:
    """Made up of even areas, edges, slopes and some noise: uint8 (count, h, w, channels)."""
    generator = np.random.default_rng(height * width + channels)
    y, x = np.mgrid[:height, :width] / max(height, width, 2)
    found = []
    for _ in range(count):
        layers = []
        for _ in range(channels):
            slope = generator.uniform(-120, 120, 2)
            layer = 128 + slope[0] * (y - 0.5) + slope[1] * (x - 0.5)
            layers.append(layer + generator.normal(0, 3, (height, width)))
        image = np.stack(layers, axis=-1)
        for _ in range(3):
            top, left = generator.integers(0, [height, width])
            image[top : top + height // 2, left : left + width // 3] = generator.integers(
                0, 256, channels
            )
        found.append(image)
    return np.clip(np.round(found), 0, 255).astype(np.uint8)
