"""A recipe as a Keras layer, for who wants the augmentation inside the model."""

import tomllib

import keras
import tensorflow as tf

from augmentation.core.batch import Size, to_batch
from augmentation.core.recipe import Recipe
from augmentation.recipes.read import read_recipe
from augmentation.recipes.tables import parsed, recipe_table


@keras.saving.register_keras_serializable("augmentation")
class RecipeLayer(keras.layers.Layer):
    """Augments batches while the model trains, and returns them as they are otherwise.

    A layer cannot know which samples it gets: it numbers them in the order in which they come, with
    a counter that is saved with the model. So the bytes depend on the order of the calls; where
    they must not, use `augmentation.tf_data.augmented`.

    Args:
      recipe: without mixing, because a layer in a model does not see the labels.
      seed: whole number.

    Call arguments:
      inputs: images uint8 (count, height, width, channels), or a dict with the key images and
        others, see `augmentation.core.batch`.
      training: whether to augment.

    Returns: uint8 images, or the dict.
    Raises: InputError for a recipe with mixing; for inputs of another dtype or shape too, whose
      message Keras puts into a RuntimeError.
    """

    def __init__(self, recipe: Recipe, seed: int = 0, **options):
        # without autocast=False Keras turns images of [0, 1] silently into zeros and ones
        super().__init__(**{"trainable": False, "dtype": "uint8", "autocast": False, **options})
        recipe.refuse_mixing("a layer does not see the labels")
        self.recipe, self.seed = recipe, seed
        self.supports_jit = all(step.compilable for step in recipe.steps)

    def build(self, input_shape):
        self.counter = self.add_weight(
            name="counter", shape=(), dtype="int64", initializer="zeros", trainable=False
        )

    def call(self, inputs, training=False):
        if not training:
            return inputs
        batch, restore = to_batch(inputs)
        count = tf.shape(batch.images, tf.int64)[0]
        first = tf.identity(self.counter)
        self.counter.assign_add(count)
        return restore(self.recipe(batch, self.seed, 0, first + tf.range(count)))

    def compute_output_shape(self, input_shape):
        def after(shape):
            return (shape[0], *self.recipe.size_after(Size(*shape[1:])))

        if isinstance(input_shape, dict):
            return {k: after(s) if k in ("images", "image") else s for k, s in input_shape.items()}
        return after(input_shape)

    def get_config(self):
        return {
            **super().get_config(),
            "recipe": recipe_table(self.recipe, "image"),
            "seed": self.seed,
        }

    @classmethod
    def from_config(cls, config):
        table = config["recipe"]
        table = tomllib.loads(table) if isinstance(table, str) else table  # as it was saved once
        return cls(**{**config, "recipe": parsed(table, "recipe", "image", read_recipe)})
