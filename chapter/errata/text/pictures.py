"""Pictures of the text errata where a picture says more than the numbers."""

import numpy as np
from matplotlib.figure import Figure

from chapter.errata.gan.pictures import CURE, DEFECT


def losses_in_window(thrown_away: np.ndarray, carried: np.ndarray) -> Figure:
    """E16: the loss at each place of a batch.

    Args:
      thrown_away, carried: nats a character, shape (characters of a batch,).
    """
    figure = Figure(figsize=(6, 3.2), layout="constrained")
    axes = figure.subplots()
    places = np.arange(1, len(carried) + 1)
    for losses, color, legend in (
        (thrown_away, DEFECT, "state thrown away before each batch"),
        (carried, CURE, "state carried on"),
    ):
        axes.plot(places, losses, color=color, label=f"{legend}: mean {losses.mean():.3f}")
    axes.set(
        xlabel="place of the character in its batch",
        ylabel="loss, nats a character",
        title="the same model, the same characters",
    )
    axes.legend(fontsize="small")
    axes.grid(alpha=0.3)
    return figure


def losses_in_training(rows: dict[str, list[float]], chance: float) -> Figure:
    """E18: the loss of each step.

    Args:
      rows: "defect" and "cure" -> one loss a step.
      chance: the loss when all characters are equally likely.
    """
    figure = Figure(figsize=(6, 3.2), layout="constrained")
    axes = figure.subplots()
    for side, color, legend in (
        ("defect", DEFECT, "outputs taken for probabilities"),
        ("cure", CURE, "outputs taken for logits"),
    ):
        axes.plot(rows[side], color=color, label=legend)
    axes.axhline(chance, color="grey", linestyle=":", label=f"chance: {chance:.2f}")
    axes.set(xlabel="step", ylabel="loss, nats a character", title="the listing's model and Adam")
    axes.legend(fontsize="small")
    axes.grid(alpha=0.3)
    return figure
