"""What are synthetic rows worth to who has few patients, and to who has many (chapter 6.3)?

A seed draws another split of all rows: nothing is the same for all seeds but the patients there
are. The generators have seen the training rows of the seed and no others. Every arm has the same
validation rows to choose by, the same candidates, and the same real test rows.
"""

import dataclasses
from collections.abc import Mapping

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from baselines.config import BaselineSettings
from baselines.registry import fit
from chapter.claims.experiment import TABLE_GENERATORS, Measured, Measures
from data.source import TABLE
from data.splits import stratified_draw
from data.synthetic.guard import HeldOut
from data.tables.columns import RawTable
from data.tables.dataset import Table, TableDataset
from data.tables.encoding import Encoding
from data.tables.load import cleaned, read_rows
from data.tables.splits import split_rows
from evaluation.answers import answer
from evaluation.judges.tables import CLASSIFIERS, log_loss, tuned_classifier
from evaluation.metrics.likeness.columns import column_distances, correlation_difference
from evaluation.metrics.likeness.detection import detection_auc
from evaluation.metrics.privacy.copies import near_copies
from evaluation.metrics.privacy.membership import attack_beside_real
from foundation.errors import Diverged
from foundation.purposes import TABLE_TRIAL, rng
from foundation.quiet import retracing_allowed
from training.generator import usual_labels

BREAST_CANCER = "breast_cancer"  # the DATA of this trial
REAL, MISSING, NOISY = "real", "real, cells missing", "real, noisy labels"
AGAIN = "real, same rows again"  # the control: repeating alone must change nothing
SPLIT, FEW, CHOICE, CELLS, LABELS = range(5)  # what is drawn, each for itself
UTILITY = (*(name.lower().replace(" ", "_") for name in CLASSIFIERS), "worst_recall")
LOG_LOSSES = ("lda_nats", "logistic_regression_nats")
LIKENESS = ("ks", "correlation_difference", "detection_auc", "near_copies")
ATTACKS = {"attack_auc": "distance", "attack_auc_calibrated": "calibrated"}
# Thousands of products of small matrices: two threads mostly wait for each other.
one_thread = threadpool_limits.wrap(limits=1)


def tables_trial(seed: int, sizes: Mapping) -> Measured:
    """Classifiers that have learnt from real rows, from synthetic ones, and from both.

    Args:
      seed: of the split, the generators, their rows, and the MLP's first weights.
      sizes: "training": rows, and as many to choose by (None: all of the training and of the
        validation part); "made": synthetic rows (None: as many as training rows); "preset" of the
        generators; "missing": share of the training cells to lose and "flipped": share of the
        training labels to turn round, in arms of their own (None: no such arm).

    Returns: arm -> measure -> value. All arms: "lda", "logistic_regression", "svm", "mlp": accuracy
      on real test rows; "lda_nats", "logistic_regression_nats": mean log loss on them;
      "worst_recall": of the class that is recognised worst, mean over the four.
      Arms of a generator alone, and "real", where real rows that nobody was fitted to stand in the
      samples' place: "ks": mean over the columns, "correlation_difference", "detection_auc", all
      against test rows at the same size; "near_copies" of training rows; "attack_auc" (by distance)
      and "attack_auc_calibrated": with few rows at the same size, 0.5 if they betray nothing.
      Of a generator also "attack_auc_all_rows": by distance, with all of its rows.
      Rows of the log losses: a test patient each; `units` says which.
    """
    raw, _ = read_rows(BREAST_CANCER)
    target = raw.target
    parts = drawn_parts(raw, target, sizes["training"], seed)
    patients = Patients.of(raw, parts, target, sizes["training"], seed)
    count = sizes["made"] or len(patients.training)
    made = {
        name: made_rows(name, patients, count, sizes["preset"], seed) for name in TABLE_GENERATORS
    }
    arms = {
        REAL: patients.training,
        **made,
        **{f"real + {name}": with_real(patients.training, each) for name, each in made.items()},
        AGAIN: with_real(patients.training, same_rows(patients.training, count)),
    }
    if sizes["flipped"] is not None:
        arms[NOISY] = with_flipped_labels(patients.training, sizes["flipped"], seed)
    found = {name: utility(name, table, patients, seed) for name, table in arms.items()}
    if sizes["missing"] is not None:
        holed = with_missing_cells(raw, parts, target, sizes["missing"], seed)
        worse = Patients.of(holed, parts, target, sizes["training"], seed)
        found[MISSING] = utility(MISSING, worse.training, worse, seed)
    measures = {name: values for name, (values, _) in found.items()}
    for name, values in sample_measures(made, patients, seed).items():
        measures[name] |= values
    rows = {name: of_patients for name, (_, of_patients) in found.items()}
    return Measured(measures, rows, np.flatnonzero(parts == "test"), len(patients.training))


@dataclasses.dataclass(frozen=True, eq=False)
class Patients:
    """The rows of a seed, clean; what cleaning learns, it learns from the training rows.

    Args:
      training: what arms and generators have.
      validation: as many to choose by, or fewer.
      fresh: the whole validation part, in the place of synthetic rows.
      test: all others.
      encoding: of the columns but the target, scaled by the training rows.
      held_out: what no arm may hold: what validates and tests, without the target.
    """

    training: Table
    validation: Table
    fresh: Table
    test: Table
    encoding: Encoding
    held_out: HeldOut

    @classmethod
    def of(
        cls, raw: RawTable, parts: np.ndarray, target: str, training: int | None, seed: int
    ) -> "Patients":
        """Clean the rows of the parts, and draw what validates."""
        dataset = cleaned(raw, parts)
        fresh = validation = dataset.validation
        if training is not None:
            few = stratified_draw(fresh.labels, training, [seed, TABLE_TRIAL, CHOICE])
            validation = fresh.take(few)
        return cls(
            dataset.train,
            validation,
            fresh,
            dataset.test,
            Encoding.fit(dataset.train.without_target()),
            HeldOut.of_parts(
                validation=fresh.without_target().values, test=dataset.test.without_target().values
            ),
        )

    def matrix(self, table: Table) -> np.ndarray:
        """What classifiers see of it: float64 (rows, columns)."""
        return self.encoding.encode(table.without_target())


def drawn_parts(raw: RawTable, target: str, training: int | None, seed: int) -> np.ndarray:
    """60 % train, 20 % validate, 20 % test, drawn by class; or few train, and the others test.

    Args:
      training: how many train; None: the 60 %.

    Returns: "train", "validation" or "test" for each row.
    """
    parts, _ = split_rows(raw, [seed, TABLE_TRIAL, SPLIT])
    if training is not None:
        places = np.flatnonzero(parts == "train")
        labels = pd.factorize(raw.cells[target].iloc[places], sort=True)[0]
        parts[places] = "test"
        parts[places[stratified_draw(labels, training, [seed, TABLE_TRIAL, FEW])]] = "train"
    return parts


def made_rows(name: str, patients: Patients, count: int, preset: str, seed: int) -> Table | None:
    """Rows of a generator that was fitted to the training rows, its classes as frequent as there.

    Returns: a Table of `count` rows, or None if it cannot be fitted to so few.
    """
    none = patients.test.take(np.empty(0, np.int64))  # the test rows are nobody's business
    data = TableDataset(BREAST_CANCER, patients.training, patients.validation, none)
    settings = BaselineSettings.resolve(
        {"model": name, "data": BREAST_CANCER, "preset": preset, "seed": seed, "quiet": True}
    )

    def drawn() -> dict:
        with retracing_allowed():
            generator = fit(name, TABLE, data, settings)
            labels = usual_labels(generator, seed, 0, count)
            return {"value": generator.sample(seed, 0, count, labels)}

    try:
        return answer(drawn)["value"]
    except Diverged:
        return None


def with_real(real: Table, made: Table | None) -> Table | None:
    """Both, each about half of the rows: real rows stand there several times if they are fewer."""
    if made is None:
        return None
    times = max(1, round(len(made) / len(real)))
    return real.with_values(np.concatenate([*[real.values] * times, made.values]))


def same_rows(real: Table, count: int) -> Table:
    """So many rows, the real ones in turn."""
    return real.take(np.arange(count) % len(real))


def with_missing_cells(
    raw: RawTable, parts: np.ndarray, target: str, share: float, seed: int
) -> RawTable:
    """The rows, with each cell of a training row but the target lost with probability `share`."""
    lost = rng(seed, TABLE_TRIAL, CELLS).random(raw.cells.shape)
    lost = (lost < share) & (parts == "train")[:, None]
    lost[:, raw.cells.columns.get_loc(target)] = False
    return dataclasses.replace(raw, cells=raw.cells.mask(lost))


def with_flipped_labels(table: Table, share: float, seed: int) -> Table:
    """The rows of two classes, with the label of this share of them turned round."""
    order = rng(seed, TABLE_TRIAL, LABELS).permutation(len(table))
    values = table.values.copy()
    chosen = order[: round(share * len(table))]
    values[chosen, table.target_index] = 1 - values[chosen, table.target_index]
    return table.with_values(values)


@one_thread
def utility(
    arm: str, table: Table | None, patients: Patients, seed: int
) -> tuple[dict[str, float | None], dict[str, np.ndarray]]:
    """Measures on the test rows of classifiers that have learnt from the table; and rows of some.

    Raises: InputError if it holds validation or test rows.
    """
    values: dict[str, float | None] = dict.fromkeys((*UTILITY, *LOG_LOSSES))
    rows: dict[str, np.ndarray] = {}
    if table is None:
        return values, rows
    patients.held_out.refuse(f"the arm {arm!r}", table.without_target().values)
    learnt = patients.matrix(table), table.labels
    chosen = patients.matrix(patients.validation), patients.validation.labels
    tested, labels = patients.matrix(patients.test), patients.test.labels
    worst = []
    for name in CLASSIFIERS:
        measure = name.lower().replace(" ", "_")

        def trained(name: str = name) -> dict:
            weighed_as = len(patients.training)  # repeated or joined by others, it is these rows
            return {"value": tuned_classifier(name, *learnt, *chosen, seed, weighed_as, True)}

        classifier = answer(trained)["value"]
        if classifier is None:
            continue
        right = classifier.predict(tested) == labels
        values[measure] = float(right.mean())
        worst.append(min(float(right[labels == label].mean()) for label in np.unique(labels)))
        if f"{measure}_nats" in LOG_LOSSES:
            rows[f"{measure}_nats"] = log_loss(classifier, tested, labels)
            values[f"{measure}_nats"] = float(rows[f"{measure}_nats"].mean())
    values["worst_recall"] = float(np.mean(worst)) if worst else None
    return values, rows


@one_thread
def sample_measures(made: Mapping[str, Table | None], patients: Patients, seed: int) -> Measures:
    """What the rows of each generator are like, and fresh real rows in their place."""
    measures = {REAL: {**likeness(patients.fresh, patients, seed), **dict.fromkeys(ATTACKS)}}
    for name, table in made.items():
        if table is None:
            measures[name] = dict.fromkeys((*LIKENESS, *ATTACKS, "attack_auc_all_rows"))
            continue
        measures[name] = likeness(table, patients, seed)
        sides = (table, patients.training, patients.test, patients.fresh)
        encoded, known, test, fresh = map(Encoding.fit(patients.training).encode, sides)
        found = attack_beside_real(encoded, known, known, test, fresh, seed, repeats=10)
        for measure, kind in ATTACKS.items():
            measures[name][measure] = found[kind]["value"]
            measures[REAL][measure] = found[kind]["real"]  # the same whatever the generator
        measures[name]["attack_auc_all_rows"] = found["distance"]["all"]
    return measures


def likeness(table: Table, patients: Patients, seed: int) -> dict[str, float | None]:
    """How like the test rows some rows are, and how near to the training rows.

    Of more rows than there are fresh ones the first are compared: the distance of two samples falls
    with their size. A share of near copies does not, so all are asked.
    """
    some = table.take(np.arange(min(len(table), len(patients.fresh))))
    sides = (some, patients.test, table, patients.training)
    rows, test, all_rows, known = map(Encoding.fit(patients.training).encode, sides)
    distances = column_distances(some, patients.test, numeric=True)
    return {
        "ks": float(np.mean(list(distances.values()))),
        "correlation_difference": correlation_difference(some, patients.test)["value"],
        "detection_auc": answer(lambda: detection_auc(rows, test, seed))["value"],
        "near_copies": float(near_copies(all_rows, known)[0].mean()),
    }
