"""Do labelled samples show the class of their label, as a network of real images sees it?"""

from evaluation.metrics.metric import ImageSet, Metric, RealSide, Words
from foundation.errors import InputError


def class_confirmed(candidate: ImageSet, real: RealSide) -> dict[str, dict]:
    """Share of the images whose label the network finds; InputError without labels or classes."""
    real.require_classes()
    if candidate.labels is None:
        raise InputError("samples without labels", "labels", "train a conditional generator")
    return {"class_confirmed": {"value": float((candidate.classes == candidate.labels).mean())}}


METRIC = Metric(
    place=3,
    compute=class_confirmed,
    stand_in="held_out",
    figures={
        "class_confirmed": Words(
            "Class confirmed",
            "share whose label the feature network finds; real: held-out images",
            "higher is better: samples that show the class of their label",
        )
    },
)
