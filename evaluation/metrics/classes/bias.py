"""Do synthetic samples favour some classes and neglect others (chapter 8.2, 8.3)?

Three places where it shows: the shares of the classes, asked for and got; how much of each class's
variety is covered; and how often a classifier trained on the samples finds the real samples of
each class. A difference is called a bias only where its interval, taken for all classes together,
lies beyond a margin: with 10,000 samples a difference too small to matter is significant, too.
"""

import numpy as np
from scipy import special

from evaluation.metrics.arrays import check_same_dimensions, feature_rows
from evaluation.metrics.distances import squared_distance_chunks
from evaluation.metrics.likeness.precision_recall import closed_balls
from evaluation.statistics.proportions import paired_difference, share_interval, simultaneous
from foundation.errors import InputError

SHARE_MARGIN = 0.1  # of the share expected: where it is 10 %, 9 % to 11 % is no bias
RECALL_MARGIN = 0.02  # of recall: two trainings with other seeds differ by a point in a class
LEVEL = 0.95


def class_shares(asked: np.ndarray, got: np.ndarray, confusion: np.ndarray) -> dict:
    """The share of each class, asked for and got.

    Who counts the classes errs: a classifier that takes every tenth 4 for a 9 would see a bias in
    real images, too. With its confusion of real images the shares got are compared with those that
    it would see in real images of the classes asked for.

    Args:
      asked: shape (classes,), shares that add up to 1: of the labels given to the generator, or of
        the real training data where it was asked for nothing.
      got: int (classes,): how many samples of each class a classifier sees.
      confusion: int (classes, classes): how many real images of class i, not those of training, it
        takes for class j.

    Returns: {"classes": [{"class", "asked", "expected": of the classifier, "got", "low", "high"}],
      "over", "under": classes with a bias, "value": total variation between expected and got, 0
      (equal) to 1}. The intervals are those of the share got, and hold together with 95 %.
    Raises: InputError for a class asked for without real images.
    """
    count = int(got.sum())
    expected, error = _seen_in_real_images(asked, confusion)
    level = simultaneous(LEVEL, len(asked))
    reach = special.ndtri(0.5 + level / 2) * error
    low, high = np.transpose([share_interval(found, count, level) for found in got])
    columns = {"asked": asked, "expected": expected, "got": got / count, "low": low, "high": high}
    return {
        "value": float(np.abs(expected - got / count).sum() / 2),
        "over": np.flatnonzero(low - reach > expected * (1 + SHARE_MARGIN)).tolist(),
        "under": np.flatnonzero(high + reach < expected * (1 - SHARE_MARGIN)).tolist(),
        "classes": [
            {"class": label, **{name: float(each[label]) for name, each in columns.items()}}
            for label in range(len(asked))
        ],
    }


def _seen_in_real_images(asked: np.ndarray, confusion: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The shares that a classifier sees in real images of these classes, and their errors."""
    counts = np.asarray(confusion, np.float64)
    images = counts.sum(axis=1, keepdims=True)
    if (images[asked > 0] == 0).any():
        received = f"{images[:, 0].tolist()} real images of each class"
        expected = "some of each class asked for"
        raise InputError(received, expected, "give validation images of all classes")
    shares = counts / np.maximum(images, 1)  # (classes, taken for)
    # Half an image more in each cell: a mistake not seen among three images is not impossible.
    likely = (counts + 0.5) / (images + 0.5 * len(asked))
    variance = asked[:, None] ** 2 * likely * (1 - likely) / np.maximum(images, 1)
    return asked @ shares, np.sqrt(variance.sum(axis=0))


def group_recall(labels: np.ndarray, predictions: np.ndarray) -> dict:
    """How often the samples of each class are recognised, the gap between them, the worst one.

    Args:
      labels, predictions: int (n,), what each sample is and what the classifier took it for.

    Returns: {"value": gap between the best and the worst recall, "worst": class, "worst_recall",
      "groups": [{"group": class, "count", "recall", "low", "high"}]}; the intervals hold together.
    """
    names = np.unique(labels)
    level = simultaneous(LEVEL, len(names))
    rows = []
    for name in names:
        right = predictions[labels == name] == name
        low, high = share_interval(right.sum(), len(right), level)
        recall = float(right.mean())
        rows.append(
            {"group": int(name), "count": len(right), "recall": recall, "low": low, "high": high}
        )
    return {**_gap(rows, "group", "recall"), "groups": rows}


def _gap(rows: list[dict], name: str, figure: str) -> dict:
    """From the best row to the worst one, and which that is."""
    worst = min(rows, key=lambda row: row[figure])
    best = max(row[figure] for row in rows)
    return {"value": best - worst[figure], "worst": worst[name], f"worst_{figure}": worst[figure]}


def recall_against_reference(
    labels: np.ndarray, predictions: np.ndarray, reference: np.ndarray
) -> dict:
    """Whom the synthetic samples put at a disadvantage, against training on real samples.

    Classes differ in difficulty, so a gap alone is no bias of the samples: what counts is the
    change of each class's recall, on the same samples. It is that of two trainings: repeat
    it with other seeds before you blame the samples.

    Args:
      labels: int (n,), of real held-out samples.
      predictions: int (n,), of a classifier trained on the synthetic or mixed samples.
      reference: int (n,), of the same classifier trained on real samples.

    Returns: `group_recall` of the predictions, its groups with "difference", "difference_low" and
      "difference_high" added, and "disadvantaged": classes that lose more than 2 points.
    """
    report = group_recall(labels, predictions)
    right, reference_right = predictions == labels, reference == labels
    level = simultaneous(LEVEL, len(report["groups"]))
    for row in report["groups"]:
        chosen = labels == row["group"]
        difference, low, high = paired_difference(right[chosen], reference_right[chosen], level)
        row |= {"difference": difference, "difference_low": low, "difference_high": high}
    report["disadvantaged"] = [
        row["group"] for row in report["groups"] if row["difference_high"] < -RECALL_MARGIN
    ]
    return report


def coverage_by_class(
    real: np.ndarray, real_labels: np.ndarray, synthetic: np.ndarray, k: int = 5
) -> dict:
    """How much of each class's variety the samples reach: their coverage, class by class.

    A real sample is covered if a synthetic one lies no farther from it than its k-th nearest real
    neighbour. A generator that draws only one way to write a 7 has the right share of sevens and
    little coverage of them.

    Args:
      real, synthetic: features, shapes (N, d) and (M, d).
      real_labels: int (N,), the class of each real sample.

    Returns: {"value": gap between the best and the worst class, "worst": class, "worst_coverage",
      "classes": [{"class", "count", "coverage"}]}.
    Reference: Naeem et al. 2020, Reliable Fidelity and Diversity Metrics for Generative Models.
    """
    real = feature_rows("real features", real, at_least=k + 1)
    synthetic = feature_rows("synthetic features", synthetic, at_least=1)
    check_same_dimensions(real, synthetic)
    balls = closed_balls(real, synthetic, k)
    covered = np.zeros(len(real), bool)
    for piece, distances in squared_distance_chunks(real, synthetic):
        covered[piece] = distances.min(axis=1) <= balls[piece]
    rows = []
    for label in np.unique(real_labels):
        own = covered[real_labels == label]
        rows.append({"class": int(label), "count": len(own), "coverage": float(own.mean())})
    return {**_gap(rows, "class", "coverage"), "classes": rows}
