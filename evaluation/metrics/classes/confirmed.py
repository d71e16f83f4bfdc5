"""Do labelled samples show the class of their label, as a network of real images sees it?"""

from evaluation.metrics.metric import ImageSet, Metric, RealSide, Words, labelled, require_classes


def class_confirmed(candidate: ImageSet, real: RealSide) -> dict[str, dict]:
    """Share of the images whose label the network finds; InputError without labels or classes."""
    require_classes(real.dataset)
    right = candidate.classes == labelled(candidate).labels
    return {"class_confirmed": {"value": float(right.mean())}}


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
