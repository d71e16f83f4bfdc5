"""Mixup and cutmix: labels share by the pixels, partners come from the data set."""

import numpy as np
import pytest
import scipy.stats
import tensorflow as tf

from augmentation.core.batch import Batch
from augmentation.core.fields import FieldError
from augmentation.core.mixing import MIXINGS, Partners, inside_box, mix_labels
from augmentation.core.randomness import Draws, image_keys
from augmentation.core.transform import Size
from augmentation.transforms.mixing import Cutmix, Mixup, mix_images
from foundation.errors import InputError

SIZE = Size(12, 20, 3)
MANY = 10_000


def draws(count, start=0):
    return Draws(image_keys(5, 1, tf.range(start, start + count, dtype=tf.int64)))


def partners(value=255, count=30, masks=False):
    images = np.full((count, *SIZE), value, np.uint8)
    layers = np.full((count, *SIZE[:2]), 9, np.uint8) if masks else None
    return Partners(images, np.arange(count) % 3, 4, layers)


def batch(count, value=0, masks=False):
    images = tf.constant(np.full((count, *SIZE), value, np.uint8))
    layers = tf.constant(np.full((count, *SIZE[:2]), 2, np.uint8)) if masks else None
    return Batch(images, tf.fill([count], tf.constant(3, tf.int64)), layers)


def mixed(mixing, count, own=None, others=None):
    others = others or partners()
    drawn = mixing.draw(draws(count), SIZE, len(others))
    return mixing.mix(own or batch(count), others.take(drawn["partner"]), drawn), drawn


@pytest.mark.parametrize("mixing", [Mixup(alpha=1.0), Cutmix()])
def test_a_label_has_the_share_of_its_pixels(mixing):
    after, _ = mixed(mixing, 200)
    labels = after.labels.numpy()
    assert labels.dtype == np.float32 and labels.shape == (200, 4)
    np.testing.assert_allclose(labels.sum(axis=1), 1, atol=1e-7)
    # own pixels are 0 and the partner's 255, so the mean says what share is the partner's
    shown = after.images.numpy().mean(axis=(1, 2, 3)) / 255
    rounding = 0.5 / 255 if mixing.name() == "mixup" else 1e-6
    np.testing.assert_allclose(1 - labels[:, 3], shown, atol=rounding + 1e-6)
    assert 0.2 < shown.mean() < 0.8


def test_mixup_is_the_rounded_mean():
    images, others = np.random.default_rng(0).integers(0, 256, (2, 5, 4, 4, 3), dtype=np.uint8)
    share = np.array([0, 0.25, 0.5, 3000 / 4096, 1])
    exact = images * share[:, None, None, None] + others * (1 - share)[:, None, None, None]
    after = mix_images(tf.constant(images), tf.constant(others), tf.constant(share, tf.float32))
    np.testing.assert_array_equal(after, np.floor(exact + 0.5))
    np.testing.assert_array_equal(after[4], images[4])
    np.testing.assert_array_equal(after[0], others[0])


def test_soft_labels_are_mixed_too():
    mine = tf.constant([[0.3, 0.7], [1.0, 0.0]])
    after = mix_labels(mine, tf.constant([[1.0, 0.0], [0.0, 1.0]]), tf.constant([0.5, 0.25]))
    np.testing.assert_allclose(after, [[0.65, 0.35], [0.25, 0.75]], rtol=1e-6)


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
    box = Cutmix().draw(draws(MANY), SIZE, 5)["box"].numpy()
    left, top, right, bottom = box.T
    assert np.all((left >= 0) & (left <= right) & (right <= SIZE.width))
    assert np.all((top >= 0) & (top <= bottom) & (bottom <= SIZE.height))
    assert (
        abs((left + right).mean() - SIZE.width) < 1 and abs((top + bottom).mean() - SIZE.height) < 1
    )
    # uncut, the sides are sqrt(1 - lambda), lambda uniform: a mean of 2/3, less what is cut off
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
    after, drawn = mixed(Cutmix(), 50, batch(50, masks=True), partners(masks=True))
    pasted = after.images.numpy()[..., 0] == 255
    np.testing.assert_array_equal(after.masks, np.where(pasted, 9, 2))
    assert after.masks.dtype == tf.uint8
    with pytest.raises(InputError, match="masks and partners without; masks of the partners"):
        mixed(Cutmix(), 5, batch(5, masks=True))
    with pytest.raises(InputError, match=r"mixup of images with masks; .* use cutmix"):
        mixed(Mixup(), 5, batch(5, masks=True), partners(masks=True))
    assert np.all(drawn["box"][:, 2] >= drawn["box"][:, 0])


@pytest.mark.parametrize("kind", [Mixup, Cutmix])
def test_it_is_applied_with_exactly_its_probability(kind):
    mixing = kind(probability=0.3, alpha=1.0)
    drawn = mixing.draw(draws(MANY), SIZE, 7)
    happened = np.array([bool(mixing.describe(drawn, i)) for i in range(2000)])
    # a share of 1 or an empty box can be drawn too: about 1 in 4096, or 1 in 100
    assert abs(np.mean(happened) - 0.3) < 0.045
    always = kind(probability=1.0, alpha=1.0).draw(draws(MANY), SIZE, 7)
    name = "share" if kind is Mixup else "box"
    np.testing.assert_array_equal(drawn[name][:2000][happened], always[name][:2000][happened])
    after, _ = mixed(kind(probability=0.0), 20)
    assert np.all(after.images == 0)
    np.testing.assert_array_equal(after.labels, np.tile([0, 0, 0, 1], (20, 1)))


@pytest.mark.parametrize("mixing", [Mixup(), Cutmix()])
def test_partners_are_drawn_evenly_from_the_set_and_not_from_the_batch(mixing):
    partner = mixing.draw(draws(MANY), SIZE, 7)["partner"]
    assert partner.dtype == tf.int64
    assert scipy.stats.chisquare(np.bincount(partner, minlength=7)).pvalue > 1e-4
    few = mixing.draw(draws(3, 40), SIZE, 7)
    for name, values in mixing.draw(draws(60), SIZE, 7).items():
        np.testing.assert_array_equal(few[name], values[40:43])


@pytest.mark.parametrize("mixing", [Mixup(), Cutmix()])
def test_compiled_and_not_compiled_mix_the_same(mixing):
    generator = np.random.default_rng(1)
    others = Partners(generator.integers(0, 256, (30, *SIZE), np.uint8), np.arange(30) % 4, 4)
    own = Batch(
        tf.constant(generator.integers(0, 256, (9, *SIZE), np.uint8)),
        tf.constant(generator.integers(0, 4, 9)),
    )

    def mix(own, keys):
        drawn = mixing.draw(Draws(keys), SIZE, len(others))
        return mixing.mix(own, others.take(drawn["partner"]), drawn)

    keys = image_keys(5, 1, tf.range(9, dtype=tf.int64))
    expected = mix(own, keys)
    compiled = tf.function(mix, jit_compile=True, autograph=False)(own, keys)
    np.testing.assert_array_equal(compiled.images, expected.images)
    np.testing.assert_array_equal(compiled.labels, expected.labels)
    assert np.any(expected.images != own.images)


def test_what_happened_is_told_and_nothing_where_nothing_happened():
    drawn = {"partner": tf.constant([4, 5], tf.int64), "share": tf.constant([0.75, 1.0])}
    assert Mixup().describe(drawn, 0) == [{"transform": "mixup", "partner": 4, "share": 0.75}]
    assert Mixup().describe(drawn, 1) == []
    drawn = {"partner": tf.constant([4, 5]), "box": tf.constant([[0, 1, 2, 3], [5, 5, 5, 9]])}
    assert Cutmix().describe(drawn, 0)[0]["box"] == [0, 1, 2, 3]
    assert Cutmix().describe(drawn, 1) == []


def test_what_cannot_be_mixed_is_refused_by_name():
    drawn = Mixup().draw(draws(2), SIZE, 30)
    other = partners().take(drawn["partner"])
    plain = batch(2)
    boxes = tf.zeros([2, 1, 4])
    with pytest.raises(InputError, match="mixup of images with boxes"):
        Mixup().mix(
            plain._replace(boxes=boxes, box_labels=tf.zeros([2, 1], tf.int32)), other, drawn
        )
    with pytest.raises(InputError, match="mixup without labels"):
        Mixup().mix(plain._replace(labels=None), other, drawn)
    with pytest.raises(InputError, match=r"\(12, 20, 3\) with partners of \(12, 19, 3\); one size"):
        Mixup().mix(plain, other._replace(images=other.images[:, :, 1:]), drawn)
    with pytest.raises(InputError, match="partners without images"):
        Partners(np.zeros((0, *SIZE), np.uint8), np.zeros(0, int), 4)
    with pytest.raises(InputError, match="labels from 0 to 2; 0 to 1 for 2 classes"):
        Partners(np.zeros((3, *SIZE), np.uint8), np.arange(3), 2)
    with pytest.raises(InputError, match="images of dtype float32"):
        Partners(np.zeros((3, *SIZE), np.float32), np.arange(3), 3)
    with pytest.raises(InputError, match="2 labels for 3 partner images"):
        Partners(np.zeros((3, *SIZE), np.uint8), np.arange(2), 2)
    for value in (0.0, -1, "much"):
        with pytest.raises(FieldError, match=r"^alpha "):
            Mixup(alpha=value)


def test_recipes_find_them_by_name():
    assert {"mixup": Mixup, "cutmix": Cutmix} == MIXINGS
