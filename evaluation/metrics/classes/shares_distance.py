"""How far the classes' shares are from those of held-out images, as one number."""

import numpy as np

from evaluation.metrics.classes.shares import seen_shares
from evaluation.metrics.metric import HELD_OUT, ImageSet, Metric, RealSide, Words


def class_distance(candidate: ImageSet, real: RealSide) -> dict[str, dict]:
    """Total variation between the two: 0 (equal) to 1 (disjoint). InputError without classes."""
    difference = seen_shares(candidate, real) - seen_shares(real.held_out, real)
    return {"class_distance": {"value": float(np.abs(difference).sum() / 2)}}


METRIC = Metric(
    place=5,
    compute=class_distance,
    stand_in="other",
    figures={
        "class_distance": Words(
            "Class distance",
            f"total variation from the held-out images' class shares; {HELD_OUT}",
            "lower is better: 0 means the classes are drawn as often as they occur",
        )
    },
)
