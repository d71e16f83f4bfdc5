"""What an erratum is, and how it is read from docs/errata.md.

An erratum that can be measured has a Python file in gan/, text/ or others/, too: its docstring
begins with the erratum's number, its function `exhibit` measures.
"""

import ast
import dataclasses
import re
from pathlib import Path

from chapter.errata.exhibit import Exhibit
from foundation.quiet import load_quietly, retracing_allowed

HERE = Path(__file__).parent
DOCUMENT = HERE.parents[1] / "docs" / "errata.md"
HEADING = r"(E\d+)\. (.+)"
FIELD = r"^- \*\*(\w+):\*\*\s+(.+?)(?=^- |\Z)"


@dataclasses.dataclass(frozen=True)
class Erratum:
    """One place where the chapter is wrong or leaves something out.

    Args:
      number: "E1", "E2", ...; the number that docs/errata.md and the code's comments use.
      title: what is wrong, in a line.
      place: section of the chapter and what stands there.
      wrong, shows: what is wrong there, and how that shows.
      correction: what is right, and what this project does instead.
      test: which test proves both.
      text: the whole entry, as docs/errata.md has it, heading included.
      module: name of the module whose `exhibit` measures it; None for a matter of words.
    """

    number: str
    title: str
    place: str
    wrong: str
    shows: str
    correction: str
    test: str
    text: str
    module: str | None

    @classmethod
    def read(cls, text: str, modules: dict[str, str]) -> "Erratum":
        """An erratum from its entry in Markdown; `modules` by number.

        Raises: ValueError for an entry without its heading or one of its five fields.
        """
        heading = re.match(HEADING, text)
        fields = dict(re.findall(FIELD, text, re.MULTILINE | re.DOTALL))
        if not heading or list(fields) != ["Place", "Wrong", "Shows", "Here", "Test"]:
            raise ValueError(
                f"an erratum that begins with {text[:40]!r} and has the fields {list(fields)}; "
                "`E1. Title` and Place, Wrong, Shows, Here, Test are expected; write all of them"
            )
        lines = [" ".join(field.split()) for field in fields.values()]
        lines[0] = lines[0].rstrip(".")  # the place is no sentence
        return cls(heading[1], heading[2], *lines, text=text, module=modules.get(heading[1]))

    def exhibit(self, seed: int) -> Exhibit:
        """Defect and cure, in seconds; without measures where it is a matter of words."""
        if self.module is None:  # and nothing heavy is imported
            return Exhibit({}, {})
        with retracing_allowed():
            return load_quietly(f"{self.module}:exhibit")(seed)


def read_errata() -> tuple[Erratum, ...]:
    """Every erratum, by number. Imports none of their modules.

    Raises: ValueError for an entry that is not whole, a number that is missing or there twice, or a
      module without an entry.
    """
    modules = {}
    for path in sorted(HERE.glob("*/*.py")):
        words = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        if found := re.match(HEADING, words):
            modules[found[1]] = f"{__package__}.{path.parent.name}.{path.stem}"
    entries = re.split(r"^## ", DOCUMENT.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    errata = [Erratum.read(entry.strip(), modules) for entry in entries]
    numbers = [each.number for each in errata]
    if numbers != [f"E{number}" for number in range(1, len(errata) + 1)]:
        raise ValueError(f"errata {numbers}; each number from E1 on is expected, and once")
    if unknown := modules.keys() - set(numbers):
        raise ValueError(f"modules of {sorted(unknown)}; an entry in {DOCUMENT} is expected")
    return tuple(errata)


ERRATA = read_errata()
