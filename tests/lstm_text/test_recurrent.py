"""The fast LSTM against Keras: outputs, states and every gradient."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lstm_text.recurrent import LSTM

TIME, BATCH, FEATURES, UNITS = 7, 3, 5, 4
NAMES = ("inputs", "hidden", "cell", "kernel", "recurrent kernel", "bias")


def drawn(*shapes: tuple[int, ...], seed: int) -> list[np.ndarray]:
    generator = np.random.default_rng(seed)
    return [generator.normal(size=shape).astype(np.float32) for shape in shapes]


def results_of(layer, read, given: list[np.ndarray]) -> list:
    """What `read` makes of inputs, hidden and cell, and the gradients in the order of NAMES.

    What is differentiated is a sum in which each number made counts in another way.
    """
    given = [tf.constant(each) for each in given]
    with tf.GradientTape() as tape:
        tape.watch(given)
        made = read(*given)
        factors = drawn(*(each.shape for each in made), seed=9)
        total = tf.add_n([tf.reduce_sum(a * b) for a, b in zip(made, factors, strict=True)])
    weights = [weight.value for weight in layer.trainable_variables]
    return [*made, *tape.gradient(total, [*given, *weights])]


@pytest.mark.parametrize("compiled", [False, True])
def test_it_is_keras_lstm(compiled):
    """Outputs, states and every gradient; the bias is nowhere 0 or 1."""
    ours = LSTM(UNITS)
    theirs = keras.layers.LSTM(UNITS, return_sequences=True, return_state=True)
    given = drawn((TIME, BATCH, FEATURES), (BATCH, UNITS), (BATCH, UNITS), seed=0)
    weights = drawn((FEATURES, 4 * UNITS), (UNITS, 4 * UNITS), (4 * UNITS,), seed=1)
    for layer in (ours, theirs):
        layer.build((None, None, FEATURES))
        layer.set_weights(weights)

    def read(inputs, hidden, cell):
        outputs, *state = theirs(tf.transpose(inputs, (1, 0, 2)), initial_state=[hidden, cell])
        return [tf.transpose(outputs, (1, 0, 2)), *state]

    found = tf.function(lambda: results_of(ours, ours, given), jit_compile=compiled)()
    names = ("outputs", "last hidden", "last cell", *(f"gradient of {name}" for name in NAMES))
    for name, a, b in zip(names, found, results_of(theirs, read, given), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5, err_msg=name)


def test_the_weights_start_as_those_of_keras():
    ours, theirs = LSTM(16), keras.layers.LSTM(16)
    for layer in (ours, theirs):
        layer.build((None, None, 10))
    for a, b in zip(ours.weights, theirs.weights, strict=True):
        assert (a.name, a.shape) == (b.name, b.shape)
    kernel, recurrent_kernel, bias = ours.get_weights()
    assert bias.tolist() == [0.0] * 16 + [1.0] * 16 + [0.0] * 32  # the forget gate is open
    limit = np.sqrt(6 / (10 + 64))  # Glorot and Bengio 2010
    assert 0.9 * limit < np.abs(kernel).max() <= limit
    np.testing.assert_allclose(recurrent_kernel @ recurrent_kernel.T, np.eye(16), atol=1e-5)
