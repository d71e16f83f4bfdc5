"""Masks: found beside their images, and out again with the numbers they came in with."""

import numpy as np
import pytest
from PIL import Image

from augmentation.folders.masks import find_masks, mask_picture, read_mask
from foundation.errors import InputError

NUMBERS = np.array([[0, 1, 2], [3, 200, 255]], np.uint8)


def saved(path, picture) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path)
    return path


def test_a_mask_has_the_relative_path_of_its_image(tmp_path):
    grey = Image.fromarray(NUMBERS)
    for name in ("cat/a.png", "cat/b.png", "cat/b.gif", "cat/.c.png", "cat/c.png", "d.tif"):
        saved(tmp_path / name, grey)
    found = find_masks(tmp_path, ["cat/a.jpg", "cat/b.gif", "cat/c.JPG", "d.png"])
    assert found == [tmp_path / name for name in ("cat/a.png", "cat/b.gif", "cat/c.png", "d.tif")]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("cat/x.png", r"image cat/x\.png: nothing in .*cat as its mask; one file x\.\*"),
        ("dog/x.png", r"image dog/x\.png: nothing in .*dog as its mask"),
        ("cat/b.jpg", r"image cat/b\.jpg: b\.gif and b\.png in .*; .*; remove all but one"),
    ],
)
def test_a_mask_that_is_missing_or_double_is_named(tmp_path, name, message):
    for file in ("cat/b.png", "cat/b.gif"):
        saved(tmp_path / file, Image.fromarray(NUMBERS))
    with pytest.raises(InputError, match=message):
        find_masks(tmp_path, ["cat/b.png", name])


def test_no_folder_of_masks_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"--masks .*nowhere does not exist"):
        find_masks(tmp_path / "nowhere", [])


def palette_picture() -> Image.Image:
    picture = Image.fromarray(NUMBERS)
    picture.putpalette([value % 256 for value in range(7, 7 + 768)])
    return picture


@pytest.mark.parametrize(
    "picture",
    [
        Image.fromarray(NUMBERS),
        palette_picture(),
        Image.fromarray(NUMBERS > 2),
        Image.fromarray(NUMBERS.astype(np.uint16) * 257),
        *(
            Image.fromarray(np.stack([NUMBERS, NUMBERS[::-1], 255 - NUMBERS, NUMBERS][:n], axis=-1))
            for n in (2, 3, 4)
        ),
    ],
    ids=lambda picture: picture.mode,
)
def test_every_form_comes_out_as_it_went_in(tmp_path, picture):
    path = saved(tmp_path / "mask.png", picture)
    mask = read_mask(path)
    assert mask.values.shape == NUMBERS.shape and mask.values.dtype == np.int32
    if picture.mode in "LP":  # a palette's numbers are the classes, not its colours
        np.testing.assert_array_equal(mask.values, NUMBERS)
    again = mask_picture(mask)
    again.save(tmp_path / "again.png")
    with Image.open(tmp_path / "again.png") as back:
        assert back.mode == picture.mode
        np.testing.assert_array_equal(np.asarray(back), np.asarray(picture))
        assert back.getpalette() == picture.getpalette()


@pytest.mark.parametrize(
    ("orientation", "shape", "message"),
    [
        (6, (2, 3), None),  # as the image is stored: turned with it
        (6, (3, 2), None),  # as it is shown
        (1, (2, 3), "is 3 x 2, its image is 2 x 3"),
        (3, (3, 2), r"EXIF turns the image of mask .*orientation 3"),
    ],
)
def test_a_mask_lies_as_its_image_or_is_refused(tmp_path, orientation, shape, message):
    path = saved(tmp_path / "mask.png", Image.fromarray(np.resize(NUMBERS, shape)))
    if message:
        with pytest.raises(InputError, match=message):
            read_mask(path, shown=(3, 2), orientation=orientation)
        return
    mask = read_mask(path, shown=(3, 2), orientation=orientation)
    stored = shape == NUMBERS.shape
    expected = np.rot90(NUMBERS, -1) if stored else np.resize(NUMBERS, shape)
    np.testing.assert_array_equal(mask.values, expected)
    assert mask.reasons == ("turned as EXIF turns its image",) * stored


@pytest.mark.parametrize("dtype", [np.int32, np.float32])
def test_32_bits_are_stored_as_16_and_told(tmp_path, dtype):
    path = saved(tmp_path / "mask.tif", Image.fromarray(NUMBERS.astype(dtype) * 257))
    mask = read_mask(path)
    np.testing.assert_array_equal(np.asarray(mask_picture(mask)), NUMBERS.astype(int) * 257)
    assert mask.mode == "I;16" and mask.reasons == ("32 bits stored as 16",)
    for wrong in (-1, 70_000):
        saved(path, Image.fromarray(np.full((2, 2), wrong, dtype)))
        with pytest.raises(InputError, match=r"has the mode .*from 0 to 65535"):
            read_mask(path)


def test_what_is_no_mask_is_named(tmp_path):
    (tmp_path / "broken.png").write_bytes(b"not an image")
    with pytest.raises(InputError, match=r"broken\.png"):
        read_mask(tmp_path / "broken.png")
