"""Real and synthetic samples become one training set (chapter 3.2.4).

The chapter asks for two things: to mind how much weight each side has, and to keep the set
representative. So it is decided first how many synthetic samples each class gets (`ratio`,
`balance`), then which (a draw without repetition, by seed). No sample is repeated: where the
synthetic ones run short the report says so.
"""

import dataclasses
from collections.abc import Sequence

import numpy as np

from data.synthetic.balancing import (
    ADAPTIVE,
    adaptive_counts,
    added_counts,
    apportioned,
    shared_evenly,
)
from data.synthetic.guard import HeldOut
from data.synthetic.provenance import Provenance, Samples
from foundation.errors import InputError
from foundation.purposes import FUSION_DRAW, rng


@dataclasses.dataclass(frozen=True, eq=False)
class Fused:
    """A training set of real samples, then synthetic ones.

    Args:
      samples: as the real ones: uint8 images (count, height, width, channels), or rows.
      labels: int64, shape (count,), or None.
      provenance: where each came from.
      report: what was asked and what was done, fit for JSON.
    """

    samples: np.ndarray
    labels: np.ndarray | None
    provenance: Provenance
    report: dict

    def __len__(self) -> int:
        return len(self.samples)

    @property
    def images(self) -> np.ndarray:
        """The samples of a set of images."""
        return self.samples


def fuse(
    real: Samples,
    synthetic: Sequence[Samples],
    ratio: float | None = None,
    balance: str | int | None = None,
    *,
    held_out: HeldOut | None,
    recalls: np.ndarray | None = None,
    num_classes: int | None = None,
    seed: int = 0,
) -> Fused:
    """Mix real training data with synthetic samples.

    Args:
      real: the real training samples; all are kept, in their order.
      synthetic: one source or more, of the same shape, dtype and classes.
      ratio: synthetic samples for each real one, with the classes in the real shares, all sources
        giving the same as far as they can. With balance "adaptive": how many are shared out, None:
        1. Else None: all there are, or as the balance says.
      balance: `data.synthetic.balancing.added_counts`, or "adaptive": in proportion to 1 - recall.
      held_out: the validation and test data that no source may hold; None only if there are none.
      recalls: of each class, on validation data (balance "adaptive" only).
      num_classes: None: as many as the labels show.
      seed: of the draw. A larger ratio takes the same samples and more, but for rounding.

    Raises: InputError naming the source or the choice at fault, or the held-out samples found.
    """
    synthetic = list(synthetic)
    _check_sources(real, synthetic)
    for source in (real, *synthetic):
        if held_out is not None:
            held_out.refuse(source.name, source.samples)
    classes = _classes(real, synthetic, num_classes)
    labels = [_labels(source) for source in (real, *synthetic)]
    real_counts = np.bincount(labels[0], minlength=classes)
    available = np.array([np.bincount(each, minlength=classes) for each in labels[1:]])
    if real.labels is None and balance is not None:
        raise InputError(f"balance {balance} without labels", "labels", "give only a ratio")
    asked, quotas = _quotas(ratio, balance, recalls, real_counts, available)
    taken = np.minimum(quotas, available)  # (sources, classes)
    chosen = [
        source.take(_draw(source_labels, counts, seed, number))
        for number, (source, source_labels, counts) in enumerate(
            zip(synthetic, labels[1:], taken, strict=True), start=1
        )
    ]
    parts = [real, *chosen]
    return Fused(
        samples=np.concatenate([part.samples for part in parts]),
        labels=None if real.labels is None else np.concatenate([_labels(part) for part in parts]),
        provenance=Provenance.of(parts),
        report={
            "ratio": ratio,
            "balance": balance,
            "recalls": None if recalls is None else np.asarray(recalls).tolist(),
            "seed": seed,
            "guarded": held_out is not None,
            "sources": [{"name": part.name, "count": len(part), **part.origin} for part in parts],
            "classes": [
                {
                    "class": label,
                    "real": int(real_counts[label]),
                    "asked": int(asked[label]),
                    "available": int(available[:, label].sum()),
                    "synthetic": int(taken[:, label].sum()),
                }
                for label in range(classes)
            ],
            "short": int((asked - taken.sum(axis=0)).clip(min=0).sum()),
        },
    )


def _quotas(
    ratio: float | None,
    balance: str | int | None,
    recalls: np.ndarray | None,
    real_counts: np.ndarray,
    available: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """What each class shall get, shape (classes,), and from which source, (sources, classes)."""
    total = int(real_counts.sum())
    if ratio is not None and not (np.isfinite(ratio) and ratio >= 0):
        raise InputError(f"ratio {ratio}", "a number of at least 0", "choose another ratio")
    if (recalls is not None) != (balance == ADAPTIVE):
        raise InputError(
            f"balance {balance!r} {'without' if recalls is None else 'with'} recalls",
            "recalls exactly with balance 'adaptive'",
            "measure them on validation data, or leave them out",
        )
    if balance == ADAPTIVE:
        if len(recalls) != len(real_counts):
            raise InputError(
                f"{len(recalls)} recalls for {len(real_counts)} classes",
                "one recall a class",
                "correct them",
            )
        asked = adaptive_counts(recalls, round(total * (1.0 if ratio is None else ratio)))
    elif balance is not None:
        if ratio is not None:
            raise InputError(
                f"ratio {ratio} with balance {balance!r}",
                "one of the two: the balance says how many",
                "leave one out",
            )
        asked = added_counts(balance, real_counts)
    elif ratio is not None:
        asked = apportioned(round(total * ratio), real_counts)
    else:
        return available.sum(axis=0), available
    # Samples of several kinds are more various than those of one (question 6): each gives its part.
    by_class = [shared_evenly(asked[label], held) for label, held in enumerate(available.T)]
    return asked, np.array(by_class).T


def _draw(labels: np.ndarray, counts: np.ndarray, seed: int, number: int) -> np.ndarray:
    """Positions of counts[c] samples of each class c, sorted; without repetition."""
    chosen = []
    for label, count in enumerate(counts):
        order = rng(seed, FUSION_DRAW, number, label).permutation(np.flatnonzero(labels == label))
        chosen.append(order[:count])
    return np.sort(np.concatenate(chosen))


def _labels(source: Samples) -> np.ndarray:
    """Labels, or one class for all where there are none."""
    if source.labels is None:
        return np.zeros(len(source), np.int64)
    return np.asarray(source.labels).astype(np.int64)


def _classes(real: Samples, synthetic: list[Samples], num_classes: int | None) -> int:
    """The number of classes, after a check that no label lies outside."""
    if real.labels is None:
        return 1
    known = int(np.max(real.labels)) + 1 if num_classes is None else num_classes
    for source in (real, *synthetic):
        outside = (source.labels < 0) | (source.labels >= known)
        if outside.any():
            raise InputError(
                f"{source.name} with label {source.labels[outside][0]}",
                f"labels from 0 to {known - 1}, the classes of the real data",
                "number its classes as the real data does, or leave those samples out",
            )
    return known


def _check_sources(real: Samples, synthetic: list[Samples]) -> None:
    """Raises: InputError unless all sources have samples of one form, and labels all or none."""
    if not synthetic or not len(real):
        raise InputError(
            f"{len(real)} real samples and {len(synthetic)} synthetic sources",
            "at least one of both",
            "give some",
        )
    expected = real.samples.dtype, real.samples.shape[1:]
    for source in synthetic:
        found = source.samples.dtype, source.samples.shape[1:]
        if found != expected:
            raise InputError(
                f"{source.name} with samples of {found[0]} {found[1]}",
                f"{expected[0]} {expected[1]}, as {real.name}",
                "give both the same size and scale",
            )
        if (source.labels is None) != (real.labels is None):
            raise InputError(
                f"{source.name} {'without' if source.labels is None else 'with'} labels, "
                f"{real.name} {'without' if real.labels is None else 'with'}",
                "labels in all sources or in none",
                "label the samples, or leave the labels of all out: none is guessed",
            )
    for source in (real, *synthetic):
        if source.labels is not None and (
            np.shape(source.labels) != (len(source),)
            or not np.issubdtype(np.asarray(source.labels).dtype, np.integer)
        ):
            raise InputError(
                f"{source.name} with labels of shape {np.shape(source.labels)} and dtype "
                f"{np.asarray(source.labels).dtype} for {len(source)} samples",
                "one int a sample",
                "give each sample the number of its class",
            )
