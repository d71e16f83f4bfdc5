"""`evaluate text REAL SYNTHETIC`: a text of any origin beside human text, all measures."""

from pathlib import Path
from typing import NamedTuple

from data.texts.load import load_text, read_text
from data.texts.vocabulary import Vocabulary
from evaluation.answers import answer
from evaluation.config import TextsEvaluateSettings
from evaluation.printing import print_metrics
from evaluation.texts.compare import MOST_COMPARED, compare_texts, decoded, draw_novelty
from evaluation.texts.ngram import bits_of_ngram_trained_on_it, ngram_of_text, text_attack
from foundation.errors import InputError
from foundation.files import check_directory, claim_directory, write_json

SMALLEST_HELD_OUT = 4  # characters: two each for validation and test


class RealTexts(NamedTuple):
    """Human text in three parts: the generator has seen the first and nothing of the others.

    Where parts were cut and joined again stands a line break.
    """

    training: str
    validation: str
    test: str
    vocabulary: Vocabulary  # of the training part
    protocol: str  # how the parts were made, for people


def evaluate(settings: TextsEvaluateSettings) -> dict:
    """Measure a text file or a folder of them; print a table; with --out write files.

    Returns: the content of metrics.json: as `compare_texts`, with what the n-gram finds out.
    Raises: InputError if a text is at fault or --out is in use.
    """
    real = load_real(settings)
    written = read_text(text_place(settings.synthetic), settings.encoding, settings.quiet)
    sample = written[:MOST_COMPARED]
    out = None if settings.out is None else check_directory(settings.out)
    known = real.vocabulary
    ngram = ngram_of_text(real.training, known)
    held_out = (real.validation + real.test)[:MOST_COMPARED]
    report = {
        "real": settings.real,
        "synthetic": settings.synthetic,
        "protocol": real.protocol,
        "synthetic_characters": len(written),
        **compare_texts(sample, held_out, real.training[-MOST_COMPARED:], ngram, known),
    }
    report["metrics"] |= {
        "bits_of_ngram_trained_on_it": answer(
            lambda: bits_of_ngram_trained_on_it(
                sample, real.training, real.test, known, settings.seed
            )
        ),
        "membership_auc": answer(lambda: text_attack(sample, *real[:4], settings.seed)),
    }
    if out:
        claim_directory(out)
        write_json(out / "metrics.json", report)
        draw_novelty(report["metrics"]["novelty"], out)
    if not settings.quiet:
        print(
            f"the first {report['sample_characters']:,} of {len(written):,} characters of "
            f"{report['synthetic']}, beside as many of held-out human text; {report['protocol']}"
        )
        print_metrics(report["metrics"], "human")
        if out:
            print(f"written: {out / 'metrics.json'}, {out / 'novelty.png'}")
    return report


def load_real(settings: TextsEvaluateSettings) -> RealTexts:
    """The parts that the settings name; with --held-out it has seen all of REAL, no other text."""
    real = settings.real if ":" in settings.real else text_place(settings.real, named=True)
    if settings.held_out is None:
        corpus = load_text(
            real, settings.split, settings.encoding, settings.max_characters, quiet=settings.quiet
        )
        parts = (decoded(corpus, part) for part in (corpus.train, corpus.validation, corpus.test))
        return RealTexts(*parts, corpus.vocabulary, corpus.protocol)
    place = text_place(settings.held_out)
    training, held_out = (
        read_text(each, settings.encoding, settings.quiet)[: settings.max_characters]
        for each in (real, place)
    )
    if len(held_out) < SMALLEST_HELD_OUT:
        raise InputError(
            f"{place} with {len(held_out)} characters",
            f"at least {SMALLEST_HELD_OUT}",
            "give more human text",
        )
    half = len(held_out) // 2
    return RealTexts(
        training,
        held_out[:half],
        held_out[half:],
        Vocabulary(tuple(sorted(set(training)))),
        f"{len(training):,} characters of {real} for training, {half:,} and "
        f"{len(held_out) - half:,} of {place} held out",
    )


def text_place(place: str, named: bool = False) -> str:
    """file:PATH or folder:PATH of a place given with or without the word.

    A place that may be `named` is left alone unless there is such a path: it names a data set.
    """
    if place.startswith(("file:", "folder:")):
        return place
    path = Path(place).expanduser()
    if path.is_dir():
        return f"folder:{place}"
    return place if named and not path.exists() else f"file:{place}"
