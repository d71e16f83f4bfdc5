"""Does synthetic data make a classifier robust (chapter 3.3.1)? Its accuracy on worsened images."""

from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.figure import Figure

from evaluation.metrics.classes.corruptions import STEPS, STRENGTHS, corrupted
from evaluation.statistics.proportions import share_interval
from foundation.errors import InputError

Predict = Callable[[np.ndarray], np.ndarray]  # uint8 images -> int classes


def robustness(
    classifiers: Mapping[str, Predict], images: np.ndarray, labels: np.ndarray, seed: int = 0
) -> dict:
    """Accuracy of each classifier on the same images, clean and under every corruption.

    Args:
      classifiers: name -> predict. Compare classifiers that differ in their training data only.
      images: uint8 (n, height, width, channels), real and held out.
      labels: int (n,).
      seed: of the corruptions.

    Returns: {"count": n, "strengths": corruption -> five values, "classifiers": name ->
      {"clean": {"accuracy", "low", "high"}, "corruptions": name -> five of the same, "mean": over
      all twenty, "lost": clean - mean}}.
    Raises: InputError without classifiers or images.
    Reference: after Hendrycks and Dietterich 2019, Benchmarking Neural Network Robustness to Common
      Corruptions and Perturbations (five strengths, a mean over all).
    """
    labels = np.asarray(labels)
    if not classifiers or not len(images) or len(labels) != len(images):
        raise InputError(
            f"{len(classifiers)} classifiers, {len(images)} images, {len(labels)} labels",
            "at least one of each, and a label an image",
            "give them",
        )
    found = {
        name: {"clean": _accuracy(predict(images), labels), "corruptions": {}}
        for name, predict in classifiers.items()
    }
    for corruption in STRENGTHS:
        for entry in found.values():
            entry["corruptions"][corruption] = []
        for step in range(1, STEPS + 1):
            worse = corrupted(images, corruption, step, seed)  # made once for all classifiers
            for name, predict in classifiers.items():
                found[name]["corruptions"][corruption].append(_accuracy(predict(worse), labels))
    for entry in found.values():
        steps = [each["accuracy"] for row in entry["corruptions"].values() for each in row]
        entry["mean"] = float(np.mean(steps))
        entry["lost"] = entry["clean"]["accuracy"] - entry["mean"]
    strengths = {name: list(values) for name, values in STRENGTHS.items()}
    return {"count": len(images), "strengths": strengths, "classifiers": found}


def robustness_figure(report: dict) -> Figure:
    """A panel a corruption: accuracy over its strength, a line a classifier."""
    figure = Figure(figsize=(3.1 * len(STRENGTHS), 3.2), layout="constrained")
    panels = figure.subplots(1, len(STRENGTHS), sharey=True, squeeze=False)[0]
    for axes, (corruption, strengths) in zip(panels, report["strengths"].items(), strict=True):
        for name, entry in report["classifiers"].items():
            rows = [entry["clean"], *entry["corruptions"][corruption]]
            values = [row["accuracy"] for row in rows]
            spread = [
                [row["accuracy"] - row["low"] for row in rows],
                [row["high"] - row["accuracy"] for row in rows],
            ]
            axes.errorbar(
                [0, *strengths], values, yerr=spread, marker="o", markersize=3, label=name
            )
        axes.set(title=corruption, xlabel=UNITS[corruption], ylim=(0, 1.02))
        axes.grid(alpha=0.3)
    panels[0].set_ylabel("accuracy")
    panels[0].legend(fontsize="small")
    return figure


UNITS = {
    "noise": "standard deviation / range",
    "blur": "sigma / side",
    "shift": "way / side",
    "rotation": "degrees",
}


def _accuracy(predictions: np.ndarray, labels: np.ndarray) -> dict:
    right = int((np.asarray(predictions) == labels).sum())
    low, high = share_interval(right, len(labels))
    return {"accuracy": right / len(labels), "low": low, "high": high}
