"""Which classes are drawn too often or never, as a network trained on real images sees them."""

import numpy as np

from evaluation.metrics.metric import ImageSet, Metric, RealSide, Words, require_classes


def seen_shares(candidate: ImageSet, real: RealSide) -> np.ndarray:
    """Share of each class among the images; float64, (classes,). InputError without classes."""
    require_classes(real.dataset)
    counts = np.bincount(candidate.classes, minlength=real.dataset.num_classes)
    return counts / len(candidate.images)


def _of_images(candidate: ImageSet, real: RealSide) -> dict[str, dict]:
    return {"class_shares": {"value": seen_shares(candidate, real).tolist()}}


METRIC = Metric(
    place=4,
    compute=_of_images,
    stand_in="held_out",
    figures={
        "class_shares": Words(
            "Class shares",
            "share of each class as the feature network sees it; real: held-out images",
            "should resemble the real shares, unless other labels were asked for",
        )
    },
)
