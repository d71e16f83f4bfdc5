"""Can a classifier tell synthetic rows from real ones? One figure for everything that differs."""

import numpy as np
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import SVC

from evaluation.statistics.rank_auc import rank_auc
from foundation.errors import InputError
from foundation.purposes import DETECTION_ROWS, rng

FOLDS = 5
MOST_ROWS = 2000  # of each side


def detection_auc(rows: np.ndarray, held_out: np.ndarray, seed: int) -> dict:
    """Area under the ROC curve of an SVM that tells `rows` from held-out real rows.

    Equally many of both are drawn, and each is judged by an SVM that has not seen it (5 folds).
    0.5: it cannot tell them apart, 1: always. With few rows even different ones look alike to it.

    Args:
      rows, held_out: encoded, shapes (n, d) and (m, d), at least 10 of each.
      seed: of the draw and of the folds.

    Returns: {"value", "low", "high" (95 %), "rows": of each side}.
    Reference: Lopez-Paz and Oquab 2017, Revisiting Classifier Two-Sample Tests.
    """
    count = min(len(rows), len(held_out), MOST_ROWS)
    if count < 2 * FOLDS:
        raise InputError(f"{count} rows to tell apart", f"at least {2 * FOLDS}", "give more rows")
    generator = rng(seed, DETECTION_ROWS)
    sides = [side[generator.permutation(len(side))[:count]] for side in (rows, held_out)]
    matrix, made = np.concatenate(sides), np.arange(2 * count) < count
    scores = np.empty(2 * count)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    for learnt, judged in folds.split(matrix, made):
        model = SVC(random_state=seed).fit(matrix[learnt], made[learnt])
        scores[judged] = model.decision_function(matrix[judged])
    area = rank_auc(scores[made], scores[~made])
    return {"value": area.value, "low": area.low, "high": area.high, "rows": count}
