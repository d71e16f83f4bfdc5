"""Recipes: one fate for each (seed, epoch, index), and files that are read and checked."""

import json

import numpy as np
import pytest
import tensorflow as tf

from augmentation.core.batch import Batch, Size
from augmentation.core.composition import OneOf, Sequence
from augmentation.core.fields import FieldError
from augmentation.core.mixing import Partners
from augmentation.core.recipe import Recipe
from augmentation.recipes.read import load_recipe, read_recipe
from augmentation.recipes.tables import recipe_table, shipped_recipes
from augmentation.tf_data import augmented
from augmentation.transforms.catalog import MIXINGS, TRANSFORMS
from foundation.errors import InputError
from tests.augmentation.toys import Add, Grow, WidthAdded

SIZE = Size(6, 5, 3)
IMAGES = np.random.default_rng(0).integers(0, 256, (12, *SIZE), dtype=np.uint8)
BATCH = Batch(tf.constant(IMAGES))
INDICES = np.arange(100, 112)
ADDING = Recipe("adding", steps=(Add(spread=200), OneOf([Add(spread=9), Grow.__base__()])))
BRIGHTNESS, CONTRAST = TRANSFORMS["brightness"], TRANSFORMS["contrast"]
MIXUP, CUTMIX = MIXINGS["mixup"], MIXINGS["cutmix"]
PARTNERS = Partners(IMAGES[::-1].copy(), np.arange(12) % 3, 3)

FULL = """
schema = 1
name = "full"
version = "2.1"
description = "a \\"quoted\\" line\\nand 增强\\u007f"

[[steps]]
transform = "brightness"
factor = [0.8, 1.2]
probability = 0.9

[[steps]]
one_of = [
    {transform = "contrast", weight = 2},
    {one_of = [{transform = "invert"}, {transform = "brightness"}]},
    {sequence = [{transform = "invert"}, {transform = "contrast", factor = [0, 1]}]},
]
probability = 0.5

[mixing]
transform = "mixup"
alpha = 0.3
"""


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def test_an_image_has_one_fate_in_any_batch_and_order():
    whole = ADDING(BATCH, 5, 2, INDICES).images.numpy()
    for i in range(12):
        alone = ADDING(Batch(BATCH.images[i : i + 1]), 5, 2, INDICES[i : i + 1])
        np.testing.assert_array_equal(alone.images[0], whole[i])
    backwards = ADDING(Batch(BATCH.images[::-1]), 5, 2, INDICES[::-1])
    np.testing.assert_array_equal(backwards.images[::-1], whole)
    np.testing.assert_array_equal(BATCH.images, IMAGES)


def test_seed_epoch_and_index_each_change_the_fate():
    fates = [
        ADDING.draw(seed, epoch, INDICES + shift, SIZE)["steps"]["0"]["added"].numpy()
        for seed, epoch, shift in ((1, 2, 0), (0, 2, 0), (1, 3, 0), (2, 1, 0), (1, 2, 1000))
    ]
    for i, fate in enumerate(fates):
        for other in fates[:i]:
            assert np.sum(fate == other) < 4


def test_what_was_drawn_is_applied_again_without_the_seed():
    drawn = ADDING.draw(5, 2, INDICES, SIZE)
    whole = ADDING(BATCH, 5, 2, INDICES).images
    np.testing.assert_array_equal(ADDING.replay(BATCH, drawn).images, whole)
    own = tf.nest.map_structure(lambda values: values[3:4], drawn)
    np.testing.assert_array_equal(ADDING.replay(Batch(BATCH.images[3:4]), own).images[0], whole[3])
    assert ADDING.describe(drawn, 3)[0]["added"] in range(1, 202)


def test_compiled_drawing_draws_the_same():
    @tf.function(autograph=False)
    def graph(seed, epoch, indices):
        return ADDING.draw(seed, epoch, indices, SIZE)

    expected = ADDING.draw(5, 2**31 - 1, INDICES, SIZE)
    drawn = graph(tf.constant(5), tf.constant(2**31 - 1), tf.constant(INDICES))
    tf.nest.map_structure(np.testing.assert_array_equal, expected, drawn)


def test_mixing_sends_the_partner_through_the_steps_with_numbers_of_its_own():
    recipe = Recipe("mixed", steps=(Add(spread=200),), mixing=CUTMIX(alpha=1.0))
    batch = Batch(BATCH.images, tf.constant(np.arange(12) % 3))
    drawn = recipe.draw(0, 0, INDICES, SIZE, 12)
    assert not np.array_equal(drawn["steps"]["0"]["added"], drawn["partner"]["0"]["added"])
    after = recipe.replay(batch, drawn, PARTNERS)
    for i in range(12):
        own = IMAGES[i] + np.uint8(drawn["steps"]["0"]["added"][i])
        partner = int(drawn["mixing"]["partner"][i])
        other = PARTNERS.images[partner] + np.uint8(drawn["partner"]["0"]["added"][i])
        pasted = np.any(after.images[i] != own, axis=-1)
        np.testing.assert_array_equal(after.images[i].numpy()[pasted], other[pasted])
        expected = np.eye(3)[i % 3] * (1 - pasted.mean()) + np.eye(3)[partner % 3] * pasted.mean()
        np.testing.assert_allclose(after.labels[i], expected, atol=0.04)
    whole = recipe(batch, 0, 0, INDICES, PARTNERS)
    np.testing.assert_array_equal(whole.images, after.images)
    np.testing.assert_array_equal(whole.labels, after.labels)


def test_a_recipe_of_mixing_alone_and_of_steps_that_change_the_size():
    mixing = Recipe("mixing", mixing=CUTMIX())
    after = mixing(Batch(BATCH.images, tf.zeros(12, tf.int64)), 0, 0, INDICES, PARTNERS)
    assert after.images.shape == (12, 6, 5, 3) and after.labels.shape == (12, 3)
    growing = Recipe("growing", steps=(Grow(), WidthAdded()))
    after = growing(BATCH, 0, 0, INDICES)
    assert after.images.shape == (12, 8, 7, 3)
    assert np.all(after.images[:, 0] == 7)
    both = Recipe("both", steps=(Grow(),), mixing=CUTMIX())
    box = both.draw(0, 0, np.arange(300), SIZE, 12)["mixing"]["box"].numpy()
    assert tuple(box.max(axis=0)[2:]) == (7, 8)  # right and bottom, behind the growing


def test_a_file_is_read_as_it_is_meant(tmp_path):
    recipe = load_recipe(write(tmp_path / "full.toml", FULL))
    invert = TRANSFORMS["invert"]()
    assert read_recipe(json.loads(json.dumps(recipe_table(recipe, "image")))) == recipe
    assert recipe == Recipe(
        "full",
        "2.1",
        'a "quoted" line\nand 增强\x7f',
        (
            BRIGHTNESS(factor=(0.8, 1.2), probability=0.9),
            OneOf(
                [
                    CONTRAST(),
                    OneOf([invert, BRIGHTNESS()]),
                    Sequence([invert, CONTRAST(factor=(0, 1))]),
                ],
                weights=(2, 1, 1),
                probability=0.5,
            ),
        ),
        MIXUP(alpha=0.3),
    )


@pytest.mark.parametrize("name", shipped_recipes())
def test_shipped_recipes_work_and_read_back_equal(name):
    recipe = load_recipe(name)
    assert recipe.name == name and recipe.description and recipe.version
    assert read_recipe(recipe_table(recipe, "image")) == recipe
    shape = (50, 28, 28, 1) if name.startswith("mnist") else (50, 32, 32, 3)
    images = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    drawn = recipe.draw(0, 0, np.arange(50), Size(*shape[1:]))
    after = recipe.replay(Batch(tf.constant(images)), drawn).images.numpy()
    assert after.shape == images.shape and np.any(after != images)
    names = {entry["transform"] for i in range(50) for entry in recipe.describe(drawn, i)}
    if name in ("medical_gentle", "mnist_affine", "mnist_elastic"):
        assert not names & {"horizontal_flip", "vertical_flip", "rotate90"}
    if name == "medical_gentle":
        assert not any("colour" in TRANSFORMS[name].group for name in names)


START = 'schema = 1\nname = "bad"\n'
STEPS = 'steps = [{transform = "invert"}]\n'


@pytest.mark.parametrize(
    "text, message",
    [
        ('name = "bad"\n' + STEPS, "no schema; a line schema = 1; add it"),
        ("schema = 1\n" + STEPS, 'no name; a line name = "..."; add it'),
        ('schema = 2\nname = "bad"\n' + STEPS, "schema 2; 1, the only one"),
        ('schema = true\nname = "bad"\n' + STEPS, "schema true; 1, the only one"),
        (START + 'kind = "text"\n' + STEPS, 'kind "text"; "image"; '),
        (START + "version = 1.0\n" + STEPS, "version 1.0; text in quotes"),
        (START + 'author = "me"\n' + STEPS, 'author "me"; one of the fields schema, '),
        (START, "steps []; at least one step, or a mixing"),
        (START + "steps = 3", "steps 3; a list of tables"),
        (START + "steps = [3]", "steps [3]; a list of tables"),
        (START + "mixing = 3", "mixing 3; one table"),
        (START + '[mixing]\ntransform = "mixout"', 'mixing.transform "mixout"; mixup, '),
        (START + '[mixing]\ntransform = "mixup"\nalpha = -1', "mixing.alpha -1; "),
    ],
)
def test_a_wrong_field_is_named(text, message, tmp_path):
    assert f"bad.toml: {message}" in error_of(tmp_path, text)


@pytest.mark.parametrize(
    "step, message",
    [
        ("probability = 1", ' {"probability": 1}; a table with transform or one_of or'),
        (
            'transform = "brightnes"',
            '.transform "brightnes"; brightness, perhaps; see augment list',
        ),
        ('transform = "xyz"', '.transform "xyz"; one of '),
        ("transform = [1]", ".transform [1]; one of "),
        ("transform = 'invert', probability = 'often'", '.probability "often"; a number'),
        (
            "transform = 'invert', probability = 1.2",
            ".probability 1.2; a number of at least 0.0 and at most 1.0",
        ),
        ("transform = 'invert', factor = 2", ".factor 2; one of the fields probability"),
        (
            "transform = 'brightness', factor = [1.2, 0.8]",
            ".factor [1.2, 0.8]; the smaller number first; exchange the two",
        ),
        ("transform = 'pad', probability = 0.5", ".probability 0.5; 1: pad changes the size"),
        ("transform = 'invert', one_of = []", ' {"transform": "invert", "one_of": []}; one of'),
        ("one_of = []", ".one_of []; at least one step"),
        ("one_of = 1", ".one_of 1; a list of tables"),
        ("one_of = [{transform = 'hue', turns = 2}]", ".one_of[0].turns 2; 2 numbers in a list"),
        ("one_of = [{transform = 'invert', weight = -1}]", ".one_of[0].weight -1; a number from 0"),
        ("one_of = [{transform = 'invert', weight = 0}]", ".one_of [0]; 1 numbers from 0, not all"),
        ("one_of = [{transform = 'pad'}]", '.one_of "pad"; in one_of no change of the size'),
        ("sequence = [{transform = 'invert', weight = 1}]", ".sequence[0].weight 1; one of the fi"),
        ("sequence = [{one_of = [{transform = 'no'}]}]", '.sequence[0].one_of[0].transform "no"; '),
    ],
)
def test_a_wrong_step_is_named_with_its_path(step, message, tmp_path):
    text = f'{START}steps = [{{transform = "invert"}}, {{{step}}}]'
    assert f"bad.toml: steps[1]{message}" in error_of(tmp_path, text)


def error_of(tmp_path, text) -> str:
    with pytest.raises(InputError) as error:
        load_recipe(write(tmp_path / "bad.toml", text))
    assert str(error.value).count("; ") >= 2 and "\n" not in str(error.value)
    return str(error.value)


def test_a_file_that_is_not_there_or_no_toml_is_refused(tmp_path):
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    for path, message in (
        ("mnist_afine", "recipe mnist_afine; "),
        (tmp_path, "or the path of a TOML file; see augment list"),
        (tmp_path / "binary.toml", "TOML in UTF-8"),
        (write(tmp_path / "half.toml", "schema = "), r"half.toml \(Invalid value"),
    ):
        with pytest.raises(InputError, match=message):
            load_recipe(path)


@pytest.mark.parametrize(
    "batch, message",
    [
        (Batch(IMAGES.astype(np.float32)), r"float32; uint8: 0 to 255.*unbatch.*keras\.Input"),
        (Batch(IMAGES[0]), r"images of shape \(6, 5, 3\)"),
        (Batch(IMAGES[..., :2]), "images of 2 channels; 1 .grey. or 3 .colour."),
        (Batch(IMAGES, np.zeros(12)), "labels of dtype float64"),
        (Batch(IMAGES, np.zeros((12, 1), np.int64)), r"labels int64 of shape \(12, 1\)"),
        (Batch(IMAGES, masks=np.zeros((12, 6, 5), np.float32)), "masks of dtype float32"),
        (Batch(IMAGES, masks=np.zeros((12, 6, 5, 1), np.uint8)), "masks of shape"),
        (Batch(IMAGES, boxes=np.zeros((12, 1, 4), np.float32)), "boxes or box_labels alone; both"),
    ],
)
def test_what_no_transform_can_take_is_refused_by_name(batch, message):
    with pytest.raises(InputError, match=message):
        ADDING(batch, 0, 0, INDICES)


@pytest.mark.parametrize(
    "box, message",
    [
        ((0.1, 0.2, 0.5, 0.9), r"boxes within \[0, 1\]; .* in pixels"),
        ((0.0, 0.0, 1.0, 1.0), r"boxes within \[0, 1\]"),
        ((3.0, 1.0, 3.0, 4.0), "boxes without area"),
        ((4.0, 1.0, 2.0, 4.0), "or reversed"),
        ((np.nan, 1.0, 2.0, 4.0), "boxes without area"),
    ],
)
def test_boxes_that_are_none_in_pixels_are_refused_unless_nobody_is_there(box, message):
    boxes, there = np.full((12, 1, 4), box, np.float32), np.zeros((12, 1), np.int32)
    with pytest.raises(InputError, match=message):
        ADDING(Batch(IMAGES, boxes=boxes, box_labels=there), 0, 0, INDICES)
    sample = {"images": IMAGES, "boxes": boxes, "box_labels": there}
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        list(augmented(tf.data.Dataset.from_tensor_slices(sample), ADDING, 0))
    ADDING(Batch(IMAGES, boxes=boxes, box_labels=there - 1), 0, 0, INDICES)


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: Recipe(""), "name ''; text in quotes"),
        (lambda: Recipe("a", steps=()), "steps \\[\\]; at least one step"),
        (lambda: Recipe("a", steps=(Grow(probability=0.5),)), "probability 0.5; 1: _grow"),
    ],
)
def test_a_recipe_made_in_python_is_checked_too(make, message):
    with pytest.raises(FieldError, match=message):
        make()


def test_seeds_out_of_range_and_missing_partners_are_refused():
    for seed, epoch in ((-1, 0), (2**31, 0), (0, 0.5), (0, -1), (True, 0)):
        with pytest.raises(InputError, match="a whole number from 0 to 2147483647"):
            ADDING.draw(seed, epoch, INDICES, SIZE)
    recipe = Recipe("mixed", mixing=MIXUP())
    batch = Batch(BATCH.images, tf.zeros(12, tf.int64))
    with pytest.raises(InputError, match="there are no partners"):
        recipe(batch, 0, 0, INDICES)
    small = Partners(IMAGES[:, 1:], np.zeros(12, int), 1)
    with pytest.raises(InputError, match=r"partners of \(5, 5, 3\) for images of \(6, 5, 3\)"):
        recipe(batch, 0, 0, INDICES, small)
