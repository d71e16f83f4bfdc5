"""Can one tell from synthetic text which passages it was learnt from? An attack, with a control.

The question of `evaluation/metrics/privacy/membership.py`. The attacker fits an n-gram to the
synthetic text: a passage that it finds likely, and likelier than an n-gram of other real text does,
was probably learnt from. Members are passages of the training text, controls of the test text.

A contiguous split puts other works, and so other words, into the test part: then the attack tells
works apart, not what was learnt from. It shows in the real figure, which is about 0.5 only where
controls are of the members' kind (`--split interleaved`).
"""

from collections.abc import Callable

import numpy as np

from baselines.ngram.kneser_ney import KneserNey
from data.texts.vocabulary import Vocabulary
from evaluation.metrics.privacy.membership import judged
from foundation.errors import InputError
from foundation.purposes import TEXT_ATTACK, rng

PASSAGE = 256  # characters
PASSAGES = 500  # of each kind, at most
CONTEXT = 6  # characters that the attacker's n-gram looks at

Score = Callable[[np.ndarray], float]  # codes of a passage -> mean ln p


def text_attack(
    sample: str, training: str, validation: str, test: str, vocabulary: Vocabulary, seed: int = 0
) -> dict:
    """Attack with all of the sample, and with a part of it beside as much real text.

    Validation text is what is neither member nor control: half of it stands in for the sample, the
    other half is the attacker's other real text. Training text in the sample's place shows what
    the attack finds at that length if all is copied.

    Args:
      sample: the synthetic text.
      training, validation, test: real text; the generator has seen the first only.
      vocabulary: of the training text.
      seed: of the choice of passages.

    Returns: {"value": area with a part, "real", "if_copied": of as much of the others,
      "characters": how much; "whole": area with all of the sample, "low", "high",
      "found_at_1_percent" ... as `evaluation.metrics.privacy.membership.judged` says, "passages"}.
    Raises: InputError if a text is too short for passages.
    """
    members = passages(vocabulary.encode(training), seed, 0)
    controls = passages(vocabulary.encode(test), seed, 1)
    half = len(validation) // 2
    few = min(half, len(sample))
    start = rng(seed, TEXT_ATTACK, 2).integers(max(1, len(training) - few))
    other = scorer(validation[half:], vocabulary)

    def area(text: str) -> float:
        return _judged(scorer(text, vocabulary), other, members, controls)["auc"]

    whole = _judged(scorer(sample, vocabulary), scorer(validation, vocabulary), members, controls)
    return {
        "value": area(sample[:few]),
        "real": area(validation[:few]),
        "if_copied": area(training[start : start + few]),
        "characters": few,
        "whole": whole.pop("auc"),
        **whole,
        "passages": [len(members), len(controls)],
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


def scorer(text: str, vocabulary: Vocabulary) -> Score:
    """The mean ln p of a passage's characters under an n-gram of the text."""
    codes = vocabulary.encode(text)
    model = KneserNey.fit(codes[None], vocabulary.size, min(CONTEXT, max(1, len(codes) - 1)))
    return lambda passage: float(model.log_probabilities(passage).mean())


def _judged(score: Score, other: Score, members: np.ndarray, controls: np.ndarray) -> dict:
    """How well "likelier than under the other text" tells members from controls."""
    sides = [
        np.array([score(passage) - other(passage) for passage in side])
        for side in (members, controls)
    ]
    return judged(*sides)
