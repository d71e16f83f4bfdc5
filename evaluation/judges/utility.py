"""What are synthetic images worth as training data? Train on them, or on both; test on real ones.

Every classifier is trained on every training set, with the same hyperparameters and the same number
of updates, and judged on the same real test images. The first set, usually all real training
images, is the ceiling that the others are measured from, seed by seed.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from data.images.dataset import ImageSplit
from data.synthetic.guard import HeldOut
from evaluation.answers import answer
from evaluation.judges.arms import Arm, ArmTrainer
from evaluation.judges.images import CLASSIFIERS
from evaluation.statistics.intervals import interval, paired
from evaluation.statistics.proportions import share_interval
from foundation.console import print_table
from foundation.errors import InputError
from foundation.progress import CountProgress

LEVEL = 0.95
NOTHING = "nothing: this classifier has no chance in it, and the set is the same for all seeds"


def utility(
    arms: Mapping[str, Arm],
    test: ImageSplit,
    class_names: Sequence[str],
    seeds: Sequence[int] = (0, 1, 2),
    classifiers: Sequence[str] = tuple(CLASSIFIERS),
    updates: int | None = None,
    quiet: bool = False,
) -> dict:
    """Accuracy on real test images of each classifier trained on each set.

    Args:
      arms: name -> training set, the same for all seeds; the first is the ceiling.
      test: real images that nothing was fitted to or chosen by.
      class_names: of the labels 0, 1, ...
      seeds: one training each; two or more for an interval.
      classifiers: keys of CLASSIFIERS.
      updates: steps of the networks; None: each network's own number.
      quiet: no progress bar.

    Returns: fit for JSON:
      "test_images", "seeds", "level", "ceiling", "class_names",
      "training_sets": name -> {"images"},
      "classifiers": classifier -> set -> {
        "accuracy": {"mean", "low", "high", "n"} over the seeds, "values": one a seed,
        "seeds_vary": what the seeds vary; what they leave alone is not in the interval,
        "other_test_images": [low, high], the interval for other test images of the same kind,
        "recall": of each class, mean over the seeds, None for a class without test images,
        "worst_class": the name of the one with the lowest recall,
        "below_ceiling": {"mean", "low", "high", "n"} of ceiling - accuracy, seed by seed,
        "choice": the hyperparameters}, or {"value": None, "reason"} if it cannot be trained.
    Raises: InputError if the arguments are at fault, or a set holds test images.
    """
    _check(arms, test, seeds, classifiers)
    ceiling = next(iter(arms))
    trainer = ArmTrainer(HeldOut.of_parts(test=test.images), len(class_names), updates=updates)
    found: dict[str, dict[str, dict]] = {classifier: {} for classifier in classifiers}
    with CountProgress(len(arms) * len(classifiers), "classifiers", quiet) as progress:
        for name, arm in arms.items():
            trainer.check(name, arm)
            for classifier, cells in found.items():
                cells[name] = _judged(trainer, arm, classifier, seeds, test, class_names)
                progress.advance(1)
    for cells in found.values():
        _add_distance(cells, ceiling)
    return {
        "test_images": len(test),
        "seeds": list(seeds),
        "level": LEVEL,
        "ceiling": ceiling,
        "class_names": list(class_names),
        "training_sets": {name: {"images": len(arm.images)} for name, arm in arms.items()},
        "classifiers": found,
    }


def _judged(
    trainer: ArmTrainer,
    arm: Arm,
    classifier: str,
    seeds: Sequence[int],
    test: ImageSplit,
    class_names: Sequence[str],
) -> dict:
    """One cell of the report, but for the distance from the ceiling."""

    def compute() -> dict:
        right = []  # bool (test images,), one a seed
        for seed in seeds:
            trained = trainer.train(arm, classifier, seed)
            right.append(trained.predict(test.images) == test.labels)
        return {
            **_summary(np.stack(right), test, class_names),
            "seeds_vary": CLASSIFIERS[classifier].varies or NOTHING,
            "choice": dict(trained.choice),
        }

    return answer(compute)


def _summary(right: np.ndarray, test: ImageSplit, class_names: Sequence[str]) -> dict:
    """The figures of a cell: right bool (seeds, test images)."""
    values = right.mean(axis=1).tolist()
    recall = [
        float(right[:, test.labels == label].mean()) if (test.labels == label).any() else None
        for label in range(len(class_names))
    ]
    measured = [label for label, value in enumerate(recall) if value is not None]
    other = share_interval(round(np.mean(values) * len(test)), len(test), LEVEL)
    return {
        "accuracy": interval(values, LEVEL).as_json(),
        "values": values,
        "other_test_images": list(other),
        "recall": recall,
        "worst_class": class_names[min(measured, key=lambda label: recall[label])],
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
    arms: Mapping[str, Arm], test: ImageSplit, seeds: Sequence[int], classifiers: Sequence[str]
) -> None:
    unknown = [name for name in classifiers if name not in CLASSIFIERS]
    for fault, received, expected, mend in (
        (not arms, "no training set", "at least one", "name some"),
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
    ):
        if fault:
            raise InputError(received, expected, mend)


def print_utility(report: dict) -> None:
    """Print the report of `utility`: a line a training set, a column a classifier."""
    print(
        f"accuracy in % on {report['test_images']:,} real test images; mean and "
        f"{report['level']:.0%} interval over {len(report['seeds'])} seeds"
    )
    rows = [
        (
            name,
            f"{described['images']:,}",
            *(_cell(c[name]) for c in report["classifiers"].values()),
        )
        for name, described in report["training_sets"].items()
    ]
    print_table(("trained on", "images", *report["classifiers"]), rows)
    causes = {
        cell["seeds_vary"]
        for cells in report["classifiers"].values()
        for cell in cells.values()
        if "seeds_vary" in cell
    }
    for cause in sorted(causes):
        print(f"seeds vary: {cause}")


def _cell(cell: dict) -> str:
    if "accuracy" not in cell:
        return "–"
    found = cell["accuracy"]
    spread = (
        "" if found["low"] is None else f" [{100 * found['low']:.2f}, {100 * found['high']:.2f}]"
    )
    return f"{100 * found['mean']:.2f}{spread}"
