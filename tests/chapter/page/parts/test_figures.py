"""Grids and cells that several parts use."""

import numpy as np
import pytest

from chapter.page.parts.figures import cell, class_columns
from data.images.dataset import ImageDataset, ImageSplit


def test_class_columns_by_hand():
    labels = np.array([1, 0, 0, 1, 1])
    images = np.arange(5, dtype=np.uint8).reshape(5, 1, 1, 1)
    split = ImageSplit(images, labels)
    dataset = ImageDataset("made", split, split, split, ("zero", "one"))
    assert class_columns(dataset, 2).reshape(-1).tolist() == [1, 0, 2, 3]  # rows of (zero, one)


@pytest.mark.parametrize(
    ("value", "standard_error", "text"),
    [
        (None, None, "–"),
        (12345, None, "12,345"),
        (0.12345, None, "0.123"),
        (183.9, None, "183.9"),
        (-34.04, 1.96, "−34.0 ± 2.0"),
    ],
)
def test_cells(value, standard_error, text):
    assert cell(value, standard_error) == text
