"""Gaussian mixtures in training: one for each class, each with a number of components to choose."""

import math
from pathlib import Path

import numpy as np
import tensorflow as tf

from baselines.config import BaselineSettings
from baselines.gmm.em import Mixture, em_step, from_assignment, log_density
from baselines.gmm.mixtures import ClassMixtures
from baselines.parts.kmeans import k_means
from foundation.errors import Diverged, InputError
from training.averages import Averages


class MixtureLearner:
    """EM for several groups of rows at once (a learner of baselines/train.py).

    A step is one iteration of EM for one group, with every number of components that is in
    question; an epoch is one iteration for all groups. The number of components of a group is the
    one with the highest likelihood of the group's validation rows, so far; a group of fewer rows
    takes as many as it has. A mixture is left alone once an iteration gains fewer than
    `settings.tolerance` nats a row.

    The history holds, for the mixtures chosen so far, `log_likelihood` (training rows, before the
    iteration) and `validation_log_likelihood` (after it), in nats a row.

    Args:
      train, validation: rows float64 (n, d) of each group. The validation rows may be empty if
        the settings leave no choice.
      class_names: of the groups, for messages; empty if there is one group.

    Raises: InputError for groups that cannot be fitted or between which nothing can choose.
    """

    steps_a_call = 1
    how_to_read = (
        "Healthy: both rise fast, then slowly. Training far above validation: more components than "
        "the data can fill.\nWhere training steps down, another number of components was chosen."
    )

    def __init__(
        self,
        train: list[np.ndarray],
        validation: list[np.ndarray],
        class_names: tuple[str, ...],
        settings: BaselineSettings,
    ):
        self.train, self.validation = train, validation
        self.names = [f"class {name}" for name in class_names] or ["the data"]
        self.tolerance, self.seed = settings.tolerance, settings.seed
        self.candidates = [2**power for power in range(settings.max_components.bit_length())]
        self._check()
        self.floor = tf.constant(settings.covariance_floor, tf.float64)
        self.steps = len(train)
        self.counts = np.array([len(rows) for rows in train])
        self.held_out = np.array([len(rows) for rows in validation])
        self.averages = Averages(("log_likelihood",))
        dims = train[0].shape[1]
        self.mixtures = [
            [_variables(min(k, len(rows)), dims) for k in self.candidates] for rows in train
        ]
        shape = (len(train), len(self.candidates))
        self.train_scores = tf.Variable(tf.fill(shape, tf.constant(-np.inf, tf.float64)))
        self.validation_scores = tf.Variable(tf.zeros(shape, tf.float64))
        self.converged = tf.Variable(tf.zeros(shape, tf.int64))
        legends = {"log_likelihood": "training"}
        if self.held_out.all():
            legends["validation_log_likelihood"] = "validation"
        self.panels = {"nats a sample": legends}

    def _check(self) -> None:
        for name, rows, held_out in zip(self.names, self.train, self.validation, strict=True):
            if not len(rows) or (len(self.candidates) > 1 and not len(held_out)):
                raise InputError(
                    f"{len(rows)} training and {len(held_out)} validation samples of {name}",
                    "at least one of each, the latter to choose the number of components by",
                    "use more data, --no-per-class or --max-components 1",
                )
        if self.train[0].shape[1] == 0:
            raise InputError("samples that are all equal", "two different ones", "use other data")

    def start(self) -> None:
        """k-means for every group and number of components, and a first choice."""
        for group, rows in enumerate(self.train):
            for variables in self.mixtures[group]:
                k = int(variables["p"].shape[0])
                assignment = tf.constant(k_means(rows, k, self.seed, group))
                first = from_assignment(tf.constant(rows), assignment, tf.constant(k), self.floor)
                _assign(variables, first)
        self._validate()

    def tracked(self) -> dict:
        names = ("mixtures", "averages", "train_scores", "validation_scores", "converged")
        return {name: getattr(self, name) for name in names}

    def variables(self) -> list[tf.Variable]:
        return [each for group in self.mixtures for mixture in group for each in mixture.values()]

    def begin_epoch(self, epoch: int, first_step: int) -> None:
        """Every epoch is like the others."""

    def train_steps(self, epoch: int, first: int, last: int) -> None:
        for group in range(first, last):
            rows = tf.constant(self.train[group])
            for candidate, variables in enumerate(self.mixtures[group]):
                if not int(self.converged[group, candidate]):
                    self._iterate(rows, variables, group, candidate, epoch)
            score = tf.cast(self.train_scores[group, self.choice()[group]], tf.float32)
            self.averages.update({"log_likelihood": score}, len(rows))

    def _iterate(
        self, rows: tf.Tensor, variables: dict, group: int, candidate: int, epoch: int
    ) -> None:
        values = (variable.value() for variable in variables.values())
        score, *parameters = em_step(rows, *values, self.floor)
        if not math.isfinite(score):  # a matrix that is not positive definite has no factor L
            raise Diverged(
                f"EM for {self.names[group]} diverged in iteration {epoch + 1}: a covariance is "
                "not positive definite; try a larger --covariance-floor"
            )
        _assign(variables, parameters)
        gain = score - self.train_scores[group, candidate]
        self.train_scores[group, candidate].assign(score)
        self.converged[group, candidate].assign(tf.cast(gain < self.tolerance, tf.int64))

    def end_epoch(self, epoch: int) -> dict[str, float]:
        if not self.held_out.all():
            return {}
        self._validate()
        scores = self.validation_scores.numpy()[np.arange(self.steps), self.choice()]
        return {"validation_log_likelihood": float(np.average(scores, weights=self.held_out))}

    def _validate(self) -> None:
        if self.held_out.all():
            self.validation_scores.assign(
                [
                    [log_density(rows, _mixture(variables)).mean() for variables in group]
                    for group, rows in zip(self.mixtures, self.validation, strict=True)
                ]
            )

    def enough(self, epochs_done: int) -> bool:
        return bool(tf.reduce_all(self.converged == 1))

    def choice(self) -> list[int]:
        """For each group, which candidate explains its validation rows best."""
        return np.argmax(self.validation_scores.numpy(), axis=1).tolist()

    def chosen(self) -> ClassMixtures:
        """The chosen mixture of each group, as it stands."""
        pairs = zip(self.mixtures, self.choice(), strict=True)
        return ClassMixtures([_mixture(group[choice]) for group, choice in pairs])

    def draw(self, run: Path) -> None:
        """Nothing beyond losses.png."""


def by_class(rows: np.ndarray, labels: np.ndarray | None, num_classes: int) -> list[np.ndarray]:
    """The rows of each class; all of them as one group where there are no classes."""
    return [rows[labels == label] for label in range(num_classes)] if num_classes else [rows]


def _variables(k: int, dims: int) -> dict[str, tf.Variable]:
    """The parameters of a mixture, in the order of Mixture; `start` or a checkpoint fills them."""
    shapes = {"p": (k,), "mu": (k, dims), "sigma": (k, dims, dims)}
    return {
        name: tf.Variable(tf.zeros(shape, tf.float64), trainable=False)
        for name, shape in shapes.items()
    }


def _assign(variables: dict[str, tf.Variable], values: list[tf.Tensor]) -> None:
    for variable, value in zip(variables.values(), values, strict=True):
        variable.assign(value)


def _mixture(variables: dict[str, tf.Variable]) -> Mixture:
    return Mixture(*(variable.numpy() for variable in variables.values()))
