"""Do synthetic rows give training rows away? Copies, near copies, and an attack with a control set.

Rows are compared as a model sees them (data/tables/encoding.py): numbers in standard deviations of
the training part, two different categories one deviation apart.
"""

import numpy as np
from scipy import stats

from data.tables.dataset import Table
from data.tables.encoding import Encoding
from evaluation.metrics.distances import squared_distance_chunks
from evaluation.metrics.privacy.membership import SMALLEST_DISTANCE, judged
from evaluation.metrics.privacy.nearest import nearest_rows
from foundation.errors import InputError

NEAR = 0.5  # of the distance from the training row to its nearest other training row
MOST_FEW = 1000  # rows of each of the repeats
REPEATS = 10  # random halves of the reference rows
PRIVACY_DRAWS = 133  # the purpose of the random numbers


def exact_copies(rows: Table, training: Table) -> np.ndarray:
    """Which rows equal a training row in every column as it is written: bool (rows,)."""
    known = set(training.hashes())
    return np.array([value in known for value in rows.hashes()], bool)


def near_copies(rows: np.ndarray, training: np.ndarray) -> np.ndarray:
    """Which encoded rows lie at most half as far from a training row as its own nearest other one.

    Half as near as a real neighbour hardly happens by chance. Where training rows repeat each other
    only an exact copy of one counts.

    Args:
      rows, training: encoded, shapes (n, d) and (m, d), m at least 2.

    Returns: bool (n,).
    """
    indices, distances = nearest_rows(rows, training)
    originals, position = np.unique(indices, return_inverse=True)
    to_others = _distances_to_others(training, originals)[position]
    return distances <= NEAR * to_others


def nearer_to_training(
    rows: np.ndarray, training: np.ndarray, held_out: np.ndarray, generator: np.random.Generator
) -> dict:
    """Share of encoded rows nearer to a training row than to any held-out one; ties count half.

    As many training rows are drawn as there are held-out ones, so that about a half is expected
    of rows that owe nothing to single training rows.

    Returns: {"value", "low", "high" (95 %, Wilson)}.
    """
    size = min(len(training), len(held_out))
    sides = [side[generator.permutation(len(side))[:size]] for side in (training, held_out)]
    to_training, to_held_out = (nearest_rows(rows, side)[1] for side in sides)
    nearer = (to_training < to_held_out) + 0.5 * (to_training == to_held_out)
    bounds = stats.binomtest(round(nearer.sum()), len(rows)).proportion_ci(method="wilson")
    return {"value": float(nearer.mean()), "low": float(bounds.low), "high": float(bounds.high)}


def attack_rows(
    members: np.ndarray, controls: np.ndarray, synthetic: np.ndarray, reference: np.ndarray
) -> dict[str, dict]:
    """Who was in the training set? Two attacks, judged against a control set.

    "distance": the nearer the nearest synthetic row, the likelier a member. "calibrated": the
    same against the distance to the nearest reference row, since an ordinary row is near to
    everything.

    Args:
      members: encoded rows (m, d) that the generator was trained on.
      controls: rows (n, d) of the same kind that it was not trained on.
      synthetic: rows (s, d) that it made.
      reference: real rows (r, d) that are neither members nor controls.

    Returns: attack -> what `evaluation.metrics.privacy.membership.judged` says.
    Reference: Chen et al. 2020, GAN-Leaks (calibration); van Breugel et al. 2023, Membership
      Inference Attacks against Synthetic Data through Overfitting Detection (the density of
      synthetic rows over that of real ones, here by nearest neighbours).
    """
    if min(len(members), len(controls), len(synthetic), len(reference)) < 2:
        raise InputError("fewer than 2 rows on one side of the attack", "2", "give more rows")
    to_synthetic = [_log_distance(rows, synthetic) for rows in (members, controls)]
    to_reference = [_log_distance(rows, reference) for rows in (members, controls)]
    calibrated = [r - s for r, s in zip(to_reference, to_synthetic, strict=True)]
    return {
        "distance": judged(*(-distance for distance in to_synthetic)),
        "calibrated": judged(*calibrated),
    }


def attack(
    synthetic: np.ndarray,
    training: np.ndarray,
    validation: np.ndarray,
    test: np.ndarray,
    seed: int,
) -> dict[str, dict]:
    """The attacks with all synthetic rows, and with few beside as few real ones in their place.

    Members are the training rows, controls the test rows. Real rows that nobody trained on stand in
    for synthetic ones: half of the validation rows, drawn 10 times, the other half being the
    reference. Training rows in that place show what the attack finds at that size if all is copied.

    Returns: attack -> {"value": area with few rows, "real": of as few real ones, "if_copied": of
      as few training rows (means over the draws), "rows": how many are few, "all_rows": the area,
      "low", "high", "found_at_1_percent" ... with all synthetic rows and all validation rows for
      reference}.
    """
    whole = attack_rows(training, test, synthetic, validation)
    few = min(len(validation) // 2, len(synthetic), MOST_FEW)
    drawn = {name: {"value": [], "real": [], "if_copied": []} for name in whole}
    for repeat in range(REPEATS):
        generator = np.random.default_rng([seed, PRIVACY_DRAWS, repeat])
        held = validation[generator.permutation(len(validation))]
        stand_in, reference = held[:few], held[few:]  # no row is in both
        for role, rows in (("value", synthetic), ("real", stand_in), ("if_copied", training)):
            chosen = rows[generator.permutation(len(rows))[:few]]
            for name, found in attack_rows(training, test, chosen, reference).items():
                drawn[name][role].append(found["auc"])
    result = {}
    for name, found in whole.items():
        means = {role: float(np.mean(areas)) for role, areas in drawn[name].items()}
        details = {key: value for key, value in found.items() if key != "auc"}
        result[name] = {**means, "rows": few, "all_rows": found["auc"], **details}
    return result


def encoded(training: Table, *tables: Table) -> list[np.ndarray]:
    """The tables as `Encoding` writes them, scaled by the training part."""
    encoding = Encoding.fit(training)
    return [encoding.encode(table) for table in tables]


def _distances_to_others(rows: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Distance of each chosen row to its nearest other row; float64 (len(chosen),)."""
    nearest = np.empty(len(chosen))
    for piece, squared in squared_distance_chunks(rows[chosen], rows):
        squared[np.arange(len(squared)), chosen[piece]] = np.inf
        nearest[piece] = squared.min(axis=1)
    return np.sqrt(nearest)


def _log_distance(rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    return np.log(np.maximum(nearest_rows(rows, others)[1], SMALLEST_DISTANCE))
