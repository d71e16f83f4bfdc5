"""Clean a text block by block, so that borders between blocks leave no trace.

In this order: byte-order marks go; every line end becomes a newline; control characters go, but for
the newline and the tab; what remains is brought to Unicode's normal form C, in which an "é" is
one character even if it was typed as "e" and an accent.
"""

import collections
import re
import unicodedata

BYTE_ORDER_MARK = "\ufeff"
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

MARKS_REMOVED = "byte-order marks removed"
LINE_ENDS_CHANGED = "line ends changed to newlines"
CONTROLS_REMOVED = "control characters removed"
COMPOSED = "characters brought to normal form (Unicode NFC)"


class TextCleaner:
    """Cleans one text that comes in blocks.

    What may still change with the next block is held back: a carriage return that may belong to a
    newline, a letter that an accent may follow.

    Args:
      changes: what is changed is added to it, kind -> how often.
    """

    def __init__(self, changes: collections.Counter):
        self.changes = changes
        self._carriage_return = ""
        self._sequence = ""

    def feed(self, block: str, last: bool = False) -> str:
        """The next block of the text; returns what of the text is clean by now.

        Args:
          block: any part of the text, as decoded.
          last: nothing follows, so nothing is held back.
        """
        text = self._without_marks(block)
        text = self._with_newlines(text, last)
        text = self._without_controls(text)
        return self._composed(text, last)

    def _without_marks(self, text: str) -> str:
        marks = text.count(BYTE_ORDER_MARK)  # inside a text, too: files are joined with theirs
        if not marks:
            return text
        self.changes[MARKS_REMOVED] += marks
        return text.replace(BYTE_ORDER_MARK, "")

    def _with_newlines(self, text: str, last: bool) -> str:
        text = self._carriage_return + text
        held = text.endswith("\r") and not last
        self._carriage_return = "\r" if held else ""
        text = text[:-1] if held else text
        carriage_returns = text.count("\r")
        if not carriage_returns:
            return text
        self.changes[LINE_ENDS_CHANGED] += carriage_returns
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def _without_controls(self, text: str) -> str:
        text, count = CONTROLS.subn("", text)
        if count:
            self.changes[CONTROLS_REMOVED] += count
        return text

    def _composed(self, text: str, last: bool) -> str:
        text = self._sequence + text
        border = len(text) if last else last_border(text)
        self._sequence, text = text[border:], text[:border]
        if unicodedata.is_normalized("NFC", text):
            return text
        self.changes[COMPOSED] += count_denormal(text)
        return unicodedata.normalize("NFC", text)


def starts_anew(character: str) -> bool:
    """Whether a character never combines with what stands before it.

    Marks do, and the vowels and final consonants of the Korean alphabet.
    """
    korean_part = "\u1160" <= character <= "\u11ff" or "\ud7b0" <= character <= "\ud7ff"
    return not korean_part and not unicodedata.category(character).startswith("M")


def last_border(text: str) -> int:
    """The last index before whose character a text can be cut and normalised part by part."""
    index = len(text) - 1
    while index > 0 and not starts_anew(text[index]):
        index -= 1
    return max(index, 0)


def count_denormal(text: str) -> int:
    """How many characters, each with the marks that follow it, are not in normal form C."""
    different = set(text)
    marks = "".join(character for character in different if not starts_anew(character))
    alone = "".join(c for c in different if unicodedata.normalize("NFC", c) != c)
    patterns = [f"[^{re.escape(marks)}]?[{re.escape(marks)}]+"] if marks else []
    patterns += [f"[{re.escape(alone)}]"] if alone else []
    found = collections.Counter(re.findall("|".join(patterns), text))
    return sum(n for piece, n in found.items() if unicodedata.normalize("NFC", piece) != piece)
