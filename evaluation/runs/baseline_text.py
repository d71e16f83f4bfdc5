"""How well a baseline predicts held-out text, beside the n-gram, and what its own text is like."""

import math

import numpy as np

from baselines.config import EvaluateSettings
from baselines.ngram.kneser_ney import KneserNey
from baselines.trained import StoredBaseline
from data.texts.load import TextCorpus
from data.texts.vocabulary import Vocabulary
from evaluation.answers import row
from evaluation.runs.text import PARTS, STREAM_LENGTH
from evaluation.texts.compare import MOST_COMPARED, compare_texts, decoded, novelty_figure
from evaluation.texts.printing import print_metrics
from evaluation.texts.scores import MOST_HELD_OUT, NGRAM_CONTEXT, fit_ngram
from foundation.errors import InputError
from foundation.files import write_text
from foundation.pictures import save_figure
from training.generator import Generator

PROTOCOL = (
    "every held-out character once, in order, given all before it in the held-out text; ngram: "
    f"interpolated modified Kneser-Ney with {NGRAM_CONTEXT} characters of context"
)


def evaluate_text(baseline: StoredBaseline, corpus: TextCorpus, settings: EvaluateSettings) -> dict:
    """Nats and bits a character on the held-out parts, and all measures of `text evaluate`."""
    generator, ngram = baseline.generator, fit_ngram(corpus)
    scores = score_parts(generator, ngram, corpus)
    length = min(STREAM_LENGTH, settings.characters)
    streams = -(-settings.characters // length)
    sample = "\n".join(generator.sample(settings.seed, 0, streams, length=length))
    held_out = np.concatenate([corpus.validation, corpus.test], axis=1)
    rows = len(held_out)
    report = {
        "data": corpus.name,
        "data_sha256": corpus.sha256,
        "split": corpus.split,
        "protocol": corpus.protocol,
        "scored": PROTOCOL,
        "temperature": 1.0,
        "scores": scores,
        **compare_texts(
            sample,
            decoded(corpus, held_out[:, : MOST_COMPARED // rows]),
            decoded(corpus, corpus.train[:, -(MOST_COMPARED // rows) :]),
            ngram.log_probabilities,
            corpus.vocabulary,
        ),
    }
    directory = baseline.run / "evaluation"
    directory.mkdir(exist_ok=True)
    write_text(directory / "sample.txt", sample + "\n")
    novelty = report["metrics"]["novelty"]
    figure = novelty_figure(novelty["value"], novelty["real"], novelty["lengths"])
    save_figure(figure, directory / "novelty.png")
    if not settings.quiet:
        print_scores(baseline.model, report)
        print_metrics(report)
    return report


def score_parts(generator: Generator, ngram: KneserNey, corpus: TextCorpus) -> dict:
    """Mean -ln p of the known held-out characters, for the model and for the n-gram.

    Both begin at the first held-out character without knowing what stood before it. Test text goes
    on where validation text ends.

    Returns: {part: {"characters", "unknown", "model", "ngram", "model_bits", "ngram_bits"}}, with
      the parts of `text evaluate`: held_out, validation, test.
    Raises: InputError if a part holds no known character.
    """
    most = MOST_HELD_OUT // len(corpus.test)
    validation, test = corpus.validation[:, -most:], corpus.test[:, :most]
    held_out = np.concatenate([validation, test], axis=1)
    border = validation.shape[1]
    known = held_out != Vocabulary.UNKNOWN
    nats = {
        "model": -generator.log_likelihood(held_out),
        "ngram": -np.stack([ngram.log_probabilities(codes) for codes in held_out]),
    }
    columns = {
        "held_out": slice(None),
        "validation": slice(None, border),
        "test": slice(border, None),
    }
    report = {}
    for part, chosen in columns.items():
        mask = known[:, chosen]
        if not mask.any():
            raise InputError(
                f"a {part} part of {corpus.name} without a character that the training part has",
                "parts that are alike",
                "use another text, or --split interleaved",
            )
        means = {name: float(values[:, chosen][mask].mean()) for name, values in nats.items()}
        bits = {f"{name}_bits": mean / math.log(2) for name, mean in means.items()}
        report[part] = {"characters": mask.size, "unknown": int((~mask).sum()), **means, **bits}
    return report


def print_scores(model: str, report: dict) -> None:
    """A line for each held-out part: nats and bits a character."""
    print(report["protocol"])
    print(row("nats (bits) a character", model, "ngram", ""))
    for part, scores in report["scores"].items():
        cells = [
            f"{scores[name]:.4f} ({scores[name + '_bits']:.3f})" for name in ("model", "ngram")
        ]
        unknown = f"{scores['unknown']} unknown characters left out" if scores["unknown"] else ""
        print(row(PARTS[part].split(" (")[0], *cells, unknown))
    print(f"  {report['scored']}")
