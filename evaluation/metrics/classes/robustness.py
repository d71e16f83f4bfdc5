"""Does synthetic data make a classifier robust (chapter 3.3.1)? Its accuracy on worsened images.

Noise, blur, shift and rotation in five steps. They are no augmentation: a classifier is never
trained on them. Sizes are shares of the image's side, so that a step means the same at 28 and at
224 pixels.
"""

import math
from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.figure import Figure
from scipy import ndimage

from evaluation.metrics.arrays import check_images
from evaluation.statistics.proportions import share_interval
from foundation.purposes import NOISE, ROTATION, SHIFT, rng

STRENGTHS = {
    "noise": (0.05, 0.1, 0.2, 0.3, 0.4),  # standard deviation, of the range of grey levels
    "blur": (0.02, 0.03, 0.045, 0.06, 0.08),  # sigma, of the side: 0.6 to 2.2 pixels of 28
    "shift": (0.036, 0.072, 0.108, 0.144, 0.18),  # of the side: 1 to 5 pixels of 28
    "rotation": (5.0, 10.0, 20.0, 30.0, 45.0),  # degrees
}
UNITS = {
    "noise": "standard deviation / range",
    "blur": "sigma / side",
    "shift": "way / side",
    "rotation": "degrees",
}

Predict = Callable[[np.ndarray], np.ndarray]  # uint8 images -> int classes


def robustness(
    classifiers: Mapping[str, Predict], images: np.ndarray, labels: np.ndarray, seed: int = 0
) -> dict:
    """Accuracy of each classifier on the same images, clean and under every corruption.

    Args:
      classifiers: name -> predict. Compare classifiers that differ in their training data only.
      images: uint8 (n, height, width, channels), real and held out; n at least 1.
      labels: int (n,).
      seed: of the corruptions.

    Returns: {"count": n, "strengths": corruption -> five values, "classifiers": name ->
      {"clean": {"accuracy", "low", "high"}, "corruptions": name -> five of the same, "mean": over
      all twenty, "lost": clean - mean}}.
    Reference: after Hendrycks and Dietterich 2019, Benchmarking Neural Network Robustness to Common
      Corruptions and Perturbations (five strengths, a mean over all).
    """
    found = {
        name: {
            "clean": _accuracy(predict(images), labels),
            "corruptions": {corruption: [] for corruption in STRENGTHS},
        }
        for name, predict in classifiers.items()
    }
    for corruption, strengths in STRENGTHS.items():
        for strength in strengths:
            worse = corrupted(images, corruption, strength, seed)  # once for all classifiers
            for name, predict in classifiers.items():
                found[name]["corruptions"][corruption].append(_accuracy(predict(worse), labels))
    for entry in found.values():
        steps = [each["accuracy"] for row in entry["corruptions"].values() for each in row]
        entry["mean"] = float(np.mean(steps))
        entry["lost"] = entry["clean"]["accuracy"] - entry["mean"]
    strengths = {name: list(values) for name, values in STRENGTHS.items()}
    return {"count": len(images), "strengths": strengths, "classifiers": found}


def _accuracy(predictions: np.ndarray, labels: np.ndarray) -> dict:
    right = int((predictions == labels).sum())
    low, high = share_interval(right, len(labels))
    return {"accuracy": right / len(labels), "low": low, "high": high}


def corrupted(images: np.ndarray, name: str, strength: float, seed: int = 0) -> np.ndarray:
    """The images with one corruption; image i depends on (seed, name, i) and its own pixels only.

    Directions are drawn once for an image, so a stronger step goes the same way. What comes in from
    outside continues the border; between pixels it is bilinear.

    Args:
      images: uint8 in [0, 255], shape (count, height, width, channels).
      name: noise (Gaussian), blur (Gaussian), shift (in a random direction) or rotation (to a
        random side, about the centre).
      strength: greater than 0, in the units of STRENGTHS.

    Returns: the same shape and dtype.
    """
    images = check_images("images to corrupt", images)
    side = min(images.shape[1:3])
    out = np.empty_like(images)
    for index, image in enumerate(images):  # one by one: as floats all would fill the memory
        worse = CORRUPT[name](image.astype(np.float32), strength, side, seed, index)
        out[index] = np.clip(np.rint(worse), 0, 255)
    return out


def _noisy(image: np.ndarray, deviation: float, side: int, seed: int, index: int) -> np.ndarray:
    noise = rng(seed, NOISE, index).standard_normal(image.shape, np.float32)
    return image + 255 * deviation * noise


def _blurred(image: np.ndarray, share: float, side: int, seed: int, index: int) -> np.ndarray:
    return ndimage.gaussian_filter(image, (share * side, share * side, 0), mode="nearest")


def _shifted(image: np.ndarray, share: float, side: int, seed: int, index: int) -> np.ndarray:
    angle, way = 2 * math.pi * rng(seed, SHIFT, index).random(), share * side
    move = (way * math.sin(angle), way * math.cos(angle), 0)
    return ndimage.shift(image, move, order=1, mode="nearest")


def _rotated(image: np.ndarray, degrees: float, side: int, seed: int, index: int) -> np.ndarray:
    sign = 1 if rng(seed, ROTATION, index).random() < 0.5 else -1
    return ndimage.rotate(image, sign * degrees, reshape=False, order=1, mode="nearest")


CORRUPT = {"noise": _noisy, "blur": _blurred, "shift": _shifted, "rotation": _rotated}


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
