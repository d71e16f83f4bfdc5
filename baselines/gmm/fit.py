"""Gaussian mixtures in training: one for each class, each with a number of components to choose."""

import csv
import io
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import tensorflow as tf
from matplotlib.figure import Figure

from baselines.gmm.em import Mixture, em_step, from_assignment, log_density
from baselines.parts.kmeans import k_means
from foundation.errors import Diverged, InputError
from foundation.files import write_text
from foundation.pictures import save_figure
from training.averages import Averages


class MixtureLearner:
    """EM for several groups of rows at once (baselines.in_epochs.BaselineLearner).

    A step is one iteration of EM for one group, with every number of components that is in
    question; an epoch is one iteration for all groups. The number of components of a group is the
    one with the highest likelihood of the group's validation rows, so far.

    The history holds, for the mixtures chosen so far, `log_likelihood` (training rows, before the
    iteration) and `validation_log_likelihood` (after it), in nats a row.

    Args:
      train, validation: rows float64 (n, d) of each group. The validation rows may be empty if
        `candidates` leaves no choice.
      names: of the groups, for messages.
      candidates: numbers of components, rising. A group with fewer rows takes as many as it has.
      full: full or diagonal covariances.
      floor: added to every variance.
      tolerance: a mixture is left alone once an iteration gains fewer nats a row.
      seed: of the k-means starts.
    """

    steps_a_call = 1
    how_to_read = (
        "Healthy: both rise fast, then slowly. Training far above validation: more components than "
        "the data can fill.\nWhere training steps down, another number of components was chosen: "
        "see components.png."
    )

    def __init__(
        self,
        train: Sequence[np.ndarray],
        validation: Sequence[np.ndarray],
        names: Sequence[str],
        candidates: Sequence[int],
        full: bool,
        floor: float,
        tolerance: float,
        seed: int,
    ):
        _check(train, validation, names, candidates)
        self.train, self.validation, self.names = train, validation, names
        self.candidates, self.full, self.tolerance, self.seed = candidates, full, tolerance, seed
        self.floor = tf.constant(floor, tf.float64)
        self.steps = len(train)
        self.averages = Averages(("log_likelihood",))
        dims = train[0].shape[1]
        self.mixtures = [
            [_variables(min(k, len(rows)), dims, full) for k in candidates] for rows in train
        ]
        shape = (len(train), len(candidates))
        self.train_scores = tf.Variable(tf.fill(shape, tf.constant(-np.inf, tf.float64)))
        self.validation_scores = tf.Variable(tf.zeros(shape, tf.float64))
        self.iterations = tf.Variable(tf.zeros(shape, tf.int64))
        self.converged = tf.Variable(tf.zeros(shape, tf.int64))
        self.panels = {
            "nats a sample": {
                "log_likelihood": "training",
                **({"validation_log_likelihood": "validation"} if self._validates else {}),
            }
        }

    @property
    def _validates(self) -> bool:
        return all(len(rows) for rows in self.validation)

    def start(self) -> None:
        """k-means for every group and number of components, and a first choice."""
        for group, rows in enumerate(self.train):
            for variables in self.mixtures[group]:
                k = int(variables["p"].shape[0])
                assignment = k_means(rows, k, self.seed, group)
                first = from_assignment(
                    tf.constant(rows),
                    tf.constant(assignment),
                    tf.constant(k),
                    self.floor,
                    self.full,
                )
                _assign(variables, first)
        self._validate()

    def tracked(self) -> dict:
        return {
            "mixtures": self.mixtures,
            "averages": self.averages,
            "train_scores": self.train_scores,
            "validation_scores": self.validation_scores,
            "iterations": self.iterations,
            "converged": self.converged,
        }

    def variables(self) -> list[tf.Variable]:
        return [
            variable
            for group in self.mixtures
            for mixture in group
            for variable in mixture.values()
        ]

    def begin_epoch(self, epoch: int, first_step: int) -> None:
        """Every epoch is like the others."""

    def train_steps(self, epoch: int, first: int, last: int) -> None:
        for group in range(first, last):
            rows = tf.constant(self.train[group])
            for candidate, variables in enumerate(self.mixtures[group]):
                if not int(self.converged[group, candidate]):
                    self._iterate(rows, variables, group, candidate)
            chosen = self.choice()[group]
            score = tf.cast(self.train_scores[group, chosen], tf.float32)
            self.averages.update({"log_likelihood": score}, len(rows))

    def _iterate(self, rows: tf.Tensor, variables: dict, group: int, candidate: int) -> None:
        values = (variable.value() for variable in variables.values())
        score, *parameters = em_step(rows, *values, self.floor, self.full)
        if not math.isfinite(score):  # a matrix that is not positive definite has no factor L
            raise Diverged(
                f"EM for {self.names[group]} diverged in iteration "
                f"{int(self.iterations[group, candidate]) + 1}: a covariance is not positive "
                "definite; try a larger --covariance-floor"
            )
        _assign(variables, parameters)
        gain = score - self.train_scores[group, candidate]
        self.train_scores[group, candidate].assign(score)
        self.iterations[group, candidate].assign(self.iterations[group, candidate] + 1)
        self.converged[group, candidate].assign(tf.cast(gain < self.tolerance, tf.int64))

    def end_epoch(self, epoch: int) -> dict[str, float]:
        self._validate()
        if not self._validates:
            return {}
        counts = np.array([len(rows) for rows in self.validation])
        scores = self.validation_scores.numpy()[np.arange(self.steps), self.choice()]
        return {"validation_log_likelihood": float(np.average(scores, weights=counts))}

    def _validate(self) -> None:
        if self._validates:
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

    def chosen(self) -> list[Mixture]:
        """The chosen mixture of each group, as it stands."""
        return [
            _mixture(group[choice])
            for group, choice in zip(self.mixtures, self.choice(), strict=True)
        ]

    def table(self) -> list[dict]:
        """One row a candidate: components, nats a row on training and validation rows (means over
        the groups, weighted by their rows), and the most iterations that a group took."""
        train = np.average(
            self.train_scores.numpy(), axis=0, weights=[len(rows) for rows in self.train]
        )
        rows = [
            {"components": int(k), "log_likelihood": float(score), "iterations": int(iterations)}
            for k, score, iterations in zip(
                self.candidates, train, self.iterations.numpy().max(axis=0), strict=True
            )
        ]
        if self._validates:
            weights = [len(rows) for rows in self.validation]
            means = np.average(self.validation_scores.numpy(), axis=0, weights=weights)
            for row, mean in zip(rows, means, strict=True):
                row["validation_log_likelihood"] = float(mean)
        return rows

    def draw(self, run: Path) -> None:
        """RUN/components.csv and, of several candidates, components.png: likelihood against the
        number of components."""
        table = self.table()
        text = io.StringIO()
        writer = csv.DictWriter(text, fieldnames=list(table[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)
        write_text(run / "components.csv", text.getvalue())
        if len(table) == 1:
            return
        figure = Figure(figsize=(4.6, 3.4), layout="constrained")
        axes = figure.subplots()
        components = [row["components"] for row in table]
        for column, legend in self.panels["nats a sample"].items():
            axes.plot(components, [row[column] for row in table], marker="o", label=legend)
        axes.set_xscale("log", base=2)
        axes.set_xticks(components, map(str, components))
        axes.set(title="nats a sample", xlabel="components of each mixture")
        axes.legend(fontsize="small")
        axes.grid(alpha=0.3)
        save_figure(figure, run / "components.png")


def candidate_numbers(components: int | None, largest: int) -> tuple[int, ...]:
    """The numbers of components to choose from: 1, 2, 4, ... up to `largest`, or the one given."""
    if components is not None:
        return (components,)
    return tuple(2**power for power in range(largest.bit_length()))


def _variables(k: int, dims: int, full: bool) -> dict[str, tf.Variable]:
    """The parameters of a mixture, in the order of Mixture; `start` or a checkpoint fills them."""
    shapes = {"p": (k,), "mu": (k, dims), "sigma": (k, dims, dims) if full else (k, dims)}
    return {
        name: tf.Variable(tf.zeros(shape, tf.float64), trainable=False)
        for name, shape in shapes.items()
    }


def _assign(variables: dict[str, tf.Variable], values: Sequence[tf.Tensor]) -> None:
    for variable, value in zip(variables.values(), values, strict=True):
        variable.assign(value)


def _mixture(variables: dict[str, tf.Variable]) -> Mixture:
    return Mixture(*(variable.numpy() for variable in variables.values()))


def _check(
    train: Sequence[np.ndarray],
    validation: Sequence[np.ndarray],
    names: Sequence[str],
    candidates: Sequence[int],
) -> None:
    """Raises: InputError for groups that cannot be fitted or between which nothing can choose."""
    for name, rows, held_out in zip(names, train, validation, strict=True):
        needed = candidates[0]
        if len(rows) < needed:
            raise InputError(
                f"{len(rows)} training samples of {name}",
                f"at least {needed}, one for each component",
                "use more data, fewer --components, or --no-per-class",
            )
        if len(candidates) > 1 and not len(held_out):
            raise InputError(
                f"no validation sample of {name} to choose the number of components by",
                "at least one",
                "use more data, --no-per-class, or give --components",
            )
    if train[0].shape[1] == 0:
        raise InputError(
            "training samples that are all equal", "at least two different ones", "use other data"
        )
