"""An average of a model's weights over its training, which is judged and used in its place."""

import keras
import tensorflow as tf


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
