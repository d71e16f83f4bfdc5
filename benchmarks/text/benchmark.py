"""Speed of the character LSTM: training and writing beside what a user would pick instead.

Training: this project's step, the same model with keras.layers.LSTM, and PyTorch's nn.LSTM; from
the same weights, on the same text. Writing: this project's sampler, and one call a character as in
TensorFlow's tutorial.
"""

import os

import numpy as np

from benchmarks.config import BenchmarkSettings
from benchmarks.sides import require
from benchmarks.text.task import initial_weights
from benchmarks.turns import measure_in_turn
from data.texts.load import load_text
from data.texts.vocabulary import Vocabulary

TRAINING = {
    "this project": "benchmarks.text.ours:ProjectTraining",
    "Keras's LSTM": "benchmarks.text.keras_lstm:KerasTraining",
    "PyTorch": "benchmarks.text.pytorch:PytorchTraining",
}
WRITING = {
    "this project": "benchmarks.text.ours:ProjectSampling",
    "tutorial's loop": "benchmarks.text.tutorial:TutorialSampling",
}
LAYERS, EMBEDDING_DIM, STREAMS, SEQUENCE_LENGTH = 2, 64, 64, 100
STEPS = {256: 8, 512: 3}  # units -> steps a round: two to five seconds on two cores
WRITING_UNITS, TEMPERATURE = 256, 0.8
TEXTS = {1: 4_000, 256: 500}  # streams -> characters of each: a round of seconds

Sizes = tuple[int, int, int, int]  # codes in the vocabulary, size of a vector, units, layers


def benchmark_text(settings: BenchmarkSettings) -> dict:
    """Measure training and writing on the embedded Shakespeare.

    Returns: {name of the measure: see turns.measure_in_turn}.
    Raises: InputError if PyTorch is missing.
    """
    require("torch")
    corpus = load_text("shakespeare", quiet=True)
    result = {}
    for units, steps in STEPS.items():
        sizes = (corpus.vocabulary.size, EMBEDDING_DIM, units, LAYERS)
        result |= training_speed(corpus.train, sizes, steps, settings.rounds)
    sizes = (corpus.vocabulary.size, EMBEDDING_DIM, WRITING_UNITS, LAYERS)
    for count, length in TEXTS.items():
        result |= writing_speed(corpus.vocabulary, sizes, count, length, settings.rounds)
    return result


def training_speed(
    text: np.ndarray,
    sizes: Sizes,
    steps: int,
    rounds: int,
    streams: int = STREAMS,
    length: int = SEQUENCE_LENGTH,
) -> dict:
    """Train some steps on each side in turn.

    Args:
      text: codes (1, characters).
      sizes: of the model.
      steps: of a round.
      rounds: to time on each side.
      streams, length: rows of a step, and characters of each.

    Returns: as `benchmark_text`.
    """
    chosen = dict(zip(("embedding_dim", "units", "layers"), sizes[1:], strict=True))
    chosen |= {"batch_size": streams, "sequence_length": length}
    sides = {name: (side, {"text": chosen, "steps": steps}) for name, side in TRAINING.items()}
    name = f"text training, {sizes[3]} x {sizes[2]} units, {streams} streams of {length} characters"
    arrays = {"text": text, **initial_weights(*sizes)}
    return {name: measure_in_turn("characters", sides, arrays, rounds)}


def writing_speed(
    vocabulary: Vocabulary, sizes: Sizes, streams: int, length: int, rounds: int
) -> dict:
    """Write texts on both sides in turn; with untrained weights, which take the same time.

    Args:
      vocabulary, sizes: of the model.
      streams: texts at a time.
      length: characters of each.
      rounds: to time on each side.

    Returns: as `benchmark_text`.
    """
    chosen = {
        "characters": "".join(vocabulary.characters),
        "streams": streams,
        "length": length,
        "temperature": TEMPERATURE,
    }
    sides = {name: (side, chosen) for name, side in WRITING.items()}
    name = f"text writing, {sizes[3]} x {sizes[2]} units, {streams} streams"
    weights = initial_weights(*sizes)
    return {name: measure_in_turn("characters", sides, weights, rounds, os.cpu_count())}
