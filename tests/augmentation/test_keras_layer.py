"""The layer: augments in training only, counts its samples, and is saved with its recipe."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from augmentation.core.batch import Batch
from augmentation.core.composition import OneOf
from augmentation.core.recipe import Recipe
from augmentation.keras_layer import RecipeLayer
from augmentation.transforms.catalog import MIXINGS, TRANSFORMS
from foundation.errors import InputError
from tests.augmentation.toys import Add, Double, Grow, Mirror

IMAGES = np.random.default_rng(0).integers(0, 256, (12, 8, 8, 1), dtype=np.uint8)
RECIPE = Recipe("toy", steps=(Add(spread=200), Mirror(probability=0.5)))


def test_samples_are_numbered_in_the_order_in_which_they_come():
    expected = RECIPE(Batch(tf.constant(IMAGES)), 4, 0, np.arange(12)).images
    layer = RecipeLayer(RECIPE, seed=4)
    parts = [layer(IMAGES[start : start + 5], training=True) for start in (0, 5, 10)]
    np.testing.assert_array_equal(np.concatenate(parts), expected)
    assert int(layer.counter) == 12
    assert not np.array_equal(layer(IMAGES, training=True), expected)


def test_without_training_images_come_back_and_nothing_is_counted():
    layer = RecipeLayer(RECIPE)
    np.testing.assert_array_equal(layer(IMAGES), IMAGES)
    np.testing.assert_array_equal(layer(IMAGES, training=False), IMAGES)
    assert int(layer.counter) == 0


def test_masks_go_with_their_images():
    masks = (IMAGES[..., 0] > 128).astype(np.uint8)
    layer = RecipeLayer(Recipe("mirror", steps=(Mirror(),)))
    after = layer({"images": IMAGES, "masks": masks}, training=True)
    np.testing.assert_array_equal(after["masks"], masks[:, :, ::-1])


@pytest.mark.parametrize("name", ["plain", "choice"])
def test_a_model_with_it_trains_and_is_saved_and_loaded(name, tmp_path):
    steps = (TRANSFORMS["vertical_flip"](), TRANSFORMS["invert"](probability=0.5))
    recipe = Recipe(name, steps=(OneOf(steps),) if name == "choice" else steps)
    model = keras.Sequential(
        [
            keras.layers.Input((8, 8, 1), dtype="uint8"),
            RecipeLayer(recipe, seed=2),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Flatten(),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    assert model.layers[0].supports_jit == (name != "choice")
    model.compile("sgd", "sparse_categorical_crossentropy", jit_compile=name != "choice")
    model.fit(IMAGES, np.arange(12) % 3, batch_size=6, epochs=2, verbose=0)
    assert int(model.layers[0].counter) == 24
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    layer = loaded.layers[0]
    assert layer.recipe == recipe and layer.seed == 2 and int(layer.counter) == 24
    np.testing.assert_array_equal(loaded(IMAGES), model(IMAGES))


def test_a_layer_of_another_schema_is_refused_and_one_of_earlier_toml_is_read():
    config = RecipeLayer(RECIPE, seed=3).get_config()
    config["recipe"]["schema"] = 99
    with pytest.raises(InputError, match="recipe: schema 99; 1, the only one"):
        RecipeLayer.from_config(config)
    earlier = config | {"recipe": 'schema = 1\nname = "a"\nsteps = [{transform = "invert"}]'}
    assert RecipeLayer.from_config(earlier).recipe.name == "a"


def test_the_shape_behind_it_is_known():
    assert RecipeLayer(RECIPE).compute_output_shape((None, 8, 8, 1)) == (None, 8, 8, 1)
    grow = RecipeLayer(Recipe("grow", steps=(Grow(), Double())))
    assert grow.compute_output_shape((None, 8, 8, 1)) == (None, 10, 10, 1)
    assert grow(IMAGES, training=True).shape == (12, 10, 10, 1)


def test_what_a_layer_cannot_do_is_refused():
    with pytest.raises(InputError, match="recipe mixed ends in mixup; a recipe without mixing"):
        RecipeLayer(Recipe("mixed", mixing=MIXINGS["mixup"]()))
    with pytest.raises(RuntimeError, match="images of dtype float32; uint8"):  # by Keras
        RecipeLayer(RECIPE)(IMAGES.astype(np.float32), training=True)
