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
from evaluation.metrics.privacy.membership import attack_beside_real
from evaluation.printing import print_accuracies, print_metrics
from evaluation.tables.utility import table_utility
from foundation.errors import InputError
from foundation.purposes import COMPARED_ROWS, rng

NEIGHBOURS = {
    "precision": "share of synthetic rows among real ones; below the real figure: unlikely rows",
    "recall": "share of real rows among synthetic ones; below the real figure: rows left out",
    "density": "as precision, but far-off real rows count less; can exceed 1",
    "coverage": "as recall, but far-off synthetic rows do not help",
}
ATTACKS = {
    "distance": (
        "how well the nearest synthetic row tells training rows from held-out ones; 0.5: not at "
        "all; near 0.5 says only that this attack found nothing"
    ),
    "calibrated": (
        "the same, set against the nearest of other real rows; near 0.5 says only that this attack "
        "found nothing"
    ),
}
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
    drawn, real = _drawn(synthetic, count, seed, 0), _drawn(training, count, seed, 1)
    metrics = {
        **_fidelity(drawn, real, training, test, seed),
        **_memorisation(synthetic, training, validation, test, seed),
    }
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
    most = [_drawn(table, MOST_ROWS, seed, 3) for table in (drawn, real, test)]
    *rows, test_rows = map(Encoding.fit(training).encode, most)
    tables = (drawn, real)
    return {
        "ks": beside(
            "largest difference of the distribution functions, mean over the columns of numbers; "
            "lower is better, down to the real figure",
            lambda side: _columns(side, test, numeric=True),
            *tables,
        ),
        "total_variation": beside(
            "half the sum of differences in shares, mean over the categorical columns; lower is "
            "better; the real figure of the target is near 0, as the split keeps the classes' "
            "shares",
            lambda side: _columns(side, test, numeric=False),
            *tables,
        ),
        "correlation_difference": beside(
            "mean |difference| of Pearson's correlations over all pairs; lower is better, down to "
            "the real figure",
            lambda side: correlation_difference(side, test),
            *tables,
        ),
        "rank_correlation_difference": beside(
            "the same of Spearman's, which no outlier moves",
            lambda side: correlation_difference(side, test, ranks=True),
            *tables,
        ),
        "joint_total_variation": beside(
            "the same for pairs with a category, as differences of their joint shares",
            lambda side: joint_total_variation(side, test, training),
            *tables,
        ),
        **_neighbours(*rows, test_rows),
        "detection_auc": beside(
            "how well an SVM tells the rows from held-out real ones; 0.5 or, with few rows, less: "
            "it cannot; much above the real figure: they differ in some way",
            lambda side: detection_auc(side, test_rows, seed),
            *rows,
        ),
    }


def _neighbours(made: np.ndarray, real: np.ndarray, test: np.ndarray) -> dict:
    """Four figures that are computed together."""
    found = beside(
        "", lambda rows: {"value": precision_recall_density_coverage(test, rows)}, made, real
    )
    return {
        name: {
            **found,
            **{side: found[side] and found[side][name] for side in ("value", "real")},
            "how_to_read": words,
        }
        for name, words in NEIGHBOURS.items()
    }


def _memorisation(
    synthetic: Table, training: Table, validation: Table, test: Table, seed: int
) -> dict:
    """The figures of rows compared with training ones: synthetic, and held-out in their place."""
    most = [_drawn(table, MOST_ROWS, seed, 3) for table in (training, validation, test)]
    sides = (_drawn(synthetic, MOST_SYNTHETIC, seed, 3), *most)
    made, known, reference, held_out = map(Encoding.fit(training).encode, sides)
    names = ("rows", "all_rows")
    attacks = answer(
        lambda: {
            "value": attack_beside_real(
                made, known, known, held_out, reference, seed, ATTACK_REPEATS, names
            )
        }
    )
    return {
        "exact_copies": beside(
            "share of rows equal to a training row; above the real figure: training rows are given "
            "away",
            lambda side: {"value": float(exact_copies(side, training).mean())},
            synthetic,
            test,
        ),
        "near_copies": beside(
            "share of rows at most half as far from a training row as its nearest other training "
            "row; above the real figure: training rows are given away but for a little noise",
            lambda side: {"value": float(near_copies(side, known)[0].mean())},
            made,
            held_out,
        ),
        # Validation rows are the held-out side: the test rows stand in for the synthetic ones.
        "nearer_to_training": beside(
            "share of rows nearer to training rows than to as many held-out ones; above the real "
            "figure: the rows lean on the training rows",
            lambda side: nearer_to_training(side, known, reference, rng(seed, COMPARED_ROWS, 2)),
            made,
            held_out,
        ),
        **{
            f"attack_auc_{name}": {
                **(attacks if attacks["value"] is None else attacks["value"][name]),
                "how_to_read": words,
            }
            for name, words in ATTACKS.items()
        },
    }


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


def _held_out(dataset: TableDataset, split: str) -> tuple[Table, Table]:
    """(validation, test), or the two halves of the validation rows."""
    if split == "test":
        return dataset.validation, dataset.test
    places = np.arange(len(dataset.validation))
    return dataset.validation.take(places[::2]), dataset.validation.take(places[1::2])


def _drawn(table: Table, count: int, seed: int, number: int) -> Table:
    """`count` rows of the table, in order; all of them if there are no more."""
    order = rng(seed, COMPARED_ROWS, number).permutation(len(table))
    return table.take(np.sort(order[:count]))


def print_tables(report: dict) -> None:
    """What was compared, the figures, and what the rows are worth."""
    print(
        f"{report['compared_rows']} of {report['synthetic_rows']} synthetic and of "
        f"{report['training_rows']} training rows, each against {report['held_out_rows']} held-out "
        f"rows ({report['split']})"
    )
    print_metrics(report["metrics"])
    print()
    utility = report["utility"]
    if "reason" in utility:
        print(f"utility not computed: {utility['reason']}")
        return
    classifiers, tested = utility["classifiers"], f"{utility['test_rows']} real test rows"
    print_accuracies(classifiers, utility["rows"], tested, utility["seeds"])
    print(utility["seeds_vary"])
    spans = [found["real"]["other_test_rows"] for found in classifiers.values() if "real" in found]
    if spans:
        widest = max(high - low for low, high in spans) / 2
        print(f"other test rows would move an accuracy by about ±{100 * widest:.1f} points")
