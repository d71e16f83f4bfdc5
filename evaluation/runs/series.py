"""How well a baseline predicts a held-out series, and what its own series are like."""

from collections.abc import Callable

import numpy as np
from scipy.stats import ks_2samp

from data.tables.encoding import Encoding
from data.tables.series import SeriesDataset
from evaluation.config import BaselineEvaluateSettings
from evaluation.printing import print_metrics
from training.stored import StoredRun


def evaluate_series(
    stored: StoredRun, dataset: SeriesDataset, settings: BaselineEvaluateSettings
) -> dict:
    """Likelihood of the held-out steps; a synthetic series of as many steps beside them.

    The real figures are those of the last steps of the training part, as many.
    """
    generator = stored.generator
    held_out = getattr(dataset, settings.split)
    steps = min(len(held_out), len(dataset.train))
    held_out, training = held_out[:steps], dataset.train[-steps:]
    synthetic = generator.sample(settings.seed, 0, 1, length=steps)[0]
    encode = Encoding.fit(dataset.table(dataset.train)).encode  # of a category its columns of 0, 1

    def rows(series: np.ndarray) -> np.ndarray:
        return encode(dataset.table(series))

    def beside(compute: Callable[[np.ndarray], float], candidate: np.ndarray, words: str) -> dict:
        return {"value": compute(candidate), "real": compute(training), "how_to_read": words}

    metrics = {
        "log_likelihood": beside(
            lambda part: float(generator.log_likelihood(part[np.newaxis])[0] / len(part)),
            held_out,
            "nats a step, in the units of the data; higher is better; the real figure (the end of "
            "the training part) far above: learnt by heart, or the series has changed",
        ),
        "ks": beside(
            lambda series: ks(rows(series), rows(held_out)),
            synthetic,
            "mean over the columns, 0 (the same values as often) to 1; at best about the real "
            "figure",
        ),
        "autocorrelation_difference": beside(
            lambda series: autocorrelation_difference(rows(series), rows(held_out)),
            synthetic,
            "mean over the columns, of neighbouring steps; 0: the same memory; at best about the "
            "real figure",
        ),
    }
    if not settings.quiet:
        print(f"{steps} synthetic and {steps} training steps against {settings.split} steps")
        print_metrics(metrics)
    return {
        "data": dataset.name,
        "data_sha256": dataset.sha256,
        "split": settings.split,
        "columns": [column.name for column in dataset.columns],
        "steps": steps,
        "metrics": metrics,
    }


def ks(a: np.ndarray, b: np.ndarray) -> float:
    """Largest difference of the distribution functions, mean over the columns."""
    return float(np.mean([ks_2samp(x, y).statistic for x, y in zip(a.T, b.T, strict=True)]))


def autocorrelation_difference(a: np.ndarray, b: np.ndarray) -> float:
    """Difference of the correlations of each step with the next, mean over the columns."""
    return float(np.mean(np.abs(_autocorrelation(a) - _autocorrelation(b))))


def _autocorrelation(series: np.ndarray) -> np.ndarray:
    """Of neighbouring steps, (columns,); 0 for a constant column."""
    centred = series - series.mean(axis=0)
    variance = (centred**2).mean(axis=0)
    products = (centred[1:] * centred[:-1]).mean(axis=0)
    return np.where(variance > 0, products / np.where(variance > 0, variance, 1.0), 0.0)
