"""What every image loader returns: three splits that share no image, and what cleaning did."""

import collections
import dataclasses
import functools
import hashlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from foundation.errors import InputError
from foundation.files import file_name, write_csv

MOST_TOLD = 6  # reasons in one line


@dataclasses.dataclass(frozen=True)
class Change:
    """One thing that cleaning did to one image."""

    path: str  # inside the folder that was read, or `images[17]` for an array's row
    action: str  # "dropped", "changed", or "skipped" for a folder that holds no images
    reason: str  # in words; what stands before a colon is the kind, the same for all of that kind


@dataclasses.dataclass(frozen=True, eq=False)
class ImageSplit:
    """Images in one fixed order."""

    images: np.ndarray  # uint8 in [0, 255], shape (count, height, width, channels), channels 1 or 3
    labels: np.ndarray | None  # int64, shape (count,)

    def __len__(self) -> int:
        return len(self.images)

    def take(self, indices: np.ndarray) -> "ImageSplit":
        """The images at `indices`, in that order."""
        labels = None if self.labels is None else self.labels[indices]
        return ImageSplit(self.images[indices], labels)


@dataclasses.dataclass(frozen=True, eq=False)
class ImageDataset:
    """A data set ready for a model; no image of a split has the pixels of an image of another."""

    name: str  # what the user asked for, such as "mnist" or "folder:photos"
    train: ImageSplit
    validation: ImageSplit
    test: ImageSplit
    class_names: tuple[str, ...]  # of class 0, 1, ...; empty without labels
    changes: tuple[Change, ...] = ()  # every image that cleaning dropped or changed
    cut: str = ""  # how many images these are of how many, in words; "": all
    counts: dict = dataclasses.field(default_factory=dict)  # of all read, see `counted_changes`

    @property
    def splits(self) -> dict[str, ImageSplit]:
        """The three splits by name, in the order train, validation, test."""
        return {"train": self.train, "validation": self.validation, "test": self.test}

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """(height, width, channels)."""
        return tuple(self.train.images.shape[1:])

    @property
    def num_classes(self) -> int:
        """Number of classes, 0 without labels."""
        return len(self.class_names)

    def require_every_class(self) -> None:
        """For a model that samples by class: InputError for a class without a training image."""
        if not self.num_classes:
            return
        counts = np.bincount(self.train.labels, minlength=self.num_classes)
        if counts.min() == 0:
            raise InputError(
                f"no training image of class {self.class_names[counts.argmin()]}",
                "at least one of each class, or a sample of it would bear a false label",
                "use more images (--max-images), or leave the class out",
            )

    def record(self, run: Path) -> dict:
        """Write RUN/cleaning.csv if there is anything to list; what config.json adds."""
        if self.changes:
            write_changes(run / "cleaning.csv", self.changes)
        return {"data_counts": self.counts, "class_names": list(self.class_names)}

    @functools.cached_property
    def sha256(self) -> str:
        """Hex SHA-256 of all pixels, labels and class names: the same data, the same hash."""
        digest = hashlib.sha256()
        for split in self.splits.values():
            digest.update(repr(split.images.shape).encode())
            digest.update(np.ascontiguousarray(split.images))
            if split.labels is not None:
                digest.update(split.labels.astype("<i8").tobytes())
        digest.update(repr(self.class_names).encode())
        return digest.hexdigest()


def class_folders(class_names: tuple[str, ...]) -> list[str]:
    """One folder name a class; all differ, even if the names do in illegal characters only."""
    folders = [file_name(name) for name in class_names]
    if len(set(folders)) < len(folders):
        folders = [f"{label}_{folder}" for label, folder in enumerate(folders)]
    return folders


def write_changes(path: Path, changes: Iterable[Change]) -> None:
    """A table of what was done, a row each."""
    write_csv(path, ("path", "action", "reason"), map(dataclasses.astuple, changes))


def summarise_changes(changes: Iterable[Change]) -> dict[str, dict[str, int]]:
    """Action -> kind of reason (what stands before a colon) -> how often."""
    summary = {"dropped": {}, "changed": {}}
    for (action, kind), count in collections.Counter(
        (change.action, change.reason.split(":")[0]) for change in changes
    ).most_common():
        summary.setdefault(action, {})[kind] = count
    return summary


def counted_changes(kept: int, changes: Iterable[Change]) -> dict:
    """{"read", "dropped", "changed": files or images, "reasons": `summarise_changes`}, for JSON."""
    dropped, changed = (
        {change.path for change in changes if change.action == action}
        for action in ("dropped", "changed")
    )
    counts = {"dropped": len(dropped), "changed": len(changed - dropped)}
    return {"read": kept + len(dropped), **counts, "reasons": summarise_changes(changes)}


def told(name: str, counts: dict) -> str:
    """One line on what `counted_changes` counted."""
    parts = [f"{name}: {counts['read']:,} read"]
    for action, kinds in counts["reasons"].items():
        shown = [f"{kind}: {count:,}" for kind, count in kinds.items()]
        reasons = ", ".join(shown[:MOST_TOLD] + ["..."] * (len(shown) > MOST_TOLD))
        number = counts.get(action, sum(kinds.values()))
        parts.append(f"{number:,} {action}" + (f" ({reasons})" if kinds else ""))
    return "; ".join(parts)
