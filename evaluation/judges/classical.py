"""LDA, logistic regression and SVM from scikit-learn, on the pixels of images."""

import math
import warnings

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from evaluation.metrics.arrays import image_rows
from foundation.errors import InputError
from foundation.purposes import SVM_ROWS, rng

MOST_SVM_ROWS = 10_000  # its cost grows with the square of the rows
MOST_LDA_COLUMNS = 4096  # its covariance matrix has the square of them
MOST_ITERATIONS = 200  # of logistic regression: a budget, not a search for the last digit


def train_lda(
    rows: np.ndarray,
    labels: np.ndarray,
    sample_weight: np.ndarray,
    seed: int,
    shrinkage: float | str,
) -> ClassifierMixin:
    """Linear discriminant analysis with a shrunk covariance ("auto": Ledoit and Wolf 2004).

    A generative model, whatever the chapter calls it (erratum E29). It takes no weights: where they
    differ, rows are repeated in their proportion.

    Args:
      rows: float32 (count, columns) in [0, 1]; labels: int64 (count,) of two classes or more;
        sample_weight: float32 (count,), mean 1.
    """
    if rows.shape[1] > MOST_LDA_COLUMNS:
        received = f"LDA of images of {rows.shape[1]:,} values"
        expected = f"at most {MOST_LDA_COLUMNS:,}, as it needs a covariance of all pairs"
        raise InputError(received, expected, "give smaller images (--image-size)")
    if np.ptp(sample_weight) > 0:
        smallest = sample_weight[sample_weight > 0].min()
        draws = min(math.ceil(sample_weight.sum() / smallest), 4 * len(rows))
        repeated = np.repeat(np.arange(len(rows)), repetitions(sample_weight, draws, seed))
        rows, labels = rows[repeated], labels[repeated]
    return LinearDiscriminantAnalysis(solver="lsqr", shrinkage=shrinkage).fit(rows, labels)


def train_logistic_regression(
    rows: np.ndarray, labels: np.ndarray, sample_weight: np.ndarray, seed: int, penalty: float
) -> ClassifierMixin:
    """Multinomial logistic regression: mean loss + penalty / 2 * |weights|^2 (arguments as
    `train_lda`). The penalty is per sample, so that it means the same for any number of them.

    On MNIST about 160 iterations; stopped after 40 (tol=1e-3) it is 0.3 points worse on validation.
    """
    model = LogisticRegression(
        C=1 / (penalty * sample_weight.sum()), tol=1e-4, max_iter=MOST_ITERATIONS
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(rows, labels, sample_weight)


def train_svm(
    rows: np.ndarray,
    labels: np.ndarray,
    sample_weight: np.ndarray,
    seed: int,
    c: float,
    width: float,
) -> ClassifierMixin:
    """SVM with a Gaussian kernel on at most 10,000 rows (arguments as `train_lda`).

    The kernel is what makes it non-linear (erratum E30).

    Of more rows, 10,000 are drawn by their weights; one drawn twice counts twice.

    Args:
      c: price of a violated margin.
      width: of the kernel, as a factor of gamma = 1 / (columns * variance of all values).
    """
    if len(rows) > MOST_SVM_ROWS:
        counts = repetitions(sample_weight, MOST_SVM_ROWS, seed)
        kept = counts > 0
        rows, labels, sample_weight = rows[kept], labels[kept], counts[kept]
    gamma = width / (rows.shape[1] * max(float(rows.var()), 1e-12))
    # Ties are broken by the scores, or the most likely class and the prediction could differ.
    # Without a seed, which changes nothing here, it would draw from NumPy's global state.
    model = SVC(C=c, gamma=gamma, break_ties=True, cache_size=500, random_state=seed)
    return model.fit(rows, labels, sample_weight)


def repetitions(weights: np.ndarray, draws: int, seed: int) -> np.ndarray:
    """How often each row is drawn: int64 (count,), sum `draws`, within one of draws * its share.

    Systematic sampling of the shuffled rows: with equal weights and fewer draws than rows, a plain
    draw without repetition.
    """
    generator = rng(seed, SVM_ROWS)
    order = generator.permutation(len(weights))
    reached = np.cumsum(weights[order], dtype=np.float64)
    reached = np.minimum(reached * (draws / reached[-1]), draws)
    ends = np.floor(reached + generator.random())
    ends[-1] = draws  # what the start has pushed beyond the end
    counts = np.empty(len(weights), np.int64)
    counts[order] = np.diff(ends, prepend=0.0)
    return counts


def classical_probabilities(
    model: ClassifierMixin, num_classes: int, images: np.ndarray
) -> np.ndarray:
    """Of uint8 images: float32 (count, num_classes); classes that were not trained on have 0.

    An SVM has scores only: their softmax, which ranks the classes and is not calibrated.
    """
    rows = image_rows("images", images)
    if not isinstance(model, SVC):
        found = model.predict_proba(rows)
    else:
        scores = model.decision_function(rows)
        if scores.ndim == 1:  # two classes: one score, of the second
            scores = np.stack([-scores, scores], axis=1)
        found = np.exp(scores - scores.max(axis=1, keepdims=True))
        found /= found.sum(axis=1, keepdims=True)
    probabilities = np.zeros((len(rows), num_classes), np.float32)
    probabilities[:, model.classes_] = found
    return probabilities
