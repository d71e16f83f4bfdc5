"""Arrays as Pillow pictures."""

import numpy as np
import pytest

from foundation.pictures import to_picture

PIXELS = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)


def test_colour_and_grey_come_back_unchanged():
    colour = to_picture(PIXELS)
    assert (colour.mode, colour.size) == ("RGB", (4, 2))
    np.testing.assert_array_equal(np.asarray(colour), PIXELS)
    grey = to_picture(PIXELS[..., 1:2])
    assert (grey.mode, grey.size) == ("L", (4, 2))
    np.testing.assert_array_equal(np.asarray(grey), PIXELS[..., 1])


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (PIXELS / np.float32(255), r"float32 \(2, 4, 3\); uint8"),
        (PIXELS[..., 0], r"uint8 \(2, 4\); uint8 \(height, width, 1 or 3\)"),
        (PIXELS[..., :2], r"uint8 \(2, 4, 2\)"),
        (PIXELS[np.newaxis], r"uint8 \(1, 2, 4, 3\)"),
    ],
)
def test_anything_else_is_refused_by_name(image, message):
    with pytest.raises(ValueError, match=message):
        to_picture(image)
