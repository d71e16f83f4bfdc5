"""One row a transform: what test_every_transform.py must know to test it.

The rows stand in rows_geometry.py and rows_intensity.py. A new transform is tested by adding a row.
"""

import dataclasses
from collections.abc import Callable

import numpy as np

from augmentation.core.transform import Transform


@dataclasses.dataclass(frozen=True)
class Row:
    """One transform under test.

    Args:
      transform: at its usual strength.
      identity: at strength zero, if it has one: every image comes back bit-equal.
      reference: the same by another implementation (Pillow, SciPy, plain NumPy): one uint8 image
        (height, width, channels) and its drawn values (NumPy scalars and arrays, without the
        leading axis) to the uint8 image that is expected.
      tolerance: grey levels that the reference may be away ...
      agreeing: ... in at least this share of the pixels.
      colour: it is for colour images only.
    """

    transform: Transform
    identity: Transform | None = None
    reference: Callable[[np.ndarray, dict], np.ndarray] | None = None
    tolerance: int = 0
    agreeing: float = 1.0
    colour: bool = False

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
