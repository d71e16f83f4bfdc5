"""E35. A method for one dimension, offered for tables and images: see docs/errata.md."""

import numpy as np
from matplotlib.figure import Figure

from baselines.inverse_transform.copula import Copula
from chapter.errata.exhibit import CURE, DEFECT, Exhibit, Measures
from foundation.purposes import DATA_ERRATA, rng


def exhibit(seed: int) -> Exhibit:
    """E35: the inverse transform of each column alone loses what ties the columns."""
    generator = rng(seed, DATA_ERRATA, 35)
    first = generator.exponential(1.0, 2000)
    rows = np.stack([first, first + 0.3 * generator.normal(size=2000)], axis=1)
    normal = generator.normal(size=rows.shape)
    alone = Copula.fit(rows, dependent=False).transform(normal)
    together = Copula.fit(rows).transform(normal)

    def measures(sample: np.ndarray) -> Measures:
        return {
            "correlation of the columns": float(np.corrcoef(sample.T)[0, 1]),
            "the real correlation": float(np.corrcoef(rows.T)[0, 1]),
            "medians of the columns": np.median(sample, axis=0).tolist(),
            "the real medians": np.median(rows, axis=0).tolist(),
        }

    shown = {
        "real": (rows, "grey"),
        "each column alone": (alone, DEFECT),
        "with a Gaussian copula": (together, CURE),
    }
    figure = Figure(figsize=(9, 3.2), layout="constrained")
    all_axes = figure.subplots(1, 3, sharex=True, sharey=True)
    for axes, (title, (sample, color)) in zip(all_axes, shown.items(), strict=True):
        axes.scatter(*sample[:500].T, s=4, color=color)
        axes.set(title=title)
    return Exhibit(measures(alone), measures(together), figure)
