"""`baseline evaluate RUN`: samples of any baseline beside real data, by the kind of data."""

from collections.abc import Callable

import numpy as np

from baselines.config import EvaluateSettings
from baselines.datasets import load_data
from baselines.parts.draws import labels_by_share
from baselines.registry import IMAGES, SERIES, TABLE, TEXT
from baselines.trained import StoredBaseline, load_baseline
from data.images.load import ImageDataset
from data.tables.dataset import TableDataset
from evaluation.images.compare import compare_images
from evaluation.images.features import FeatureNetwork
from evaluation.images.pictures import draw
from evaluation.images.printing import print_table
from evaluation.runs.baseline_series import evaluate_series
from evaluation.runs.baseline_text import evaluate_text
from foundation.errors import InputError
from foundation.files import write_json
from training.generator import Density, Generator, balanced_labels

MOST_SCORED = 2000  # images or rows whose likelihood is computed: a variational one takes minutes
LIKELIHOOD_PROTOCOL = (
    "mean ln p of at most 2,000 held-out samples, given their class if the model has classes; "
    "real: of as many training samples"
)
LIKELIHOOD_GUIDE = (
    "nats; higher is better, but only densities of one kind over one space compare; the real "
    "figure far above: learnt by heart"
)


def evaluate(settings: EvaluateSettings) -> dict:
    """Measure a run; write RUN/metrics.json, and pictures or texts in RUN/evaluation; print tables.

    Returns: the content of metrics.json; "metrics" holds for each figure "value", "real" and how to
      read it.
    Raises: InputError if the run is none or is damaged, or its data changed since the training.
    """
    baseline = load_baseline(settings.run)
    dataset = load_run_data(baseline, settings.data, settings.quiet)
    report = EVALUATORS[baseline.kind](baseline, dataset, settings)
    report = {"run": str(baseline.run), "model": baseline.model, **report}
    write_json(baseline.run / "metrics.json", report)
    if not settings.quiet:
        print(f"written: {baseline.run / 'metrics.json'}, more in {baseline.run / 'evaluation'}")
    return report


def load_run_data(baseline: StoredBaseline, data: str | None, quiet: bool = False) -> object:
    """The data set that a run was fitted to.

    Args:
      baseline: the run.
      data: where the data lie now, if not where they were.
      quiet: no counter on the terminal.

    Raises: InputError if they are not the same, bit for bit, or config.json is damaged.
    """
    try:
        dataset = load_data(baseline.settings, data, quiet)
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{baseline.run / 'config.json'} cannot be read ({error!r})",
            "the config.json that `baseline train` wrote",
            "restore the file, or train again",
        ) from None
    if dataset.sha256 != baseline.data_sha256:
        raise InputError(
            f"{dataset.name} with SHA-256 {dataset.sha256[:16]}...",
            f"{baseline.data_sha256[:16]}..., as when {baseline.run} was trained",
            "give the run its old data back, with --data if they lie elsewhere now",
        )
    return dataset


def evaluate_images(
    baseline: StoredBaseline, dataset: ImageDataset, settings: EvaluateSettings
) -> dict:
    """All metrics of `gan evaluate`, and the likelihood of held-out images."""
    generator, count = baseline.generator, settings.count
    epochs = 1 if settings.preset == "smoke" else None
    network = FeatureNetwork.for_dataset(dataset, epochs=epochs)
    labels = balanced_labels(generator, 0, count)
    images = generator.sample(settings.seed, 0, count, labels)
    report = compare_images(dataset, images, labels, network, count, settings.split, settings.seed)
    held_out, train = getattr(dataset, settings.split), dataset.train
    labelled = generator.num_classes > 0

    def score(split: object, indices: np.ndarray) -> np.ndarray:
        part = split.take(indices)
        return generator.log_likelihood(part.images, part.labels if labelled else None)

    report["metrics"]["log_likelihood"] = likelihood(
        generator, score, held_out, train, count, settings.seed
    )
    draw(baseline.run / "evaluation", report, images, dataset)
    if not settings.quiet:
        print_table(report)
    return report


def evaluate_table(
    baseline: StoredBaseline, dataset: TableDataset, settings: EvaluateSettings
) -> dict:
    """All metrics of `evaluate table`, and the likelihood of held-out rows."""
    from evaluation.tables.compare import compare_tables
    from evaluation.tables.pictures import draw_tables
    from evaluation.tables.printing import print_tables

    generator = baseline.generator
    count = min(settings.count, len(dataset.train))
    # In the shares of the training part, as `baseline generate` draws rows.
    labels = labels_by_share(generator.class_shares, settings.seed, 0, count)
    synthetic = generator.sample(settings.seed, 0, count, labels)
    seeds = 1 if settings.preset == "smoke" else 5
    report = compare_tables(dataset, synthetic, seeds, settings.seed, settings.split)
    held_out, train = getattr(dataset, settings.split), dataset.train
    report["metrics"]["log_likelihood"] = likelihood(
        generator,
        lambda table, indices: generator.log_likelihood(table.take(indices)),
        held_out,
        train,
        count,
        settings.seed,
    )
    (baseline.run / "evaluation").mkdir(exist_ok=True)
    draw_tables(baseline.run / "evaluation", train, synthetic)
    if not settings.quiet:
        print_tables({**report, "steps": {}, "absent_columns": [], "unreadable_rows": 0})
    return report


def likelihood(
    generator: Generator,
    score: Callable[[object, np.ndarray], np.ndarray],
    held_out: object,
    train: object,
    count: int,
    seed: int,
) -> dict:
    """The entry "log_likelihood" of a report; a reason where the model has no density."""
    if not isinstance(generator, Density):
        return {"value": None, "reason": "this model has no density that can be computed"}
    scores = []
    for number, part in enumerate((held_out, train)):
        drawn = min(count, MOST_SCORED, len(part))
        random = np.random.default_rng([seed, number])
        scores.append(score(part, np.sort(random.permutation(len(part))[:drawn])))
    (value, error), (real, real_error) = map(mean_and_error, scores)
    return {
        "value": value,
        "real": real,
        "standard_error": error,
        "real_standard_error": real_error,
        "protocol": LIKELIHOOD_PROTOCOL,
        "how_to_read": LIKELIHOOD_GUIDE,
    }


def mean_and_error(values: np.ndarray) -> tuple[float, float]:
    """Mean, and its standard error (0 for a single value)."""
    spread = values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else 0.0
    return float(values.mean()), float(spread)


EVALUATORS = {
    IMAGES: evaluate_images,
    TABLE: evaluate_table,
    TEXT: evaluate_text,
    SERIES: evaluate_series,
}
