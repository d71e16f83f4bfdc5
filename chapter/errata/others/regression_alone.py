"""E32. A regression alone generates no x: see docs/errata.md."""

import numpy as np

from baselines.regression.chain import Linear
from chapter.errata.exhibit import Exhibit
from foundation.purposes import DATA_ERRATA, rng


def exhibit(seed: int) -> Exhibit:
    """E32: y from x is a line of means; x comes from nowhere."""
    generator = rng(seed, DATA_ERRATA, 32)
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
