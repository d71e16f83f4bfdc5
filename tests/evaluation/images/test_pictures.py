"""What a report of images draws: classes by name, samples beside their neighbours."""

import numpy as np

from data.images.dataset import ImageDataset, ImageSplit
from evaluation.images.pictures import MOST_CLASSES, class_histogram, draw, in_pairs


def test_class_names_are_drawn_as_they_are(tmp_path):
    """Warnings are errors here: no formula in a name, no glyph that the font lacks."""
    names = ("$cat^$", "猫", "a name that is longer than the bars are high, by far")
    split = ImageSplit(np.zeros((4, 8, 8, 1), np.uint8), np.arange(4) % 3)
    metrics = {
        "class_shares": {"value": [0.5, 0.25, 0.25], "real": [0.2, 0.3, 0.5]},
        "nearest_training_pixels": {"value": None, "reason": "none"},
    }
    dataset = ImageDataset("made", split, split, split, names)
    draw(tmp_path, {"metrics": metrics}, split.images, dataset)
    assert (tmp_path / "class_histogram.png").stat().st_size > 1000


def test_each_sample_stands_before_its_neighbour_nearest_pair_first():
    generator = np.random.default_rng(2)
    training, samples = (
        generator.integers(0, 256, (count, 6, 5, 1), dtype=np.uint8) for count in (5, 3)
    )
    pairs = in_pairs(samples, training, np.array([4, 0, 2]), np.array([3.0, 1, 2]))
    expected = [samples[1], training[0], samples[2], training[2], samples[0], training[4]]
    assert np.array_equal(pairs, np.stack(expected))


def test_hundreds_of_classes_fit_and_the_most_different_are_drawn():
    count = 3 * MOST_CLASSES
    synthetic, real = np.full(count, 1 / count), np.full(count, 1 / count)
    synthetic[::2] += 1e-4
    shares = {"value": synthetic.tolist(), "real": real.tolist()}
    figure = class_histogram(shares, tuple(map(str, range(count))))
    (axes,) = figure.axes
    assert len(axes.patches) == 2 * MOST_CLASSES
    assert f"{MOST_CLASSES} of {count}" in axes.get_title()
    heights = {round(bar.get_height(), 9) for bar in axes.patches[:MOST_CLASSES]}
    assert heights == {round(1 / count + 1e-4, 9)}
    few = class_histogram({"value": [0.5] * 2, "real": [0.5] * 2}, ("a", "b"))
    assert [text.get_text() for text in few.axes[0].get_xticklabels()] == ["a", "b"]
