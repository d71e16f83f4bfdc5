"""E31. Logistic regression does no regression: see docs/errata.md."""

import numpy as np
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import r2_score

from chapter.errata.exhibit import Exhibit, Measures
from foundation.purposes import MODEL_ERRATA, rng


def exhibit(seed: int) -> Exhibit:
    """E31: a number as the target: logistic regression refuses it, or sorts it into classes."""
    generator = rng(seed, MODEL_ERRATA, 31)
    rows = generator.normal(size=(600, 3))
    target = rows @ [2.0, -1.0, 0.5] + generator.normal(0.0, 0.3, 600)
    train, test = slice(0, 400), slice(400, 600)
    halves = (target > np.median(target[train])).astype(int)
    middles = np.array([target[train][halves[train] == half].mean() for half in (0, 1)])
    logistic = LogisticRegression().fit(rows[train], halves[train])
    linear = LinearRegression().fit(rows[train], target[train])
    try:
        fits = bool(LogisticRegression().fit(rows[train], target[train]))
    except ValueError:
        fits = False

    def measures(name: str, fits: bool, predicted: np.ndarray) -> Measures:
        return {
            "model": name,
            "takes a number as its target": fits,
            "different answers for 200 rows": len(np.unique(predicted)),
            "share of the target's variance explained": float(r2_score(target[test], predicted)),
        }

    in_halves = middles[logistic.predict(rows[test])]
    return Exhibit(
        measures("logistic regression, on the halves of the target", fits, in_halves),
        measures("linear regression", True, linear.predict(rows[test])),
    )
