"""`text utility RUN`: what is generated text worth as training data (chapter 4.3.2, step 3)?

The same small model is trained on real text, on text that the run has written, and on both, and
each is scored on real held-out text. All three read the same number of characters, and the run has
learnt from the same real text that stands beside its own: otherwise synthetic text would carry in
real text by the back door. By the data-processing inequality generated text holds no information
that its training text lacks; what it can do is act as a regulariser. Only measuring tells.
"""

import math
import statistics

import numpy as np

from data.texts.load import TextCorpus
from evaluation.config import TextUtilitySettings
from evaluation.runs.stored_data import load_run_data
from evaluation.runs.texts import sample_texts
from evaluation.texts.judge import ReusedTextModel, ngram_score
from foundation.console import print_table
from foundation.files import write_json
from foundation.progress import CountProgress
from training.generator import Generator
from training.stored import load_run


def utility(settings: TextUtilitySettings) -> dict:
    """Train on real, synthetic and both; print and write RUN/utility.json.

    Returns: {"run", "data", "real_characters", "synthetic_characters", "budget", "seeds",
      "lstm": {arm: [nats a character on the test part, one a seed]}, "ngram": {arm: nats},
      "difference": {"mean", "standard_deviation"} of both - real, seed by seed}.
    Raises: InputError if the run is none, has no model, or its text changed since the training.
    """
    stored = load_run(settings.run, "text")
    run, corpus = stored.run, load_run_data(stored, settings.data)
    synthetic = written_text(stored.generator, corpus, settings)
    arms = {
        "real": corpus.train,
        "synthetic": synthetic,
        "real + synthetic": np.concatenate([corpus.train, synthetic]),
    }
    scores = {name: [] for name in arms}
    judge = ReusedTextModel(corpus.vocabulary.size, settings.units)
    with CountProgress(settings.seeds * len(arms), "trainings", settings.quiet) as progress:
        for seed in range(settings.seeds):
            for name, segments in arms.items():
                judge.train(segments, settings.budget, seed)
                scores[name].append(judge.score(corpus.test))
                progress.advance(1)
    # erratum E21: the chapter takes it for granted that the mixture is better.
    differences = [
        both - real for both, real in zip(scores["real + synthetic"], scores["real"], strict=True)
    ]
    report = {
        "run": str(run),
        "data": corpus.name,
        "protocol": corpus.protocol,
        "real_characters": corpus.train.size,
        "synthetic_characters": synthetic.size,
        "temperature": settings.temperature,
        "budget": settings.budget,
        "seeds": settings.seeds,
        "lstm": scores,
        "ngram": {name: ngram_score(segments, corpus) for name, segments in arms.items()},
        "difference": {
            "mean": statistics.mean(differences),
            "standard_deviation": spread(differences),
        },
    }
    write_json(run / "utility.json", report)
    print_report(report)
    print(f"written: {run / 'utility.json'}")
    return report


def written_text(
    writer: Generator, corpus: TextCorpus, settings: TextUtilitySettings
) -> np.ndarray:
    """As much text of the run as it was trained on: codes, shape as corpus.train."""
    count = corpus.train.size
    written = sample_texts(writer, count, settings.seed, settings.temperature)
    codes = np.concatenate([corpus.vocabulary.encode(text) for text in written])
    return codes[:count].reshape(corpus.train.shape)


def print_report(report: dict) -> None:
    """A line an arm, and whether the synthetic text helped."""
    print(
        f"nats a character on the {report['data']} test part; {report['real_characters']:,} real "
        f"and {report['synthetic_characters']:,} synthetic characters, {report['budget']:,} read "
        f"by each LSTM, {report['seeds']} seeds"
    )
    rows = [
        (
            name,
            f"{statistics.mean(values):.4f} ± {spread(values):.4f}",
            f"{report['ngram'][name]:.4f}",
        )
        for name, values in report["lstm"].items()
    ]
    print_table(("trained on", "LSTM", "n-gram"), rows)
    print(verdict(report["difference"], report["seeds"]))


def verdict(difference: dict, seeds: int) -> str:
    """What the difference says, in one sentence: within two standard errors nothing is claimed."""
    mean, error = difference["mean"], difference["standard_deviation"] / math.sqrt(seeds)
    text = f"real + synthetic minus real: {mean:+.4f} ± {error:.4f} (standard error): "
    if seeds < 3 or abs(mean) <= 2 * error:
        return text + "no difference that these seeds can show"
    return text + ("the synthetic text helped" if mean < 0 else "the synthetic text did harm")


def spread(values: list[float]) -> float:
    """The standard deviation; 0 of a single value."""
    return statistics.stdev(values) if len(values) > 1 else 0.0
