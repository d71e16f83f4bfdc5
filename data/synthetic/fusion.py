"""Real and synthetic samples become one training set (chapter 3.2.4).

The chapter asks for two things: to mind the weights, and to keep the set representative. So it is
decided first how many synthetic samples each class gets (`ratio`, `balance`), then which (a draw
without repetition, by seed), then what each sample counts in the loss (`weights`,
`class_weights`). No sample is repeated: where the synthetic ones run short the report says so, and
class weights can do the rest.
"""

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np

from data.synthetic.balancing import (
    ADAPTIVE,
    adaptive_counts,
    added_counts,
    apportioned,
    shared_evenly,
)
from data.synthetic.guard import HeldOut
from data.synthetic.provenance import Provenance, Source
from data.synthetic.weights import combined_weights
from foundation.errors import InputError

FUSION_DRAW = 160  # the purpose of this file's random numbers


@dataclasses.dataclass(frozen=True, eq=False)
class Fused:
    """A training set of real samples, then synthetic ones.

    Args:
      samples: as the real ones: uint8 images (count, height, width, channels), or rows.
      labels: int64, shape (count,), or None.
      sample_weight: float32, shape (count,), mean 1: what each counts in a loss.
      provenance: where each came from.
      report: what was asked and what was done, fit for JSON.
    """

    samples: np.ndarray
    labels: np.ndarray | None
    sample_weight: np.ndarray
    provenance: Provenance
    report: dict

    def __len__(self) -> int:
        return len(self.samples)

    @property
    def images(self) -> np.ndarray:
        """The samples of a set of images."""
        return self.samples

    @property
    def rows(self) -> np.ndarray:
        """The samples of a set of rows of numbers."""
        return self.samples


def fuse(
    real: Source,
    synthetic: Sequence[Source],
    ratio: float | Sequence[float] | None = None,
    balance: str | int | Mapping[int, int] | None = None,
    weights: Sequence[float] | None = None,
    class_weights: str | Mapping[int, float] | None = None,
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
        giving the same as far as they can; a sequence has a ratio for each source. With balance
        "adaptive": how many are shared out, None: 1. Else None: all there are, or as the balance
        says.
      balance: `data.synthetic.balancing.added_counts`, or "adaptive": in proportion to 1 - recall.
      weights: what a sample of each source counts, the real one first; None: 1 each.
      class_weights: class -> weight, the others 1; "balanced": every class counts the same in all.
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
    if real.labels is None and (balance is not None or class_weights is not None):
        raise InputError("balance or class weights without labels", "labels", "give only a ratio")
    asked, quotas = _quotas(ratio, balance, recalls, real_counts, available)
    taken = np.minimum(quotas, available)  # (sources, classes)
    chosen = [
        source.take(_draw(source_labels, counts, seed, number))
        for number, (source, source_labels, counts) in enumerate(
            zip(synthetic, labels[1:], taken, strict=True), start=1
        )
    ]
    parts = [real, *chosen]
    provenance = Provenance.of(parts)
    all_labels = np.concatenate([_labels(part) for part in parts])
    sample_weight = combined_weights(
        provenance.source, all_labels, weights, class_weights, len(parts), classes
    )
    return Fused(
        samples=np.concatenate([part.samples for part in parts]),
        labels=None if real.labels is None else all_labels,
        sample_weight=sample_weight,
        provenance=provenance,
        report={
            "ratio": _plain(ratio),
            "balance": _plain(balance),
            "recalls": None if recalls is None else np.asarray(recalls).tolist(),
            "weights": _plain(weights),
            "class_weights": _plain(class_weights),
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
                    "weight": float(sample_weight[all_labels == label].sum(dtype=np.float64)),
                }
                for label in range(classes)
            ],
            "short": int((asked - taken.sum(axis=0)).clip(min=0).sum()),
        },
    )


def _quotas(
    ratio: float | Sequence[float] | None,
    balance: str | int | Mapping[int, int] | None,
    recalls: np.ndarray | None,
    real_counts: np.ndarray,
    available: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """What each class shall get, shape (classes,), and from which source, (sources, classes)."""
    total = int(real_counts.sum())
    several = isinstance(ratio, Sequence | np.ndarray)
    for each in ratio if several else [ratio]:
        if each is not None and not (np.isfinite(each) and each >= 0):
            raise InputError(f"ratio {each}", "a number of at least 0", "choose another ratio")
    if (recalls is not None) != (balance == ADAPTIVE):
        raise InputError(
            f"balance {balance!r} {'without' if recalls is None else 'with'} recalls",
            "recalls exactly with balance 'adaptive'",
            "measure them on validation data, or leave them out",
        )
    if balance == ADAPTIVE:
        if several or len(recalls) != len(real_counts):
            raise InputError(
                f"{len(recalls)} recalls for {len(real_counts)} classes and ratio {ratio}",
                "one recall a class and one ratio",
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
    elif several:
        if len(ratio) != len(available):
            raise InputError(
                f"{len(ratio)} ratios for {len(available)} synthetic sources",
                "one for each, or a single one",
                "correct the ratios",
            )
        quotas = np.array([apportioned(round(total * each), real_counts) for each in ratio])
        return quotas.sum(axis=0), quotas
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
        order = np.random.default_rng([seed, FUSION_DRAW, number, label]).permutation(
            np.flatnonzero(labels == label)
        )
        chosen.append(order[:count])
    return np.sort(np.concatenate(chosen))


def _labels(source: Source) -> np.ndarray:
    """Labels, or one class for all where there are none."""
    if source.labels is None:
        return np.zeros(len(source), np.int64)
    return np.asarray(source.labels).astype(np.int64)


def _classes(real: Source, synthetic: list[Source], num_classes: int | None) -> int:
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


def _check_sources(real: Source, synthetic: list[Source]) -> None:
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


def _plain(choice: object) -> object:
    """A choice as JSON keeps it."""
    if isinstance(choice, Mapping):
        return {str(label): value for label, value in choice.items()}
    if isinstance(choice, Sequence | np.ndarray) and not isinstance(choice, str):
        return [float(each) for each in choice]
    return choice
