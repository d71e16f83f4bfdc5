"""Clean a text.

In this order: byte-order marks go; every line end becomes a newline, those of the Unicode standard
(5.8), form feed and U+0085 among them, too; control characters go, but for the newline and the tab;
what remains is brought to Unicode's normal form C, in which an "é" is one character even if it was
typed as "e" and an accent.
"""

import collections
import re
import unicodedata

BYTE_ORDER_MARK = "\ufeff"
LINE_ENDS = ("\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029")
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

MARKS_REMOVED = "byte-order marks removed"
LINE_ENDS_CHANGED = "line ends changed to newlines"
CONTROLS_REMOVED = "control characters removed"
COMPOSED = "characters brought to normal form (Unicode NFC)"


def clean_text(text: str, changes: collections.Counter) -> str:
    """The clean text; what is changed is added to `changes`, kind -> how often."""
    changes[MARKS_REMOVED] += text.count(BYTE_ORDER_MARK)  # inside, too: files are joined with them
    text = text.replace(BYTE_ORDER_MARK, "")
    for end in LINE_ENDS:
        changes[LINE_ENDS_CHANGED] += text.count(end)
        text = text.replace(end, "\n")
    text, removed = CONTROLS.subn("", text)
    changes[CONTROLS_REMOVED] += removed
    if not unicodedata.is_normalized("NFC", text):
        changes[COMPOSED] += _count_denormal(text)
        text = unicodedata.normalize("NFC", text)
    return text


def starts_anew(character: str) -> bool:
    """Whether a character never combines with what stands before it.

    Marks do, and the vowels and final consonants of the Korean alphabet.
    """
    korean_part = "\u1160" <= character <= "\u11ff" or "\ud7b0" <= character <= "\ud7ff"
    return not korean_part and not unicodedata.category(character).startswith("M")


def _count_denormal(text: str) -> int:
    """How many characters, each with the marks that follow it, are not in normal form C."""
    different = set(text)
    marks = "\u0301" + "".join(c for c in different if not starts_anew(c))  # one at least
    alone = "".join(c for c in different if unicodedata.normalize("NFC", c) != c)
    pattern = f"[{re.escape(marks + alone)}][{re.escape(marks)}]*"
    found: collections.Counter = collections.Counter()
    for match in re.finditer(pattern, text):
        has_base = match.group()[0] in marks and match.start() > 0
        found[text[match.start() - has_base : match.end()]] += 1
    return sum(n for piece, n in found.items() if unicodedata.normalize("NFC", piece) != piece)
