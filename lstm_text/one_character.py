"""One character through all layers, so computed that a row does not depend on the rows beside it.

The product of one row with a matrix and that of many rows are computed by different programs, and
two programs may sum in different orders: the last bit of a sum, and in the end a text, would depend
on how many texts are written side by side. Both sum in the same order, the first weight first, if

  - a product has a multiple of COLUMNS columns: others end in a strip that is summed otherwise;
  - it sums at most DEPTH values: longer sums are cut into pieces, and where is up to the library;
  - nothing is added to it as a whole: one row's program would begin its sum with that.

This was found by measuring (TensorFlow 2.21, processors with AVX2 and AVX-512; without FMA it does
not hold), and XLA promises nothing: `Sampler.rows_agree` tries it before many rows are used.
"""

from typing import NamedTuple

import tensorflow as tf

from lstm_text.model import CharacterModel

COLUMNS = 64
DEPTH = 256

Blocks = tuple[tf.Tensor, ...]  # a matrix, cut after every DEPTH rows


class LayerWeights(NamedTuple):
    """Of a layer: gates in Keras's order; the first layer has `inputs` instead of its kernel."""

    recurrent: Blocks
    kernel: Blocks
    bias: tf.Tensor


class Weights(NamedTuple):
    """A model's weights as `advance` and `logits` use them.

    The first layer's input is one of few vectors: their products with its kernel are a table.
    """

    inputs: tf.Tensor  # (vocabulary, 4 units): of each character, with the first layer's bias
    layers: tuple[LayerWeights, ...]
    head: tuple[tuple[Blocks, tf.Tensor], ...]  # one product and bias after the other


def weights_of(model: CharacterModel) -> Weights:
    """The weights that a model has now."""
    embeddings = tf.convert_to_tensor(model.embedding.embeddings)
    first = model.lstm_layers[0]
    layers = tuple(
        LayerWeights(
            blocks(layer.recurrent_kernel),
            () if layer is first else blocks(layer.kernel),
            tf.convert_to_tensor(layer.bias),
        )
        for layer in model.lstm_layers
    )
    head = [(model.head.kernel, model.head.bias)]
    if model.tie_weights:
        head.append((tf.transpose(embeddings), model.head_bias))
    return Weights(
        tf.matmul(embeddings, first.kernel) + first.bias,
        layers,
        # One column more than is used: a product that is used whole could be added to whole.
        tuple(
            (blocks(tf.pad(kernel, [[0, 0], [0, 1]])), tf.convert_to_tensor(bias))
            for kernel, bias in head
        ),
    )


def blocks(matrix: tf.Tensor) -> Blocks:
    """Cut a matrix after every DEPTH rows, each part padded to full COLUMNS."""
    matrix = tf.pad(matrix, [[0, 0], [0, -matrix.shape[1] % COLUMNS]])
    return tuple(matrix[first : first + DEPTH] for first in range(0, matrix.shape[0], DEPTH))


def products(values: tf.Tensor, matrix: Blocks) -> list[tf.Tensor]:
    """Float32 (rows, columns), one for each block: their sum is values x matrix."""
    parts = tf.split(values, [block.shape[0] for block in matrix], axis=1)
    return [tf.matmul(part, block) for part, block in zip(parts, matrix, strict=True)]


def add(summands: list[tf.Tensor], first: int, last: int) -> tf.Tensor:
    """The sum of the columns first .. last - 1, in the order of the list."""
    total = summands[0][..., first:last]
    for each in summands[1:]:
        total += each[..., first:last]
    return total


def advance(
    inputs: tf.Tensor, states: list[tuple[tf.Tensor, tf.Tensor]], weights: Weights
) -> tuple[tf.Tensor, list[tuple[tf.Tensor, tf.Tensor]]]:
    """One step of all layers.

    Args:
      inputs: float32 (rows, 4 units), of `weights.inputs` the rows of the characters to be read.
      states: hidden and cell of each layer, float32 (rows, units).
      weights: from `weights_of`.

    Returns: the last layer's output, float32 (rows, units), and the new states.
    """
    values, new_states = None, []
    for layer, (hidden, cell) in zip(weights.layers, states, strict=True):
        units = hidden.shape[1]
        summands = products(hidden, layer.recurrent)
        summands += [inputs] if values is None else [*products(values, layer.kernel), layer.bias]
        i, f, g, o = (add(summands, gate * units, (gate + 1) * units) for gate in range(4))
        cell = tf.sigmoid(f) * cell + tf.sigmoid(i) * tf.tanh(g)
        values = tf.sigmoid(o) * tf.tanh(cell)
        new_states.append((values, cell))
    return values, new_states


def logits(outputs: tf.Tensor, weights: Weights) -> tf.Tensor:
    """The last layer's outputs (rows, units) -> logits (rows, vocabulary)."""
    for matrix, bias in weights.head:
        outputs = add([*products(outputs, matrix), bias], 0, bias.shape[0])
    return outputs
