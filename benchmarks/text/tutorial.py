"""Writing text with one call a character, the way of TensorFlow's tutorial on text generation.

Written anew after "Text generation with an RNN" (tensorflow.org), with the LSTM in the GRU's place:
a compiled function takes characters, looks their codes up, runs the model one step, draws, looks
the new characters up; a Python loop calls it and joins what it gives.
"""

import keras
import numpy as np
import tensorflow as tf

from benchmarks.sides import TensorflowSide
from benchmarks.text.keras_lstm import KerasCharacters, States

PRIME = "\n"  # what lstm_text begins with, too


class TutorialSampling(TensorflowSide):
    """Draws the next character of each stream, over and over.

    Args:
      settings: "characters": the vocabulary as one string, without the unknown symbol; character i
        has code i + 1; "streams", "length", "temperature".
      arrays: the weights (see benchmarks.text.task).
    """

    how = "tf.function, a call a character"

    def __init__(self, settings: dict, arrays: dict[str, np.ndarray]):
        self.settings, self.model = settings, KerasCharacters(arrays)
        tf.random.set_seed(0)
        characters = list(settings["characters"])
        self.to_codes = keras.layers.StringLookup(vocabulary=characters)
        self.to_characters = keras.layers.StringLookup(vocabulary=characters, invert=True)
        unknown = self.to_codes(["[UNK]"])  # its code
        self.mask = tf.one_hot(unknown, len(characters) + 1, on_value=float("-inf"), off_value=0.0)

    def work(self) -> dict:
        """A text of each stream."""
        return {"units": sum(map(len, self.write())), "measured": {}}

    def write(self) -> list[str]:
        """One new text a stream."""
        characters, states = tf.constant([PRIME] * self.settings["streams"]), None
        drawn = []
        for _ in range(self.settings["length"]):
            characters, states = self.draw(characters, states)
            drawn.append(characters)
        return [text.decode("utf-8") for text in tf.strings.join(drawn).numpy()]

    @tf.function
    def draw(self, characters: tf.Tensor, states: States | None) -> tuple[tf.Tensor, States]:
        """Strings (streams,), each all that is new -> the character after each, and the states."""
        codes = self.to_codes(tf.strings.unicode_split(characters, "UTF-8").to_tensor())
        logits, states = self.model(codes, states)
        logits = logits[:, -1] / self.settings["temperature"] + self.mask
        codes = tf.random.categorical(logits, num_samples=1)[:, 0]
        return self.to_characters(codes), states
