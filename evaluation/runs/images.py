"""Images of a run beside real ones: all metrics of `evaluate images`, and the likelihood."""

import numpy as np

from data.images.dataset import ImageDataset, ImageSplit
from evaluation.config import GanEvaluateSettings
from evaluation.images.compare import compare_images
from evaluation.images.features import FeatureNetwork
from evaluation.images.pictures import draw
from evaluation.images.printing import print_table
from evaluation.runs.likelihood import likelihood
from training.generator import usual_labels
from training.stored import StoredRun


def evaluate_images(
    stored: StoredRun, dataset: ImageDataset, settings: GanEvaluateSettings
) -> dict:
    """Measure, draw and print samples 0 .. count - 1 of the seed, labels in turn if there are any.

    Returns: as `compare_images`, and the metric "log_likelihood" of held-out images.
    """
    generator, count, seed = stored.generator, settings.count, settings.seed
    network = FeatureNetwork.for_dataset(dataset, epochs=1 if settings.preset == "smoke" else None)
    labels = usual_labels(generator, seed, 0, count)
    images = generator.sample(seed, 0, count, labels)
    report = compare_images(dataset, images, labels, network, count, settings.split, seed)

    def score(part: ImageSplit) -> np.ndarray:
        return generator.log_likelihood(part.images, part.labels if generator.num_classes else None)

    held_out = getattr(dataset, settings.split)
    report["metrics"]["log_likelihood"] = likelihood(
        generator, score, held_out, dataset.train, count, seed
    )
    draw(stored.run / "evaluation", report, images, dataset)
    if not settings.quiet:
        print_table(report)
    return report
