"""Do synthetic samples favour some classes or groups and neglect others (chapter 8.2, 8.3)?

Three places where it shows: the shares of the classes, asked for and got; how much of each class's
variety is covered; and how often a classifier trained on the samples finds the real samples of
each group. A difference is called a bias only where its interval, taken for all groups together,
lies beyond a margin: with 10,000 samples a difference too small to matter is significant, too.
"""

import numpy as np
from scipy import special

from evaluation.metrics.arrays import check_same_dimensions, feature_rows
from evaluation.metrics.distances import squared_distance_chunks
from evaluation.metrics.likeness.precision_recall import closed_balls
from evaluation.statistics.proportions import paired_difference, share_interval, simultaneous
from foundation.errors import InputError

SHARE_MARGIN = 0.1  # of the share asked for: 10 % asked, 9 % to 11 % is no bias
RECALL_MARGIN = 0.02  # of recall: two trainings with other seeds differ by a point in a class
LEVEL = 0.95


def class_shares(
    asked: np.ndarray,
    got: np.ndarray,
    confusion: np.ndarray | None = None,
    margin: float = SHARE_MARGIN,
) -> dict:
    """The share of each class, asked for and got.

    Who counts the classes errs: a classifier that takes every tenth 4 for a 9 would see a bias in
    real images, too. With its confusion of real images the shares got are compared with those that
    it would see in real images of the classes asked for.

    Args:
      asked: shape (classes,), shares that add up to 1: of the labels given to the generator, or of
        the real training data where it was asked for nothing.
      got: int (classes,): how many samples of each class a classifier sees.
      confusion: int (classes, classes): how many real images of class i, not those of training, it
        takes for class j; None: it does not err.
      margin: relative to the share expected.

    Returns: {"classes": [{"class", "asked", "expected": of the classifier, "got", "low", "high"}],
      "over", "under": classes with a bias, "value": total variation between expected and got, 0
      (equal) to 1}. The intervals are those of the share got, and hold together with 95 %.
    Raises: InputError for shares that are none, no samples, or a class without real images.
    """
    asked, got = np.asarray(asked, np.float64), np.asarray(got, np.int64)
    count = int(got.sum())
    if asked.shape != got.shape or abs(asked.sum() - 1) > 1e-6 or (asked < 0).any() or not count:
        raise InputError(
            f"shares {asked.tolist()} asked for and counts {got.tolist()} got",
            "shares that add up to 1, and at least one sample",
            "correct them",
        )
    expected, error = _seen_in_real_images(asked, confusion)
    level = simultaneous(LEVEL, len(asked))
    reach = special.ndtri(0.5 + level / 2) * error
    rows = []
    for label in range(len(asked)):
        low, high = share_interval(got[label], count, level)
        rows.append(
            {
                "class": label,
                "asked": float(asked[label]),
                "expected": float(expected[label]),
                "got": float(got[label] / count),
                "low": low,
                "high": high,
            }
        )
    low, high = (np.array([row[side] for row in rows]) for side in ("low", "high"))
    return {
        "value": float(np.abs(expected - got / count).sum() / 2),
        "over": np.flatnonzero(low - reach > expected * (1 + margin)).tolist(),
        "under": np.flatnonzero(high + reach < expected * (1 - margin)).tolist(),
        "classes": rows,
    }


def _seen_in_real_images(
    asked: np.ndarray, confusion: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """The shares that a classifier sees in real images of these classes, and their errors."""
    if confusion is None:
        return asked, np.zeros(len(asked))
    counts = np.asarray(confusion, np.float64)
    images = counts.sum(axis=1, keepdims=True)
    if counts.shape != (len(asked), len(asked)) or (images[asked > 0] == 0).any():
        raise InputError(
            f"a confusion of shape {counts.shape} with {images[:, 0].tolist()} real images",
            f"shape ({len(asked)}, {len(asked)}) and real images of each class asked for",
            "count the confusion of images of all classes",
        )
    shares = counts / np.maximum(images, 1)  # (classes, taken for)
    # Half an image more in each cell: a mistake not seen among three images is not impossible.
    likely = (counts + 0.5) / (images + 0.5 * len(asked))
    variance = asked[:, None] ** 2 * likely * (1 - likely) / np.maximum(images, 1)
    return asked @ shares, np.sqrt(variance.sum(axis=0))


def group_recall(
    labels: np.ndarray, predictions: np.ndarray, groups: np.ndarray | None = None
) -> dict:
    """How often the samples of each group are recognised, the gap between groups, the worst one.

    Args:
      labels, predictions: int (n,), what each sample is and what the classifier took it for.
      groups: int (n,), for instance where a picture was taken; None: the classes themselves.

    Returns: {"value": gap between the best and the worst recall, "worst": group, "worst_recall",
      "groups": [{"group", "count", "recall", "low", "high"}]}; the intervals hold together.
    """
    labels, predictions = np.asarray(labels), np.asarray(predictions)
    groups = labels if groups is None else np.asarray(groups)
    if not labels.shape == predictions.shape == groups.shape or not len(labels):
        raise InputError(
            f"{labels.shape} labels, {predictions.shape} predictions, {groups.shape} groups",
            "one of each for every sample",
            "pass arrays of the same samples",
        )
    names = np.unique(groups)
    level = simultaneous(LEVEL, len(names))
    rows = []
    for name in names:
        right = predictions[groups == name] == labels[groups == name]
        low, high = share_interval(right.sum(), len(right), level)
        rows.append(
            {
                "group": int(name),
                "count": len(right),
                "recall": float(right.mean()),
                "low": low,
                "high": high,
            }
        )
    worst = min(rows, key=lambda row: row["recall"])
    best = max(rows, key=lambda row: row["recall"])
    return {
        "value": best["recall"] - worst["recall"],
        "worst": worst["group"],
        "worst_recall": worst["recall"],
        "groups": rows,
    }


def recall_against_reference(
    labels: np.ndarray,
    predictions: np.ndarray,
    reference: np.ndarray,
    groups: np.ndarray | None = None,
    margin: float = RECALL_MARGIN,
) -> dict:
    """Whom the synthetic samples put at a disadvantage, against training on real samples.

    Classes differ in difficulty, so a gap alone is no bias of the samples: what counts is the
    change of each group's recall, on the same samples. It is that of two trainings: repeat
    it with other seeds before you blame the samples.

    Args:
      labels: int (n,), of real held-out samples.
      predictions: int (n,), of a classifier trained on the synthetic or mixed samples.
      reference: int (n,), of the same classifier trained on real samples.
      groups: see `group_recall`.
      margin: a loss of recall no greater than this is no bias.

    Returns: `group_recall` of the predictions, its groups with "difference", "difference_low" and
      "difference_high" added, and "disadvantaged": groups with a bias.
    """
    report = group_recall(labels, predictions, groups)
    right = np.asarray(predictions) == labels
    reference_right = np.asarray(reference) == labels
    groups = np.asarray(labels if groups is None else groups)
    level = simultaneous(LEVEL, len(report["groups"]))
    for row in report["groups"]:
        chosen = groups == row["group"]
        difference, low, high = paired_difference(right[chosen], reference_right[chosen], level)
        row |= {"difference": difference, "difference_low": low, "difference_high": high}
    report["disadvantaged"] = [
        row["group"] for row in report["groups"] if row["difference_high"] < -margin
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
    rows = [
        {
            "class": int(label),
            "count": int((real_labels == label).sum()),
            "coverage": float(covered[real_labels == label].mean()),
        }
        for label in np.unique(real_labels)
    ]
    worst = min(rows, key=lambda row: row["coverage"])
    best = max(rows, key=lambda row: row["coverage"])
    return {
        "value": best["coverage"] - worst["coverage"],
        "worst": worst["class"],
        "worst_coverage": worst["coverage"],
        "classes": rows,
    }
