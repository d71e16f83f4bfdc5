"""What are synthetic images worth as training data? Train on them, or on both; test on real ones.

Every classifier is trained on every training set, with the same number of candidates to choose
hyperparameters from (on real validation images) and the same number of updates, and judged on the
same real test images. One set, usually all real training images, is the ceiling that the others
are measured from, seed by seed.
"""

import dataclasses
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from data.images.dataset import ImageSplit
from data.synthetic.guard import HeldOut
from evaluation.answers import answer
from evaluation.judges.images import CLASSIFIERS, train_classifier
from evaluation.judges.networks import Augment
from evaluation.statistics.intervals import interval, paired
from evaluation.statistics.proportions import share_interval
from foundation.errors import InputError
from foundation.progress import CountProgress

LEVEL = 0.95
NOTHING = "nothing: this classifier has no chance in it, and the set is the same for all seeds"


class Drawn(NamedTuple):
    """A training set as one seed has it.

    images: uint8 (count, h, w, c); labels: int (count,); sample_weight: float (count,) or None.
    augment: see network_classifiers.Augment; None: the images are seen as they are.
    """

    images: np.ndarray
    labels: np.ndarray
    sample_weight: np.ndarray | None = None
    augment: Augment | None = None


@dataclasses.dataclass(frozen=True)
class TrainingSet:
    """A training set with a name.

    Args:
      name: such as "real", "gmm", "real + gmm".
      draw: from a seed to what is trained on. Drawing anew for each seed lets the interval hold for
        other draws of the same generator, too.
      varies: what `draw` makes of the seed, in words ("the synthetic images", "generator and
        images"); empty: it is the same set for all seeds.
    """

    name: str
    draw: Callable[[int], Drawn]
    varies: str = ""

    @classmethod
    def fixed(
        cls,
        name: str,
        images: np.ndarray,
        labels: np.ndarray,
        sample_weight: np.ndarray | None = None,
    ) -> "TrainingSet":
        """The same images for all seeds."""
        drawn = Drawn(images, labels, sample_weight)
        return cls(name, lambda seed: drawn)


def utility(
    training_sets: Sequence[TrainingSet],
    test: ImageSplit,
    validation: ImageSplit | None,
    class_names: Sequence[str],
    seeds: Sequence[int] = (0, 1, 2),
    ceiling: str | None = None,
    classifiers: Sequence[str] = tuple(CLASSIFIERS),
    candidates: int = 1,
    updates: int | None = None,
    quiet: bool = False,
) -> dict:
    """Accuracy on real test images of each classifier trained on each set.

    Args:
      training_sets: at least one, of different names.
      test: real images that nothing was fitted to or chosen by.
      validation: real images to choose hyperparameters by, once for each set and classifier, with
        the first seed; None: nothing is chosen.
      class_names: of the labels 0, 1, ...
      seeds: one training each; two or more for an interval.
      ceiling: name of the set that the others are measured from; None: the first.
      classifiers: keys of CLASSIFIERS.
      candidates: hyperparameters tried, the same number for every classifier and set; 1: the first.
      updates: steps of the networks; None: each network's own number.
      quiet: no progress bar.

    Returns: fit for JSON:
      "test_images", "validation_images" (0: nothing was chosen), "candidates", "seeds", "level",
      "ceiling", "class_names",
      "training_sets": name -> {"images", "seed_changes"},
      "classifiers": classifier -> set -> {
        "accuracy": {"mean", "low", "high", "n"} over the seeds, "values": one a seed,
        "seeds_vary": what the seeds vary; what they leave alone is not in the interval,
        "other_test_images": [low, high], the interval for other test images of the same kind,
        "recall": of each class, mean over the seeds, None for a class without test images,
        "worst_class": the name of the one with the lowest recall,
        "below_ceiling": {"mean", "low", "high", "n"} of ceiling - accuracy, seed by seed,
        "choice": the hyperparameters}, or {"value": None, "reason"} if it cannot be trained.
    Raises: InputError if the arguments are at fault, or a set holds validation or test images.
    """
    _check(training_sets, test, seeds, ceiling, classifiers, candidates)
    ceiling = ceiling or training_sets[0].name
    held_out = HeldOut.of_parts(
        test=test.images, **({"validation": validation.images} if validation is not None else {})
    )
    found: dict[str, dict[str, dict]] = {name: {} for name in classifiers}
    described = {}
    progress = CountProgress(len(training_sets) * len(seeds) * len(classifiers), "trainings", quiet)
    with progress:
        for each in training_sets:
            runs = {name: _Runs(name, test, validation, len(class_names)) for name in classifiers}
            for seed in seeds:
                drawn = each.draw(seed)  # once for all classifiers: drawing may be the longer part
                held_out.refuse(f"the training set {each.name!r}", drawn.images)
                described.setdefault(
                    each.name, {"images": len(drawn.images), "seed_changes": each.varies}
                )
                for run in runs.values():
                    run.train(drawn, seed, candidates, updates)
                    progress.advance(1)
            for name, run in runs.items():
                found[name][each.name] = run.summary(each, class_names)
    for cells in found.values():
        _add_distance(cells, ceiling)
    return {
        "test_images": len(test),
        "validation_images": 0 if validation is None or candidates == 1 else len(validation),
        "candidates": candidates,
        "seeds": list(seeds),
        "level": LEVEL,
        "ceiling": ceiling,
        "class_names": list(class_names),
        "training_sets": described,
        "classifiers": found,
    }


class _Runs:
    """The trainings of one classifier on one set, a seed after the other."""

    def __init__(
        self, name: str, test: ImageSplit, validation: ImageSplit | None, num_classes: int
    ):
        self.name, self.test, self.validation = name, test, validation
        self.num_classes = num_classes
        self.choice, self.reason = None, None
        self.right: list[np.ndarray] = []  # bool (test images,), one a seed

    def train(self, drawn: Drawn, seed: int, candidates: int, updates: int | None) -> None:
        """Train and test once; after a failure nothing more is tried."""
        if self.reason is not None:
            return

        def compute() -> dict:
            trained = train_classifier(
                self.name,
                drawn.images,
                drawn.labels,
                seed,
                drawn.sample_weight,
                self.validation,
                self.num_classes,
                candidates,
                self.choice,
                updates,
                drawn.augment,
            )
            self.choice = dict(trained.choice)
            self.right.append(trained.predict(self.test.images) == self.test.labels)
            return {}

        self.reason = answer(compute).get("reason")

    def summary(self, training_set: TrainingSet, class_names: Sequence[str]) -> dict:
        """One cell of the report, but for the distance from the ceiling."""
        if self.reason is not None:
            return {"value": None, "reason": self.reason}
        right = np.stack(self.right)  # (seeds, test images)
        values = right.mean(axis=1).tolist()
        recall = [
            float(right[:, self.test.labels == label].mean())
            if (self.test.labels == label).any()
            else None
            for label in range(len(class_names))
        ]
        measured = [label for label, value in enumerate(recall) if value is not None]
        worst = min(measured, key=lambda label: recall[label])
        causes = [cause for cause in (CLASSIFIERS[self.name].varies, training_set.varies) if cause]
        other = share_interval(round(np.mean(values) * len(self.test)), len(self.test), LEVEL)
        return {
            "accuracy": interval(values, LEVEL).as_json(),
            "values": values,
            "seeds_vary": "; ".join(causes) or NOTHING,
            "other_test_images": list(other),
            "recall": recall,
            "worst_class": class_names[worst],
            "choice": self.choice,
        }


def _add_distance(cells: dict[str, dict], ceiling: str) -> None:
    """Add "below_ceiling" to the cells of one classifier that have an answer."""
    top = cells[ceiling].get("values")
    for cell in cells.values():
        if "values" in cell:
            cell["below_ceiling"] = (
                {"value": None, "reason": f"no figure for {ceiling!r}"}
                if top is None
                else paired(top, cell["values"], LEVEL).as_json()
            )


def _check(
    training_sets: Sequence[TrainingSet],
    test: ImageSplit,
    seeds: Sequence[int],
    ceiling: str | None,
    classifiers: Sequence[str],
    candidates: int,
) -> None:
    names = [each.name for each in training_sets]
    unknown = [name for name in classifiers if name not in CLASSIFIERS]
    for fault, received, expected, mend in (
        (not names, "no training set", "at least one", "name some"),
        (len(set(names)) < len(names), f"training sets {names}", "different names", "rename"),
        (
            ceiling is not None and ceiling not in names,
            f"ceiling {ceiling!r}",
            f"one of {names}",
            "name a training set",
        ),
        (bool(unknown), f"classifiers {unknown}", f"{', '.join(CLASSIFIERS)}", "choose of these"),
        (
            not len(test) or test.labels is None,
            f"{len(test)} test images, labels {'missing' if test.labels is None else 'given'}",
            "test images with labels",
            "use labelled data",
        ),
        (
            not len(seeds) or len(set(seeds)) < len(seeds),
            f"seeds {list(seeds)}",
            "different numbers, at least one",
            "leave repeated ones out",
        ),
        (candidates < 1, f"{candidates} candidates", "at least 1", "try at least one"),
    ):
        if fault:
            raise InputError(received, expected, mend)


def table(report: dict) -> str:
    """The report of `utility` as lines: one training set each, one column a classifier."""
    names = list(report["classifiers"])
    width = max(len(name) for name in report["training_sets"]) + 2
    lines = [
        f"accuracy in % on {report['test_images']:,} real test images; mean and "
        f"{report['level']:.0%} interval over {len(report['seeds'])} seeds",
        " " * (width + 9) + "".join(f"{name:>26}" for name in names),
    ]
    for set_name, described in report["training_sets"].items():
        cells = (_cell(report["classifiers"][name][set_name]) for name in names)
        line = f"{set_name:<{width}}{described['images']:>9,}"
        lines.append(line + "".join(f"{cell:>26}" for cell in cells))
    causes = {
        cell["seeds_vary"]
        for cells in report["classifiers"].values()
        for cell in cells.values()
        if "seeds_vary" in cell
    }
    lines += [f"seeds vary: {cause}" for cause in sorted(causes)]
    return "\n".join(lines)


def _cell(cell: dict) -> str:
    if "accuracy" not in cell:
        return "–"
    found = cell["accuracy"]
    spread = (
        "" if found["low"] is None else f" [{100 * found['low']:.2f}, {100 * found['high']:.2f}]"
    )
    return f"{100 * found['mean']:.2f}{spread}"
