"""Every metric of images, found by reading the folder `evaluation/metrics`."""

import importlib
import pkgutil

import evaluation.metrics
from evaluation.metrics.metric import Metric


def image_metrics() -> tuple[Metric, ...]:
    """The METRIC of each file that has one, in the order of the report."""
    folder = pkgutil.walk_packages(evaluation.metrics.__path__, f"{evaluation.metrics.__name__}.")
    modules = [importlib.import_module(found.name) for found in folder]
    metrics = [module.METRIC for module in modules if hasattr(module, "METRIC")]
    return tuple(sorted(metrics, key=lambda metric: metric.place))


def titles() -> dict[str, str]:
    """Name of each figure -> its name for people."""
    return {
        name: words.title for metric in image_metrics() for name, words in metric.figures.items()
    }
