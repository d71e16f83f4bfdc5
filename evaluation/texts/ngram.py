"""The n-gram beside every model of text, and what it finds out about a text; no TensorFlow."""

import math

import numpy as np

from baselines.ngram.kneser_ney import KneserNey
from data.texts.load import TextCorpus
from data.texts.vocabulary import Vocabulary
from evaluation.metrics.privacy.membership import CAUTION, judged
from foundation.errors import InputError
from foundation.purposes import TEXT_ATTACK, TEXT_PIECES, rng

NGRAM_CONTEXT = 6  # where the n-gram is best on tiny-shakespeare
MOST_COUNTED = 10_000_000  # training characters the n-gram counts: about 100 bytes each
PIECE = 1000  # characters of a piece of training text
PASSAGE = 256  # characters of a passage that is attacked
PASSAGES = 500  # of each kind, at most


def fit_ngram(corpus: TextCorpus) -> KneserNey:
    """The Kneser-Ney n-gram of a corpus' training part (its end, if it is very long)."""
    longest = MOST_COUNTED // len(corpus.train)
    context = min(NGRAM_CONTEXT, corpus.train.shape[1] - 1)
    return KneserNey.fit(corpus.train[:, -longest:], corpus.vocabulary.size, context)


def ngram_of_text(text: str, vocabulary: Vocabulary) -> KneserNey:
    """The same of a text of at least 2 characters."""
    codes = vocabulary.encode(text[-MOST_COUNTED:])
    context = max(1, min(NGRAM_CONTEXT, len(codes) - 1))
    return KneserNey.fit(codes[None], vocabulary.size, context)


def bits_of_ngram_trained_on_it(
    sample: str, training: str, test: str, vocabulary: Vocabulary, seed: int
) -> dict:
    """Train on synthetic, test on real: an n-gram's bits a character on the test part.

    Real: the same n-gram fitted to as many characters of the training text, in pieces from all
    over it: its beginning alone would be one work only.
    """
    count = min(len(sample), len(training))
    pieces = [training[start : start + PIECE] for start in range(0, len(training), PIECE)]
    order = rng(seed, TEXT_PIECES).permutation(len(pieces))
    drawn = "\n".join(pieces[index] for index in order[: -(-count // PIECE)])
    codes = vocabulary.encode(test)[None]

    def bits(text: str) -> float:
        model = ngram_of_text(text, vocabulary)
        return model.cross_entropy(codes, ignore=Vocabulary.UNKNOWN) / math.log(2)

    return {
        "value": bits(sample[:count]),
        "real": bits(drawn[:count]),
        "characters": count,
        "how_to_read": (
            "bits a character of real test text for an n-gram trained on it; lower is better, down "
            "to the real figure, that of as much training text"
        ),
    }


def text_attack(
    sample: str, training: str, validation: str, test: str, vocabulary: Vocabulary, seed: int = 0
) -> dict:
    """Can one tell from synthetic text which passages it was learnt from?

    The question of `evaluation.metrics.privacy.membership`. A passage that an n-gram of the
    synthetic text finds likely, and likelier than an n-gram of other real text does, was probably
    learnt from. Members are passages of the training text, controls of the test text. Validation
    text is neither: half of it stands in for the sample, the other half is the attacker's other
    real text. Training text in the sample's place shows what is found if all is copied.

    A contiguous split puts other works, and so other words, into the test part: then the attack
    tells works apart, not what was learnt from. It shows in the real figure, which is about 0.5
    only where controls are of the members' kind (`--split interleaved`).

    Args:
      sample: the synthetic text.
      training, validation, test: real text; the generator has seen the first only.
      vocabulary: of the training text.
      seed: of the choice of passages.

    Returns: {"value": area with a part of the sample, "real", "if_copied": of as much of the
      others, "characters": how much; "whole": area with all of the sample, "low", "high",
      "found_at_1_percent" ... as `judged` says, "passages", "how_to_read"}.
    Raises: InputError if a text is too short for passages.
    """
    sides = [
        passages(vocabulary.encode(text), seed, number)
        for number, text in enumerate((training, test))
    ]
    half = len(validation) // 2
    few = min(half, len(sample))
    start = rng(seed, TEXT_ATTACK, 2).integers(max(1, len(training) - few))

    def attack(text: str, other: KneserNey) -> dict:
        model = ngram_of_text(text, vocabulary)
        scores = [
            [_likelihood(model, each) - _likelihood(other, each) for each in side] for side in sides
        ]
        return judged(*map(np.array, scores))

    other = ngram_of_text(validation[half:], vocabulary)
    texts = {"value": sample, "real": validation, "if_copied": training[start:]}
    areas = {name: attack(text[:few], other)["auc"] for name, text in texts.items()}
    whole = attack(sample, ngram_of_text(validation, vocabulary))
    words = f"well above the real figure: passages learnt by heart were found out; {CAUTION}"
    if abs(areas["real"] - 0.5) > 0.05:
        words = (
            "the control text is of another kind than the training text (the real figure is not "
            f"0.5), so this tells kinds apart, too: use --split interleaved; {words}"
        )
    return {
        **areas,
        "characters": few,
        "whole": whole.pop("auc"),
        **whole,
        "passages": [len(side) for side in sides],
        "how_to_read": words,
    }


def passages(codes: np.ndarray, seed: int, number: int) -> np.ndarray:
    """Pieces of the text that do not overlap, drawn at random; int (count, 256)."""
    count = len(codes) // PASSAGE
    if count < 2:
        raise InputError(
            f"a text of {len(codes)} characters", f"at least {2 * PASSAGE}", "give a longer text"
        )
    pieces = codes[: count * PASSAGE].reshape(count, PASSAGE)
    order = rng(seed, TEXT_ATTACK, number).permutation(count)
    return pieces[order[:PASSAGES]]


def _likelihood(model: KneserNey, passage: np.ndarray) -> float:
    """Mean ln p of a passage's characters."""
    return float(model.log_probabilities(passage).mean())
