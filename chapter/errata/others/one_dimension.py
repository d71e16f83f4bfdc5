"""E35. A method for one dimension, offered for tables and images

- **Place:** 3.2.3, the inverse transform.
- **Wrong:** The inverse of a distribution function exists in one dimension. A table has many
  columns, an image hundreds of pixels; transformed one by one they lose all that ties them
  together.
- **Shows:** `python run.py errata --only E35`: two columns correlated at 0.96 come out at -0.02,
  with the right medians; with a Gaussian copula at 0.86 (a copula of ranks, not of values, so not
  0.96). Of the breast-cancer table see `docs/results.md`.
- **Here:** `baselines/inverse_transform/copula.py:Copula` keeps each column's own distribution and
  draws the ranks together; `--no-copula` shows the method as the chapter names it.
- **Test:** `tests/chapter/errata/others/test_exhibits.py::test_e35_one_dimension_at_a_time`
"""

import numpy as np
from matplotlib.figure import Figure

from baselines.inverse_transform.copula import Copula
from chapter.errata.exhibit import CURE, DEFECT, Exhibit
from foundation.purposes import DATA_ERRATA, rng


def exhibit(seed: int) -> Exhibit:
    """E35: the inverse transform of each column alone loses what ties the columns."""
    generator = rng(seed, DATA_ERRATA, 35)
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
