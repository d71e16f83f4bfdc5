"""RandAugment and TrivialAugment: what is drawn, and that each operation is the right one."""

import numpy as np
import pytest
import scipy.stats
import tensorflow as tf

from augmentation.core.batch import Batch
from augmentation.core.fields import FieldError
from augmentation.core.randomness import Draws, image_keys
from augmentation.core.transform import Size
from augmentation.transforms.colour import saturate
from augmentation.transforms.filters import sharpen
from augmentation.transforms.geometry.affine import Rotate, Translate
from augmentation.transforms.histograms import Autocontrast, Equalize
from augmentation.transforms.policies import OPERATIONS, RandAugment, TrivialAugment
from augmentation.transforms.tone import brighten, posterize, scale_contrast, solarize
from tests.augmentation.transforms.table import pictures

MANY = 20_000
SIZE = Size(16, 24, 3)


def draw(policy, count=MANY, size=SIZE):
    drawn = policy.draw(Draws(image_keys(2, 0, tf.range(count, dtype=tf.int64))), size)
    return {name: values.numpy() for name, values in drawn.items()}


def amounts(policy, name, size=SIZE):
    """All amounts drawn for one operation, sorted, without repeats."""
    drawn = draw(policy, size=size)
    return np.unique(drawn["amount"][drawn["operation"] == OPERATIONS.index(name)])


def operate(policy, images, *operations):
    """The policy with operations of our choice: (name, amount) for all images."""
    places = [[OPERATIONS.index(name) for name, _ in operations]] * len(images)
    drawn = {
        "operation": tf.constant(places, tf.int32),
        "amount": tf.constant([[amount for _, amount in operations]] * len(images), tf.float32),
    }
    return policy.apply(Batch(tf.constant(images)), drawn).images.numpy()


@pytest.mark.parametrize("policy", [RandAugment(operations=3), TrivialAugment()])
def test_every_operation_is_as_likely_and_every_image_draws_for_itself(policy):
    drawn = draw(policy)
    turns = 3 if policy.name() == "rand_augment" else 1
    assert drawn["operation"].shape == drawn["amount"].shape == (MANY, turns)
    for turn in range(turns):
        counts = np.bincount(drawn["operation"][:, turn], minlength=14)
        assert len(counts) == 14 and scipy.stats.chisquare(counts).pvalue > 1e-4
    up = np.sum(drawn["amount"][drawn["operation"] == OPERATIONS.index("rotate")] > 0)
    down = np.sum(drawn["amount"][drawn["operation"] == OPERATIONS.index("rotate")] < 0)
    assert scipy.stats.binomtest(up, up + down).pvalue > 1e-4
    if turns == 3:
        table = scipy.stats.contingency.crosstab(drawn["operation"][:, 0], drawn["operation"][:, 1])
        assert scipy.stats.chi2_contingency(table.count).pvalue > 1e-4


def test_a_batch_of_equal_images_comes_out_in_many_ways():
    images = np.repeat(pictures(3)[:1], 64, axis=0)
    drawn = {name: tf.constant(values) for name, values in draw(RandAugment(), 64).items()}
    after = RandAugment().images(tf.constant(images), drawn).numpy()
    assert len(np.unique(after.reshape(64, -1), axis=0)) > 40


def test_the_amounts_of_randaugment_are_those_of_the_paper():
    full, half = RandAugment(magnitude=10), RandAugment(magnitude=5)
    expected = {
        "identity": [0],
        "autocontrast": [0],
        "equalize": [0],
        "rotate": [-30, 30],
        "solarize": [0],
        "posterize": [4],
        "colour": [0.1, 1.9],
        "contrast": [0.1, 1.9],
        "brightness": [0.1, 1.9],
        "sharpness": [0.1, 1.9],
        "shear_x": [-0.3, 0.3],
        "shear_y": [-0.3, 0.3],
        "translate_x": [-24 * 150 / 331, 24 * 150 / 331],
        "translate_y": [-16 * 150 / 331, 16 * 150 / 331],
    }
    assert tuple(sorted(expected)) == tuple(sorted(OPERATIONS))
    for name, values in expected.items():
        np.testing.assert_allclose(amounts(full, name), values, atol=1 / 8192)
    np.testing.assert_allclose(amounts(half, "rotate"), [-15, 15])
    np.testing.assert_allclose(amounts(half, "brightness"), [0.55, 1.45], atol=1 / 8192)
    np.testing.assert_array_equal(amounts(half, "solarize"), [128])
    np.testing.assert_array_equal(amounts(half, "posterize"), [6])


def test_trivialaugment_draws_31_strengths_up_to_the_wide_ranges():
    policy = TrivialAugment()
    np.testing.assert_allclose(amounts(policy, "rotate"), np.linspace(-135, 135, 61), atol=1e-3)
    np.testing.assert_allclose(amounts(policy, "translate_x"), np.linspace(-32, 32, 61), atol=1e-3)
    np.testing.assert_array_equal(amounts(policy, "posterize"), np.arange(2, 9))
    assert amounts(policy, "solarize")[[0, -1]].tolist() == [0, 256]
    np.testing.assert_allclose(amounts(policy, "colour")[[0, -1]], [0.01, 1.99], atol=1 / 8192)
    drawn = draw(policy)
    rotated = drawn["amount"][drawn["operation"] == OPERATIONS.index("rotate")]
    counts = np.bincount(np.round(np.abs(rotated) / 4.5).astype(int), minlength=31)
    assert scipy.stats.chisquare(counts).pvalue > 1e-4


@pytest.mark.parametrize("channels", [1, 3])
def test_magnitude_zero_leaves_all_but_autocontrast_and_equalize(channels):
    images, policy = (
        np.resize(pictures(channels), (500, 30, 26, channels)),
        RandAugment(magnitude=0),
    )
    drawn = {name: tf.constant(v) for name, v in draw(policy, 500, Size(30, 26, channels)).items()}
    after = policy.images(tf.constant(images), drawn).numpy()
    strong = [OPERATIONS.index("autocontrast"), OPERATIONS.index("equalize")]
    rest = ~np.isin(drawn["operation"], strong).any(axis=1)
    np.testing.assert_array_equal(after[rest], images[rest])
    assert np.any(after[~rest] != images[~rest])


def test_each_operation_is_that_of_its_transform():
    images, policy = tf.constant(pictures(3)), RandAugment(fill_value=0)
    factor = tf.fill([8], 1.75)
    expected = {
        ("identity", 0): images,
        ("brightness", 1.75): brighten(images, factor),
        ("contrast", 1.75): scale_contrast(images, factor),
        ("colour", 1.75): saturate(images, factor),
        ("sharpness", 1.75): sharpen(images, factor),
        ("posterize", 3): posterize(images, tf.fill([8], 3)),
        ("solarize", 99): solarize(images, tf.fill([8], 99)),
        ("autocontrast", 0): Autocontrast().images(images, {}),
        ("equalize", 0): Equalize().images(images, {}),
        ("rotate", 12.5): Rotate().images(images, {"degrees": tf.fill([8], 12.5)}),
    }
    shift = {"x": tf.fill([8], 3), "y": tf.fill([8], 0)}
    expected["translate_x", 3] = Translate(unit="pixels", x=(0, 0), y=(0, 0)).images(images, shift)
    for operation, after in expected.items():
        np.testing.assert_array_equal(
            operate(policy, images, operation), after, err_msg=operation[0]
        )


def test_shears_slant_one_way_around_the_middle():
    image = np.zeros((1, 9, 9, 1), np.uint8)
    image[0, :, 4] = 255
    leaning = operate(RandAugment(fill_value=0), image, ("shear_x", 0.5))[0, ..., 0]
    assert leaning[4, 4] == leaning[0, 6] == leaning[8, 2] == 255  # upper half to the right
    falling = operate(RandAugment(fill_value=0), image.swapaxes(1, 2), ("shear_y", 0.5))[0, ..., 0]
    assert falling[4, 4] == falling[6, 8] == falling[2, 0] == 255


def test_operations_follow_one_another():
    images, policy = pictures(3), RandAugment()
    one_way = operate(policy, images, ("solarize", 100), ("brightness", 1.75))
    other_way = operate(policy, images, ("brightness", 1.75), ("solarize", 100))
    by_hand = brighten(solarize(tf.constant(images), tf.fill([8], 100)), tf.fill([8], 1.75))
    np.testing.assert_array_equal(one_way, by_hand)
    assert np.any(one_way != other_way)


def test_colour_does_nothing_to_grey_images():
    images = pictures(1)
    np.testing.assert_array_equal(operate(RandAugment(), images, ("colour", 0.25)), images)


def test_masks_and_boxes_follow_the_operations_that_move():
    images = pictures(3)
    masks = np.zeros(images.shape[:3], np.int32)
    masks[:, 10:20, 5:15] = 300
    boxes = np.tile(np.array([[[5, 10, 15, 20]]], np.float32), (8, 1, 1))
    labels = np.full((8, 1), 4, np.int32)
    batch = Batch(*[tf.constant(part) for part in (images, labels[:, 0], masks, boxes, labels)])
    places = [OPERATIONS.index(name) for name in ("translate_x", "brightness", "equalize")]
    drawn = {
        "operation": tf.constant([places] * 8, tf.int32),
        "amount": tf.constant([[4.0, 1.5, 0.0]] * 8, tf.float32),
    }
    after = RandAugment(mask_fill=7).apply(batch, drawn)
    expected = np.roll(masks, 4, axis=2)
    expected[:, :, :4] = 7
    np.testing.assert_array_equal(after.masks, expected)
    np.testing.assert_array_equal(after.boxes, boxes + np.array([4, 0, 4, 0], np.float32))
    np.testing.assert_array_equal(after.box_labels, labels)


def test_what_happened_is_told_by_name():
    drawn = {
        "operation": tf.constant([[3, 0]]),
        "amount": tf.constant([[-13.5, 0.0]]),
    }
    assert RandAugment().describe(drawn, 0) == [
        {"transform": "rand_augment", "operation": "rotate", "amount": -13.5},
        {"transform": "rand_augment", "operation": "identity", "amount": 0.0},
    ]


def test_fields_outside_their_bounds_are_refused():
    for field, value in (
        ("magnitude", 10.5),
        ("operations", 0),
        ("operations", 1.5),
        ("fill", "x"),
    ):
        with pytest.raises(FieldError, match=f"^{field} "):
            RandAugment(**{field: value})
