"""The fast LSTM against Keras: outputs, states and every gradient."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lstm_text.recurrent import LSTM

TIME, BATCH, FEATURES, UNITS = 7, 3, 5, 4
NAMES = ("inputs", "kernel", "recurrent kernel", "bias", "hidden", "cell")


def made_case(seed: int = 0) -> list[np.ndarray]:
    """Inputs, weights and a state, in the order of NAMES; the bias is nowhere 0 or 1."""
    generator = np.random.default_rng(seed)
    weights = [(FEATURES, 4 * UNITS), (UNITS, 4 * UNITS), (4 * UNITS,)]
    shapes = [(TIME, BATCH, FEATURES), *weights, (BATCH, UNITS), (BATCH, UNITS)]
    return [generator.normal(size=shape).astype(np.float32) for shape in shapes]


def factors() -> list[np.ndarray]:
    """By which each output counts in the number that is differentiated."""
    generator = np.random.default_rng(9)
    shapes = [(TIME, BATCH, UNITS), (BATCH, UNITS), (BATCH, UNITS)]
    return [generator.normal(size=shape).astype(np.float32) for shape in shapes]


def total(results) -> tf.Tensor:
    return tf.add_n([tf.reduce_sum(a * b) for a, b in zip(results, factors(), strict=True)])


def layer_of(case: list[np.ndarray]) -> LSTM:
    layer = LSTM(UNITS)
    layer.build((None, None, FEATURES))
    layer.set_weights(case[1:4])
    return layer


def ours(case: list[np.ndarray], compiled: bool) -> tuple[list, list]:
    """Outputs and states, and the gradients in the order of NAMES."""
    layer = layer_of(case)
    inputs, hidden, cell = (tf.constant(case[index]) for index in (0, 4, 5))

    @tf.function(jit_compile=compiled)
    def run(inputs, hidden, cell):
        with tf.GradientTape() as tape:
            tape.watch([inputs, hidden, cell])
            results = layer(inputs, hidden, cell)
            loss = total(results)
        weights = [layer.kernel, layer.recurrent_kernel, layer.bias]
        sources = [inputs, *(weight.value for weight in weights), hidden, cell]
        return results, tape.gradient(loss, sources)

    results, gradients = run(inputs, hidden, cell)
    return [each.numpy() for each in results], [each.numpy() for each in gradients]


def assert_same(received: tuple[list, list], expected: tuple[list, list]) -> None:
    for name, a, b in zip(("outputs", "hidden", "cell"), received[0], expected[0], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6, err_msg=name)
    for name, a, b in zip(NAMES, received[1], expected[1], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5, err_msg=f"gradient of {name}")


@pytest.mark.parametrize("compiled", [False, True])
def test_it_is_keras_lstm(compiled):
    case = made_case()
    theirs = keras.layers.LSTM(UNITS, return_sequences=True, return_state=True)
    theirs.build((None, TIME, FEATURES))
    theirs.set_weights(case[1:4])
    inputs, hidden, cell = (tf.constant(case[index]) for index in (0, 4, 5))
    with tf.GradientTape() as tape:
        tape.watch([inputs, hidden, cell])
        outputs, *state = theirs(tf.transpose(inputs, (1, 0, 2)), initial_state=[hidden, cell])
        results = [tf.transpose(outputs, (1, 0, 2)), *state]
        loss = total(results)
    variables = [variable.value for variable in theirs.trainable_variables]
    gradients = tape.gradient(loss, [inputs, *variables, hidden, cell])
    assert_same(ours(case, compiled), (results, gradients))


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
