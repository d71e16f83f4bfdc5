"""E36. Nothing says that preparation sees the training part only: see docs/errata.md."""

import numpy as np
from sklearn.linear_model import LogisticRegression

from chapter.errata.exhibit import Exhibit
from data.tables.dataset import Column, Table
from data.tables.features import select_features
from foundation.purposes import DATA_ERRATA, rng

ROWS, NOISE_COLUMNS, KEPT = 80, 1_000, 10  # of E36


def exhibit(seed: int) -> Exhibit:
    """E36: features chosen with the test rows in sight find a pattern in pure noise."""
    generator = rng(seed, DATA_ERRATA, 36)
    rows = generator.normal(size=(ROWS, NOISE_COLUMNS))  # nothing in them tells of the class
    labels = generator.permutation(np.arange(ROWS) % 2)
    train, test = np.arange(ROWS // 2), np.arange(ROWS // 2, ROWS)

    def measures(seen: np.ndarray) -> dict:
        chosen = [int(name) for name in select_features(noise_table(rows, labels, seen), KEPT)]
        model = LogisticRegression().fit(rows[np.ix_(train, chosen)], labels[train])
        return {
            "rows by which 10 of 1,000 columns are chosen": len(seen),
            "accuracy on the test rows (chance: 0.5)": float(
                model.score(rows[np.ix_(test, chosen)], labels[test])
            ),
        }

    return Exhibit(measures(np.arange(ROWS)), measures(train))


def noise_table(rows: np.ndarray, labels: np.ndarray, seen: np.ndarray) -> Table:
    """Some of the rows with their class as a table, the columns named by their number."""
    columns = [Column(str(number)) for number in range(rows.shape[1])]
    values = np.column_stack([rows, labels])[seen]
    return Table((*columns, Column("class", ("a", "b"))), values, "class")
