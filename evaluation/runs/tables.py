"""Rows of a run beside real ones: all metrics of `evaluate table`, and the likelihood."""

from data.tables.dataset import TableDataset
from evaluation.config import BaselineEvaluateSettings
from evaluation.runs.likelihood import likelihood
from evaluation.tables.compare import compare_tables
from evaluation.tables.pictures import draw_tables
from evaluation.tables.printing import print_tables
from training.generator import usual_labels
from training.stored import StoredRun


def evaluate_table(
    stored: StoredRun, dataset: TableDataset, settings: BaselineEvaluateSettings
) -> dict:
    """Measure, draw and print rows, drawn as `generate` draws them.

    Returns: as `compare_tables`, and the metric "log_likelihood" of held-out rows.
    """
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
        print_tables({**report, "steps": {}, "absent_columns": [], "unreadable_rows": 0})
    return report
