"""Means of what the steps of an epoch measured."""

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
        self.sums = tf.Variable(
            tf.zeros(len(names) + 1), trainable=False
        )  # the last: sum of weights

    def update(self, values: dict[str, tf.Tensor], weight: int | tf.Tensor) -> None:
        """Add one step's scalar means, `weight` being the number of samples behind them."""
        weight = tf.cast(weight, tf.float32)
        row = tf.stack([values[name] for name in self.names] + [1.0])
        self.sums.assign_add(weight * row)

    def result(self) -> dict[str, float]:
        """The means since the last reset (NaN before the first update)."""
        sums = self.sums.numpy()
        means = sums[:-1] / sums[-1] if sums[-1] else sums[:-1] * float("nan")
        return dict(zip(self.names, means.tolist(), strict=True))

    def reset(self) -> None:
        """Start a new epoch."""
        self.sums.assign(tf.zeros_like(self.sums))
