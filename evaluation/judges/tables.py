"""The chapter's discriminative models for tables (4.1.2), each tuned with the same small budget."""

import warnings
from collections.abc import Callable

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.svm import SVC

from foundation.purposes import TABLE_JUDGE_ROWS, rng

# The cost of an SVM grows with the square of the rows; the MLP's steps take them all.
MOST_ROWS = {"SVM": 10_000, "MLP": 10_000}
STEPS = 200  # of the MLP: a fixed budget, not a search for the last digit of the loss
LEAST_PROBABILITY = 1e-7  # a patient who was thought impossible costs as much as a hundred others

# name -> (strengths of regularisation to choose from, (strength, seed) -> classifier)
CLASSIFIERS: dict[str, tuple[tuple[float, ...], Callable[[float, int], ClassifierMixin]]] = {
    "LDA": (
        (0.01, 0.1, 0.5),
        lambda strength, seed: LinearDiscriminantAnalysis(solver="lsqr", shrinkage=strength),
    ),
    "logistic regression": (
        (0.1, 1.0, 10.0),
        lambda strength, seed: LogisticRegression(C=1 / strength, max_iter=1000),
    ),
    "SVM": ((0.1, 1.0, 10.0), lambda strength, seed: SVC(C=1 / strength, random_state=seed)),
    "MLP": (
        (0.1, 1.0, 10.0),
        lambda strength, seed: MLPClassifier(
            (32,), solver="lbfgs", alpha=strength, max_iter=STEPS, random_state=seed
        ),
    ),
}


def tuned_classifier(
    name: str,
    rows: np.ndarray,
    labels: np.ndarray,
    validation_rows: np.ndarray,
    validation_labels: np.ndarray,
    seed: int,
    weighed_as: int | None = None,
    by_loss: bool = False,
) -> ClassifierMixin:
    """The classifier, of three strengths of regularisation, that is best on validation rows.

    Args:
      name: a key of CLASSIFIERS.
      rows, labels: to train on: float64 (n, d), scaled; int64 (n,) of at least two classes.
      validation_rows, validation_labels: real rows to choose by. Of equals the weakest
        regularisation is taken.
      seed: of the MLP's first weights, and of the draw of 10,000 rows for SVM and MLP where there
        are more.

      weighed_as: of how many rows the regularisation is to have the weight; None: of those there
        are. All but LDA's shrinkage weigh a penalty against the sum over the rows, so rows that
        are repeated, or joined by synthetic ones, would weaken it.
      by_loss: choose by the log loss where there is one, not by accuracy.

    Raises: ValueError for labels of one class only.
    """
    if len(np.unique(labels)) < 2:
        raise ValueError("training rows of one class only; nothing can be learnt from them")
    most = MOST_ROWS.get(name, len(rows))
    if len(rows) > most:
        drawn = rng(seed, TABLE_JUDGE_ROWS).permutation(len(rows))[:most]
        rows, labels = rows[drawn], labels[drawn]
    strengths, build = CLASSIFIERS[name]
    scale = 1.0 if name == "LDA" or weighed_as is None else len(rows) / weighed_as
    found = []
    for strength in strengths:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # STEPS is a budget
            found.append(build(scale * strength, seed).fit(rows, labels))
    chosen_by = validation_rows, validation_labels
    if by_loss and hasattr(found[0], "predict_proba"):
        scores = [-log_loss(each, *chosen_by).mean() for each in found]
    else:
        scores = [each.score(*chosen_by) for each in found]
    return found[int(np.argmax(scores))]


def log_loss(classifier: ClassifierMixin, rows: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Nats that each row's own label costs, at most 16.1 (a probability of 1e-7); float64 (n,)."""
    places = np.searchsorted(classifier.classes_, labels)
    own = classifier.predict_proba(rows)[np.arange(len(rows)), places]
    return -np.log(np.maximum(own, LEAST_PROBABILITY))
