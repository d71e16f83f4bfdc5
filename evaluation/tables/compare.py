"""Synthetic tables against real ones: every figure beside that of real rows in the same place.

Fidelity compares synthetic rows with held-out ones, and as many training rows with the same
held-out ones. Memorisation compares them with the training rows, and held-out rows with the same.
"""

import numpy as np

from data.tables.dataset import Table, TableDataset
from data.tables.encoding import Encoding
from evaluation.answers import answer, beside
from evaluation.metrics.likeness.columns import (
    column_distances,
    correlation_difference,
    joint_total_variation,
)
from evaluation.metrics.likeness.detection import detection_auc
from evaluation.metrics.likeness.precision_recall import precision_recall_density_coverage
from evaluation.metrics.privacy.copies import exact_copies, near_copies, nearer_to_training
from evaluation.metrics.privacy.membership import ATTACKS, attack_beside_real
from evaluation.tables.guide import HOW_TO_READ
from evaluation.tables.utility import table_utility
from foundation.errors import InputError
from foundation.purposes import COMPARED_ROWS, rng

NEIGHBOURS = ("precision", "recall", "density", "coverage")
# Distances between all rows of two sets are taken: with more rows it would be hours.
MOST_ROWS, MOST_SYNTHETIC = 10_000, 50_000
ATTACK_REPEATS = 10  # draws of few rows


def compare_tables(
    dataset: TableDataset, synthetic: Table, seeds: int = 5, seed: int = 0, split: str = "test"
) -> dict:
    """Measure synthetic rows, and real ones in their place.

    Args:
      dataset: real rows; the generator may have seen `train` and nothing else.
      synthetic: rows with the columns of `dataset`. Of more than there are training rows, as many
        are drawn for the fidelity; the others take all. Where distances of rows are taken, at most
        10,000 rows of each side (50,000 synthetic ones for memorisation) are drawn.
      seeds: trainings of each classifier.
      seed: of the draws.
      split: "test" to report; "validation" to choose by: then half of the validation rows stand for
        the test rows and the other half for themselves, and the test rows are not looked at.

    Returns: a dict fit for JSON: what was compared; "metrics": name -> {"value", "real",
      "how_to_read"} and details, or {"value": None, "reason"}; "utility": see `table_utility`.
    Raises: InputError for other columns than the real ones.
    """
    if synthetic.columns != dataset.train.columns:
        raise InputError(
            f"a synthetic table with the columns {', '.join(synthetic.names)}",
            f"{', '.join(dataset.train.names)}",
            "give both the same columns",
        )
    training = dataset.train
    validation, test = _held_out(dataset, split)
    count = min(len(synthetic), len(training))
    drawn = synthetic.take(_draw(len(synthetic), count, seed, 0))
    real = training.take(_draw(len(training), count, seed, 1))
    metrics = {
        **_fidelity(drawn, real, training, test, seed),
        **_memorisation(synthetic, training, validation, test, seed),
    }
    metrics = {name: {**found, "how_to_read": HOW_TO_READ[name]} for name, found in metrics.items()}
    return {
        "data": dataset.name,
        "data_sha256": dataset.sha256,
        "target": training.target,
        "split": split,
        "synthetic_rows": len(synthetic),
        "compared_rows": count,
        "training_rows": len(training),
        "held_out_rows": len(test),
        "seed": seed,
        "metrics": metrics,
        "utility": answer(
            lambda: table_utility(training, synthetic, validation, test, seeds, seed)
        ),
    }


def _fidelity(drawn: Table, real: Table, training: Table, test: Table, seed: int) -> dict:
    """The figures of rows compared with held-out ones: `drawn`, and `real` in its place."""
    most = [_at_most(table, MOST_ROWS, seed) for table in (drawn, real, test)]
    *rows, test_rows = map(Encoding.fit(training).encode, most)
    tables = (drawn, real)
    neighbours = beside(
        lambda side: {"value": precision_recall_density_coverage(test_rows, side)}, *rows
    )
    return {
        "ks": beside(lambda side: _columns(side, test, numeric=True), *tables),
        "total_variation": beside(lambda side: _columns(side, test, numeric=False), *tables),
        "correlation_difference": beside(lambda side: correlation_difference(side, test), *tables),
        "rank_correlation_difference": beside(
            lambda side: correlation_difference(side, test, ranks=True), *tables
        ),
        "joint_total_variation": beside(
            lambda side: joint_total_variation(side, test, training), *tables
        ),
        **{name: _one_of(neighbours, name) for name in NEIGHBOURS},
        "detection_auc": beside(lambda side: detection_auc(side, test_rows, seed), *rows),
    }


def _memorisation(
    synthetic: Table, training: Table, validation: Table, test: Table, seed: int
) -> dict:
    """The figures of rows compared with training ones: synthetic, and held-out in their place."""
    most = [_at_most(table, MOST_ROWS, seed) for table in (training, validation, test)]
    sides = (_at_most(synthetic, MOST_SYNTHETIC, seed), *most)
    made, known, reference, held_out = map(Encoding.fit(training).encode, sides)

    def nearer(rows: np.ndarray) -> dict:
        # Validation rows are the held-out side: the test rows stand in for the synthetic ones.
        generator = rng(seed, COMPARED_ROWS, 2)
        return nearer_to_training(rows, known, reference, generator)

    attacks = answer(
        lambda: {
            "value": attack_beside_real(
                made, known, known, held_out, reference, seed, ATTACK_REPEATS
            )
        }
    )
    return {
        "exact_copies": beside(
            lambda side: {"value": float(exact_copies(side, training).mean())}, synthetic, test
        ),
        "near_copies": beside(
            lambda side: {"value": float(near_copies(side, known)[0].mean())}, made, held_out
        ),
        "nearer_to_training": beside(nearer, made, held_out),
        **{
            f"attack_auc_{name}": attacks
            if attacks["value"] is None
            else _of_rows(attacks["value"][name])
            for name in ATTACKS
        },
    }


def _at_most(table: Table, most: int, seed: int) -> Table:
    """The table, or a draw of its rows where it has more."""
    return table if len(table) <= most else table.take(_draw(len(table), most, seed, 3))


def _columns(table: Table, test: Table, numeric: bool) -> dict:
    """Mean over the columns of one kind, the worst one, and each."""
    found = column_distances(table, test, numeric)
    worst = max(found, key=found.get)
    return {
        "value": float(np.mean(list(found.values()))),
        "largest": found[worst],
        "column": worst,
        "columns": found,
    }


def _of_rows(attack: dict) -> dict:
    """An attack with the names that a report of tables has."""
    return {"rows": attack.pop("few"), "all_rows": attack.pop("all"), **attack}


def _one_of(figures: dict, name: str) -> dict:
    """One of several figures that were computed together; or, without an answer, the reason."""
    picked = {side: figures[side] and figures[side][name] for side in ("value", "real")}
    return {**figures, **picked}


def _held_out(dataset: TableDataset, split: str) -> tuple[Table, Table]:
    """(validation, test), or the two halves of the validation rows."""
    if split == "test":
        return dataset.validation, dataset.test
    if split != "validation":
        raise InputError(f"split {split!r}", "test or validation", "choose one of these")
    places = np.arange(len(dataset.validation))
    return dataset.validation.take(places[::2]), dataset.validation.take(places[1::2])


def _draw(available: int, count: int, seed: int, index: int) -> np.ndarray:
    """Places of `count` of the available rows, in order."""
    generator = rng(seed, COMPARED_ROWS, index)
    return np.sort(generator.permutation(available)[:count])
