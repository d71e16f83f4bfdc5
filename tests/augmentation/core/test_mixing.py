"""Mixup and cutmix: labels share by the pixels, partners come from the data set."""

import numpy as np
import pytest
import scipy.stats
import tensorflow as tf

from augmentation.core.batch import Batch, Size
from augmentation.core.fields import FieldError
from augmentation.core.mixing import MIXINGS, Cutmix, Mixup, Partners, inside_box
from augmentation.core.randomness import Draws, image_keys
from foundation.errors import InputError

SIZE = Size(12, 20, 3)
MANY = 10_000
BOTH = pytest.mark.parametrize("mixing", [Mixup(alpha=1.0), Cutmix()])


def draws(count, start=0):
    return Draws(image_keys(5, 1, tf.range(start, start + count, dtype=tf.int64)))


def partners(masks=False):
    """White images of the first three of four classes."""
    layers = np.full((30, *SIZE[:2]), 9, np.uint8) if masks else None
    return Partners(np.full((30, *SIZE), 255, np.uint8), np.arange(30) % 3, 4, layers)


def batch(count, masks=False):
    """Black images of the fourth class."""
    images = tf.zeros((count, *SIZE), tf.uint8)
    layers = tf.constant(np.full((count, *SIZE[:2]), 2, np.uint8)) if masks else None
    return Batch(images, tf.fill([count], tf.constant(3, tf.int64)), layers)


def mixed(mixing, own, others=None):
    others = others or partners()
    drawn = mixing.draw(draws(len(own.images)), SIZE, len(others))
    return mixing.mix(own, others.take(drawn["partner"]), drawn)


@BOTH
def test_a_label_has_the_share_of_its_pixels(mixing):
    after = mixed(mixing, batch(200))
    labels = after.labels.numpy()
    assert labels.dtype == np.float32 and labels.shape == (200, 4)
    np.testing.assert_allclose(labels.sum(axis=1), 1, atol=1e-7)
    # own pixels are 0 and the partner's 255, so the mean says what share is the partner's
    shown = after.images.numpy().mean(axis=(1, 2, 3)) / 255
    rounding = 0.5 / 255 if mixing.name() == "mixup" else 1e-6
    np.testing.assert_allclose(1 - labels[:, 3], shown, atol=rounding + 1e-6)
    assert 0.2 < shown.mean() < 0.8


def test_mixup_is_the_rounded_mean_of_images_and_of_soft_labels():
    images, others = np.random.default_rng(0).integers(0, 256, (2, 5, 4, 4, 3), dtype=np.uint8)
    share = np.array([0, 0.25, 0.5, 3000 / 4096, 1])
    mine, theirs = np.tile([0.3, 0.7], (5, 1)), np.tile([1.0, 0.0], (5, 1))
    own = Batch(tf.constant(images), tf.constant(mine, tf.float32))
    other = Batch(tf.constant(others), tf.constant(theirs, tf.float32))
    after = Mixup().mix(own, other, {"share": tf.constant(share, tf.float32)})
    exact = images * share[:, None, None, None] + others * (1 - share)[:, None, None, None]
    np.testing.assert_array_equal(after.images, np.floor(exact + 0.5))
    expected = mine * share[:, None] + theirs * (1 - share)[:, None]
    np.testing.assert_allclose(after.labels, expected, rtol=1e-6)


@pytest.mark.parametrize("alpha", [0.2, 1.0, 5.0])
def test_the_shares_of_mixup_are_beta(alpha):
    share = Mixup(alpha=alpha).draw(draws(MANY), SIZE, 5)["share"].numpy()
    np.testing.assert_array_equal(share * 4096, np.round(share * 4096))
    inner = (share > 0.001) & (share < 0.999)  # steps of 1/4096 are coarse at the crowded ends
    expected = scipy.stats.beta(alpha, alpha)
    low, high = expected.cdf(0.001), expected.cdf(0.999)
    fit = scipy.stats.kstest(share[inner], lambda x: (expected.cdf(x) - low) / (high - low))
    assert fit.pvalue > 1e-4
    assert abs(inner.mean() - (high - low)) < 0.02


def test_cutmix_boxes_are_centred_anywhere_and_cut_at_the_border():
    left, top, right, bottom = Cutmix().draw(draws(MANY), SIZE, 5)["box"].numpy().T
    assert np.all((left >= 0) & (left <= right) & (right <= SIZE.width))
    assert np.all((top >= 0) & (top <= bottom) & (bottom <= SIZE.height))
    assert abs((left + right).mean() - SIZE.width) < 1
    assert abs((top + bottom).mean() - SIZE.height) < 1
    # uncut, the sides are sqrt(1 - lambda) of the image's
    uncut = (left > 0) & (right < SIZE.width) & (top > 0) & (bottom < SIZE.height)
    rows, columns = (bottom - top)[uncut], (right - left)[uncut]
    assert np.abs(rows / SIZE.height - columns / SIZE.width).max() <= 0.5 / 12 + 0.5 / 20 + 1e-6
    narrow = right - left <= 2
    middle = ((left + right) // 2)[narrow]
    assert narrow.sum() > 50 and middle.min() == 0 and middle.max() >= SIZE.width - 1
    whole = (right - left == SIZE.width) & (bottom - top == SIZE.height)
    assert 0 < whole.mean() < 0.05


def test_the_box_is_what_is_inside():
    inside = inside_box(tf.constant([[1, 0, 3, 2], [2, 2, 2, 2], [0, 0, 4, 3]]), Size(3, 4, 1))
    expected = np.zeros((3, 3, 4), bool)
    expected[0, 0:2, 1:3] = True
    expected[2] = True
    np.testing.assert_array_equal(inside, expected)


def test_cutmix_pastes_masks_with_the_images():
    after = mixed(Cutmix(), batch(50, masks=True), partners(masks=True))
    pasted = after.images.numpy()[..., 0] == 255
    np.testing.assert_array_equal(after.masks, np.where(pasted, 9, 2))
    assert after.masks.dtype == tf.uint8


@pytest.mark.parametrize("kind, name, nothing", [(Mixup, "share", 1), (Cutmix, "box", 0)])
def test_it_is_applied_with_exactly_its_probability(kind, name, nothing):
    rarely, always = [
        kind(probability=probability, alpha=1.0).draw(draws(MANY), SIZE, 7)[name].numpy()
        for probability in (0.3, 1.0)
    ]
    mixed_in = np.any(rarely.reshape(MANY, -1) != nothing, axis=1)
    # a share of 1 or an empty box can be drawn too: about 1 in 4096, or 1 in 100
    assert abs(np.mean(mixed_in) - 0.3) < 0.02
    np.testing.assert_array_equal(rarely[mixed_in], always[mixed_in])
    after = mixed(kind(probability=0.0), batch(20))
    assert np.all(after.images == 0)
    np.testing.assert_array_equal(after.labels, np.tile([0, 0, 0, 1], (20, 1)))


@BOTH
def test_partners_are_drawn_evenly_from_the_set_and_not_from_the_batch(mixing):
    many = mixing.draw(draws(MANY), SIZE, 7)
    assert many["partner"].dtype == tf.int64
    assert scipy.stats.chisquare(np.bincount(many["partner"], minlength=7)).pvalue > 1e-4
    for name, values in mixing.draw(draws(3, 40), SIZE, 7).items():
        np.testing.assert_array_equal(values, many[name][40:43])


@BOTH
def test_compiled_and_not_compiled_mix_the_same(mixing):
    generator = np.random.default_rng(1)
    others = Partners(generator.integers(0, 256, (30, *SIZE), np.uint8), np.arange(30) % 4, 4)
    images = tf.constant(generator.integers(0, 256, (9, *SIZE), np.uint8))
    own = Batch(images, tf.constant(generator.integers(0, 4, 9)))

    def mix(own, keys):
        drawn = mixing.draw(Draws(keys), SIZE, len(others))
        return mixing.mix(own, others.take(drawn["partner"]), drawn)

    keys = image_keys(5, 1, tf.range(9, dtype=tf.int64))
    expected = mix(own, keys)
    compiled = tf.function(mix, jit_compile=True, autograph=False)(own, keys)
    np.testing.assert_array_equal(compiled.images, expected.images)
    np.testing.assert_array_equal(compiled.labels, expected.labels)
    assert np.any(expected.images != own.images)


GREY = np.zeros((3, *SIZE), np.uint8)
BOXES = {"boxes": tf.zeros([2, 1, 4]), "box_labels": tf.zeros([2, 1], tf.int32)}


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: mixed(Mixup(), batch(2)._replace(**BOXES)), "mixup of images with boxes"),
        (lambda: mixed(Mixup(), batch(2)._replace(labels=None)), "mixup without labels"),
        (lambda: mixed(Cutmix(), batch(5, True)), "masks and partners without; masks of the"),
        (lambda: mixed(Mixup(), batch(5, True)), "mixup of images with masks; .* use cutmix"),
        (lambda: Partners(GREY[:0], np.zeros(0, int), 4), "partners without images"),
        (lambda: Partners(GREY, np.arange(3), 2), "labels from 0 to 2; 0 to 1 for 2 classes"),
        (lambda: Partners(GREY / 255, np.arange(3), 3), "images of dtype float64"),
        (lambda: Partners(GREY, np.arange(2), 2), "2 labels for 3 partner images"),
    ],
)
def test_what_cannot_be_mixed_is_refused_by_name(make, message):
    with pytest.raises(InputError, match=message):
        make()


def test_recipes_find_them_by_name():
    assert {"mixup": Mixup, "cutmix": Cutmix} == MIXINGS
    for value in (0.0, -1, "much"):
        with pytest.raises(FieldError, match=r"^alpha "):
            Mixup(alpha=value)
