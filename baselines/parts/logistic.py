"""Multinomial logistic regression with a ridge, for the categorical columns of a chain.

For numbers there is linear regression (erratum E31).
"""

import dataclasses

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from baselines.parts.draws import choose

RIDGE = 1.0  # scikit-learn's default; without one the weights of separable classes grow for ever


@dataclasses.dataclass(frozen=True, eq=False)
class Logistic:
    """p(category | x) = softmax(W x + b).

    Args:
      weights: W, float64 (categories, d).
      biases: b, float64 (categories,).
    """

    weights: np.ndarray
    biases: np.ndarray

    @classmethod
    def fit(cls, rows: np.ndarray, codes: np.ndarray, categories: int) -> "Logistic":
        """Minimize -sum ln p(code | row) + RIDGE / 2 |W|^2 by L-BFGS.

        Args:
          rows: float64 (n, d); d may be 0.
          codes: int64 (n,) in [0, categories).
        """
        n, d = rows.shape

        def loss_and_gradient(parameters: np.ndarray) -> tuple[float, np.ndarray]:
            weights, biases = np.split(parameters, [categories * d])
            weights = weights.reshape(categories, d)
            logits = rows @ weights.T + biases  # (n, categories)
            loss = -log_softmax(logits, axis=1)[np.arange(n), codes].sum()
            errors = softmax(logits, axis=1)
            errors[np.arange(n), codes] -= 1.0  # d loss / d logits
            gradient = np.concatenate(
                [(errors.T @ rows + RIDGE * weights).ravel(), errors.sum(axis=0)]
            )
            return loss + RIDGE / 2 * (weights**2).sum(), gradient

        start = np.zeros(categories * (d + 1))
        found = minimize(loss_and_gradient, start, jac=True, method="L-BFGS-B").x
        weights, biases = np.split(found, [categories * d])
        return cls(weights.reshape(categories, d), biases)

    def probabilities(self, rows: np.ndarray) -> np.ndarray:
        """p of each category: float64 (rows, categories)."""
        return softmax(rows @ self.weights.T + self.biases, axis=1)

    def draw(self, rows: np.ndarray, u: np.ndarray) -> np.ndarray:
        """A category for each row, by numbers u uniform in [0, 1): int64 (rows,)."""
        return choose(np.cumsum(self.probabilities(rows), axis=1), u)
