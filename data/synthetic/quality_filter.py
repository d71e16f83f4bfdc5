"""Which synthetic samples are kept: copies, strays and doubtful ones go, each with its reason.

Confidences and distances are passed in as arrays: this folder knows no model. The limits of the
distance come from real data, too: a sample is a near copy if it lies nearer to a training sample
than real samples that nobody trained on do, and a stray if it lies farther from all of them.
"""

from typing import NamedTuple

import numpy as np

from data.synthetic.guard import sample_digests
from data.synthetic.provenance import Samples

EXACT = "equal to a training sample"
REPEATED = "equal to an earlier synthetic sample"
NEAR = "near copy of a training sample"
FAR = "far from every training sample"
DOUBTFUL = "classifier confidence too low"


class Filtered(NamedTuple):
    """What the filter found in one source: which stay, bool (count,); counts, fit for JSON."""

    kept: np.ndarray
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
    """
    none = np.zeros(len(source), bool)
    digests, known, first = list(sample_digests(source.samples)), set(sample_digests(training)), {}
    found = {
        EXACT: np.array([digest in known for digest in digests], bool),
        REPEATED: np.array([first.setdefault(d, i) != i for i, d in enumerate(digests)], bool),
        NEAR: none if nearer_than is None else distances < nearer_than,
        FAR: none if farther_than is None else distances > farther_than,
        DOUBTFUL: none if min_confidence is None else confidence < min_confidence,
    }
    kept, dropped = ~none, {}
    for reason, goes in found.items():  # the first reason counts
        dropped[reason] = int((kept & goes).sum())
        kept &= ~goes
    report = {
        "count": len(source),
        "kept": int(kept.sum()),
        "dropped": dropped,
        "limits": {
            "nearer_than": nearer_than,
            "farther_than": farther_than,
            "min_confidence": min_confidence,
        },
    }
    if source.labels is not None and len(source):
        report["kept_by_class"] = np.bincount(source.labels, kept).astype(int).tolist()
        report["count_by_class"] = np.bincount(source.labels).tolist()
    return Filtered(kept, report)
