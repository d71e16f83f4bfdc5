"""Which synthetic samples are kept: copies, strays and doubtful ones go, each with its reason.

Confidences and distances are passed in as arrays: this folder knows no model. The limits of the
distance come from real data, too: a sample is a near copy if it lies nearer to a training sample
than real samples that nobody trained on do, and a stray if it lies farther from all of them.
"""

import dataclasses

import numpy as np

from data.synthetic.guard import sample_digests
from data.synthetic.provenance import Samples
from foundation.errors import InputError

EXACT = "equal to a training sample"
REPEATED = "equal to an earlier synthetic sample"
NEAR = "near copy of a training sample"
FAR = "far from every training sample"
DOUBTFUL = "classifier confidence too low"
REASONS = (EXACT, REPEATED, NEAR, FAR, DOUBTFUL)


@dataclasses.dataclass(frozen=True, eq=False)
class Filtered:
    """What the filter found in one source.

    Args:
      kept: bool, shape (count,).
      reason: int8, shape (count,): position in REASONS of the first reason that a sample goes;
        -1 where it stays.
      report: counts, fit for JSON.
    """

    kept: np.ndarray
    reason: np.ndarray
    report: dict


def distance_limits(
    real_distances: np.ndarray, near: float | None = None, far: float | None = None
) -> tuple[float | None, float | None]:
    """Limits from the distances of held-out real samples to their nearest training samples.

    Args:
      real_distances: shape (n,), of validation samples; test samples choose nothing.
      near, far: quantiles in [0, 1], such as 0.001 and 0.99; None: no such limit.

    Returns: (limit below which a sample is a near copy, limit above which it is a stray).
    """
    real_distances = np.asarray(real_distances, np.float64)
    if real_distances.size == 0 or not np.isfinite(real_distances).all():
        raise InputError("no finite real distances", "at least one", "pass validation samples")
    for name, quantile in (("near", near), ("far", far)):
        if quantile is not None and not 0 <= quantile <= 1:
            raise InputError(f"{name} {quantile}", "a quantile in [0, 1]", "correct it")
    return tuple(
        None if quantile is None else float(np.quantile(real_distances, quantile))
        for quantile in (near, far)
    )


def quality_filter(
    source: Samples,
    training: np.ndarray,
    *,
    distances: np.ndarray | None = None,
    nearer_than: float | None = None,
    farther_than: float | None = None,
    confidence: np.ndarray | None = None,
    min_confidence: float | None = None,
) -> Filtered:
    """Decide about each synthetic sample; exact copies and repetitions always go.

    Args:
      source: the synthetic samples.
      training: the real training samples, shape (n, ...).
      distances: shape (count,): of each sample to its nearest training sample.
      nearer_than, farther_than: limits of `distances`; None: no such limit.
      confidence: shape (count,), in [0, 1]: the probability that a classifier gives the class of
        each sample's own label.
      min_confidence: samples below go. It also removes what is right but hard, so the classes and
        the corners of classes that are hard shrink: compare `kept` by class in the report.

    Raises: InputError for a limit without its array, or an array of another length.
    """
    count = len(source)
    needs_distance = nearer_than is not None or farther_than is not None
    distances = _checked("distances", distances, count, needs_distance)
    confidence = _checked("confidence", confidence, count, min_confidence is not None)
    none = np.zeros(count, bool)
    found = {
        EXACT: _known(source.samples, training),
        REPEATED: _repeated(source.samples),
        NEAR: none if nearer_than is None else distances < nearer_than,
        FAR: none if farther_than is None else distances > farther_than,
        DOUBTFUL: none if min_confidence is None else confidence < min_confidence,
    }
    reason = np.full(count, -1, np.int8)
    for number, name in enumerate(REASONS):
        reason[found[name] & (reason < 0)] = number
    kept = reason < 0
    report = {
        "count": count,
        "kept": int(kept.sum()),
        "dropped": {name: int((reason == number).sum()) for number, name in enumerate(REASONS)},
        "limits": {
            "nearer_than": nearer_than,
            "farther_than": farther_than,
            "min_confidence": min_confidence,
        },
    }
    if source.labels is not None and count:
        report["kept_by_class"] = np.bincount(source.labels, kept).astype(int).tolist()
        report["count_by_class"] = np.bincount(source.labels).tolist()
    return Filtered(kept, reason, report)


def _known(samples: np.ndarray, training: np.ndarray) -> np.ndarray:
    known = set(sample_digests(training))
    return np.array([digest in known for digest in sample_digests(samples)], bool)


def _repeated(samples: np.ndarray) -> np.ndarray:
    """Where a sample equals an earlier one."""
    seen: set[bytes] = set()
    repeated = np.zeros(len(samples), bool)
    for index, digest in enumerate(sample_digests(samples)):
        repeated[index] = digest in seen
        seen.add(digest)
    return repeated


def _checked(name: str, values: np.ndarray | None, count: int, needed: bool) -> np.ndarray | None:
    if values is None:
        if needed:
            raise InputError(f"a limit without {name}", f"{name} of each sample", "pass them in")
        return None
    values = np.asarray(values, np.float64)
    if values.shape != (count,) or np.isnan(values).any():
        raise InputError(
            f"{name} of shape {values.shape}, {np.isnan(values).sum()} of them no numbers",
            f"shape ({count},), a number for each sample",
            "measure them for the same samples in the same order",
        )
    return values
