"""What all sides of the text benchmark are given: first weights, and the steps to train on."""

import itertools
from collections.abc import Iterator

import numpy as np

from foundation.purposes import BENCHMARK, rng
from lstm_text.config import TextSettings
from lstm_text.streams import Streams


def initial_weights(
    vocabulary_size: int, embedding_dim: int, units: int, layers: int
) -> dict[str, np.ndarray]:
    """First weights in Keras's shapes and order, all float32: normal, and biases of zero.

    Returns: {"embedding", then "kernel_0", "recurrent_kernel_0", "bias_0" and so on, "head_kernel",
    "head_bias"}; gates in the order input, forget, candidate, output.
    """
    shapes = {"embedding": (vocabulary_size, embedding_dim)}
    for layer in range(layers):
        shapes[f"kernel_{layer}"] = (units if layer else embedding_dim, 4 * units)
        shapes[f"recurrent_kernel_{layer}"] = (units, 4 * units)
        shapes[f"bias_{layer}"] = (4 * units,)
    shapes |= {"head_kernel": (units, vocabulary_size), "head_bias": (vocabulary_size,)}
    generator = rng(0, BENCHMARK)
    return {
        name: (
            np.zeros(shape, np.float32)
            if "bias" in name
            else generator.normal(0, shape[0] ** -0.5, shape).astype(np.float32)
        )
        for name, shape in shapes.items()
    }


def weight_list(arrays: dict[str, np.ndarray]) -> list[np.ndarray]:
    """The weights among a side's arrays, as Keras's `set_weights` takes them."""
    return [array for name, array in arrays.items() if name != "text"]


def layer_count(arrays: dict[str, np.ndarray]) -> int:
    """How many LSTM layers these weights are for."""
    return sum(name.startswith("recurrent_kernel_") for name in arrays)


def rounds_of(
    text: np.ndarray, settings: TextSettings, steps: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """A round's steps after the other, each going on where the one before stopped.

    After the last one it begins again without a word: the carried state then is of another place,
    for all sides alike.

    Yields: inputs and targets, int32 (steps, streams, sequence_length).
    """
    streams = Streams(text, settings.batch_size, settings.sequence_length)
    for number in itertools.cycle(range(streams.length // settings.sequence_length // steps)):
        yield streams.block(0, number * steps, (number + 1) * steps)[:2]
