"""Arrays as Pillow pictures, grids of them, animations, curves."""

import numpy as np
import pytest
from PIL import Image

from foundation.pictures import curves, image_grid, save_animation, to_picture

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


def test_image_grid_lays_out_rows():
    images = np.zeros((3, 2, 2, 1), np.uint8)
    images[2] = 255
    picture = np.asarray(image_grid(images, columns=2, gap=1))
    assert picture.shape == (7, 7)
    assert np.all(picture[4:6, 1:3] == 255) and np.all(picture[1:3, 1:6:3] == 0)
    assert np.asarray(image_grid(np.zeros((3, 2, 2, 3), np.uint8), 3, scale=2)).shape == (8, 20, 3)
    with pytest.raises(ValueError, match="images are float32"):
        image_grid(np.zeros((3, 2, 2, 1), np.float32), 2)


def test_an_animation_of_many_epochs_is_thinned(tmp_path):
    samples = []
    for index in range(100):
        samples.append(tmp_path / f"{index:03d}.png")
        Image.new("L", (8, 8), index * 2).save(samples[-1])
    save_animation(samples, tmp_path / "all.gif")
    with Image.open(tmp_path / "all.gif") as image:
        assert image.n_frames == 60
        image.seek(59)
        assert abs(image.convert("L").getpixel((0, 0)) - 198) <= 2


def test_curves_draw_levels_and_columns():
    rows = [{"epoch": 1, "a": 0.5}, {"epoch": 2, "a": 0.7}]
    figure = curves(rows, {"title": {"a": "a line", "0.6": "= level"}}, "how")
    lines = figure.axes[0].get_lines()
    assert lines[0].get_ydata().tolist() == [0.5, 0.7] and set(lines[1].get_ydata()) == {0.6}
