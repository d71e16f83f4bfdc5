"""What synthetic images are worth as training data: accuracy, who loses by it, and robustness."""

import dataclasses

from data.synthetic.fusion import fuse
from data.synthetic.guard import HeldOut
from data.synthetic.provenance import Samples
from evaluation.answers import answer
from evaluation.images.evidence import Sides, draw, labelled, require_classes
from evaluation.judges.arms import Arm
from evaluation.judges.images import CLASSIFIERS, train_classifier
from evaluation.judges.utility import utility
from evaluation.metrics.classes.bias import group_recall, recall_against_reference
from evaluation.metrics.classes.robustness import robustness

JUDGE = "CNN"  # the classifier whose recall and robustness are looked at
MOST_CORRUPTED = 2_000  # held-out images that are worsened, 20 times for two classifiers

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
      seeds: trainings of each on each set.
      updates: steps of a network; None: its own number.
    """

    classifiers: tuple[str, ...]
    seeds: int
    updates: int | None

    def trainings(self) -> list[tuple[list[str], int]]:
        """Classifiers and how often they are trained: once where a seed would change nothing."""
        certain = [name for name in self.classifiers if not CLASSIFIERS[name].varies]
        others = [name for name in self.classifiers if CLASSIFIERS[name].varies]
        return [both for both in ((certain, 1), (others, self.seeds)) if both[0]]

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

    Returns: as `evaluation.judges.utility.utility`, the ceiling being all real training images; or
      {"value": None, "reason"}.
    """

    def compute() -> dict:
        require_classes(sides.dataset)
        made, real = labelled(sides.synthetic), sides.dataset.train
        both = fuse(
            Samples("real", real.images, real.labels),
            [Samples("made", made.images, made.labels)],
            held_out=HeldOut.of(sides.dataset),
        )
        arms = {
            "real": Arm(real.images, real.labels),
            "synthetic": Arm(made.images, made.labels),
            "real + synthetic": Arm(both.images, both.labels),
        }
        reports = [
            utility(
                arms,
                sides.dataset.test,
                sides.dataset.class_names,
                seeds=range(sides.seed, sides.seed + seeds),
                classifiers=classifiers,
                updates=effort.updates,
                quiet=quiet,
            )
            for classifiers, seeds in effort.trainings()
        ]
        found = {name: cells for each in reports for name, cells in each["classifiers"].items()}
        return {**reports[-1], "classifiers": {name: found[name] for name in effort.classifiers}}

    return answer(compute)


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
        chosen = split.take(draw(len(split), size, sides.seed, 7))
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
