"""Linear regression with a ridge that leaving one row out has chosen."""

import numpy as np

# Strengths tried, in units of a standardized row's square. With the smallest it is least squares:
# more rows than columns choose it; nearly as many columns as rows need a large one.
STRENGTHS = (1e-6, 1e-2, 1e-1, 1.0, 10.0, 100.0, 1000.0)
LARGEST_LEVERAGE = 0.999


def ridge_regression(rows: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, float, np.ndarray]:
    """The w and b that minimise |y - X w - b|^2 + strength |w|^2, and residuals to draw from.

    The strength is the one that predicts rows left out best: by the mean of (e_i / (1 - h_i))^2,
    with the leverages h, for which nothing is fitted again. The residuals are e_i / sqrt(1 - h_i):
    a fit bends towards its rows, and without the root its residuals are too small by that.

    Args:
      rows: X, float64 (n, d), n >= 2; d may be 0.
      y: float64 (n,).

    Returns: w (d,); b; residuals (n,).
    Reference: Allen 1974, The relationship between variable selection and data augmentation and a
      method for prediction (leaving one out); MacKinnon and White 1985, Some
      heteroskedasticity-consistent covariance matrix estimators with improved finite sample
      properties (the root, HC2).
    """
    n = len(rows)
    row_mean, y_mean = rows.mean(axis=0), y.mean()
    centred, y = rows - row_mean, y - y_mean
    values, vectors = np.linalg.eigh(centred.T @ centred)  # X^T X = V diag(values) V^T
    values = values.clip(min=0.0)
    turned = centred @ vectors  # (n, d)
    best = None
    for strength in STRENGTHS:
        shrunk = 1.0 / (values + strength)
        coefficients = shrunk * (turned.T @ y)
        leverages = np.minimum(turned**2 @ shrunk + 1.0 / n, LARGEST_LEVERAGE)
        errors = y - turned @ coefficients
        score = ((errors / (1.0 - leverages)) ** 2).mean()
        if best is None or score < best[0]:
            best = score, vectors @ coefficients, errors / np.sqrt(1.0 - leverages)
    _, weights, residuals = best
    return weights, float(y_mean - row_mean @ weights), residuals
