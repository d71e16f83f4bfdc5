"""E36. Nothing says that preparation sees the training part only

- **Place:** 3.2.1 (cleaning, scaling, selection of features) and 5.1.2.
- **Wrong:** The chapter prepares "the data set" and never mentions a split. What is chosen or
  scaled with the test rows in sight has learnt from them.
- **Shows:** `python run.py errata --only E36`: 1,000 columns of pure noise, 80 rows. The 10 most
  telling columns of all rows give a classifier that is right on 78 % of the rows it was not
  trained on, where nothing is to be known; chosen by the training rows, 55 % of 40 rows, which is
  chance.
- **Here:** `data/tables/load.py:load_table` splits first, and every step of
  `data/tables/cleaning.py` is fitted to the training part. Held-out data are refused by hash in
  `data/synthetic/guard.py:HeldOut`.
- **Test:** `tests/chapter/errata/others/test_exhibits.py::test_e36_prepared_before_the_split`
"""

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
