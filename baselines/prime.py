"""The text that a generated text goes on from."""

import numpy as np

from data.vocabulary import Vocabulary
from foundation.errors import InputError


def prime_codes(vocabulary: Vocabulary, prime: str | None) -> np.ndarray:
    """The codes of a text to go on from; none for None.

    Raises: InputError naming the characters that the training text did not have.
    """
    unknown = vocabulary.unknown_in(prime or "")
    if unknown:
        shown = ", ".join(f"{each!r} (U+{ord(each):04X})" for each in unknown[:5])
        raise InputError(
            f"--prime has {shown}, which the training text has not",
            f"characters among the {len(vocabulary.characters)} of that text",
            "change --prime",
        )
    return vocabulary.encode(prime or "")
