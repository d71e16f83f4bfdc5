"""`gan evaluate RUN`: samples of a trained generator, measured and drawn."""

from pathlib import Path

from evaluation.config import GanEvaluateSettings
from evaluation.images.compare import compare_images
from evaluation.images.features import FeatureNetwork
from evaluation.images.pictures import draw
from evaluation.images.printing import print_table
from evaluation.runs.stored_data import load_run_data, read_training
from foundation.files import write_json
from gan.trained import load_generator


def evaluate(settings: GanEvaluateSettings) -> dict:
    """Measure a run; write RUN/metrics.json and RUN/evaluation/*.png; print a table.

    Samples 0 .. count - 1 of `settings.seed` are taken, labels in turn if the run is conditional.

    Returns: the content of metrics.json (see `compare_images`).
    Raises: InputError if the run is none, is damaged, has no model, or its data changed since the
      training.
    """
    run = Path(settings.run)
    config = read_training(run)
    generator = load_generator(run)
    dataset = load_run_data(run, config, settings.data)
    network = FeatureNetwork.for_dataset(dataset, epochs=1 if settings.preset == "smoke" else None)
    labels = generator.balanced_labels(0, settings.count)
    images = generator.images(settings.seed, 0, settings.count, labels)
    report = {"run": str(run)} | compare_images(
        dataset, images, labels, network, settings.count, settings.split, settings.seed
    )
    write_json(run / "metrics.json", report)
    draw(run / "evaluation", report, images, dataset)
    if not settings.quiet:
        print_table(report)
        print(f"written: {run / 'metrics.json'}, pictures in {run / 'evaluation'}")
    return report
