"""Texts as integer codes in temporary files: no text need ever be in memory as a whole.

The files have no name, or go when the last array on them goes: no kind of end leaves one behind.
They lie where the system keeps temporary files; TMPDIR names another place.
"""

import contextlib
import tempfile
from collections.abc import Iterable, Iterator
from typing import BinaryIO

import numpy as np

from data.texts.vocabulary import CODE_POINTS, MOST_CHARACTERS, code_points
from foundation.errors import InputError

BLOCK_CODES = 2**22  # codes that are in memory at a time


class CharacterNumbers:
    """Numbers characters in the order in which they appear: 1, 2, ...

    The vocabulary can be made only when the end of the training part is known, that is when all has
    been read; until then these are the codes.

    Attributes:
      points: the code points that appeared, in order; the number of `points[i]` is i + 1.
    """

    def __init__(self):
        self.points: list[int] = []
        self._number_of_point = np.zeros(CODE_POINTS, np.uint16)  # 0: has not appeared

    def numbers_of(self, text: str) -> np.ndarray:
        """The numbers of a text's characters, uint16, shape (characters,).

        Raises: InputError if there are more different characters than 16 bits number, or halves.
        """
        points = code_points(text)
        numbers = self._number_of_point[points]
        if numbers.all():
            return numbers
        self._add(points[numbers == 0])
        return self._number_of_point[points]

    def _add(self, unseen: np.ndarray) -> None:
        points, first_places = np.unique(unseen, return_index=True)
        points = points[np.argsort(first_places)]
        surrogates = points[(points >= 0xD800) & (points < 0xE000)]
        if surrogates.size:
            raise InputError(
                f"a text with U+{surrogates[0]:04X}, which is half a character",
                "whole characters",
                "name the encoding of the text with --encoding",
            )
        before = len(self.points)
        self.points += points.tolist()
        if len(self.points) > MOST_CHARACTERS:
            raise InputError(
                f"a text of more than {MOST_CHARACTERS:,} different characters",
                "a text of one or a few languages",
                "check that the file is a text and that --encoding fits",
            )
        self._number_of_point[points] = np.arange(before, len(self.points)) + 1


def write_numbers(blocks: Iterable[str]) -> tuple[np.ndarray, list[int]]:
    """Number the characters of a text that comes in blocks.

    Returns: the numbers, uint8 if there are at most 255 else uint16, shape (characters,), memory-
      mapped and read-only; and the code points in the order of their numbers.
    Raises: InputError as CharacterNumbers.
    """
    numbers = CharacterNumbers()
    dtype, count = np.uint8, 0
    with contextlib.ExitStack() as files:  # closed at the end: a mapping needs no open file
        file = files.enter_context(tempfile.TemporaryFile())
        for block in blocks:
            new = numbers.numbers_of(block)
            if dtype == np.uint8 and len(numbers.points) > 255:
                narrow = memory_mapped(file, dtype, count)
                dtype = np.uint16
                file = files.enter_context(tempfile.TemporaryFile())
                _write(file, (part.astype(dtype) for part in in_blocks(narrow)))
            _write(file, [new.astype(dtype)])
            count += len(new)
        return memory_mapped(file, dtype, count), numbers.points


def translated(codes: np.ndarray, table: np.ndarray) -> np.ndarray:
    """`table[codes]` in a file of its own, memory-mapped and read-only.

    Args:
      codes: integers, shape (count,).
      table: shape (more than the largest code,).

    Returns: shape (count,), dtype of the table.
    """
    with tempfile.TemporaryFile() as file:
        _write(file, (table[block] for block in in_blocks(codes)))
        return memory_mapped(file, table.dtype, len(codes))


def in_blocks(codes: np.ndarray) -> Iterator[np.ndarray]:
    """Pieces of at most BLOCK_CODES along the only axis, in order."""
    for start in range(0, len(codes), BLOCK_CODES):
        yield codes[start : start + BLOCK_CODES]


def memory_mapped(file: BinaryIO, dtype: type, count: int) -> np.ndarray:
    """The first `count` numbers of a file as a read-only array of shape (count,)."""
    if not count:
        return np.zeros(0, dtype)  # an empty file cannot be mapped
    return np.memmap(file, dtype, mode="r", shape=(count,)).view(np.ndarray)


def _write(file: BinaryIO, arrays: Iterable[np.ndarray]) -> None:
    """Append arrays to a file; all of it is in the file when this returns."""
    for array in arrays:
        file.write(array)
    file.flush()
