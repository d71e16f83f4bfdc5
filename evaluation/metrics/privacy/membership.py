"""Can one tell from synthetic images who was in the training set? An attack, with a control set.

Distances alone prove nothing: that no sample lies conspicuously near the training images does not
show that they are safe (data that pass such tests have been attacked with success: The DCR
Delusion, arXiv 2505.01524). So the question is put as an attacker would: given a real image, was it
trained on? The images trained on are the members; as many held-out images of the same kind, the
control set, are not. An attack that finds nothing shows that this attack found nothing.
"""

import numpy as np

from evaluation.metrics.privacy.nearest import nearest_images
from evaluation.statistics.proportions import share_interval
from evaluation.statistics.rank_auc import rank_auc
from foundation.errors import InputError

FALSE_POSITIVES = 0.01
CAUTION = (
    "an area near 0.5 says that this attack found nothing, not that a stronger one would not; "
    "above 0.5, with the whole interval, it found something"
)
DISTANCES = "distances alone prove nothing"
ATTACKS = {
    "distance": "the nearer a synthetic image, the likelier a member",
    "calibrated": "nearer to a synthetic image than to other real ones: a member",
}
SMALLEST_DISTANCE = 1e-6  # of a copy, whose logarithm would be minus infinity


def attack(
    members: np.ndarray,
    controls: np.ndarray,
    synthetic: np.ndarray,
    reference: np.ndarray | None = None,
) -> dict:
    """Attack with the nearest synthetic image of every record.

        distance    the nearer it is, the likelier the record is a member (Chen et al. 2020)
        calibrated  the same, set against the distance to real images that are neither members nor
                    control: an ordinary image lies near to everything (their section 4.4)

    Args:
      members: uint8 images (m, height, width, channels) that the generator was trained on.
      controls: uint8 images (n, ...) of the same kind that it was not trained on.
      synthetic: uint8 images (s, ...) that it has made.
      reference: uint8 images (r, ...) of the same kind, neither members nor controls; None: no
        calibrated attack.

    Returns: name of the attack -> {"auc", "low", "high" (95 %), "found_at_1_percent": share of the
      members found where 1 in 100 controls is taken for one, with "found_low", "found_high"}, fit
      for JSON.
    Raises: InputError for too few images.
    Reference: Chen et al. 2020, GAN-Leaks; Carlini et al. 2022, Membership Inference Attacks From
      First Principles (why the rate at few false alarms is shown: an average hides the few found).
    """
    if min(len(members), len(controls), len(synthetic)) < 2:
        raise InputError(
            f"{len(members)} members, {len(controls)} controls, {len(synthetic)} synthetic images",
            "at least 2 of each",
            "give more images",
        )
    to_synthetic = [_log_distance(records, synthetic) for records in (members, controls)]
    scores = {"distance": [-distance for distance in to_synthetic]}
    if reference is not None and len(reference) >= 2:
        scores["calibrated"] = [
            _log_distance(records, reference) - distance
            for records, distance in zip((members, controls), to_synthetic, strict=True)
        ]
    return {name: judged(*both) for name, both in scores.items()}


def judged(member_scores: np.ndarray, control_scores: np.ndarray) -> dict:
    """How well scores tell members (higher) from controls: see `attack`."""
    area = rank_auc(member_scores, control_scores)
    threshold = np.quantile(control_scores, 1 - FALSE_POSITIVES, method="higher")
    found = int((np.asarray(member_scores) > threshold).sum())
    low, high = share_interval(found, len(member_scores))
    return {
        "auc": area.value,
        "low": area.low,
        "high": area.high,
        "found_at_1_percent": found / len(member_scores),
        "found_low": low,
        "found_high": high,
    }


def _log_distance(records: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Logarithm of the distance of each record to the nearest of the others; float64 (n,)."""
    return np.log(np.maximum(nearest_images(records, others)[1], SMALLEST_DISTANCE))
