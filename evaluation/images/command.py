"""`evaluate images REAL SYNTHETIC`: images of any origin beside real ones, all measures."""

import dataclasses
import sys

import numpy as np

from data.images.dataset import ImageDataset, ImageSplit, write_changes
from data.images.load import load_images
from data.images.resizing import Form
from data.splits import stratified_draw
from data.synthetic.guard import HeldOut
from data.synthetic.reading import load_synthetic
from evaluation.config import ImagesEvaluateSettings
from evaluation.images.compare import compare_images, mark_few, print_images
from evaluation.images.evidence import Sides, evidence
from evaluation.images.features import FeatureNetwork
from evaluation.images.pictures import draw
from evaluation.images.utility import Effort, use, worth
from evaluation.metrics.classes.plane import plane_figure
from evaluation.metrics.classes.robustness import robustness_figure
from evaluation.metrics.privacy.membership import CAUTION, DISTANCES
from evaluation.printing import print_accuracies
from foundation.errors import InputError
from foundation.files import check_directory, claim_directory, write_json
from foundation.pictures import save_figure


def evaluate(settings: ImagesEvaluateSettings) -> dict:
    """Measure synthetic images; print a table; with --out write metrics.json and pictures.

    Returns: the content of metrics.json: as `compare_images`, with what `evidence` and `use` add to
      "metrics", and "utility" as `worth` says.
    Raises: InputError if a place, a shape or a label is at fault, or --out is in use.
    """
    quiet, most, real = settings.quiet, settings.max_images, settings.real
    dataset = load_images(real, max_images=most, quiet=quiet, **settings.reading(real))
    if (unseen := settings.held_out) is not None:
        other = load_images(unseen, quiet=quiet, **settings.reading(unseen))
        dataset = with_held_out(dataset, other)
    source = load_synthetic(settings.synthetic, dataset, Form(**settings.reading()), quiet)
    out = None if settings.out is None else check_directory(settings.out)
    epochs = 1 if settings.preset == "smoke" else None
    network = FeatureNetwork.for_dataset(dataset, epochs=epochs)
    compared = compare_images(
        dataset, source.samples, source.labels, network, settings.count, seed=settings.seed
    )
    report = {
        "real": settings.real,
        "synthetic": settings.synthetic,
        "origin": source.origin,
        "data_counts": dataset.counts,
        **compared,
    }
    sides = Sides.of(dataset, source, network, settings.count, settings.seed)
    effort = Effort.of(settings.preset, settings.seeds)
    found, plane = evidence(sides)
    used, corrupted = use(sides, effort)
    report["metrics"] |= mark_few(found | used, report)
    report["utility"] = worth(sides, effort, settings.quiet)
    if out:
        claim_directory(out)
        write_json(out / "metrics.json", report)
        if dataset.changes or source.changes:
            write_changes(out / "cleaning.csv", (*dataset.changes, *source.changes))
        draw(out, report, source.samples, dataset)
        if plane is not None:
            figure = plane_figure(plane, dataset.test, sides.synthetic, dataset.class_names)
            save_figure(figure, out / "plane.png")
        if corrupted is not None:
            save_figure(robustness_figure(corrupted), out / "robustness.png")
    if not settings.quiet:
        print_report(report, dataset.class_names)
        if out:
            print(f"written: {out / 'metrics.json'}, and pictures")
    return report


def with_held_out(dataset: ImageDataset, other: ImageDataset) -> ImageDataset:
    """All images of one data set for training, those of the other held out, in two halves.

    Args:
      dataset: the generator has seen all of it.
      other: the generator has seen nothing of it; images that are in both are left out of it.

    Raises: InputError if the classes or the shapes differ, or fewer than 4 images are left.
    """
    if (other.class_names, other.image_shape) != (dataset.class_names, dataset.image_shape):
        raise InputError(
            f"--held-out {other.name} with classes {', '.join(other.class_names) or 'none'} and "
            f"images of {other.image_shape}",
            f"{', '.join(dataset.class_names) or 'none'} and {dataset.image_shape}, as "
            f"{dataset.name}",
            "give images of the same kind",
        )
    training, held_out = _joined(dataset), _joined(other)
    known = HeldOut.of_parts(training=training.images).holds(held_out.images)
    held_out = held_out.take(np.flatnonzero(~known))
    if len(held_out) < 4:
        raise InputError(
            f"--held-out {other.name} with {len(held_out)} images that {dataset.name} has not",
            "at least 4",
            "give more images that the generator has not seen",
        )
    strata = np.zeros(len(held_out), int) if held_out.labels is None else held_out.labels
    half = stratified_draw(strata, len(held_out) // 2)
    other_half = np.setdiff1d(np.arange(len(held_out)), half)
    validation, test = held_out.take(half), held_out.take(other_half)
    changes = dataset.changes + other.changes
    parts = {"train": training, "validation": validation, "test": test, "changes": changes}
    return dataclasses.replace(dataset, **parts)


def _joined(dataset: ImageDataset) -> ImageSplit:
    parts = list(dataset.splits.values())
    labels = None if parts[0].labels is None else np.concatenate([part.labels for part in parts])
    return ImageSplit(np.concatenate([part.images for part in parts]), labels)


def print_report(report: dict, class_names: tuple[str, ...]) -> None:
    """The table of `gan evaluate`, then who is favoured and what the images are worth."""
    print_images(report)
    print(f"{DISTANCES}: {CAUTION}")
    metrics = report["metrics"]
    for name, metric in metrics.items():
        if "warning" in metric:
            print(f"warning: {name}: {metric['warning']}", file=sys.stderr)

    def named(labels: list[int]) -> str:
        return ", ".join(class_names[label] for label in labels) or "none"

    shares, recall = metrics["class_share_bias"], metrics["recall_gap_trained_on_it"]
    if shares["value"] is not None:
        print(f"drawn too often: {named(shares['over'])}; too rarely: {named(shares['under'])}")
    for name, what in (("class_confirmed_gap", "shown least"), ("coverage_gap", "covered least")):
        if metrics[name]["value"] is not None:
            print(f"{what}: {named([metrics[name]['worst']])}")
    if recall["value"] is not None:
        print(
            f"recognised least after training on it: {named([recall['worst']])}, "
            f"{recall['worst_recall']:.1%}; worse off than by training on real images: "
            f"{named(recall['disadvantaged'])}"
        )
    utility = report["utility"]
    if "reason" in utility:
        print(f"utility not computed: {utility['reason']}")
        return
    sizes = {name: found["images"] for name, found in utility["training_sets"].items()}
    tested = f"{utility['test_images']:,} real test images"
    print_accuracies(utility["classifiers"], sizes, tested, len(utility["seeds"]))
    cells = [cell for found in utility["classifiers"].values() for cell in found.values()]
    for cause in sorted({cell["seeds_vary"] for cell in cells if "seeds_vary" in cell}):
        print(f"seeds vary: {cause}")
