"""How well a model predicts text it was not trained on, and how sure it should be.

In nats a character, by two protocols, because one model scores differently under them:
windows   random pieces of 256 characters, each with no memory of what stood before (nanoGPT's way);
carried   every character once, in order, with all that came before in the state.
"""

from collections.abc import Callable

import numpy as np
import tensorflow as tf

from lstm_text.model import CharacterModel
from lstm_text.step import negative_log_likelihood, scored
from lstm_text.streams import random_windows

WARM_UP = 256  # characters read before the first that counts, where a text is cut for speed
COLUMNS = 256  # characters of a row in one call
WINDOWS_A_CALL = 64

# Of temperature scaling:
SCALES = (0.1, 10.0)  # where the scale may lie
CLOSE_ENOUGH = 1e-4  # a last step of the scale: the next would be far smaller
MOST_STEPS = 50


def ignore(count: int) -> None:
    """Tell nobody how far the work is."""


class Scorer:
    """Scores text with a model, without touching anything that training carries.

    Args:
      model: a CharacterModel; its weights are read anew at each call.
    """

    def __init__(self, model: CharacterModel):
        self.model = model

    @tf.function(jit_compile=True)
    def _losses(self, inputs, targets, state):
        logits, state = self.model(inputs, state)
        return negative_log_likelihood(logits, targets), state

    @tf.function(jit_compile=True)
    def _slopes(self, inputs, targets, state, scale):
        """Derivatives of -ln p by the scale of the logits: E[z] - z(target), and Var[z]."""
        logits, state = self.model(inputs, state)
        p = tf.nn.softmax(scale * logits)
        mean = tf.reduce_sum(p * logits, axis=-1)
        variance = tf.reduce_sum(p * (logits - mean[..., tf.newaxis]) ** 2, axis=-1)
        slope = mean - tf.gather(logits, targets, batch_dims=2)
        return tf.stack([slope, variance], axis=-1), state

    def carried(
        self, segments: np.ndarray, parallel: int = 1, advance: Callable[[int], None] = ignore
    ) -> np.ndarray:
        """-ln p of every character but the first of each segment, float32 (segments, length - 1).

        Args:
          segments: integer codes (segments, length); each starts from the zero state.
          parallel: cut each segment into that many rows and read them side by side, each after 256
            characters of what stands before it; 1: exactly one pass, slower.
          advance: is told how many more characters are scored, after each call.
        """
        return self._read(self._losses, segments, parallel, advance)

    def slopes(self, segments: np.ndarray, scale: float, parallel: int = 1) -> np.ndarray:
        """The first and the second derivative of each -ln p by a scale of all logits.

        Returns: float32 (segments, length - 1, 2), read as for `carried`.
        """
        scale = tf.constant(scale, tf.float32)
        return self._read(lambda *read: self._slopes(*read, scale), segments, parallel, ignore)

    def _read(self, judge: Callable, segments: np.ndarray, parallel: int, advance) -> np.ndarray:
        """What `judge` (inputs, targets, state) says of each character, read as for `carried`."""
        segment, start, first, last = rows_of(segments, parallel)
        width, result = int((last - start).max()), None
        state = self.model.zero_state(len(start))
        for left in range(0, width, COLUMNS):
            positions = start[:, np.newaxis] + np.arange(left, left + COLUMNS)
            inside = np.minimum(positions, segments.shape[1] - 2)  # beyond the end: not kept
            inputs = segments[segment[:, np.newaxis], inside].astype(np.int32)
            targets = segments[segment[:, np.newaxis], inside + 1].astype(np.int32)
            values, state = judge(inputs, targets, state)
            kept = (positions >= first[:, np.newaxis]) & (positions < last[:, np.newaxis])
            rows = np.broadcast_to(segment[:, np.newaxis], positions.shape)
            if result is None:
                shape = (len(segments), segments.shape[1] - 1, *values.shape[2:])
                result = np.empty(shape, np.float32)
            result[rows[kept], positions[kept]] = values.numpy()[kept]
            advance(int(kept.sum()))
        return result

    def windows(
        self,
        segments: np.ndarray,
        count: int,
        length: int,
        seed: int,
        advance: Callable[[int], None] = ignore,
    ) -> np.ndarray:
        """-ln p of every character of random windows, each from the zero state.

        Returns: float32 (count, length), nats; NaN where the target is an unknown character.
        """
        inputs, targets = random_windows(segments, count, length, seed)
        rows = -(-count // WINDOWS_A_CALL) * WINDOWS_A_CALL
        padded = np.arange(rows) % count  # full calls only: one compiled shape
        state = self.model.zero_state(WINDOWS_A_CALL)
        parts = []
        for chosen in padded.reshape(-1, WINDOWS_A_CALL):
            parts.append(self._losses(inputs[chosen], targets[chosen], state)[0].numpy())
            advance(parts[-1].size)
        losses = np.concatenate(parts)[:count]
        return np.where(scored(targets) > 0, losses, np.nan)


def rows_of(segments: np.ndarray, parallel: int) -> tuple[np.ndarray, ...]:
    """Cut segments into rows for reading side by side.

    Returns: four int64 arrays, one entry a row: its segment; the pair (character, next character)
      at which it starts to read; the first and the end of the pairs that it scores.
    """
    pairs = segments.shape[1] - 1
    length = -(-pairs // parallel)
    first = np.arange(0, pairs, length)
    last = np.minimum(first + length, pairs)
    start = np.maximum(first - WARM_UP, 0)
    count = len(first)
    segment = np.repeat(np.arange(len(segments)), count)
    return segment, *(np.tile(each, len(segments)) for each in (start, first, last))


def mean_loss(losses: np.ndarray, segments: np.ndarray) -> float:
    """The mean of what `Scorer.carried` gave, over the targets that training knew; NaN: none."""
    weights = scored(segments[:, 1:])
    count = weights.sum(dtype=np.float64)
    return float((losses * weights).sum(dtype=np.float64) / count) if count else float("nan")


def fit_scale(scorer: Scorer, segments: np.ndarray, parallel: int = 1) -> float:
    """The number s for which -ln softmax(s x logits) is least on a text, by Newton's method.

    The loss is convex in s: its second derivative is the mean variance of the logits under the
    model's own probabilities. A text that is learnt by heart in part makes a model too sure: s < 1.

    `segments` has a character that training knew; it is read as for `Scorer.carried`.

    Returns: s in [0.1, 10]; 1 / s is the temperature of Guo et al.
    Reference: Guo et al. 2017, On Calibration of Modern Neural Networks, section 4.2.
    """
    scale, weights = 1.0, scored(segments[:, 1:])[..., np.newaxis]
    for _ in range(MOST_STEPS):
        slopes = scorer.slopes(segments, scale, parallel)
        slope, curvature = (slopes * weights).sum((0, 1), dtype=np.float64)
        if curvature <= 0:  # every logit alike: no scale changes anything
            return scale
        # At most by half or to the double: far from the least value, Newton's step may be too far.
        change = np.clip(-slope / curvature, -scale / 2, scale)
        before, scale = scale, float(np.clip(scale + change, *SCALES))
        if abs(scale - before) < CLOSE_ENOUGH:
            break
    return scale


def scale_logits(model: CharacterModel, scale: float) -> None:
    """Multiply every logit of a model by a number, by way of its output layer's weights."""
    for weights in (model.head.kernel, model.head.bias):
        weights.assign(weights * scale)
