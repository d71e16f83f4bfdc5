"""`augment preview`: a row for every transform, and the recipe on the user's own images."""

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from augmentation import preview as module
from augmentation.config import PreviewSettings
from augmentation.core.batch import Batch
from augmentation.preview import drawn_images, labelled_grid, preview, tinted, transform_rows
from augmentation.recipes.read import load_recipe
from augmentation.transforms.catalog import MIXINGS, TRANSFORMS
from foundation.errors import InputError

FEW = {name: TRANSFORMS[name] for name in ("invert", "hue", "crop")} | {"mixup": MIXINGS["mixup"]}
CROP = 24  # the default window
PARTNERS = np.random.default_rng(0).integers(0, 256, (5, 28, 28, 1), dtype=np.uint8)


def settings(out, **given) -> PreviewSettings:
    return PreviewSettings.resolve({"out": str(out), "draws": 3, "images": 2, **given})


def cells(picture: Image.Image, rows: int, columns: int, cell: int) -> np.ndarray:
    """The cells of a labelled grid: uint8 (rows, columns, cell, cell, 3)."""
    pixels = np.asarray(picture)
    top, left = module.LABEL_SIZE + 2 * module.GAP, module.LABEL_WIDTH
    body = pixels[top:, left:]
    assert body.shape == (rows * cell, columns * cell, 3)
    return body.reshape(rows, cell, columns, cell, 3).swapaxes(1, 2)


def test_the_command_writes_both_pictures(small_npz, tmp_path, monkeypatch):
    groups = {"a": {"invert": TRANSFORMS["invert"]}, "b": {"cutmix": MIXINGS["cutmix"]}}
    monkeypatch.setattr(module, "image_groups", lambda: groups)
    out = tmp_path / "out"
    result = preview(settings(out, data=f"npz:{small_npz}", seed=1))
    assert result == {
        "out": str(out),
        "files": ["recipe.png", "transforms.png"],
        "recipe": "medical_gentle",  # 8 x 8 images
    }
    cell = 8 * 8 + module.GAP
    with Image.open(out / "transforms.png") as picture:
        shown = cells(picture, 2, 4, cell)
    original, inverted = shown[0, 0, : 8 * 8, : 8 * 8], shown[0, 1:, : 8 * 8, : 8 * 8]
    assert (inverted == 255 - original).all()
    with Image.open(out / "recipe.png") as picture:
        rows = cells(picture, 2, 4, cell)
    assert all((rows[row, 0] != rows[row, epoch]).any() for row in range(2) for epoch in (1, 2, 3))


def test_an_image_of_the_preview_is_what_the_recipe_gives(small_npz):
    image = np.load(small_npz)["images"][7][..., np.newaxis]
    recipe = load_recipe("medical_gentle")
    made = drawn_images(recipe, image, 7, 4, 5, PARTNERS)
    for epoch in range(4):
        batch = Batch(tf.constant(image[np.newaxis]))
        expected = recipe(batch, 5, epoch, tf.constant([7], tf.int64)).images[0]
        np.testing.assert_array_equal(made[epoch], expected)


def test_rows_of_grey_images_are_tinted_where_colour_is_needed_and_sizes_may_change():
    picture = transform_rows(PARTNERS[0], PARTNERS, FEW, 2, 0)
    cell = 28 * 3 + module.GAP
    shown = cells(picture, 4, 3, cell)
    scaled = shown[:, :, : 28 * 3 : 3, : 28 * 3 : 3]  # (rows, columns, 28, 28, 3)
    np.testing.assert_array_equal(scaled[0, 0], np.repeat(PARTNERS[0], 3, axis=2))
    np.testing.assert_array_equal(scaled[1, 0], tinted(PARTNERS[0]))
    assert (scaled[1, 1] != scaled[1, 0]).any()
    assert (scaled[2, 1, CROP:] == 255).all() and (scaled[2, 1, :CROP, :CROP] != 255).any()
    grey = scaled[3, 1].astype(float)
    own = np.abs(grey - scaled[0, 0]).mean()
    assert own > 0 or (scaled[3, 2] != scaled[0, 0]).any()


def test_a_tint_keeps_black_apart_from_white():
    colours = tinted(np.arange(256, dtype=np.uint8).reshape(16, 16, 1)).reshape(256, 3)
    assert (colours[0] == module.TINTS[0]).all() and (colours[255] == module.TINTS[-1]).all()
    assert len(np.unique(colours, axis=0)) == 256


def test_a_grid_by_hand():
    white, black = np.full((2, 1, 1), 255, np.uint8), np.zeros((1, 2, 3), np.uint8)
    picture = labelled_grid([[white, black]], ["a"], ["x", "y"])
    cell = 2 * 32 + module.GAP
    shown = cells(picture, 1, 2, cell)
    assert (shown[0, 1, :32, :64] == 0).all() and (shown[0, 1, 32:, :64] == 255).all()
    assert (shown[0, 0] == 255).all()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"recipe": "nowhere"}, "recipe nowhere"),
        ({"data": "nowhere"}, "DATA 'nowhere'"),
        ({"recipe": "text_noise"}, "kind"),
        ({"draws": 0}, "--draws 0"),
        ({"recipe": "hue.toml", "data": "npz:small.npz"}, "hue on grey images"),
        ({"out": "."}, "is not empty"),
    ],
)
def test_what_is_refused_leaves_nothing(tmp_path, small_npz, monkeypatch, given, message):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(module, "image_groups", lambda: {"mixing": {"mixup": MIXINGS["mixup"]}})
    (tmp_path / "hue.toml").write_text('schema = 1\nname = "h"\n[[steps]]\ntransform = "hue"\n')
    with pytest.raises(InputError, match=message):
        preview(settings(**{"out": "out", **given}))
    assert {path.name for path in tmp_path.iterdir()} == {"hue.toml", "small.npz"}
