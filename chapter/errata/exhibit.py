"""What the program of an erratum returns: defect and cure, measured side by side."""

import dataclasses

import numpy as np
from matplotlib.figure import Figure

Measures = dict[str, object]  # measure in words -> number, text, list or None: JSON values
DEFECT, CURE = "tab:red", "tab:blue"  # in all pictures
Lines = dict[str, tuple[np.ndarray, np.ndarray, str | dict]]  # legend -> x, y, colour or style


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


def line_figure(lines: Lines, **labels: str) -> Figure:
    """Curves with a legend; `labels` as `Axes.set` takes them: title, xlabel, ylabel."""
    figure = Figure(figsize=(6, 3.2), layout="constrained")
    axes = figure.subplots()
    for legend, (x, y, style) in lines.items():
        axes.plot(x, y, label=legend, **({"color": style} if isinstance(style, str) else style))
    axes.set(**labels)
    axes.legend(fontsize="small")
    axes.grid(alpha=0.3)
    return figure
