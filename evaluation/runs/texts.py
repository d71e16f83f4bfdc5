"""How well a run predicts held-out text, beside the n-gram, and what its own text is like."""

import math

import numpy as np

from baselines.ngram.kneser_ney import KneserNey
from data.texts.load import TextCorpus
from data.texts.vocabulary import Vocabulary
from evaluation.config import BaselineEvaluateSettings, TextEvaluateSettings
from evaluation.texts.compare import MOST_COMPARED, compare_texts, decoded, novelty_figure
from evaluation.texts.ngram import NGRAM_CONTEXT, fit_ngram
from evaluation.texts.printing import print_metrics
from evaluation.texts.scores import MOST_HELD_OUT, PROTOCOLS, score_parts
from foundation.console import print_table
from foundation.errors import InputError
from foundation.files import write_text
from foundation.pictures import save_figure
from lstm_text.trained import TrainedText
from training.generator import Density, Generator
from training.stored import StoredRun

STREAM_LENGTH = 2000  # characters of each stream of the sample
PARTS = {
    "held_out": "held out (all)",
    "validation": "validation (chose the model)",
    "test": "test (chose nothing)",
}
DENSITY_PROTOCOL = (
    "every held-out character once, in order, given all before it in the held-out text; ngram: "
    f"interpolated modified Kneser-Ney with {NGRAM_CONTEXT} characters of context"
)


def evaluate_text(
    stored: StoredRun, corpus: TextCorpus, settings: TextEvaluateSettings | BaselineEvaluateSettings
) -> dict:
    """Nats and bits a character on the held-out parts; the model's own text beside human text.

    Returns: "scores" as `score_parts` gives them for the LSTM and `score_density` for a baseline,
      "metrics" as `compare_texts` does, with the protocol and the choices.
    """
    generator, ngram = stored.generator, fit_ngram(corpus)
    if isinstance(generator, TrainedText):
        temperature = settings.temperature
        chosen = {
            "parameters": generator.model.count_params(),
            "windows": settings.windows,
            "temperature": temperature,
            "scores": score_parts(
                generator.model, ngram, corpus, settings.windows, settings.seed, settings.quiet
            ),
        }
    else:
        temperature = 1.0  # as learnt
        scores = score_density(generator, ngram, corpus)
        chosen = {"scored": DENSITY_PROTOCOL, "temperature": temperature, "scores": scores}
    written = sample_texts(generator, settings.characters, settings.seed, temperature)
    sample = "\n".join(written)
    held_out = np.concatenate([corpus.validation, corpus.test], axis=1)
    rows = len(held_out)
    report = {
        "data": corpus.name,
        "data_sha256": corpus.sha256,
        "split": corpus.split,
        "protocol": corpus.protocol,
        **chosen,
        **compare_texts(
            sample,
            decoded(corpus, held_out[:, : MOST_COMPARED // rows]),
            decoded(corpus, corpus.train[:, -(MOST_COMPARED // rows) :]),
            ngram.log_probabilities,
            corpus.vocabulary,
        ),
    }
    write_text(stored.run / "evaluation" / "sample.txt", sample + "\n")
    novelty = report["metrics"]["novelty"]
    figure = novelty_figure(novelty["value"], novelty["real"], novelty["lengths"])
    save_figure(figure, stored.run / "evaluation" / "novelty.png")
    if not settings.quiet:
        if isinstance(generator, TrainedText):
            print_scores(report)
        else:
            print_density_scores(stored.description["model"], report)
        print_metrics(report)
    return report


def sample_texts(
    generator: Generator, characters: int, seed: int, temperature: float = 1.0
) -> list[str]:
    """At least `characters` characters of the model's own text, in independent streams."""
    length = min(STREAM_LENGTH, characters)
    streams = -(-characters // length)
    return generator.sample(seed, 0, streams, length=length, temperature=temperature)


def score_density(generator: Density, ngram: KneserNey, corpus: TextCorpus) -> dict:
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


def print_scores(report: dict) -> None:
    """The held-out parts under each protocol, and what each protocol is."""
    print(f"{report['parameters']:,} weights; {report['protocol']}")
    parts = {PARTS[part]: scores for part, scores in report["scores"].items()}
    print_parts(parts, {name: name for name in PROTOCOLS})
    for name, meaning in PROTOCOLS.items():
        print(f"  {name}: {meaning}")


def print_density_scores(model: str, report: dict) -> None:
    """The held-out parts, for a baseline and the n-gram."""
    print(report["protocol"])
    parts = {PARTS[part].split(" (")[0]: scores for part, scores in report["scores"].items()}
    print_parts(parts, {"model": model, "ngram": "ngram"})
    print(f"  {report['scored']}")


def print_parts(parts: dict[str, dict], names: dict[str, str]) -> None:
    """A line for each part, a column for each figure: {its key in the scores: its heading}."""
    rows = [
        (
            part,
            *(
                "-" if scores[key] is None else f"{scores[key]:.4f} ({scores[key + '_bits']:.3f})"
                for key in names
            ),
            str(scores["unknown"]),
        )
        for part, scores in parts.items()
    ]
    print_table(("nats (bits) a character", *names.values(), "unknown, left out"), rows)
