"""Transforms are found by reading their folder: a new one is one new file."""

import importlib
import sys

import numpy as np
import tensorflow as tf

from augmentation import transforms
from augmentation.core.batch import Batch
from augmentation.listing import image_groups
from augmentation.recipes.read import read_recipe
from augmentation.transforms import catalog
from tests.contributing import example


def test_a_file_beside_the_others_is_a_transform_of_recipes_and_of_the_list(tmp_path, monkeypatch):
    (tmp_path / "toy_file.py").write_text(example("A transform"))
    monkeypatch.setattr(transforms, "__path__", [*transforms.__path__, str(tmp_path)])
    try:
        importlib.reload(catalog)
        recipe = read_recipe({"name": "r", "steps": [{"transform": "darken"}]})
        images = np.full((2, 3, 3, 1), 9, np.uint8)
        assert (recipe(Batch(tf.constant(images)), 0, 0, range(2)).images.numpy() == 4).all()
        assert "darken" in image_groups()["intensity and colour"]
    finally:
        catalog.TRANSFORMS.pop("darken", None)
        sys.modules.pop("augmentation.transforms.toy_file", None)
