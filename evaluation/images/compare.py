"""Synthetic images against real ones: all metrics, every one beside that of real images."""

import contextlib
import functools
import json

import numpy as np

from data.images.load import ImageDataset, ImageSplit
from evaluation.answers import answer, joined
from evaluation.images.features import FeatureNetwork, cached
from evaluation.metrics.arrays import check_images, drawn
from evaluation.metrics.metric import ImageSet, Metric, RealSide, image_metrics
from evaluation.printing import FEWEST, print_metrics
from foundation.errors import InputError
from foundation.files import write_json
from foundation.purposes import COMPARED_IMAGES

METRICS_VERSION = 3  # raise it with any change that alters a metric: real figures are cached
USUAL_MNIST_ACCURACY = 0.99  # of the feature network, on test images


def compare_images(
    dataset: ImageDataset,
    synthetic_images: np.ndarray,
    synthetic_labels: np.ndarray | None,
    network: FeatureNetwork,
    count: int = 10_000,
    split: str = "test",
    seed: int = 0,
) -> dict:
    """Measure synthetic images, and as many real ones, against held-out real images.

    Those real ones are validation images beside test images: no generator and no feature has learnt
    from them either. Training images where there are too few, or to judge by validation images, for
    which nobody may look at the test images.

    Where there are fewer images than `count`, the report says how many were compared; where there
    are more, the draw depends on `seed` only. Few samples move most figures (Frechet distance
    rises, coverage falls): compare reports of equal counts, or a value with its real figure.
    The real figures are kept beside the feature network and measured once.

    Args:
      dataset: real data; the generator may have seen `train` and nothing else.
      synthetic_images: uint8, shape (n, height, width, channels), the shape of the real ones.
      synthetic_labels: int, shape (n,): the class each was made for; None if there is none.
      network: features, from `FeatureNetwork.for_dataset(dataset)`.
      count: images on each side, at most.
      split: the held-out images: "test" for a figure to report, "validation" to choose by.

    Returns: a dict fit for JSON: what was compared, and "metrics": name -> {"value", "real",
      "protocol", "how_to_read"} and details; {"value": None, "reason"} if there is no answer.
    Raises: InputError for no images, or images that are not uint8 or differ in shape.
    """
    if check_images("synthetic images", synthetic_images).shape[1:] != dataset.image_shape:
        received = f"synthetic images of shape {synthetic_images.shape[1:]}"
        expected = f"{dataset.image_shape}, the shape of {dataset.name}"
        raise InputError(received, expected, "give both the same --image-size")
    for name, images in (("synthetic", synthetic_images), (split, getattr(dataset, split).images)):
        if len(images) == 0:
            raise InputError(f"no {name} images", "at least one", "add some")
    count = min(count, len(synthetic_images), len(dataset.train.images))
    sample_indices = drawn(len(synthetic_images), count, seed, COMPARED_IMAGES, 0)
    synthetic = ImageSet.of(
        ImageSplit(synthetic_images, synthetic_labels).take(sample_indices), network
    )
    real_side = _real_side(dataset, network, split, count, seed)
    asked = image_metrics()
    values = _measure(asked, dict.fromkeys(("other", "training", "held_out"), synthetic), real_side)
    spare = split == "test" and len(dataset.validation) >= count
    other = "validation" if spare else "train"
    reals = _real_figures(asked, real_side, other, count, seed)
    metrics = {
        name: {
            **joined(values[name], reals[name]),
            "protocol": words.protocol,
            "how_to_read": words.how_to_read,
        }
        for metric in asked
        for name, words in metric.figures.items()
    }
    for pair in metrics["nearest_training_pixels"].get("closest", []):
        pair["sample"] = int(sample_indices[pair["sample"]])  # as the caller numbers them
    report = {
        "data": dataset.name,
        "data_sha256": dataset.sha256,
        "split": split,
        "synthetic_count": count,
        "real_count": count,
        "real_split": other,
        "held_out_count": len(real_side.held_out.images),
        "there_are": {"synthetic": len(synthetic_images)}
        | {name: len(part) for name, part in dataset.splits.items()},
        "seed": seed,
        "features": network.task,
        "feature_network_test_accuracy": network.test_accuracy,
    }
    return report | {"metrics": mark_few(metrics, report)}


def mark_few(metrics: dict[str, dict], report: dict) -> dict[str, dict]:
    """The metrics, each with "few", how many images it is from, if these are fewer than features:
    then a covariance of features is singular, and so small a sample says little of anything else.
    """
    count = min(report["synthetic_count"], report["held_out_count"])
    few = {"few": count} if count < FEWEST else {}
    return {name: {**metric, **few} for name, metric in metrics.items()}


@functools.lru_cache(maxsize=1)  # of generator after generator: all training images take seconds
def _real_side(
    dataset: ImageDataset, network: FeatureNetwork, split: str, count: int, seed: int
) -> RealSide:
    """At most `count` held-out images, and the training images behind them."""
    held_out = getattr(dataset, split)
    held_out = held_out.take(drawn(len(held_out.images), count, seed, COMPARED_IMAGES, 2))
    return RealSide(ImageSet.of(held_out, network), split, dataset, network)


def _measure(
    asked: tuple[Metric, ...], candidates: dict[str, ImageSet], real_side: RealSide
) -> dict[str, dict]:
    """Every metric of candidates[its stand_in]; a reason where there is no answer."""
    figures = {}
    for metric in asked:
        found = answer(
            lambda metric=metric: {"value": metric.compute(candidates[metric.stand_in], real_side)}
        )
        figures |= found["value"] or {name: dict(found) for name in metric.figures}
    return figures


def _real_figures(
    asked: tuple[Metric, ...], real_side: RealSide, other: str, count: int, seed: int
) -> dict[str, dict]:
    """The metrics of real images in the synthetic ones' place, from the cache if it has them."""
    network = real_side.network
    stored = None
    if network.directory:
        name = f"real-{METRICS_VERSION}-{real_side.split}-{count}-{seed}.json"
        stored = network.directory / name
    with contextlib.suppress(OSError, ValueError):  # absent or damaged: measured anew
        figures = json.loads(stored.read_text(encoding="utf-8")) if stored else {}
        if set(figures) == {name for metric in asked for name in metric.figures}:
            return figures
    candidates = {"held_out": real_side.held_out}
    for role, split in (("other", other), ("training", "train")):
        images = getattr(real_side.dataset, split)
        chosen = drawn(len(images), count, seed, COMPARED_IMAGES, 1)
        candidates[role] = ImageSet.of(images.take(chosen), network)
    figures = _measure(asked, candidates, real_side)
    figures["nearest_training_pixels"].pop("closest", None)  # a list for the synthetic side only
    if stored:
        cached("what real images score", lambda: write_json(stored, figures))
    return figures


def print_images(report: dict) -> None:
    """What was compared, and the table of the metrics."""
    accuracy = report["feature_network_test_accuracy"]
    right = "" if accuracy is None else f", {accuracy:.2%} of the test images right"
    there, split, other = report["there_are"], report["split"], report["real_split"]
    print(
        f"at most --count images a side: {report['synthetic_count']} of {there['synthetic']} "
        f"synthetic and {report['real_count']} of {there[other]} real images ({other}) against "
        f"{report['held_out_count']} of {there[split]} {split} images of {report['data']}\n"
        f"features: {report['features']}{right}"
    )
    if report["data"] == "mnist" and accuracy is not None and accuracy < USUAL_MNIST_ACCURACY:
        print(
            f"note: below {USUAL_MNIST_ACCURACY:.0%} on MNIST, so a weak network (few images or "
            "epochs): do not compare these figures with those of another network"
        )
    print_metrics(report["metrics"])
