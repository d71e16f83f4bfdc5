"""What an erratum is, and what its exhibit measures."""

import dataclasses
from collections.abc import Callable

from matplotlib.figure import Figure

Measures = dict[str, object]  # measure in words -> number, text, list or None: JSON values


@dataclasses.dataclass(frozen=True)
class Exhibit:
    """The same measures twice: with the defect, and as this project does it.

    Args:
      defect: measured on the chapter's way, repaired just enough to run.
      cure: measured on this project's code; the same keys in the same order.
      figure: a picture of the difference, where one helps.
    """

    defect: Measures
    cure: Measures
    figure: Figure | None = None

    def __post_init__(self):
        if list(self.defect) != list(self.cure):
            raise ValueError(
                f"defect measures {list(self.defect)}, cure measures {list(self.cure)}; "
                "the same measures are expected on both sides; measure both"
            )


@dataclasses.dataclass(frozen=True)
class Erratum:
    """One place where the chapter is wrong or leaves something out.

    Args:
      number: "E1", "E2", ...; the number that docs/errata.md and the code's comments use.
      place: section of the chapter and what stands there.
      title: what is wrong, in a line.
      exhibit: seed -> Exhibit, in seconds; None if there is nothing to run.
      correction: what is right, for an erratum that is only words.
    """

    number: str
    place: str
    title: str
    exhibit: Callable[[int], Exhibit] | None = None
    correction: str = ""
