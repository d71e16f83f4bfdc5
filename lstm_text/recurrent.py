"""The LSTM layer: Keras's mathematics and weights, with a backward pass made for speed.

Keras's layer leaves the gradient to automatic differentiation, which adds a matrix of the recurrent
weights' size to an accumulator at every character. Here the backward loop keeps what it needs, and
the gradient of the recurrent weights is one product after the loop. Everything compiles with XLA.
"""

import keras
import tensorflow as tf


@tf.custom_gradient
def recurrence(
    projected: tf.Tensor, recurrent_kernel: tf.Tensor, hidden: tf.Tensor, cell: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Run the LSTM's recurrence over a sequence.

    The gates are i, f, o = sigmoid and g = tanh of (projected_t + h_(t-1) recurrent_kernel); then
    c_t = f c_(t-1) + i g,  h_t = o tanh(c_t).

    Args:
      projected: float32 (time, batch, 4 units), the inputs times the kernel plus the bias; gates
        in Keras's order: input i, forget f, candidate g, output o.
      recurrent_kernel: float32 (units, 4 units).
      hidden, cell: float32 (batch, units), the state before the first step.

    Returns: outputs (time, batch, units), and the state after the last step: hidden, cell.
    Reference: Hochreiter and Schmidhuber 1997; Gers et al. 2000 for the forget gate.
    """
    time, batch = projected.shape[0], projected.shape[1]
    units = recurrent_kernel.shape[0]

    def sequence(*last_axis):
        return tf.TensorArray(tf.float32, time, element_shape=(batch, *last_axis))

    inputs = sequence(4 * units).unstack(projected)

    def forward(step, hidden, cell, outputs, cells, activations):
        gates = inputs.read(step) + tf.matmul(hidden, recurrent_kernel)  # (batch, 4 units)
        i, f, g, o = tf.split(gates, 4, axis=1)
        i, f, g, o = tf.sigmoid(i), tf.sigmoid(f), tf.tanh(g), tf.sigmoid(o)
        cell = f * cell + i * g
        hidden = o * tf.tanh(cell)
        outputs, cells = outputs.write(step, hidden), cells.write(step, cell)
        activations = activations.write(step, tf.concat([i, f, g, o], axis=1))
        return step + 1, hidden, cell, outputs, cells, activations

    start = (0, hidden, cell, sequence(units), sequence(units), sequence(4 * units))
    _, last_hidden, last_cell, outputs, cells, activations = tf.while_loop(
        lambda step, *_: step < time, forward, start
    )
    outputs, cells, activations = outputs.stack(), cells.stack(), activations.stack()

    def backward(d_outputs, d_last_hidden, d_last_cell):
        i, f, g, o = tf.split(activations, 4, axis=2)  # each (time, batch, units)
        cells_before = tf.concat([cell[tf.newaxis], cells[:-1]], axis=0)
        tanh_cells = tf.tanh(cells)
        # By how much each gate's input moves the cell (i, f, g) or the output (o), for all steps
        # at once: inside the loop only products with the running gradients are left.
        slope_i, slope_f = g * i * (1 - i), cells_before * f * (1 - f)
        slope_g, slope_o = i * (1 - g * g), tanh_cells * o * (1 - o)
        slopes = tf.concat([slope_i, slope_f, slope_g, slope_o], axis=2)
        slopes = sequence(4 * units).unstack(slopes)
        through_output = sequence(units).unstack(o * (1 - tanh_cells * tanh_cells))
        kept = sequence(units).unstack(f)
        from_above = sequence(units).unstack(d_outputs)

        def step_back(step, d_hidden, d_cell, d_projected):
            d_hidden += from_above.read(step)
            d_cell += d_hidden * through_output.read(step)
            d_gates = slopes.read(step) * tf.concat([d_cell, d_cell, d_cell, d_hidden], axis=1)
            d_hidden = tf.matmul(d_gates, recurrent_kernel, transpose_b=True)
            return step - 1, d_hidden, d_cell * kept.read(step), d_projected.write(step, d_gates)

        end = (time - 1, d_last_hidden, d_last_cell, sequence(4 * units))
        _, d_hidden, d_cell, d_projected = tf.while_loop(lambda step, *_: step >= 0, step_back, end)
        d_projected = d_projected.stack()
        hidden_before = tf.concat([hidden[tf.newaxis], outputs[:-1]], axis=0)
        d_recurrent_kernel = tf.matmul(
            tf.reshape(hidden_before, (-1, units)),
            tf.reshape(d_projected, (-1, 4 * units)),
            transpose_a=True,
        )
        return d_projected, d_recurrent_kernel, d_hidden, d_cell

    return (outputs, last_hidden, last_cell), backward


class LSTM(keras.layers.Layer):
    """A layer of LSTM cells that takes a state and gives it back.

    Weights have the names, shapes, order and initial values of keras.layers.LSTM, so they can be
    exchanged with it; a test does so and finds the same outputs and gradients.
    """

    def __init__(self, units: int, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        shape = (input_shape[-1], 4 * self.units)
        self.kernel = self.add_weight(name="kernel", shape=shape, initializer="glorot_uniform")
        shape = (self.units, 4 * self.units)
        self.recurrent_kernel = self.add_weight(
            name="recurrent_kernel", shape=shape, initializer="orthogonal"
        )
        self.bias = self.add_weight(name="bias", shape=shape[1:], initializer=self._bias_values)

    def _bias_values(self, shape, dtype=None):
        """Ones for the forget gate: at the start the cell remembers (Jozefowicz et al. 2015)."""
        return tf.concat([tf.zeros(self.units), tf.ones(self.units), tf.zeros(2 * self.units)], 0)

    def call(
        self, inputs: tf.Tensor, hidden: tf.Tensor, cell: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        """Run over a sequence, float32 (time, batch, features): see `recurrence`."""
        time, batch, features = inputs.shape
        flat = tf.reshape(inputs, (time * batch, features))
        projected = tf.matmul(flat, tf.convert_to_tensor(self.kernel)) + self.bias
        projected = tf.reshape(projected, (time, batch, 4 * self.units))
        return recurrence(projected, tf.convert_to_tensor(self.recurrent_kernel), hidden, cell)
