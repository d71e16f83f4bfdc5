"""Means over the steps of a training: of what they measured, and of a model's weights."""

import keras
import tensorflow as tf


class Averages(tf.Module):
    """Running means of named values, kept in one variable so that a checkpoint can hold them.

    `update` is graph code: one addition a step, whatever the number of values.

    Args:
      names: the values, in the order in which `update` gets them.
    """

    def __init__(self, names: tuple[str, ...]):
        super().__init__()
        self.names = names
        self.sums = tf.Variable(tf.zeros(len(names) + 1), trainable=False)  # last: of the weights

    def update(self, values: dict[str, tf.Tensor], weight: int | tf.Tensor) -> None:
        """Add one step's scalar means, `weight` being the number of samples behind them."""
        row = tf.stack([values[name] for name in self.names] + [1.0])
        self.sums.assign_add(tf.cast(weight, tf.float32) * row)

    def result(self) -> dict[str, float]:
        """The means since the last reset (NaN before the first update)."""
        sums = self.sums.numpy()
        means = sums[:-1] / sums[-1] if sums[-1] else sums[:-1] * float("nan")
        return dict(zip(self.names, means.tolist(), strict=True))

    def reset(self) -> None:
        """Start a new epoch."""
        self.sums.assign(tf.zeros_like(self.sums))


def update_average(
    average: keras.Model, model: keras.Model, decay: float, steps: tf.Tensor
) -> None:
    """average += (1 - decay) * (weights - average), for all variables; graph code.

    Early on the decay is (1 + t) / (10 + t), so that the random start is soon forgotten.

    Args:
      average, model: two models of one architecture.
      decay: in [0, 1), a step.
      steps: the steps t that the optimizer has done.

    Reference: Polyak and Juditsky 1992; Izmailov et al. 2018 for networks; Yazici et al. 2019, The
      Unusual Effectiveness of Averaging in GAN Training.
    """
    t = tf.cast(steps, tf.float32)
    decay = tf.minimum(decay, (1.0 + t) / (10.0 + t))
    for mean, weight in zip(average.variables, model.variables, strict=True):
        mean.assign_add((1.0 - decay) * (weight - mean))
