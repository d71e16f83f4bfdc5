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


class OneCharacter:
    """Draws the next character of each stream.

    Args:
      model: gives logits and states.
      characters: the vocabulary without the unknown symbol; character i has code i + 1.
      temperature: what the logits are divided by.
    """

    def __init__(self, model: KerasCharacters, characters: list[str], temperature: float):
        self.model, self.temperature = model, temperature
        self.to_codes = keras.layers.StringLookup(vocabulary=characters)
        self.to_characters = keras.layers.StringLookup(vocabulary=characters, invert=True)
        unknown = self.to_codes(["[UNK]"])  # its code
        self.mask = tf.one_hot(unknown, len(characters) + 1, on_value=float("-inf"), off_value=0.0)

    @tf.function
    def draw(self, characters: tf.Tensor, states: States | None = None) -> tuple[tf.Tensor, States]:
        """Strings (streams,), each all that is new -> the character after each, and the states."""
        logits, states = self.logits(characters, states)
        codes = tf.random.categorical(logits, num_samples=1)[:, 0]
        return self.to_characters(codes), states

    def logits(self, characters: tf.Tensor, states: States | None) -> tuple[tf.Tensor, States]:
        """What is drawn from: float32 (streams, vocabulary), -inf for the unknown symbol."""
        codes = self.to_codes(tf.strings.unicode_split(characters, "UTF-8").to_tensor())
        logits, states = self.model(codes, states)
        return logits[:, -1] / self.temperature + self.mask, states


class TutorialSampling(TensorflowSide):
    """Writes with OneCharacter.

    Args:
      settings: "characters": the vocabulary as one string; "streams", "length", "temperature".
      arrays: the weights (see benchmarks.text.task).
    """

    how = "tf.function, a call a character"

    def __init__(self, settings: dict, arrays: dict[str, np.ndarray]):
        self.settings = settings
        tf.random.set_seed(0)
        one = (KerasCharacters(arrays), list(settings["characters"]), settings["temperature"])
        self.one_character = OneCharacter(*one)

    def work(self) -> dict:
        """A text of each stream."""
        return {"units": sum(map(len, self.write())), "measured": {}}

    def write(self) -> list[str]:
        """One new text a stream."""
        characters, states = tf.constant([PRIME] * self.settings["streams"]), None
        drawn = []
        for _ in range(self.settings["length"]):
            characters, states = self.one_character.draw(characters, states)
            drawn.append(characters)
        return [text.decode("utf-8") for text in tf.strings.join(drawn).numpy()]
