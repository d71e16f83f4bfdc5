"""`text evaluate RUN`: how well a model predicts held-out text, and what its own text is like."""

from pathlib import Path

import numpy as np

from evaluation.config import TextEvaluateSettings
from evaluation.runs.stored_data import load_run_text
from evaluation.texts.compare import MOST_COMPARED, compare_texts, decoded, novelty_figure
from evaluation.texts.printing import print_metrics
from evaluation.texts.scores import PROTOCOLS, fit_ngram, score_parts
from foundation.files import write_json, write_text
from foundation.pictures import save_figure
from lstm_text.config import GenerateSettings
from lstm_text.generate import texts
from lstm_text.trained import TrainedText, load_text_model

STREAM_LENGTH = 2000  # characters of each stream of the sample

PARTS = {
    "held_out": "held out (all)",
    "validation": "validation (chose the model)",
    "test": "test (chose nothing)",
}


def evaluate(settings: TextEvaluateSettings) -> dict:
    """Measure a run; write RUN/metrics.json and RUN/evaluation/; print two tables.

    Returns: the content of metrics.json: "scores" as `score_parts` gives them, "metrics" as
      `compare_texts` does, with the protocol and the choices.
    Raises: InputError if the run is none, has no model, or its text changed since the training.
    """
    run = Path(settings.run)
    writer = load_text_model(run)
    corpus = load_run_text(run, settings.data)
    ngram = fit_ngram(corpus)
    scores = score_parts(
        writer.model, ngram, corpus, settings.windows, settings.seed, settings.quiet
    )
    sample = "\n".join(
        sample_texts(
            writer, settings.characters, settings.temperature, settings.seed, settings.quiet
        )
    )
    held_out = np.concatenate([corpus.validation, corpus.test], axis=1)
    rows = len(held_out)
    comparison = compare_texts(
        sample,
        decoded(corpus, held_out[:, : MOST_COMPARED // rows]),
        decoded(corpus, corpus.train[:, -(MOST_COMPARED // rows) :]),
        ngram.log_probabilities,
        corpus.vocabulary,
    )
    report = {
        "run": str(run),
        "data": corpus.name,
        "data_sha256": corpus.sha256,
        "split": corpus.split,
        "protocol": corpus.protocol,
        "parameters": writer.model.count_params(),
        "windows": settings.windows,
        "temperature": settings.temperature,
        "scores": scores,
        **comparison,
    }
    write_json(run / "metrics.json", report)
    directory = run / "evaluation"
    directory.mkdir(exist_ok=True)
    write_text(directory / "sample.txt", sample + "\n")
    novelty = report["metrics"]["novelty"]
    figure = novelty_figure(novelty["value"], novelty["real"], novelty["lengths"])
    save_figure(figure, directory / "novelty.png")
    if not settings.quiet:
        print_scores(report)
        print_metrics(report)
        print(f"written: {run / 'metrics.json'}, and novelty.png, sample.txt in {directory}")
    return report


def sample_texts(
    writer: TrainedText, characters: int, temperature: float, seed: int, quiet: bool
) -> list[str]:
    """At least `characters` characters of the model's own text, in independent streams."""
    length = min(STREAM_LENGTH, characters)
    choice = GenerateSettings(
        run=str(writer.run),
        length=length,
        streams=-(-characters // length),
        temperature=temperature,
        seed=seed,
        quiet=quiet,
    )
    return list(texts(choice, writer, writer.prime_codes(None)))


def print_scores(report: dict) -> None:
    """A line for each held-out part: nats and bits a character under each protocol."""
    print(f"{report['parameters']:,} weights; {report['protocol']}")
    print(f"{'nats (bits) a character':<30}" + "".join(f"{name:>18}" for name in PROTOCOLS))
    for name, scores in report["scores"].items():
        cells = [
            "-" if scores[key] is None else f"{scores[key]:.4f} ({scores[key + '_bits']:.3f})"
            for key in PROTOCOLS
        ]
        line = f"{PARTS[name]:<30}" + "".join(f"{cell:>18}" for cell in cells)
        unknown = f"   {scores['unknown']} unknown characters left out" if scores["unknown"] else ""
        print(line + unknown)
    for name, meaning in PROTOCOLS.items():
        print(f"  {name}: {meaning}")
