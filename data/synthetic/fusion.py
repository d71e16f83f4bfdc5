"""Real and synthetic samples become one training set (chapter 3.2.4).

The chapter asks for two things: to mind how much weight each side has, and to keep the set
representative. So it is decided first how many synthetic samples each class gets (`ratio`,
`balance`), then which (a draw without repetition, by seed). No sample is repeated: where the
synthetic ones run short the report says so.

On disk it is FILE.npz with the arrays, FILE.json with what was done, and FILE.csv with the images
that were dropped or changed on the way, if there were any:

images, labels         the training set: real images, then synthetic ones
source, index          where each comes from: number of its source, number in it
source_names           name of source 0 (the real data), 1, ...
class_names            name of each label
validation_*, test_*   images and labels of the real data, as they were held out

`--data npz:FILE.npz` loads it again: it trains on `images` and is tested on real images only.
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from data.images.dataset import Change, ImageDataset, write_changes
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
from foundation.files import atomic_path, sha256_of_file, write_json
from foundation.purposes import FUSION_DRAW, rng


@dataclasses.dataclass(frozen=True, eq=False)
class Fused:
    """A training set of real samples, then synthetic ones."""

    samples: np.ndarray  # as the real ones: uint8 images (count, height, width, channels), or rows
    labels: np.ndarray | None  # int64, shape (count,)
    provenance: Provenance  # where each came from
    report: dict  # what was asked and what was done, fit for JSON

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
    for source in (real, *synthetic):
        if held_out is not None:
            held_out.refuse(source.name, source.samples)
        if (source.labels is None) != (real.labels is None):
            raise InputError(
                f"{source.name} {'without' if source.labels is None else 'with'} labels, "
                f"{real.name} {'without' if real.labels is None else 'with'}",
                "labels in all sources or in none",
                "label the samples, or leave the labels of all out: none is guessed",
            )
    labels = [_labels(source) for source in (real, *synthetic)]
    classes = max(num_classes or 0, *(int(each.max(initial=-1)) + 1 for each in labels))
    real_counts, *counts = (np.bincount(each, minlength=classes) for each in labels)
    available = np.array(counts)  # (sources, classes)
    if real.labels is None and balance is not None:
        raise InputError(f"balance {balance} without labels", "labels", "give only a ratio")
    asked, taken = _quotas(ratio, balance, recalls, real_counts, available)
    parts = [real]
    for number, source in enumerate(synthetic, start=1):
        parts.append(source.take(_draw(labels[number], taken[number - 1], seed, number)))
    return Fused(
        samples=np.concatenate([part.samples for part in parts]),
        labels=None if real.labels is None else np.concatenate([_labels(part) for part in parts]),
        provenance=Provenance(
            source=np.repeat(np.arange(len(parts), dtype=np.int16), list(map(len, parts))),
            index=np.concatenate([part.indices for part in parts]).astype(np.int64),
            names=tuple(part.name for part in parts),
        ),
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
    if ratio is not None and balance not in (None, ADAPTIVE):
        received = f"ratio {ratio} with balance {balance!r}"
        raise InputError(received, "one of the two: the balance says how many", "leave one out")
    if balance == ADAPTIVE:
        asked = adaptive_counts(recalls, round(total * (1.0 if ratio is None else ratio)))
    elif balance is not None:
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
    return source.labels.astype(np.int64)


def check_file(path: str) -> Path:
    """The path, if all files can be written there.

    Raises: InputError if the suffix is not .npz, a file is in the way, or there is no directory.
    """
    file = Path(path)
    if file.suffix != ".npz":
        raise InputError(f"--out {path}", "a file name that ends in .npz", "add .npz")
    for each in (file, file.with_suffix(".json"), file.with_suffix(".csv")):
        if each.exists():
            raise InputError(f"--out {path}: {each} exists", "a new file", "choose another name")
    return file


def save_fused(
    path: Path, fused: Fused, dataset: ImageDataset, report: dict, changes: Sequence[Change] = ()
) -> dict:
    """Write the files, each whole or not at all; the .json last, with the hash of the .npz.

    Args:
      path: of the .npz.
      fused: the training set.
      dataset: the real data: gives the held-out images and the names of the classes.
      report: for the .json, beside `fused.report`.

    Returns: the content of the .json.
    """
    arrays = {
        "images": fused.images,
        "source": fused.provenance.source,
        "index": fused.provenance.index,
        "source_names": np.array(fused.provenance.names),
        "validation_images": dataset.validation.images,
        "test_images": dataset.test.images,
    }
    if fused.labels is not None:
        arrays["labels"] = fused.labels
        arrays["validation_labels"] = dataset.validation.labels
        arrays["test_labels"] = dataset.test.labels
        arrays["class_names"] = np.array(dataset.class_names)
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_path(path) as temporary:
        np.savez_compressed(temporary, **arrays)
    if changes:
        write_changes(path.with_suffix(".csv"), changes)
    content = {"file": path.name, "sha256": sha256_of_file(path), **report, "fusion": fused.report}
    write_json(path.with_suffix(".json"), content)
    return content
