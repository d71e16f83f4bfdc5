"""Can one tell from synthetic samples who was in the training set? An attack, with a control set.

Distances alone prove nothing: that no sample lies conspicuously near the training samples does not
show that they are safe (data that pass such tests have been attacked with success: The DCR
Delusion, arXiv 2505.01524). So the question is put as an attacker would: given a real sample, was
it trained on? Those trained on are the members; as many held-out samples of the same kind, the
control set, are not. An attack that finds nothing shows that this attack found nothing.
"""

import numpy as np

from evaluation.metrics.distances import nearest_rows
from evaluation.statistics.proportions import share_interval
from evaluation.statistics.rank_auc import rank_auc
from foundation.errors import InputError
from foundation.purposes import ATTACK_ROWS, rng

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
MOST_FEW = 1000  # samples that as many real ones stand beside


def attack(
    members: np.ndarray,
    controls: np.ndarray,
    synthetic: np.ndarray,
    reference: np.ndarray | None = None,
) -> dict[str, dict]:
    """Attack with the nearest synthetic sample of every record.

        distance    the nearer it is, the likelier the record is a member (Chen et al. 2020)
        calibrated  the same, set against the distance to real samples that are neither members nor
                    control: an ordinary sample lies near to everything (their section 4.4)

    Args:
      members: m samples that the generator was trained on; as all others rows of one width, or
        uint8 images of one shape.
      controls: n samples of the same kind that it was not trained on.
      synthetic: s samples that it has made.
      reference: r samples of the same kind, neither members nor controls; None: no calibrated
        attack.

    Returns: name of the attack -> what `judged` says.
    Raises: InputError for fewer than 2 of one of them.
    Reference: Chen et al. 2020, GAN-Leaks; van Breugel et al. 2023, Membership Inference Attacks
      against Synthetic Data through Overfitting Detection (the density of synthetic samples over
      that of real ones, here by nearest neighbours).
    """
    sides = {"members": members, "controls": controls, "synthetic samples": synthetic}
    if reference is not None:
        sides["other real ones"] = reference
    if min(map(len, sides.values())) < 2:
        received = ", ".join(f"{len(side)} {name}" for name, side in sides.items())
        raise InputError(received, "at least 2 of each", "give more")
    scores = {"distance": [-_log_distance(side, synthetic) for side in (members, controls)]}
    if reference is not None:
        scores["calibrated"] = [
            _log_distance(side, reference) + nearness
            for side, nearness in zip((members, controls), scores["distance"], strict=True)
        ]
    return {name: judged(*both) for name, both in scores.items()}


def attack_beside_real(
    synthetic: np.ndarray,
    training: np.ndarray,
    members: np.ndarray,
    controls: np.ndarray,
    spare: np.ndarray,
    seed: int,
    repeats: int,
    names: tuple[str, str] = ("few", "all"),
) -> dict[str, dict]:
    """Attack with all synthetic samples, and with few beside as few real ones in their place.

    Real samples that nobody trained on stand in for synthetic ones: half of the spare ones, drawn
    anew for each repeat, the other half being the reference. Training samples in that place show
    what the attack finds at that size if all is copied.

    Args:
      synthetic: what the generator has made.
      training: what it was trained on.
      members: all or some of that.
      controls: real samples that it was not trained on.
      spare: other such samples, at least 4.
      seed, repeats: of the draws.
      names: what the answer calls the number of few samples, and the area with all.

    Returns: attack -> {"value": area with few samples, "real": of as few real ones, "if_copied": of
      as few training ones (means over the draws), "few": how many; "all": the area with all
      synthetic samples and all spare ones for reference, and the rest of what `judged` says of it}.
    """
    whole = attack(members, controls, synthetic, spare)
    few = min(len(spare) // 2, len(synthetic), MOST_FEW)
    areas = {name: {"value": [], "real": [], "if_copied": []} for name in whole}
    for repeat in range(repeats):
        generator = rng(seed, ATTACK_ROWS, repeat)
        held = spare[generator.permutation(len(spare))]
        stand_in, reference = held[:few], held[few:]  # no sample is in both
        for role, samples in (("value", synthetic), ("real", stand_in), ("if_copied", training)):
            chosen = samples[generator.permutation(len(samples))[:few]]
            for name, found in attack(members, controls, chosen, reference).items():
                areas[name][role].append(found["auc"])
    return {
        name: {
            **{role: float(np.mean(values)) for role, values in areas[name].items()},
            names[0]: few,
            names[1]: found.pop("auc"),
            **found,
        }
        for name, found in whole.items()
    }


def judged(member_scores: np.ndarray, control_scores: np.ndarray) -> dict:
    """How well scores tell members (higher) from controls.

    Returns: {"auc", "low", "high" (95 %), "found_at_1_percent": share of the members found where 1
      in 100 controls is taken for one, with "found_low", "found_high"}, fit for JSON.
    Reference: Carlini et al. 2022, Membership Inference Attacks From First Principles (why the rate
      at few false alarms is shown: an average hides the few found).
    """
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
    return np.log(np.maximum(nearest_rows(records, others)[1], SMALLEST_DISTANCE))
