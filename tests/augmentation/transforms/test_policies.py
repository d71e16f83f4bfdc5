"""RandAugment: what is drawn; each operation itself is compared in its row."""

import numpy as np
import pytest
import scipy.stats
import tensorflow as tf

from augmentation.core.batch import Batch, Size
from augmentation.core.randomness import Draws, image_keys
from augmentation.transforms.policies import OPERATIONS, RandAugment
from tests.augmentation.transforms.rows_intensity import operate
from tests.augmentation.transforms.table import pictures

MANY = 20_000
SIZE = Size(16, 24, 3)


def draw(policy, count=MANY, size=SIZE):
    drawn = policy.draw(Draws(image_keys(2, 0, tf.range(count, dtype=tf.int64))), size)
    return {name: values.numpy() for name, values in drawn.items()}


def amounts(drawn, name):
    """All amounts drawn for one operation."""
    return drawn["amount"][drawn["operation"] == OPERATIONS.index(name)]


def chosen(operations, count=8):
    """As drawn, but with operations of our choice: (name, amount) for all images."""
    names, strengths = zip(*operations, strict=True)
    places = [OPERATIONS.index(name) for name in names]
    return {
        "operation": tf.constant([places] * count, tf.int32),
        "amount": tf.constant([strengths] * count, tf.float32),
    }


def test_every_operation_is_as_likely_and_every_image_draws_for_itself():
    drawn = draw(RandAugment(operations=3))
    assert drawn["operation"].shape == drawn["amount"].shape == (MANY, 3)
    for turn in range(3):
        counts = np.bincount(drawn["operation"][:, turn], minlength=14)
        assert len(counts) == 14 and scipy.stats.chisquare(counts).pvalue > 1e-4
    turned = amounts(drawn, "rotate")
    up = np.sum(turned > 0)
    assert scipy.stats.binomtest(up, up + np.sum(turned < 0)).pvalue > 1e-4
    table = scipy.stats.contingency.crosstab(drawn["operation"][:, 0], drawn["operation"][:, 1])
    assert scipy.stats.chi2_contingency(table.count).pvalue > 1e-4


def test_the_amounts_of_randaugment_are_those_of_the_paper():
    expected = {
        **dict.fromkeys(("identity", "autocontrast", "equalize", "solarize"), (0,)),
        "rotate": [-30, 30],
        "posterize": [4],
        **dict.fromkeys(("colour", "contrast", "brightness", "sharpness"), (0.1, 1.9)),
        **dict.fromkeys(("shear_x", "shear_y"), (-0.3, 0.3)),
        "translate_x": [-24 * 150 / 331, 24 * 150 / 331],
        "translate_y": [-16 * 150 / 331, 16 * 150 / 331],
    }
    assert sorted(expected) == sorted(OPERATIONS)
    full, half = draw(RandAugment(magnitude=10)), draw(RandAugment(magnitude=5))
    for name, values in expected.items():
        np.testing.assert_allclose(np.unique(amounts(full, name)), values, atol=1 / 8192)
    halves = {"rotate": [-15, 15], "brightness": [0.55, 1.45], "solarize": [128], "posterize": [6]}
    for name, values in halves.items():
        np.testing.assert_allclose(np.unique(amounts(half, name)), values, atol=1 / 8192)


@pytest.mark.parametrize("channels", [1, 3])
def test_magnitude_zero_leaves_all_but_autocontrast_and_equalize(channels):
    images, policy = (
        np.resize(pictures(channels), (200, 30, 26, channels)),
        RandAugment(magnitude=0),
    )
    drawn = draw(policy, 200, Size(30, 26, channels))
    after = policy.images(tf.constant(images), drawn).numpy()
    strong = [OPERATIONS.index("autocontrast"), OPERATIONS.index("equalize")]
    rest = ~np.isin(drawn["operation"], strong).any(axis=1)
    np.testing.assert_array_equal(after[rest], images[rest])
    assert np.any(after[~rest] != images[~rest])


@pytest.mark.parametrize(
    "operations",
    [
        [("solarize", 100), ("brightness", 1.75)],
        [("brightness", 1.75), ("solarize", 100)],
        [("shear_x", 0.5), ("contrast", 1.75), ("sharpness", 1.75)],
        [("shear_y", 0.5), ("colour", 1.75), ("posterize", 3)],
        [("translate_x", 3), ("autocontrast", 0), ("rotate", 12.5)],
        [("identity", 0), ("equalize", 0), ("translate_y", -4)],
    ],
)
def test_operations_follow_one_another(operations):
    images = pictures(3)
    after = RandAugment(fill_value=0).images(tf.constant(images), chosen(operations)).numpy()
    for image, found in zip(images, after, strict=True):
        for name, amount in operations:
            image = operate(image, name, amount)
        assert np.mean(np.abs(found.astype(int) - image) <= 3) > 0.99


def test_masks_and_boxes_follow_the_operations_that_move():
    masks = np.zeros((8, 30, 26), np.int32)
    masks[:, 10:20, 5:15] = 300
    boxes = np.tile(np.array([[[5, 10, 15, 20]]], np.float32), (8, 1, 1))
    labels = np.full((8, 1), 4, np.int32)
    batch = Batch(pictures(3), labels[:, 0], masks, boxes, labels).map(tf.constant)
    operations = chosen([("translate_x", 4.0), ("brightness", 1.5), ("equalize", 0.0)])
    after = RandAugment(mask_fill=7).apply(batch, operations)
    expected = np.roll(masks, 4, axis=2)
    expected[:, :, :4] = 7
    np.testing.assert_array_equal(after.masks, expected)
    np.testing.assert_array_equal(after.boxes, boxes + np.array([4, 0, 4, 0], np.float32))
    np.testing.assert_array_equal(after.box_labels, labels)


def test_compiled_and_not_compiled_draw_the_same():
    policy = RandAugment()
    keys = image_keys(2, 0, tf.range(50, dtype=tf.int64))
    compiled = tf.function(lambda keys: policy.draw(Draws(keys), SIZE), jit_compile=True)(keys)
    tf.nest.map_structure(np.testing.assert_array_equal, dict(compiled), draw(policy, 50))


def test_what_happened_is_told_by_name():
    drawn = chosen([("rotate", -13.5), ("identity", 0.0)], 1)
    assert RandAugment().describe(drawn, 0) == [
        {"transform": "rand_augment", "operation": "rotate", "amount": -13.5},
        {"transform": "rand_augment", "operation": "identity", "amount": 0.0},
    ]
