"""The one trainer of training sets that are compared: all of them are trained alike.

A comparison against a baseline that nobody tuned proves nothing: a better learning rate can be
worth more than any synthetic image. So every arm gets the same candidates of hyperparameters, tried
on the same real validation images, and the same number of updates; none may hold a held-out image.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from data.images.dataset import ImageSplit
from data.synthetic.guard import HeldOut
from evaluation.judges.images import Classifier, train_classifier
from evaluation.judges.networks import BATCH_SIZE, Augment


class Arm(NamedTuple):
    """A training set.

    images: uint8 (count, h, w, c); labels: int (count,).
    sample_weight: float (count,), what each image counts in the loss; None: 1 each.
    augment: changes each image anew each time it is seen; None: they are seen as they are.
    seconds: CPU seconds that its synthetic images took; None without any.
    batch_size: images a step of a network; None: the trainer's.
    """

    images: np.ndarray
    labels: np.ndarray
    sample_weight: np.ndarray | None = None
    augment: Augment | None = None
    seconds: float | None = None
    batch_size: int | None = None


@dataclasses.dataclass(frozen=True, eq=False)
class ArmTrainer:
    """Trains classifiers on arms.

    Args:
      held_out: what no arm may hold.
      num_classes: labels are 0 .. num_classes - 1.
      validation: real images to choose hyperparameters by; None: the first candidate is taken.
      candidates: hyperparameters tried, for each classifier and each arm anew.
      updates: steps of a network; None: each network's own number.
      batch_size: images a step of a network.
    """

    held_out: HeldOut
    num_classes: int
    validation: ImageSplit | None = None
    candidates: int = 1
    updates: int | None = None
    batch_size: int = BATCH_SIZE

    def check(self, name: str, arm: Arm) -> None:
        """Raises: InputError if the arm holds held-out images."""
        self.held_out.refuse(f"the training set {name!r}", arm.images)

    def train(
        self, arm: Arm, classifier: str, seed: int, choice: Mapping | None = None
    ) -> Classifier:
        """The best of the candidates, trained on an arm that has been checked.

        Args:
          classifier: a key of evaluation.judges.images.CLASSIFIERS.
          seed: of everything that is drawn.
          choice: hyperparameters that another seed has chosen, in place of the candidates.

        Raises: as `train_classifier`.
        """
        return train_classifier(
            classifier,
            arm.images,
            arm.labels,
            seed,
            arm.sample_weight,
            self.validation,
            self.num_classes,
            self.candidates,
            choice,
            self.updates,
            arm.augment,
            arm.batch_size or self.batch_size,
        )

    def train_all(
        self, arms: Mapping[str, Arm | None], classifiers: Sequence[str], seed: int
    ) -> dict[str, dict[str, Classifier] | None]:
        """Each classifier on each arm.

        Args:
          arms: name -> arm; None for one that could not be made.

        Returns: name -> classifier's name -> classifier, or None where there is no arm.
        Raises: InputError if an arm holds held-out images; as `train`.
        """
        trained: dict[str, dict[str, Classifier] | None] = dict.fromkeys(arms)
        for name, arm in arms.items():
            if arm is not None:
                self.check(name, arm)
                trained[name] = {each: self.train(arm, each, seed) for each in classifiers}
        return trained
