"""Write docs/errata.md from the entries of this folder.

python -m chapter.errata.document
"""

from pathlib import Path

from chapter.errata.entry import ERRATA, WORDS
from foundation.files import write_text

DOCUMENT = Path(__file__).parents[2] / "docs" / "errata.md"


def document() -> str:
    """The introduction of words.md, then every erratum in order, as Markdown."""
    introduction = WORDS.read_text(encoding="utf-8").split("\n## ")[0].strip()
    return "\n\n".join([introduction, *(f"## {each.text}" for each in ERRATA)]) + "\n"


if __name__ == "__main__":
    write_text(DOCUMENT, document())
