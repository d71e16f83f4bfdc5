"""`gan | text | baseline evaluate RUN`: what a run draws beside real data, by the kind of data."""

import functools
from collections.abc import Callable

import numpy as np

from baselines.registry import load_data
from data.images.dataset import ImageDataset
from data.tables.dataset import TableDataset
from evaluation.config import GanEvaluateSettings, TextEvaluateSettings
from foundation.console import print_cut
from foundation.errors import InputError, damage_named
from foundation.files import write_json
from foundation.purposes import SCORED_SAMPLES, rng
from foundation.quiet import load_quietly
from training.generator import Density, Generator, usual_labels
from training.stored import StoredRun, load_run

MOST_SCORED = 2000  # images or rows whose likelihood is computed: a variational one takes minutes
LIKELIHOOD_WORDS = {
    "protocol": (
        "mean ln p of at most 2,000 held-out samples, given their class if the model has classes; "
        "real: of as many training samples"
    ),
    "how_to_read": (
        "nats; higher is better, but only densities of one kind over one space compare; the real "
        "figure far above: learnt by heart"
    ),
}


def evaluate(
    settings: GanEvaluateSettings | TextEvaluateSettings,
    stored: StoredRun | None = None,
    dataset: object | None = None,
) -> dict:
    """Measure a run; write RUN/metrics.json, and pictures or texts in RUN/evaluation; print tables.

    Args:
      settings: see evaluation.config.
      stored, dataset: the run, and what it was trained on, if they are at hand; else they are read
        and checked.

    Returns: the content of metrics.json; "metrics" holds for each figure "value", "real" and how to
      read it.
    Raises: InputError if the run is none, is damaged, has no model, or its data changed since the
      training.
    """
    stored = stored or load_run(settings.run, settings.family)
    if dataset is None:
        dataset = load_run_data(stored, settings.data, settings.quiet)
    (stored.run / "evaluation").mkdir(exist_ok=True)
    if stored.generator.kind == "images":
        report = evaluate_images(stored, dataset, settings)
    elif stored.generator.kind == "table":
        report = evaluate_table(stored, dataset, settings)
    elif stored.generator.kind == "series":
        report = load_quietly("evaluation.runs.series:evaluate_series")(stored, dataset, settings)
    else:
        report = load_quietly("evaluation.runs.texts:evaluate_text")(stored, dataset, settings)
    report = {"run": str(stored.run), "model": stored.description["model"], **report}
    write_json(stored.run / "metrics.json", report)
    if not settings.quiet:
        print(f"written: {stored.run / 'metrics.json'}, more in {stored.run / 'evaluation'}")
    return report


def load_run_data(stored: StoredRun, data: str | None = None, quiet: bool = True) -> object:
    """The data set that a run was trained on, cut as it was then.

    Args:
      data: where the data lie now, if not where they were.
      quiet: no counter on the terminal.

    Returns: an ImageDataset, TextCorpus, SeriesDataset or TableDataset.
    Raises: InputError if they are not the same, bit for bit, or config.json is damaged.
    """
    chosen, expected = stored.config["settings"], stored.config["data_sha256"]
    received = f"{stored.run / 'config.json'} cannot be read"
    written = f"the config.json that `{stored.config['kind']} train` wrote"
    with damage_named(received, written, "restore the file, or train again"):
        data = data or chosen["data"]
        known = getattr(stored.generator, "vocabulary", None)  # --from brings characters along
        dataset = load_data(stored.generator.kind, data, chosen, quiet, known)
        same, shown = dataset.sha256 == expected, f"{expected[:16]}..."
    if not same:
        received = f"{data} with SHA-256 {dataset.sha256[:16]}..."
        mend = "give the run its old data back, with --data if they lie elsewhere now"
        raise InputError(received, f"{shown}, as when {stored.run} was trained", mend)
    return dataset


@functools.lru_cache(maxsize=1)  # of run after run on the same data
def feature_network(dataset: ImageDataset, preset: str):
    """The FeatureNetwork whose features are compared, of one epoch in a smoke run."""
    from evaluation.images.features import FeatureNetwork

    return FeatureNetwork.for_dataset(dataset, epochs=1 if preset == "smoke" else None)


def evaluate_images(
    stored: StoredRun, dataset: ImageDataset, settings: GanEvaluateSettings
) -> dict:
    """Measure, draw and print samples 0 .. count - 1 of the seed, labels in turn if there are any.

    Returns: as `compare_images`, and the metric "log_likelihood" of held-out images.
    """
    # Imported here, as they need TensorFlow, which tables do without.
    from evaluation.images.compare import compare_images, print_images
    from evaluation.images.pictures import draw

    generator, count, seed = stored.generator, settings.count, settings.seed
    network = feature_network(dataset, settings.preset)
    labels = usual_labels(generator, seed, 0, count)
    images = generator.sample(seed, 0, count, labels)
    report = compare_images(dataset, images, labels, network, count, settings.split, seed)
    report["metrics"]["log_likelihood"] = likelihood(
        generator,
        lambda part: generator.log_likelihood(
            part.images, part.labels if generator.num_classes else None
        ),
        getattr(dataset, settings.split),
        dataset.train,
        count,
        seed,
    )
    draw(stored.run / "evaluation", report, images, dataset)
    if not settings.quiet:
        print_images(report)
    return report


def evaluate_table(stored: StoredRun, dataset: TableDataset, settings: GanEvaluateSettings) -> dict:
    """Measure, draw and print rows, drawn as `generate` draws them.

    Returns: as `compare_tables`, and the metric "log_likelihood" of held-out rows.
    """
    from evaluation.tables.compare import compare_tables, print_tables
    from evaluation.tables.pictures import draw_tables

    generator, train, seed = stored.generator, dataset.train, settings.seed
    count = min(settings.count, len(train))
    synthetic = generator.sample(seed, 0, count, usual_labels(generator, seed, 0, count))
    trainings = 1 if settings.preset == "smoke" else 5
    report = compare_tables(dataset, synthetic, trainings, seed, settings.split)
    held_out = getattr(dataset, settings.split)
    report["metrics"]["log_likelihood"] = likelihood(
        generator, lambda rows: generator.log_likelihood(rows), held_out, train, count, seed
    )
    draw_tables(stored.run / "evaluation", train, synthetic)
    if not settings.quiet:
        print_cut(f"{count} of {len(train)} rows" if count < len(train) else "", "--count")
        print_tables(report)
    return report


def likelihood(
    generator: Generator,
    score: Callable[[object], np.ndarray],
    held_out: object,
    train: object,
    count: int,
    seed: int,
) -> dict:
    """What a model with a density gives to held-out samples, beside what it gives to training ones.

    Args:
      score: ln p of each sample of a part, float64 (samples,).
      held_out, train: parts of a data set, with `take`.
      count: samples of each at most.
      seed: of the choice among them.

    Returns: the entry "log_likelihood" of a report; a reason where the model has no density.
    """
    if not isinstance(generator, Density):
        return {"value": None, "reason": "this model has no density that can be computed"}
    scores = []
    for number, part in enumerate((held_out, train)):
        order = rng(seed, SCORED_SAMPLES, number).permutation(len(part))
        scores.append(score(part.take(np.sort(order[: min(count, MOST_SCORED)]))))
    return {
        "value": float(scores[0].mean()),
        "real": float(scores[1].mean()),
        "standard_error": _standard_error(scores[0]),
        "real_standard_error": _standard_error(scores[1]),
        **LIKELIHOOD_WORDS,
    }


def _standard_error(values: np.ndarray) -> float:
    """Of the mean; 0 for a single value."""
    return float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0
