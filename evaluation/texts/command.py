"""`evaluate text REAL SYNTHETIC`: a text of any origin beside human text, all measures."""

import dataclasses
import math
from pathlib import Path

from data.texts.load import load_text, read_text
from data.texts.vocabulary import Vocabulary
from evaluation.answers import answer
from evaluation.config import TextsEvaluateSettings
from evaluation.metrics.privacy.membership import CAUTION
from evaluation.texts.compare import MOST_COMPARED, compare_texts, decoded, novelty_figure
from evaluation.texts.membership import text_attack
from evaluation.texts.ngram import ngram_of_text
from evaluation.texts.printing import print_measures
from foundation.errors import InputError
from foundation.files import check_directory, claim_directory, write_json
from foundation.pictures import save_figure
from foundation.purposes import TEXT_PIECES, rng

PIECE = 1000  # characters of a passage of training text
SMALLEST_HELD_OUT = 4  # characters: two each for validation and test


@dataclasses.dataclass(frozen=True)
class RealTexts:
    """Human text in three parts: the generator has seen the first and nothing of the others.

    Args:
      training, validation, test: where parts were cut and joined again stands a line break.
      vocabulary: of the training part.
      protocol: how the parts were made, for people.
    """

    training: str
    validation: str
    test: str
    vocabulary: Vocabulary
    protocol: str


def evaluate(settings: TextsEvaluateSettings) -> dict:
    """Measure a text file or a folder of them; print a table; with --out write files.

    Returns: the content of metrics.json: as `compare_texts`, with "utility" and "membership".
    Raises: InputError if a text is at fault or --out is in use.
    """
    real = load_real(settings)
    sample = read_text(
        text_place(settings.synthetic), settings.encoding, MOST_COMPARED, settings.quiet
    )
    out = None if settings.out is None else check_directory(settings.out)
    ngram = ngram_of_text(real.training, real.vocabulary)
    held_out = (real.validation + real.test)[:MOST_COMPARED]
    report = {
        "real": settings.real,
        "synthetic": settings.synthetic,
        "protocol": real.protocol,
        **compare_texts(
            sample,
            held_out,
            real.training[-MOST_COMPARED:],
            ngram.log_probabilities,
            real.vocabulary,
        ),
    }
    report["metrics"] |= {
        "bits_of_ngram_trained_on_it": answer(lambda: utility(sample, real, settings.seed)),
        "membership_auc": answer(lambda: membership(sample, real, settings.seed)),
    }
    if out:
        claim_directory(out)
        write_json(out / "metrics.json", report)
        novelty = report["metrics"]["novelty"]  # a list always: of None where it is too short
        figure = novelty_figure(novelty["value"], novelty["real"], novelty["lengths"])
        save_figure(figure, out / "novelty.png")
    if not settings.quiet:
        print_report(report)
        if out:
            print(f"written: {out / 'metrics.json'}, {out / 'novelty.png'}")
    return report


def load_real(settings: TextsEvaluateSettings) -> RealTexts:
    """The parts that the settings name.

    With --held-out the generator has seen all of REAL; the halves of the other text are what it
    has not seen.
    """
    real = settings.real if ":" in settings.real else text_place(settings.real, named=True)
    if settings.held_out is None:
        corpus = load_text(
            real, settings.split, settings.encoding, settings.max_characters, quiet=settings.quiet
        )
        parts = (decoded(corpus, part) for part in (corpus.train, corpus.validation, corpus.test))
        return RealTexts(*parts, corpus.vocabulary, corpus.protocol)
    training = read_text(real, settings.encoding, settings.max_characters, settings.quiet)
    place = text_place(settings.held_out)
    held_out = read_text(place, settings.encoding, settings.max_characters, settings.quiet)
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
        f"all {len(training):,} characters of {real} for training, {half:,} and "
        f"{len(held_out) - half:,} of {place} held out",
    )


def text_place(place: str, named: bool = False) -> str:
    """file:PATH or folder:PATH of a place given with or without the word.

    Args:
      place: as the user gave it.
      named: whether it may be the name of a data set; it is left alone unless there is such a path.
    """
    if place.startswith(("file:", "folder:")):
        return place
    path = Path(place).expanduser()
    if path.is_dir():
        return f"folder:{place}"
    return place if named and not path.exists() else f"file:{place}"


def utility(sample: str, real: RealTexts, seed: int) -> dict:
    """Train on synthetic, test on real: an n-gram's bits a character on the test part.

    Real: the same n-gram fitted to as many characters of the training text, in pieces from all
    over it: its beginning alone would be one work only.
    """
    count = min(len(sample), len(real.training))
    pieces = [real.training[start : start + PIECE] for start in range(0, len(real.training), PIECE)]
    order = rng(seed, TEXT_PIECES).permutation(len(pieces))
    drawn = "\n".join(pieces[index] for index in order[: -(-count // PIECE)])
    test = real.vocabulary.encode(real.test)[None]

    def bits(text: str) -> float:
        model = ngram_of_text(text, real.vocabulary)
        return model.cross_entropy(test, ignore=Vocabulary.UNKNOWN) / math.log(2)

    return {
        "value": bits(sample[:count]),
        "real": bits(drawn[:count]),
        "characters": count,
        "how_to_read": (
            "bits a character of real test text for an n-gram trained on it; lower is better, down "
            "to the real figure, that of as much training text"
        ),
    }


def membership(sample: str, real: RealTexts, seed: int) -> dict:
    """`text_attack`, with its words."""
    found = text_attack(sample, real.training, real.validation, real.test, real.vocabulary, seed)
    words = f"well above the real figure: passages learnt by heart were found out; {CAUTION}"
    if abs(found["real"] - 0.5) > 0.05:
        words = (
            "the control text is of another kind than the training text (the real figure is not "
            f"0.5), so this tells kinds apart, too: use --split interleaved; {words}"
        )
    return {**found, "how_to_read": words}


def print_report(report: dict) -> None:
    """What was compared, and the table of `text evaluate`."""
    print(
        f"{report['sample_characters']:,} characters of {report['synthetic']}, beside as many of "
        f"held-out human text; {report['protocol']}"
    )
    print_measures(report["metrics"])
