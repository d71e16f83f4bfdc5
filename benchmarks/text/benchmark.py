"""Speed of the character LSTM: training and writing beside what a user would pick instead.

Training: this project's step, the same model with keras.layers.LSTM in three ways (which is fastest
depends on the machine), and PyTorch's nn.LSTM; from the same weights, on the same text.
Writing: this project's sampler, and one call a character as in TensorFlow's tutorial.
"""

import os

import numpy as np

from benchmarks.config import BenchmarkSettings
from benchmarks.rounds import Measure, measure_in_turn, require_pytorch
from benchmarks.text.batches import full_steps
from benchmarks.text.weights import initial_weights
from data.texts.load import load_text
from data.texts.vocabulary import Vocabulary
from foundation.errors import InputError
from lstm_text.streams import Streams

OURS = "this project"
KERAS = "benchmarks.text.keras_lstm:KerasTraining"
TRAINING = {
    OURS: "benchmarks.text.ours:ProjectTraining",
    "Keras's LSTM": KERAS,
    "Keras's LSTM, unrolled": KERAS,
    "Keras's LSTM, XLA": KERAS,
    "PyTorch": "benchmarks.text.pytorch:PytorchTraining",
}
WRITING = {
    OURS: "benchmarks.text.ours:ProjectSampling",
    "tutorial's loop": "benchmarks.text.tutorial:TutorialSampling",
}
NO_SLOWER = 1.0
LAYERS, EMBEDDING_DIM, BATCH_SIZE, SEQUENCE_LENGTH = 2, 64, 64, 100
STEPS = {256: 8, 512: 3}  # units -> steps a round: two to five seconds on two cores
WRITING_UNITS, TEMPERATURE, SECONDS = 256, 0.8, 2.0
TEXTS = {1: (1000, 10.0), 256: (250, NO_SLOWER)}  # streams -> characters of each, target


def benchmark_text(settings: BenchmarkSettings) -> dict:
    """Measure training and writing on the embedded Shakespeare.

    Returns: {name of the measure: see rounds.measure_in_turn}.
    Raises: InputError if PyTorch is missing or the batch size does not fit.
    """
    require_pytorch("text")
    corpus = load_text("shakespeare", quiet=True)
    streams = settings.batch_size or BATCH_SIZE
    check_batch_size(streams, corpus.train)
    result = {}
    for units, steps in STEPS.items():
        sizes = (corpus.vocabulary.size, EMBEDDING_DIM, units, LAYERS)
        result |= training_speed(corpus.train, sizes, streams, steps, settings.rounds)
    sizes = (corpus.vocabulary.size, EMBEDDING_DIM, WRITING_UNITS, LAYERS)
    for count, (length, target) in TEXTS.items():
        result |= writing_speed(corpus.vocabulary, sizes, count, length, target, settings.rounds)
    return result


def training_speed(
    text: np.ndarray,
    sizes: tuple[int, int, int, int],
    streams: int,
    steps: int,
    rounds: int,
    length: int = SEQUENCE_LENGTH,
) -> dict:
    """Train some steps on each side in turn.

    Args:
      text: codes (segments, length of a segment).
      sizes: codes in the vocabulary, size of a character's vector, units, layers.
      streams: rows of a step.
      steps: of a round.
      rounds: to time on each side.
      length: characters of each stream in a step.

    Returns: as `benchmark_text`.
    """
    _, embedding_dim, units, layers = sizes
    chosen = {
        "units": units,
        "layers": layers,
        "embedding_dim": embedding_dim,
        "batch_size": streams,
        "sequence_length": length,
    }
    measure = Measure(
        name=f"text training, {layers} x {units} units",
        unit="characters",
        a_round=f"{steps} steps of {streams} streams of {length} characters",
        sides=TRAINING,
        settings={
            name: {"text": chosen, "steps": steps, "way": name.partition(", ")[2]}
            for name in TRAINING
        },
        mflop_a_unit=flop_a_character(*sizes) / 1e6,
        targets={name: NO_SLOWER for name, side in TRAINING.items() if side == KERAS},
    )
    arrays = {"text": text, **initial_weights(*sizes)}
    return {measure.name: measure_in_turn(measure, arrays, rounds)}


def writing_speed(
    vocabulary: Vocabulary,
    sizes: tuple[int, int, int, int],
    streams: int,
    length: int,
    target: float,
    rounds: int,
    seconds: float = SECONDS,
) -> dict:
    """Write texts on both sides in turn; with untrained weights, which take the same time.

    Args:
      vocabulary: of the model.
      sizes: as for `training_speed`.
      streams: texts at a time.
      length: characters of each.
      target: how many times as fast as the tutorial's loop this project should be.
      rounds: to time on each side.
      seconds: how long a round lasts at least.

    Returns: as `benchmark_text`.
    """
    chosen = {
        "characters": "".join(vocabulary.characters),
        "streams": streams,
        "length": length,
        "temperature": TEMPERATURE,
        "seconds": seconds,
    }
    count = "1 stream" if streams == 1 else f"{streams} streams"
    measure = Measure(
        name=f"text writing, {sizes[3]} x {sizes[2]} units, {count}",
        unit="characters",
        a_round=f"{count} of {length} characters, over and over for {seconds:g} seconds",
        sides=WRITING,
        settings=dict.fromkeys(WRITING, chosen),
        threads=os.cpu_count(),
        targets={name: target for name in WRITING if name != OURS},
    )
    return {measure.name: measure_in_turn(measure, initial_weights(*sizes), rounds)}


def check_batch_size(batch_size: int, text: np.ndarray) -> None:
    """Raises: InputError if the text is too short for a round of so many streams."""
    steps = max(STEPS.values())
    most = text.size // (steps * SEQUENCE_LENGTH + 1)
    if full_steps(Streams(text, batch_size, SEQUENCE_LENGTH)) < steps:
        raise InputError(
            f"--batch-size {batch_size}",
            f"1 to about {most}, as {text.size:,} characters are enough for",
            f"choose another one, such as {BATCH_SIZE}",
        )


def flop_a_character(vocabulary_size: int, embedding_dim: int, units: int, layers: int) -> int:
    """Floating-point operations that the matrix products of one step need for each character.

    Looking up the embedding multiplies nothing. A product of (batch, a) and (a, b) takes 2 a b a
    character; so does each of its two gradients.
    """
    first, others = 4 * units * (embedding_dim + units), 4 * units * (units + units)
    return 6 * (first + (layers - 1) * others + units * vocabulary_size)
