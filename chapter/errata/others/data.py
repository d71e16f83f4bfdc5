"""Exhibits of what the chapter says of making and preparing data: E32, E35, E36."""

import numpy as np
from matplotlib.figure import Figure
from sklearn.linear_model import LogisticRegression

from baselines.inverse_transform import Copula
from baselines.regression import Linear
from chapter.errata.entry import Exhibit
from chapter.errata.gan.pictures import CURE, DEFECT
from data.tables.dataset import Column, Table
from data.tables.features import select_features

PURPOSE = 181  # of this file's random numbers
ROWS, NOISE_COLUMNS, KEPT = 80, 1_000, 10  # of E36


def regression_alone(seed: int) -> Exhibit:
    """E32: y from x is a line of means; x comes from nowhere."""
    generator = np.random.default_rng([seed, PURPOSE, 32])
    x = generator.gamma(2.0, 1.0, 1000)
    y = 0.8 * x + generator.normal(0.0, 1.0, 1000)
    link = Linear.fit(x[:, np.newaxis], y, np.zeros(1000, np.int64))
    means = x * link.weights[0] + link.bias
    drawn_x = np.quantile(x, generator.random(1000))  # the first column has its own distribution
    drawn_y = link.draw(drawn_x[:, np.newaxis], np.zeros(1000, np.int64), generator.random(1000))

    def measures(columns: int, made_x: np.ndarray, made_y: np.ndarray) -> dict:
        return {
            "columns it draws, of 2": columns,
            "spread of y, in units of the real one": float(made_y.std() / y.std()),
            "correlation of x and y": float(np.corrcoef(made_x, made_y)[0, 1]),
            "the real correlation": float(np.corrcoef(x, y)[0, 1]),
        }

    return Exhibit(measures(1, x, means), measures(2, drawn_x, drawn_y))


def one_dimension_at_a_time(seed: int) -> Exhibit:
    """E35: the inverse transform of each column alone loses what ties the columns."""
    generator = np.random.default_rng([seed, PURPOSE, 35])
    first = generator.exponential(1.0, 2000)
    rows = np.stack([first, first + 0.3 * generator.normal(size=2000)], axis=1)
    normal = generator.normal(size=rows.shape)
    made = {
        "each column alone": Copula.fit(rows, dependent=False).transform(normal),
        "with a Gaussian copula": Copula.fit(rows).transform(normal),
    }

    def measures(sample: np.ndarray) -> dict:
        return {
            "correlation of the columns": float(np.corrcoef(sample.T)[0, 1]),
            "the real correlation": float(np.corrcoef(rows.T)[0, 1]),
            "medians of the columns": [float(value) for value in np.median(sample, axis=0)],
            "the real medians": [float(value) for value in np.median(rows, axis=0)],
        }

    return Exhibit(*map(measures, made.values()), clouds(rows, made))


def clouds(rows: np.ndarray, made: dict[str, np.ndarray]) -> Figure:
    """E35: the real rows and both kinds of drawn ones."""
    figure = Figure(figsize=(9, 3.2), layout="constrained")
    shown = {"real": rows, **made}
    axes_row = figure.subplots(1, len(shown), sharex=True, sharey=True)
    colors = ("grey", DEFECT, CURE)
    for axes, (name, sample), color in zip(axes_row, shown.items(), colors, strict=True):
        axes.scatter(*sample[:500].T, s=4, color=color)
        axes.set(title=name)
    return figure


def prepared_before_the_split(seed: int) -> Exhibit:
    """E36: features chosen with the test rows in sight find a pattern in pure noise."""
    generator = np.random.default_rng([seed, PURPOSE, 36])
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
