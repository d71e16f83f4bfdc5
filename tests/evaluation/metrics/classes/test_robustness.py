"""Corruptions: repeatable, image by image, each stronger than the last; accuracy under them."""

import json

import numpy as np
import pytest

from evaluation.metrics.classes.robustness import (
    STRENGTHS,
    corrupted,
    robustness,
    robustness_figure,
)
from foundation.errors import InputError

GENERATOR = np.random.default_rng(0)


def patterns(count=24, side=20, channels=1):
    """A bright bar, upright in class 0 and lying in class 1, on dark ground."""
    labels = np.arange(count) % 2
    images = GENERATOR.integers(0, 40, (count, side, side, channels)).astype(np.uint8)
    images[labels == 0, 3:-3, side // 2 - 2 : side // 2 + 2] += 180
    images[labels == 1, side // 2 - 2 : side // 2 + 2, 3:-3] += 180
    return images, labels


IMAGES, LABELS = patterns()
EVERY = pytest.mark.parametrize("name", STRENGTHS)


@EVERY
@pytest.mark.parametrize("channels", [1, 3])
def test_shape_and_type_stay_and_the_strength_grows(name, channels):
    images, _ = patterns(channels=channels)
    changes = []
    for strength in STRENGTHS[name]:
        worse = corrupted(images, name, strength)
        assert worse.shape == images.shape and worse.dtype == np.uint8
        changes.append(np.abs(worse.astype(int) - images).mean())
    assert changes == sorted(changes) and changes[0] > 0.5
    assert len(changes) == 5


@EVERY
def test_an_image_depends_on_seed_and_place_only(name):
    strength = STRENGTHS[name][2]
    whole = corrupted(IMAGES, name, strength, seed=5)
    np.testing.assert_array_equal(corrupted(IMAGES[:7], name, strength, seed=5), whole[:7])
    other = IMAGES.copy()
    other[0] = 255 - other[0]
    np.testing.assert_array_equal(corrupted(other, name, strength, seed=5)[1:], whole[1:])
    same = np.array_equal(corrupted(IMAGES, name, strength, seed=6), whole)
    assert same == (name == "blur")  # which draws nothing


@EVERY
def test_a_flat_image_stays_flat_but_for_noise(name):
    flat = np.full((4, 12, 12, 3), 90, np.uint8)
    worse = corrupted(flat, name, STRENGTHS[name][3])
    if name == "noise":
        assert worse.std() == pytest.approx(0.3 * 255, rel=0.2)
    else:
        np.testing.assert_array_equal(worse, flat)


def test_a_shift_goes_the_way_it_says_in_all_directions():
    images = np.zeros((300, 41, 41, 1), np.uint8)
    images[:, 20, 20] = 255
    moved = corrupted(images, "shift", 0.2)[..., 0].astype(float)
    grid = np.arange(41) - 20
    mass = moved.sum(axis=(1, 2))
    down = (moved.sum(axis=2) @ grid) / mass
    right = (moved.sum(axis=1) @ grid) / mass
    np.testing.assert_allclose(np.hypot(down, right), 0.2 * 41, atol=0.1)
    quadrants = np.histogram2d(down, right, bins=[[-9, 0, 9]] * 2)[0]
    assert quadrants.min() > 40


def test_a_rotation_turns_about_the_centre_to_both_sides():
    images = np.zeros((60, 41, 41, 1), np.uint8)
    images[:, 20, 35] = 255  # 15 to the right of the centre
    turned = corrupted(images, "rotation", 90.0)
    places = {tuple(int(place[0]) for place in np.nonzero(image[..., 0])) for image in turned}
    assert places == {(5, 20), (35, 20)}


def bar(images):
    """Upright if the middle column is brighter than the middle row: right on clean images."""
    middle = images.shape[1] // 2
    upright = images[:, :, middle, 0].astype(float).mean(axis=1)
    return (upright < images[:, middle, :, 0].astype(float).mean(axis=1)).astype(int)


def test_accuracy_is_counted_for_every_classifier_on_the_same_images():
    report = robustness({"bar": bar, "always 0": lambda x: np.zeros(len(x), int)}, IMAGES, LABELS)
    json.dumps(report, allow_nan=False)
    always = report["classifiers"]["always 0"]
    assert always["clean"]["accuracy"] == always["mean"] == 0.5 and always["lost"] == 0.0
    entry = report["classifiers"]["bar"]
    assert entry["clean"]["accuracy"] == 1.0
    for name in STRENGTHS:
        expected = [
            (bar(corrupted(IMAGES, name, strength)) == LABELS).mean()
            for strength in STRENGTHS[name]
        ]
        found = entry["corruptions"][name]
        assert [row["accuracy"] for row in found] == expected
        assert all(row["low"] <= row["accuracy"] <= row["high"] for row in found)
    accuracies = [row["accuracy"] for rows in entry["corruptions"].values() for row in rows]
    assert entry["mean"] == pytest.approx(np.mean(accuracies)) and len(accuracies) == 20
    assert entry["corruptions"]["rotation"][4]["accuracy"] < 1.0
    assert entry["lost"] == pytest.approx(1.0 - entry["mean"])


def test_the_figure_has_a_panel_a_corruption_and_a_line_a_classifier():
    figure = robustness_figure(robustness({"bar": bar, "again": bar}, IMAGES, LABELS))
    assert [axes.get_title() for axes in figure.axes] == list(STRENGTHS)
    assert all(len(axes.containers) == 2 for axes in figure.axes)


def test_scaled_images_are_refused():
    with pytest.raises(InputError, match="dtype float64"):
        corrupted(IMAGES / 255, "noise", 0.1)
