"""What a model with a density gives to held-out samples, beside what it gives to training ones."""

from collections.abc import Callable

import numpy as np

from foundation.purposes import SCORED_SAMPLES, rng
from training.generator import Density, Generator

MOST_SCORED = 2000  # images or rows whose likelihood is computed: a variational one takes minutes
PROTOCOL = (
    "mean ln p of at most 2,000 held-out samples, given their class if the model has classes; "
    "real: of as many training samples"
)
GUIDE = (
    "nats; higher is better, but only densities of one kind over one space compare; the real "
    "figure far above: learnt by heart"
)


def likelihood(
    generator: Generator,
    score: Callable[[object], np.ndarray],
    held_out: object,
    train: object,
    count: int,
    seed: int,
) -> dict:
    """The entry "log_likelihood" of a report; a reason where the model has no density.

    Args:
      score: ln p of each sample of a part, float64 (samples,).
      held_out, train: parts of a data set, with `take`.
      count: samples of each at most.
      seed: of the choice among them.
    """
    if not isinstance(generator, Density):
        return {"value": None, "reason": "this model has no density that can be computed"}
    scores = []
    for number, part in enumerate((held_out, train)):
        drawn = min(count, MOST_SCORED, len(part))
        random = rng(seed, SCORED_SAMPLES, number)
        scores.append(score(part.take(np.sort(random.permutation(len(part))[:drawn]))))
    (value, error), (real, real_error) = map(mean_and_error, scores)
    return {
        "value": value,
        "real": real,
        "standard_error": error,
        "real_standard_error": real_error,
        "protocol": PROTOCOL,
        "how_to_read": GUIDE,
    }


def mean_and_error(values: np.ndarray) -> tuple[float, float]:
    """Mean, and its standard error (0 for a single value)."""
    spread = values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else 0.0
    return float(values.mean()), float(spread)
