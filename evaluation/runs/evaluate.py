"""`gan | text | baseline evaluate RUN`: what a run draws beside real data, by the kind of data."""

from evaluation.config import GanEvaluateSettings, TextEvaluateSettings
from evaluation.runs.stored_data import load_run_data
from foundation.files import write_json
from foundation.quiet import load_quietly
from training.stored import load_run

EVALUATORS = {  # imported when needed: that of tables needs no TensorFlow
    "images": "evaluation.runs.images:evaluate_images",
    "text": "evaluation.runs.texts:evaluate_text",
    "series": "evaluation.runs.series:evaluate_series",
    "table": "evaluation.runs.tables:evaluate_table",
}


def evaluate(settings: GanEvaluateSettings | TextEvaluateSettings) -> dict:
    """Measure a run; write RUN/metrics.json, and pictures or texts in RUN/evaluation; print tables.

    Returns: the content of metrics.json; "metrics" holds for each figure "value", "real" and how to
      read it.
    Raises: InputError if the run is none, is damaged, has no model, or its data changed since the
      training.
    """
    stored = load_run(settings.run, settings.family)
    dataset = load_run_data(stored, settings.data, settings.quiet)
    (stored.run / "evaluation").mkdir(exist_ok=True)
    report = load_quietly(EVALUATORS[stored.generator.kind])(stored, dataset, settings)
    report = {"run": str(stored.run), "model": stored.description["model"], **report}
    write_json(stored.run / "metrics.json", report)
    if not settings.quiet:
        print(f"written: {stored.run / 'metrics.json'}, more in {stored.run / 'evaluation'}")
    return report
