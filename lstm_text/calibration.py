"""Temperature scaling: one number that makes a trained model as sure as it has reason to be."""

import numpy as np

from lstm_text.model import CharacterModel
from lstm_text.score import Scorer
from lstm_text.step import scored

SCALES = (0.1, 10.0)  # where the scale may lie
CLOSE_ENOUGH = 1e-4  # a last step of the scale: the next would be far smaller
MOST_STEPS = 50


def fit_scale(scorer: Scorer, segments: np.ndarray, parallel: int = 1) -> float:
    """The number s for which -ln softmax(s x logits) is least on a text, by Newton's method.

    The loss is convex in s: its second derivative is the mean variance of the logits under the
    model's own probabilities. A text that is learnt by heart in part makes a model too sure: s < 1.

    Args:
      scorer: of the model.
      segments: integer codes (segments, length), with a character that training knew.
      parallel: as for `Scorer.carried`.

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
