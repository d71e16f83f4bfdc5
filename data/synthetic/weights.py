"""What each sample counts in a loss: the weight of its source times the weight of its class."""

from collections.abc import Mapping, Sequence

import numpy as np

from foundation.errors import InputError

BALANCED = "balanced"


def combined_weights(
    source: np.ndarray,
    labels: np.ndarray,
    source_weights: Sequence[float] | None,
    class_weights: str | Mapping[int, float] | None,
    sources: int,
    classes: int,
) -> np.ndarray:
    """The `sample_weight` that scikit-learn and Keras take, scaled to mean 1.

    With another mean the loss, and so the step of an optimizer or the weight of a penalty, would
    change with the weights: mean 1 keeps both comparable with training on real data alone.

    Args:
      source: int, shape (count,): number of each sample's source, 0 is the real one.
      labels: int, shape (count,).
      source_weights: one for each source; None: 1 each.
      class_weights: class -> weight, classes not named have 1; "balanced": such that every class
        has the same sum, after the source weights; None: 1 each.
      sources, classes: how many there are.

    Returns: float32, shape (count,), at least 0.
    Raises: InputError for a wrong number of weights, a negative or infinite one, or all 0.
    """
    by_source = np.ones(sources) if source_weights is None else np.array(source_weights, float)
    if by_source.shape != (sources,):
        raise InputError(
            f"{by_source.size} weights for {sources} sources",
            "one for the real data, then one for each synthetic source",
            "correct the weights",
        )
    weights = _checked(by_source)[source]
    if class_weights == BALANCED:
        sums = np.bincount(labels, weights, minlength=classes)
        by_class = np.divide(1.0, sums, out=np.zeros(classes), where=sums > 0)
    else:
        by_class = class_weight_array(class_weights, classes)
    weights = weights * by_class[labels]
    if not weights.any():
        raise InputError("weights that are all 0", "at least one above 0", "raise one")
    return (weights / weights.mean()).astype(np.float32)


def class_weight_array(class_weights: Mapping[int, float] | None, classes: int) -> np.ndarray:
    """float64, shape (classes,): the weight of each class, 1 where none is given."""
    by_class = np.ones(classes)
    for label, weight in (class_weights or {}).items():
        if not 0 <= label < classes:
            raise InputError(
                f"a weight for class {label}", f"classes 0 to {classes - 1}", "leave it out"
            )
        by_class[label] = weight
    return _checked(by_class)


def _checked(weights: np.ndarray) -> np.ndarray:
    if not (np.isfinite(weights) & (weights >= 0)).all():
        raise InputError(f"weights {weights.tolist()}", "numbers of at least 0", "correct them")
    return weights
