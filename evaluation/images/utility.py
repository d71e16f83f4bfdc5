"""What synthetic images are worth as training data: accuracy, who loses by it, and robustness.

Every classifier is trained on every training set, with the same hyperparameters and the same number
of updates, and judged on the same real test images. All real training images are the ceiling that
the others are measured from, seed by seed.
"""

import dataclasses
import functools
from collections.abc import Sequence

import numpy as np

from data.images.dataset import ImageDataset
from data.synthetic.fusion import fuse
from data.synthetic.guard import HeldOut
from data.synthetic.provenance import Samples
from evaluation.answers import answer
from evaluation.images.evidence import Sides
from evaluation.judges.arms import Arm, ArmTrainer
from evaluation.judges.images import CLASSIFIERS, train_classifier
from evaluation.metrics.arrays import drawn
from evaluation.metrics.classes.bias import group_recall, recall_against_reference
from evaluation.metrics.classes.robustness import robustness
from evaluation.metrics.metric import labelled, require_classes
from evaluation.statistics.intervals import interval, paired
from evaluation.statistics.proportions import share_interval
from foundation.progress import CountProgress
from foundation.purposes import EVIDENCE_IMAGES

JUDGE = "CNN"  # the classifier whose recall and robustness are looked at
MOST_CORRUPTED = 2_000  # held-out images that are worsened, 20 times for two classifiers
LEVEL = 0.95
CEILING = "real"
NOTHING = "nothing: this classifier has no chance in it, and the set is the same for all seeds"

HOW_TO_READ = {
    "recall_gap_trained_on_it": (
        "lower is better: between the best and the worst class of real test images for a CNN "
        "trained on it; real: trained on as many real images"
    ),
    "accuracy_corrupted": (
        "higher is better: of the same CNN on real test images with noise, blur, shift, rotation"
    ),
}


@dataclasses.dataclass(frozen=True)
class Effort:
    """How much is trained.

    Args:
      classifiers: keys of CLASSIFIERS.
      seeds: trainings of each on each set; one where a seed would change nothing.
      updates: steps of a network; None: its own number.
    """

    classifiers: tuple[str, ...]
    seeds: int
    updates: int | None

    @classmethod
    def of(cls, preset: str, seeds: int) -> "Effort":
        """Smoke: one classifier, for tests; quick: three, a third of the steps; full: all five."""
        if preset == "smoke":
            return cls(("logistic regression",), seeds, 10)
        if preset == "quick":
            return cls(("logistic regression", "MLP", "CNN"), seeds, 1000)
        return cls(tuple(CLASSIFIERS), seeds, None)


def worth(sides: Sides, effort: Effort, quiet: bool = False) -> dict:
    """Train on real, synthetic and both, with several classifiers and seeds; test on real images.

    Returns: {"value": None, "reason"}, or, fit for JSON:
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
    """
    return answer(lambda: _trained_and_tested(sides, effort, quiet))


def _trained_and_tested(sides: Sides, effort: Effort, quiet: bool) -> dict:
    dataset = sides.dataset
    require_classes(dataset)
    made, real = labelled(sides.synthetic), dataset.train
    both = fuse(
        Samples("real", real.images, real.labels),
        [Samples("made", made.images, made.labels)],
        held_out=HeldOut.of(dataset),
    )
    arms = {
        CEILING: Arm(real.images, real.labels),
        "synthetic": Arm(made.images, made.labels),
        "real + synthetic": Arm(both.images, both.labels),
    }
    test_only = HeldOut.of_parts(test=dataset.test.images)
    trainer = ArmTrainer(test_only, dataset.num_classes, updates=effort.updates)
    seeds = {
        name: range(sides.seed, sides.seed + (effort.seeds if CLASSIFIERS[name].varies else 1))
        for name in effort.classifiers
    }
    found: dict[str, dict[str, dict]] = {name: {} for name in effort.classifiers}
    with CountProgress(len(arms) * len(found), "classifiers", quiet) as progress:
        for set_name, arm in arms.items():
            trainer.check(set_name, arm)
            for name, cells in found.items():
                compute = functools.partial(_judged, trainer, arm, name, seeds[name], dataset)
                cells[set_name] = answer(compute)
                progress.advance(1)
    for cells in found.values():
        _add_distance(cells)
    return {
        "test_images": len(dataset.test),
        "seeds": list(max(seeds.values(), key=len)),
        "level": LEVEL,
        "ceiling": CEILING,
        "class_names": list(dataset.class_names),
        "training_sets": {name: {"images": len(arm.images)} for name, arm in arms.items()},
        "classifiers": found,
    }


def _judged(
    trainer: ArmTrainer, arm: Arm, classifier: str, seeds: Sequence[int], dataset: ImageDataset
) -> dict:
    """One cell of the report, but for the distance from the ceiling."""
    test, rows = dataset.test, []
    for seed in seeds:
        trained = trainer.train(arm, classifier, seed)
        rows.append(trained.predict(test.images) == test.labels)
    right = np.stack(rows)  # bool (seeds, test images)
    values = right.mean(axis=1).tolist()
    recall = {
        label: float(right[:, test.labels == label].mean()) for label in np.unique(test.labels)
    }
    other = share_interval(round(np.mean(values) * len(test)), len(test), LEVEL)
    return {
        "accuracy": interval(values, LEVEL).as_json(),
        "values": values,
        "other_test_images": list(other),
        "recall": [recall.get(label) for label in range(dataset.num_classes)],
        "worst_class": dataset.class_names[min(recall, key=recall.get)],
        "seeds_vary": CLASSIFIERS[classifier].varies or NOTHING,
        "choice": dict(trained.choice),
    }


def _add_distance(cells: dict[str, dict]) -> None:
    """Add "below_ceiling" to the cells of one classifier that have an answer."""
    top = cells[CEILING].get("values")
    for cell in cells.values():
        if "values" in cell:
            cell["below_ceiling"] = (
                {"value": None, "reason": f"no figure for {CEILING!r}"}
                if top is None
                else paired(top, cell["values"], LEVEL).as_json()
            )


def use(sides: Sides, effort: Effort) -> tuple[dict[str, dict], dict | None]:
    """One CNN trained on the samples, another on as many real images: recall and robustness.

    Returns: name -> {"value", "real", "how_to_read"} and details, or {"value": None, "reason"};
      what `robustness` said, for a picture, None where it said nothing.
    """
    found = answer(lambda: {"value": _compared(sides, effort)})
    if found["value"] is None:
        return {name: {**found, "how_to_read": words} for name, words in HOW_TO_READ.items()}, None
    recall, corrupted = found["value"]
    made, real = (corrupted["classifiers"][name]["mean"] for name in ("synthetic", "real"))
    metrics = {
        "recall_gap_trained_on_it": recall,
        "accuracy_corrupted": {"value": made, "real": real, "report": corrupted},
    }
    return {
        name: {**metric, "how_to_read": HOW_TO_READ[name]} for name, metric in metrics.items()
    }, corrupted


def _compared(sides: Sides, effort: Effort) -> tuple[dict, dict]:
    """What `recall_against_reference` and `robustness` say of the two classifiers."""
    require_classes(sides.dataset)
    training_sets = {"synthetic": labelled(sides.drawn), "real": labelled(sides.training)}
    size = min(map(len, training_sets.values()))
    predict = {}
    for name, split in training_sets.items():
        chosen = split.take(drawn(len(split), size, sides.seed, EVIDENCE_IMAGES, 7))
        predict[name] = train_classifier(
            JUDGE,
            chosen.images,
            chosen.labels,
            sides.seed,
            num_classes=sides.dataset.num_classes,
            updates=effort.updates,
        ).predict
    images, labels = sides.held_out.images, sides.held_out.labels
    predictions = {name: classify(images) for name, classify in predict.items()}
    recall = recall_against_reference(labels, predictions["synthetic"], predictions["real"])
    recall["real"] = group_recall(labels, predictions["real"])["value"]
    recall["trained_on"] = size
    some = slice(MOST_CORRUPTED)
    return recall, robustness(predict, images[some], labels[some], sides.seed)
