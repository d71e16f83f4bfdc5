"""The character model's initial weights in NumPy, so that all sides start from the same ones."""

import numpy as np

from foundation.purposes import BENCHMARK, rng


def initial_weights(
    vocabulary_size: int, embedding_dim: int, units: int, layers: int, seed: int = 0
) -> dict[str, np.ndarray]:
    """Weights in Keras's shapes, order and initial values, all float32.

    Uniform in [-0.05, 0.05] for the embedding, Glorot uniform for kernels, orthogonal for recurrent
    kernels, ones for the biases of the forget gates, zeros for the others.

    Returns: {"embedding", then "kernel_0", "recurrent_kernel_0", "bias_0" and so on, "head_kernel",
    "head_bias"}; gates in the order input, forget, candidate, output.
    """
    generator = rng(seed, BENCHMARK)
    weights = {"embedding": generator.uniform(-0.05, 0.05, (vocabulary_size, embedding_dim))}
    width = embedding_dim
    for layer in range(layers):
        bias = np.zeros(4 * units)
        bias[units : 2 * units] = 1.0
        weights |= {
            f"kernel_{layer}": glorot_uniform(generator, width, 4 * units),
            f"recurrent_kernel_{layer}": orthogonal(generator, units, 4 * units),
            f"bias_{layer}": bias,
        }
        width = units
    weights["head_kernel"] = glorot_uniform(generator, units, vocabulary_size)
    weights["head_bias"] = np.zeros(vocabulary_size)
    return {name: value.astype(np.float32) for name, value in weights.items()}


def glorot_uniform(generator: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """Uniform with variance 2 / (rows + columns) (Glorot and Bengio 2010)."""
    limit = np.sqrt(6 / (rows + columns))
    return generator.uniform(-limit, limit, (rows, columns))


def orthogonal(generator: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """Orthonormal rows, for rows <= columns (Saxe et al. 2014)."""
    factor, triangle = np.linalg.qr(generator.normal(size=(columns, rows)))
    return (factor * np.sign(np.diag(triangle))).T  # the sign makes all directions equally likely


def weight_list(arrays: dict[str, np.ndarray]) -> list[np.ndarray]:
    """The weights among a side's arrays, as Keras's `set_weights` takes them."""
    names = ["embedding"]
    for layer in range(layer_count(arrays)):
        names += [f"kernel_{layer}", f"recurrent_kernel_{layer}", f"bias_{layer}"]
    return [arrays[name] for name in [*names, "head_kernel", "head_bias"]]


def layer_count(arrays: dict[str, np.ndarray]) -> int:
    """How many LSTM layers these weights are for."""
    return sum(name.startswith("recurrent_kernel_") for name in arrays)
