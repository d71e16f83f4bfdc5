"""The classifiers that judge the training sets of a trial, all trained alike."""

import dataclasses
from collections.abc import Mapping, Sequence

from chapter.claims.experiment import Measures
from chapter.claims.parts.arms import Arm
from data.images.dataset import ImageDataset, ImageSplit
from data.synthetic.guard import HeldOut
from evaluation.judges.images import Classifier, train_classifier
from evaluation.metrics.classes.bias import group_recall
from evaluation.metrics.classes.robustness import robustness

CNN = "cnn"  # whose worst class and robustness are looked at, too
CLASSIFIER_OF = {"logistic_regression": "logistic regression", "mlp": "MLP", CNN: "CNN"}

Trained = dict[str, Classifier]  # key of CLASSIFIER_OF -> classifier


@dataclasses.dataclass(frozen=True, eq=False)
class Judges:
    """Trains classifiers on sets.

    Args:
      dataset: its validation images choose the hyperparameters, its test images measure.
      held_out: what no set may hold.
      seed: of the classifiers.
      sizes: "candidates": hyperparameters tried, for each classifier and each set anew; "updates":
        steps of a network, None: each network's own number; "batch_size": images a step.
    """

    dataset: ImageDataset
    held_out: HeldOut
    seed: int
    sizes: Mapping

    def train_all(
        self, arms: Mapping[str, Arm | None], classifiers: Sequence[str]
    ) -> dict[str, Trained | None]:
        """The best of the candidates of each classifier on each set; None where there is no set.

        Args:
          arms: name -> set.
          classifiers: keys of CLASSIFIER_OF.

        Raises: InputError if a set holds held-out images.
        """
        return {name: arm and self._train(name, arm, classifiers) for name, arm in arms.items()}

    def _train(self, name: str, arm: Arm, classifiers: Sequence[str]) -> Trained:
        self.held_out.refuse(f"the training set {name!r}", arm.images)
        return {
            each: train_classifier(
                CLASSIFIER_OF[each],
                arm.images,
                arm.labels,
                self.seed,
                arm.sample_weight,
                self.dataset.validation,
                self.dataset.num_classes,
                self.sizes["candidates"],
                updates=self.sizes["updates"],
                augment=arm.augment,
                batch_size=self.sizes["batch_size"],
            )
            for each in classifiers
        }

    def accuracies(self, trained: Mapping[str, Trained | None]) -> Measures:
        """How often real test images are recognised, and those of each class.

        Args:
          trained: name of a set -> its classifiers.

        Returns: name of a set -> measure -> value, no measure where there is no set: "cnn", ...:
          accuracy; "cnn_recall_0", ...: of each class; of the CNN also "recall_gap", between the
          best class and the worst, and "worst_recall".
        """
        return {name: self._accuracies(each) if each else {} for name, each in trained.items()}

    def _accuracies(self, trained: Trained) -> dict[str, float]:
        test, found = self.dataset.test, {}
        for name, classifier in trained.items():
            predictions = classifier.predict(test.images)
            recall = group_recall(test.labels, predictions)
            found[name] = float((predictions == test.labels).mean())
            found |= {f"{name}_recall_{row['group']}": row["recall"] for row in recall["groups"]}
            if name == CNN:
                found |= {"recall_gap": recall["value"], "worst_recall": recall["worst_recall"]}
        return found


def arm_of(split: ImageSplit | None) -> Arm | None:
    """Images alone as a training set."""
    return None if split is None else Arm(split.images, split.labels)


def corrupted(trained: Mapping[str, Trained | None], test: ImageSplit, seed: int) -> Measures:
    """Of each set "corrupted": its CNN's mean accuracy over all corruptions of the test images.

    Args:
      trained: name of a set -> its classifiers.
    """
    predict = {name: each[CNN].predict for name, each in trained.items() if each}
    found = robustness(predict, test.images, test.labels, seed)["classifiers"]
    return {name: {"corrupted": entry["mean"]} for name, entry in found.items()}
