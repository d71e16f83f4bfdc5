"""The plane of the discriminant analysis: fitted to real training images only, drawn for both."""

import numpy as np
import pytest
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from data.images.dataset import ImageSplit
from evaluation.metrics.classes.plane import fit_plane, plane_accuracy, plane_figure
from foundation.errors import InputError


def split(count, seed, classes=4):
    """Each class has a bright corner of its own."""
    generator = np.random.default_rng(seed)
    labels = np.arange(count) % classes
    images = generator.integers(0, 120, (count, 8, 8, 1))
    for label in range(classes):
        top, left = 4 * (label // 2), 4 * (label % 2)
        images[labels == label, top : top + 4, left : left + 4] += 100
    return ImageSplit(images.astype(np.uint8), labels)


TRAINING, REAL, MADE = split(400, 0), split(80, 1), split(80, 2)


@pytest.fixture(scope="module")
def plane():
    return fit_plane(TRAINING)


def points(plane, part):
    return plane.transform(part.images.reshape(len(part), -1) / np.float32(255))


def test_classes_lie_apart_and_new_samples_lie_with_their_class(plane):
    real, made = points(plane, REAL), points(plane, MADE)
    assert real.shape == (80, 2)
    centres = np.array([real[REAL.labels == label].mean(axis=0) for label in range(4)])
    distances = np.linalg.norm(made[:, None] - centres[None], axis=2)
    assert (distances.argmin(axis=1) == MADE.labels).mean() > 0.9
    assert plane_accuracy(plane, MADE) > 0.95


def test_it_is_the_discriminant_plane_of_the_pixels(plane):
    """All 64 principal components are kept here: the same plane as without them, but for signs."""
    rows = [part.images.reshape(len(part), -1) / 255 for part in (TRAINING, REAL)]
    analysis = LinearDiscriminantAnalysis(n_components=2).fit(rows[0], TRAINING.labels)
    expected, found = analysis.transform(rows[1]), points(plane, REAL)
    np.testing.assert_allclose(np.abs(found), np.abs(expected), atol=1e-3)


def test_a_constant_pixel_does_no_harm():
    training = split(100, 0)
    training.images[:, 0, 0] = 0
    assert np.isfinite(points(fit_plane(training), REAL)).all()


@pytest.mark.parametrize("labels", [None, np.arange(80) % 2])
def test_two_classes_span_no_plane(labels):
    with pytest.raises(InputError, match="at least 3"):
        fit_plane(ImageSplit(REAL.images, labels))


def test_the_picture_shows_both_sides_and_both_over_each_other(plane):
    names = ("a", "b", "$c", "d")
    figure = plane_figure(plane, REAL, MADE, names)
    real, made, both = figure.axes
    assert [text.get_text() for text in real.texts] == list(names)
    np.testing.assert_allclose(real.collections[0].get_offsets(), points(plane, REAL))
    np.testing.assert_allclose(made.collections[0].get_offsets(), points(plane, MADE))
    assert len(both.collections) == 2
    unlabelled = plane_figure(plane, REAL, ImageSplit(MADE.images, None), names)
    assert len(unlabelled.axes[1].collections[0].get_offsets()) == 80
