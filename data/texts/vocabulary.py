"""Characters and their codes: 0 for everything unknown, then the known ones by code point."""

import dataclasses
import functools
from typing import ClassVar

import numpy as np

from foundation.errors import InputError

CODE_POINTS = 0x110000  # how many Unicode has
MOST_CHARACTERS = 2**16 - 1  # code 0 and these fill 16 bits
BLOCK = 2**22  # characters looked up at a time: NumPy's indices take 8 bytes each
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


@dataclasses.dataclass(frozen=True)
class Vocabulary:
    """What a model of characters can read and write.

    Example:
      >>> vocabulary = Vocabulary(("a", "b"))
      >>> vocabulary.encode("abc").tolist()
      [1, 2, 0]
    """

    UNKNOWN: ClassVar[int] = 0
    characters: tuple[str, ...]  # all different, by code point; the i-th has the code i + 1

    @property
    def size(self) -> int:
        """How many codes there are: the characters and UNKNOWN."""
        return len(self.characters) + 1

    @property
    def dtype(self) -> type:
        """The smallest integers that hold all codes."""
        return np.uint8 if self.size <= 256 else np.uint16

    def encode(self, text: str) -> np.ndarray:
        """The codes of a text, in [0, size - 1]: of `dtype`, shape (characters,)."""
        codes = np.empty(len(text), self.dtype)
        for start in range(0, len(text), BLOCK):
            block = slice(start, start + BLOCK)
            codes[block] = self._code_of_point[code_points(text[block])]
        return codes

    def decode(self, codes: np.ndarray) -> str:
        """The text of integer codes of any shape, read in order; UNKNOWN becomes U+FFFD.

        Raises: ValueError if a code is outside [0, size - 1].
        """
        codes = np.asarray(codes).reshape(-1)
        if codes.size and not 0 <= codes.min() <= codes.max() < self.size:
            raise ValueError(
                f"codes in [{codes.min()}, {codes.max()}]; codes in [0, {self.size - 1}]; "
                "use the vocabulary that the text was encoded with"
            )
        return self._point_of_code[codes.astype(np.int64)].tobytes().decode("utf-32-le")

    def to_json(self) -> dict:
        """A JSON object, of which `from_json` makes the same vocabulary."""
        return {"characters": "".join(self.characters)}

    @classmethod
    def from_json(cls, value: dict) -> "Vocabulary":
        """The vocabulary that `to_json` stored.

        Raises: InputError if the object is damaged.
        """
        characters = value.get("characters") if isinstance(value, dict) else None
        points = code_points(characters) if isinstance(characters, str) else np.zeros(0, np.int64)
        surrogates = (points >= 0xD800) & (points < 0xE000)  # no characters: no file can hold them
        increasing = (np.diff(points.astype(np.int64)) > 0).all()
        if not 0 < len(points) <= MOST_CHARACTERS or surrogates.any() or not increasing:
            raise InputError(
                "a damaged vocabulary",
                'an object with "characters", a text of different characters by code point',
                "use the file as the training wrote it",
            )
        return cls(tuple(characters))

    @functools.cached_property
    def _code_of_point(self) -> np.ndarray:
        """Code of each of Unicode's code points, shape (CODE_POINTS,)."""
        table = np.full(CODE_POINTS, self.UNKNOWN, self.dtype)
        table[code_points("".join(self.characters))] = np.arange(1, self.size)
        return table

    @functools.cached_property
    def _point_of_code(self) -> np.ndarray:
        """Code point of each code, shape (size,)."""
        return np.frombuffer((REPLACEMENT + "".join(self.characters)).encode("utf-32-le"), "<u4")


def code_points(text: str) -> np.ndarray:
    """The code points of a text: shape (characters,), uint8 if all are ASCII, else uint32."""
    if text.isascii():  # a quarter of the memory, for the most frequent kind of large text
        return np.frombuffer(text.encode("ascii"), np.uint8)
    # A lone surrogate is no character, but a command line can hold one: it is unknown, no crash.
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


def prime_codes(vocabulary: Vocabulary, prime: str | None) -> np.ndarray:
    """The codes of a text to go on from; none for None.

    Raises: InputError as `require_known`.
    """
    if prime is not None:
        require_known(vocabulary, "--prime", prime)
    return vocabulary.encode(prime or "")


def require_known(vocabulary: Vocabulary, flag: str, text: str) -> None:
    """Raises: InputError naming the characters of a flag's text that the training text has not, or
    for an empty one."""
    if not text:
        raise InputError(f"{flag} ''", "at least one character", f"leave {flag} out")
    if unknown := [each for each in dict.fromkeys(text) if each not in vocabulary.characters]:
        shown = ", ".join(f"{each!r} (U+{ord(each):04X})" for each in unknown[:5])
        raise InputError(
            f"{flag} has {shown}, which the training text has not",
            f"characters among the {len(vocabulary.characters)} of that text",
            f"change {flag}",
        )
