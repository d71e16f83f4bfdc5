"""How well a run predicts held-out text, beside the n-gram, and what its own text is like."""

import numpy as np

from data.texts.load import TextCorpus
from evaluation.config import BaselineEvaluateSettings, TextEvaluateSettings
from evaluation.printing import print_metrics
from evaluation.texts.compare import MOST_COMPARED, compare_texts, decoded, draw_novelty
from evaluation.texts.ngram import fit_ngram
from evaluation.texts.scores import (
    DENSITY_PROTOCOL,
    PROTOCOLS,
    print_scores,
    score_density,
    score_parts,
)
from foundation.files import write_text
from lstm_text.trained import TrainedText
from training.generator import Generator
from training.stored import StoredRun

STREAM_LENGTH = 2000  # characters of each stream of the sample


def evaluate_text(
    stored: StoredRun, corpus: TextCorpus, settings: TextEvaluateSettings | BaselineEvaluateSettings
) -> dict:
    """Nats and bits a character on the held-out parts; the model's own text beside human text.

    Returns: "scores" as `score_parts` gives them for the LSTM and `score_density` for a baseline,
      "metrics" as `compare_texts` does, with the protocol and the choices.
    """
    generator, ngram, seed = stored.generator, fit_ngram(corpus), settings.seed
    if isinstance(generator, TrainedText):
        model, windows = generator.model, settings.windows
        chosen = {
            "parameters": model.count_params(),
            "windows": windows,
            "temperature": settings.temperature,
            "scores": score_parts(model, ngram, corpus, windows, seed, settings.quiet),
        }
        names, explained = {name: name for name in PROTOCOLS}, PROTOCOLS
    else:
        scores = score_density(generator, ngram, corpus)
        chosen = {"scored": DENSITY_PROTOCOL, "temperature": 1.0, "scores": scores}  # as learnt
        name = f"{stored.description['model']}, this run"
        names, explained = {"model": name, "ngram": "ngram"}, {name: DENSITY_PROTOCOL}
    sample = "\n".join(sample_texts(generator, settings.characters, seed, chosen["temperature"]))
    held_out = np.concatenate([corpus.validation, corpus.test], axis=1)
    most = MOST_COMPARED // len(held_out)
    report = {
        "data": corpus.name,
        "data_sha256": corpus.sha256,
        "split": corpus.split,
        "protocol": corpus.protocol,
        **chosen,
        **compare_texts(
            sample,
            decoded(corpus, held_out[:, :most]),
            decoded(corpus, corpus.train[:, -most:]),
            ngram,
            corpus.vocabulary,
        ),
    }
    write_text(stored.run / "evaluation" / "sample.txt", sample + "\n")
    draw_novelty(report["metrics"]["novelty"], stored.run / "evaluation")
    if not settings.quiet:
        weights = f"{report['parameters']:,} weights; " if "parameters" in report else ""
        print(f"{weights}{report['protocol']}")
        print_scores(report["scores"], names)
        for name, meaning in explained.items():
            print(f"  {name}: {meaning}")
        print(
            f"{report['sample_characters']:,} characters written at temperature "
            f"{report['temperature']}, beside as many of held-out human text"
        )
        print_metrics(report["metrics"], "human")
    return report


def sample_texts(
    generator: Generator, characters: int, seed: int, temperature: float = 1.0
) -> list[str]:
    """At least `characters` characters of the model's own text, in independent streams."""
    length = min(STREAM_LENGTH, characters)
    streams = -(-characters // length)
    return generator.sample(seed, 0, streams, length=length, temperature=temperature)
