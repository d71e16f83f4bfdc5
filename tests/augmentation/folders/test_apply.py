"""`augment apply`: the same bytes however it is run, each file accounted for, nothing half done."""

import csv
import hashlib
import itertools
import json
import shutil

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from augmentation.config import ApplySettings
from augmentation.core.batch import Batch, size_of
from augmentation.folders import apply as folder
from augmentation.folders.apply import apply
from augmentation.recipes.read import load_recipe, read_recipe
from data.images.folder import load_folder
from foundation.errors import InputError
from tests.augmentation.folders.folders import (
    COLOURS,
    MIXED,
    TONES,
    TURNING,
    contents,
    made_folder,
    made_image,
    pixels,
    written,
)


@pytest.fixture
def made(tmp_path):
    return made_folder(tmp_path / "in")


@pytest.fixture
def tones(tmp_path):
    return written(tmp_path / "tones.toml", TONES)


@pytest.fixture
def turning(tmp_path):
    return written(tmp_path / "turning.toml", TURNING)


def settings(data, recipe, out, **given) -> ApplySettings:
    if "balance_to" not in given:
        given = {"copies": 2, **given}
    values = {"data": f"folder:{data}", "recipe": recipe, "out": str(out), "quiet": True}
    return ApplySettings.resolve({**values, **given})


def manifest(out) -> list[dict]:
    with open(out / "manifest.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_copy_k_of_source_i_is_drawn_with_seed_epoch_k_and_index_i(made, tones, tmp_path, capsys):
    out, recipe, noisy = tmp_path / "out", load_recipe(tones), 0
    result = apply(settings(made, tones, out, copies=3, seed=5, quiet=False))
    assert result["augmented"] == result["files"] == 18 and result["originals"] == 0
    said = capsys.readouterr().out
    assert "18 augmented images and 0 originals" in said
    assert "Images to test with must not be in the folder" in said
    assert load_recipe(out / "recipe.toml") == recipe
    recorded = json.loads((out / "augment.json").read_text(encoding="utf-8"))
    assert read_recipe(recorded["recipe"]) == recipe and recorded["seed"] == 5
    rows = manifest(out)
    assert list(rows[0]) == ["file", "source", "index", "seed", "copy", "transforms", "sha256"]
    names = ("cat/0.png", "cat/1.png", "cat/2.jpg", "cat/3.png", "dog/0.png", "dog/1.png")
    assert [(row["source"], row["index"], row["copy"]) for row in rows] == [
        (name, str(index), str(copy)) for index, name in enumerate(names) for copy in range(3)
    ]
    for row in rows:
        assert row["file"] == f"{row['source'][:-4]}-{int(row['copy']):03d}.png"
        assert row["seed"] == "5"
        assert hashlib.sha256((out / row["file"]).read_bytes()).hexdigest() == row["sha256"]
        image = pixels(made / row["source"])
        batch = Batch(tf.constant(image.reshape(1, *image.shape[:2], -1)))
        drawn = recipe.draw(5, int(row["copy"]), [int(row["index"])], size_of(batch.images))
        assert json.loads(row["transforms"]) == recipe.describe(drawn, 0)
        noisy += len(recipe.describe(drawn, 0)) == 2
        expected = recipe.replay(batch, drawn).images[0].numpy().reshape(image.shape)
        np.testing.assert_array_equal(pixels(out / row["file"]), expected, err_msg=row["file"])
    assert 0 < noisy < len(rows)  # a probability of a half: who did not draw it has no entry


def test_the_bytes_do_not_depend_on_the_workers_nor_on_groups(made, tones, tmp_path, monkeypatch):
    apply(settings(made, tones, tmp_path / "one", copies=5))
    monkeypatch.setattr("augmentation.folders.plan.BATCH_IMAGES", 3)
    apply(settings(made, tones, tmp_path / "many", copies=5, workers=5))
    assert contents(tmp_path / "one") == contents(tmp_path / "many")


def test_more_copies_and_later_files_change_no_earlier_copy(made, tones, tmp_path):
    apply(settings(made, tones, tmp_path / "few", copies=1))
    (made / "zebra").mkdir()
    Image.fromarray(made_image(9, 6, 9, colour=False)).save(made / "zebra" / "0.png")
    apply(settings(made, tones, tmp_path / "many", copies=3))
    few, many = contents(tmp_path / "few"), contents(tmp_path / "many")
    assert all(many[name] == few[name] for name in few if name.endswith(".png"))


def test_balance_copies_the_originals_byte_for_byte_and_fills_up(made, tones, tmp_path, capsys):
    out = tmp_path / "out"
    result = apply(settings(made, tones, out, balance_to=3))
    assert result["overfull"] == {"cat": 4}
    assert "cat holds 4 images, more than 3: all are kept" in capsys.readouterr().err
    found = contents(out)
    for name, content in contents(made).items():
        assert found[name] == content
    counts = dict.fromkeys(("cat", "dog"), 0)
    for row in manifest(out):
        counts[row["file"].rpartition("/")[0]] += 1
        if not row["copy"]:
            assert row["file"] == row["source"]
            assert row["seed"] == row["transforms"] == ""
    assert counts == {"cat": 4, "dog": 3}
    assert result["originals"] == 6 and result["augmented"] == 1


def test_the_result_is_a_data_set_again(tmp_path, tones):
    for name, index in itertools.product(("cat", "dog"), range(12)):
        path = tmp_path / "in" / name / f"{index}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(made_image(index + 50 * (name == "dog"), 8, 8, False)).save(path)
    apply(settings(tmp_path / "in", tones, tmp_path / "out", balance_to=15))
    dataset = load_folder(str(tmp_path / "out"), quiet=True)
    assert dataset.class_names == ("cat", "dog") and dataset.image_shape == (8, 8, 1)
    assert sum(map(len, dataset.splits.values())) == 30
    dropped = {change.path for change in dataset.changes if change.action == "dropped"}
    assert dropped == {"augment.json", "cleaning.csv", "manifest.csv", "recipe.toml"}


def test_images_to_test_with_are_copied_and_not_augmented(tmp_path, tones):
    for name in ("train/cat/a.png", "test/cat/b.png", "val/cat/c.png"):  # sorted: test is first
        (tmp_path / "in" / name).parent.mkdir(parents=True)
        Image.fromarray(made_image(1, 4, 4, False)).save(tmp_path / "in" / name)
    (tmp_path / "in" / "notes.txt").write_text("beside the splits")
    result = apply(settings(tmp_path / "in", tones, tmp_path / "out", copies=2))
    assert result["dropped"] == 1
    found, given = contents(tmp_path / "out"), contents(tmp_path / "in")
    assert b"notes.txt,dropped,outside the split folders" in found["cleaning.csv"]
    images = {name for name in found if name.endswith(".png")}
    train = {"train/cat/a-000.png", "train/cat/a-001.png"}
    assert images == train | {"test/cat/b.png", "val/cat/c.png"}
    assert found["test/cat/b.png"] == given["test/cat/b.png"]
    assert {row["file"]: row["index"] for row in manifest(tmp_path / "out")} == {
        "test/cat/b.png": "0",
        "train/cat/a-000.png": "1",
        "train/cat/a-001.png": "1",
        "val/cat/c.png": "2",
    }


@pytest.mark.parametrize("split", ["valid/", "Test/", ""])
def test_originals_have_the_form_of_their_copies(tmp_path, tones, split, capsys):
    """Where reading changes them; the form must not tell who was augmented, nor of what class."""
    exif = Image.Exif()
    exif[0x0112] = 6
    transparent = np.dstack([made_image(2, 4, 6, True), made_image(3, 4, 6, False)])
    files = {
        "deep.png": (made_image(1, 4, 6, False).astype(np.uint16) * 16, {}),  # 12 bits
        "alpha.png": (transparent, {}),
        "turned.jpg": (made_image(4, 4, 6, True), {"exif": exif}),
        "plain.jpg": (made_image(5, 4, 6, True), {}),
    }
    train = "train/" if split else ""
    for path in {tmp_path / "in" / train, tmp_path / "in" / split}:
        path.mkdir(parents=True)
        for name, (values, options) in files.items():
            Image.fromarray(values).save(path / name, **options)
        (path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    apply(settings(tmp_path / "in", tones, tmp_path / "out", balance_to=8))
    found, given = contents(tmp_path / "out"), contents(tmp_path / "in")
    for name in files:
        stem, kept = name[:-4], name if name == "plain.jpg" else f"{name[:-4]}.png"
        made = [pixels(tmp_path / "out" / part / kept) for part in (train, split)]
        made.append(pixels(tmp_path / "out" / f"{train}{stem}-000.png"))
        assert len({(each.shape, each.dtype) for each in made}) == 1
        copies = [each for each in found if each.startswith(f"{split}{stem}-")]
        assert len(copies) == (0 if split else 1)
    assert found[f"{split}plain.jpg"] == given[f"{split}plain.jpg"]
    assert pixels(tmp_path / "out" / split / "deep.png").max() > 200
    lost = f"{5 * (1 + bool(split))} read; {1 + bool(split)} dropped (not an image: "
    assert lost in capsys.readouterr().err and b"alpha.png,changed,transp" in found["cleaning.csv"]
    index = 9 if split == "Test/" else 4  # files that are left out keep their places
    assert f"{train}turned.png,{train}turned.jpg,{index},".encode() in found["manifest.csv"]


def test_masks_move_with_their_images(tmp_path, turning):
    """Each mask holds its image's own values, so after the same moves the two are still equal."""
    for index, (height, width) in enumerate([(4, 7), (4, 7), (6, 3)]):
        for folder_name, suffix in (("in", "bmp"), ("masks", "png")):
            path = tmp_path / folder_name / "x" / f"{index}.{suffix}"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(made_image(index, height, width, False)).save(path)
    out = tmp_path / "out"
    masks = str(tmp_path / "masks")
    apply(settings(tmp_path / "in", turning, out, copies=6, masks=masks))
    rows, turned = manifest(out), 0
    assert len(rows) == 18
    for row in rows:
        assert row["file"].startswith("images/x/") and row["mask"].startswith("masks/x/")
        assert row["file"].partition("/")[2] == row["mask"].partition("/")[2]
        image, mask = pixels(out / row["file"]), pixels(out / row["mask"])
        np.testing.assert_array_equal(image, mask)
        content = (out / row["mask"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == row["mask_sha256"]
        original = pixels(tmp_path / "in" / row["source"])
        turned += image.shape != original.shape or bool((image != original).any())
    assert turned > 9


@pytest.mark.parametrize("suffix", ["", "_mask"])
def test_originals_bring_their_masks_from_another_folder_or_from_beside_them(
    tmp_path, tones, capsys, suffix
):
    masks = tmp_path / ("in" if suffix else "masks")
    for name in ("in/0.jpg", f"{masks.name}/0{suffix}.png", f"{masks.name}/1{suffix}.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.fromarray(made_image(1, 4, 6, False)).save(tmp_path / name)
    given = {"mask_suffix": suffix} if suffix else {"masks": str(masks)}
    if suffix:
        assert_refused(tmp_path / "in", tones, tmp_path, "0_mask.png beside an image 0")
    apply(settings(tmp_path / "in", tones, tmp_path / "out", balance_to=2, **given))
    assert [(row["file"], row["mask"]) for row in manifest(tmp_path / "out")] == [
        ("images/0.jpg", "masks/0.png"),
        ("images/0-000.png", "masks/0-000.png"),
    ]
    original = (masks / f"0{suffix}.png").read_bytes()
    assert contents(tmp_path / "out")["masks/0.png"] == original
    said = capsys.readouterr().err
    assert ("1 dropped (a mask without an image: 1)" in said) == bool(suffix)


def test_grey_pixels_stored_as_colour_stay_colour(tmp_path, tones):
    (tmp_path / "in").mkdir()
    grey = np.repeat(made_image(1, 4, 4, False)[..., np.newaxis], 3, axis=2)
    Image.fromarray(grey).save(tmp_path / "in" / "a.png")
    apply(settings(tmp_path / "in", tones, tmp_path / "out", copies=1))
    assert pixels(tmp_path / "out" / "a-000.png").shape == (4, 4, 3)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_a_run_that_is_stopped_leaves_nothing(made, tones, tmp_path, monkeypatch, error):
    original = folder.Maker.__call__

    def make(self, outputs):
        original(self, outputs)
        raise error

    before = contents(tmp_path)
    monkeypatch.setattr(folder.Maker, "__call__", make)
    with pytest.raises(type(error)):
        apply(settings(made, tones, tmp_path / "out"))
    assert contents(tmp_path) == before and not (tmp_path / "out").exists()


def assert_refused(made, tones, tmp_path, message, **given) -> None:
    """The command must be refused before it writes anything."""
    before = contents(tmp_path)
    values = {"out": tmp_path / "out", "data": made, "recipe": tones, **given}
    data, recipe, out = values.pop("data"), values.pop("recipe"), values.pop("out")
    with pytest.raises(InputError, match=message) as error:
        apply(settings(data, recipe, out, **values))
    assert str(error.value).count("; ") >= 2
    assert contents(tmp_path) == before and not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"out": "in/augmented"}, "--out .* is .* or lies in it"),
        ({"out": "in"}, "--out .* is .* or lies in it"),
        ({"out": "link/augmented"}, "--out .* lies in it"),
        ({"masks": "in/dog"}, "--masks .* lies in it"),
        ({"out": "masks/out", "masks": "masks"}, "--out .* lies in it"),
        ({"out": "tones.toml"}, "is a file"),
        ({"out": "tones.toml/below"}, "is a file"),
        ({"out": ""}, "is not empty"),
        ({"data": "masks"}, "holds no file"),
        ({"data": "nowhere"}, "does not exist"),
        ({"data": "texts"}, r"is a readable image \(a\.txt: not an image"),
    ],
)
def test_where_nothing_can_be_read_or_written(made, tones, tmp_path, given, message):
    (tmp_path / "link").symlink_to(made)
    (tmp_path / "masks").mkdir()
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text("a")
    paths = {name: str(tmp_path / place) for name, place in given.items()}
    assert_refused(made, tones, tmp_path, message, **paths)


def test_a_class_without_a_readable_image_is_named(made, tones, tmp_path):
    (made / "owl").mkdir()
    (made / "owl" / "x.png").write_bytes(b"")
    message = r"owl/ holds no readable image \(owl/x\.png: empty file\)"
    assert_refused(made, tones, tmp_path, message)


@pytest.mark.parametrize("data", ["mnist", "npz:x.npz", "folder:", "folder"])
def test_only_folders_are_applied_to(data, tones, tmp_path):
    given = {"data": data, "recipe": tones, "out": str(tmp_path / "out"), "copies": 1}
    with pytest.raises(InputError, match=f"--data {data}; folder:PATH; "):
        apply(ApplySettings.resolve(given))


def test_recipes_that_do_not_fit_a_folder(made, tones, tmp_path):
    mixed = written(tmp_path / "mixed.toml", MIXED)
    message = "recipe mixed ends in mixup; a recipe without mixing: a folder has no place"
    assert_refused(made, tones, tmp_path, message, recipe=mixed)
    colours = written(tmp_path / "colours.toml", COLOURS)
    assert_refused(made, tones, tmp_path, r"cat/0\.png is grey; colour images", recipe=colours)
    assert_refused(made, tones, tmp_path, "recipe nowhere", recipe="nowhere")


def test_a_mask_that_is_missing_or_does_not_fit_is_named(made, tones, tmp_path):
    shutil.copytree(made, tmp_path / "masks")
    masks = {"masks": str(tmp_path / "masks")}
    for path in (tmp_path / "masks").rglob("*.*"):
        if path.suffix == ".jpg":
            path.unlink()
    assert_refused(made, tones, tmp_path, r"image cat/2\.jpg: nothing", **masks)
    Image.fromarray(made_image(1, 8, 7, False)).save(tmp_path / "masks" / "cat" / "2.png")
    message = r"mask .*2\.png is 7 x 8, its image is 8 x 8; a mask as large as its image"
    assert_refused(made, tones, tmp_path, message, **masks)


def test_an_image_that_changes_meanwhile_is_named(made, tones, tmp_path, monkeypatch):
    original = folder.plan

    def plan(*arguments):
        (made / "cat" / "0.png").write_bytes(b"gone")
        return original(*arguments)

    monkeypatch.setattr(folder, "plan", plan)
    with pytest.raises(InputError, match=r"cat/0\.png changed while"):
        apply(settings(made, tones, tmp_path / "out"))
