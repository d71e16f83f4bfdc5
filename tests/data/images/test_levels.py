"""More than 8 bits: one range for a folder, told, or as it is given."""

import numpy as np
import pytest
from PIL import Image

from data.images.load import load_images
from foundation.errors import InputError
from tests.data.images.test_decoding import png

COLOUR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}  # channels: what a PNG calls them


def written(folder, top, dtype, channels, name):
    """Ten files of random values, of which two alone reach the top; opaque. Returns the values."""
    folder.mkdir()
    values = np.random.default_rng(0).random((10, 8, 8, channels)) * top
    values[:8] /= 5
    values[8:, 0, 0], values[..., 3:] = top, 65_535
    values = values.astype(dtype)
    if channels == 2:
        values[..., 1] = 65_535
    for number, image in enumerate(values):
        path, rows = folder / f"{number}{name}", image.astype(">u2")
        if name == ".png":
            data = b"".join(b"\0" + row.tobytes() for row in rows)
            path.write_bytes(png(8, 8, data, 16, COLOUR_TYPES[channels]))
        elif name == ".pgm":
            path.write_bytes(b"P5 8 8 65535\n" + rows.tobytes())
        else:
            Image.fromarray(image[..., 0]).save(path)
    return values[..., : 1 if channels < 3 else 3].astype(float)


@pytest.mark.parametrize(
    ("top", "dtype", "channels", "name", "shown"),
    [
        *((4_095, np.uint16, channels, ".png", 4_095) for channels in COLOUR_TYPES),
        (4_000, np.uint16, 1, ".tif", 4_095),
        (65_535, np.uint16, 1, ".pgm", 65_535),
        (65_535, np.uint16, 3, ".png", 65_535),
        (200, np.uint16, 1, ".png", 255),
        (200, np.int32, 1, ".tif", 255),
        (1, np.float32, 1, ".tif", 1),
        (250, np.float32, 1, ".tif", 255),
    ],
)
def test_the_range_is_that_of_the_folder(tmp_path, top, dtype, channels, name, shown):
    values = written(tmp_path / "in", top, dtype, channels, name)
    dataset = load_images(f"folder:{tmp_path / 'in'}", quiet=True)
    expected = {np.rint(each * (255 / shown)).astype(np.uint8).tobytes() for each in values}
    assert {
        image.tobytes() for part in dataset.splits.values() for image in part.images
    } == expected
    assert any(f"levels 0 to {shown}" in kind for kind in dataset.counts["reasons"]["changed"])


def test_levels_are_given_and_without_them_values_below_0_are_dropped(tmp_path, capsys):
    data = f"folder:{tmp_path / 'in'}"
    written(tmp_path / "in", -999, np.int32, 1, ".tif")
    with pytest.raises(InputError, match=r"unknown range: -199 to .*--levels LOW,HIGH"):
        load_images(data)
    dataset = load_images(data, levels="-999,0", channels="rgb")
    assert dataset.image_shape == (8, 8, 3) and dataset.train.images.max() == 255
    said = capsys.readouterr().err
    assert "10 read; 0 dropped; 10 changed (" in said and "levels -999 to 0" in said
    for levels in ("5,1", "x", "1", "nan,2"):
        with pytest.raises(InputError, match="LOW,HIGH, the lower first"):
            load_images(data, levels=levels)
    with pytest.raises(InputError, match="--levels with digits; --levels with folder:PATH"):
        load_images("digits", levels="0,4")
