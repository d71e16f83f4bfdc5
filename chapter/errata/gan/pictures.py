"""Pictures of the errata where a picture says more than the numbers."""

import math

import numpy as np
from matplotlib.figure import Figure

DEFECT, CURE = "tab:red", "tab:blue"


def loss_curves(rows: dict[str, list[dict[str, float]]], floor: float) -> Figure:
    """E1: the discriminator's loss against its output, and the losses of both trainings.

    Args:
      rows: variant -> one dict of measures an epoch.
      floor: what the listing's discriminator loss cannot fall below.
    """
    figure = Figure(figsize=(10, 3.6), layout="constrained")
    reach, losses = figure.subplots(1, 2)
    logit = np.linspace(-8, 8, 161)  # how sure D is, in the right direction on both halves
    reach.plot(logit, 2 * np.log1p(np.exp(-logit)), color=CURE, label="output is the logit")
    squashed = 1 / (1 + np.exp(-logit))
    listing = np.log1p(np.exp(-squashed)) + np.log1p(np.exp(1 - squashed))
    reach.plot(logit, listing, color=DEFECT, label="sigmoid, then taken for a logit")
    reach.axhline(floor, color="grey", linestyle=":", label=f"ln 2 + ln(1 + 1/e) = {floor:.4f}")
    reach.set(title="the loss D can reach", xlabel="how sure D is (logit)", ylim=(0, 3))
    epochs = range(1, len(rows["listing"]) + 1)
    for variant, color in (("listing", DEFECT), ("corrected", CURE)):
        for name, style in (("discriminator_loss", "-"), ("generator_loss", "--")):
            values = [row[name] for row in rows[variant]]
            losses.plot(epochs, values, style, color=color, label=f"{variant}: {name[:-5]}")
    for level in (math.log(2), 2 * math.log(2)):
        losses.axhline(level, color="grey", linestyle=":")
    losses.set(title="losses in training (dotted: ln 2 and 2 ln 2)", xlabel="epoch")
    for axes in (reach, losses):
        axes.legend(fontsize="x-small")
        axes.grid(alpha=0.3)
    return figure


def batch_bars(recorded: dict[str, dict[str, list[float]]]) -> Figure:
    """E2: real images and fakes in each step.

    Args:
      recorded: variant -> {"real": one count a step, "fake": the same}.
    """
    figure = Figure(figsize=(7, 2.8), layout="constrained")
    all_axes = figure.subplots(1, len(recorded), sharey=True)
    for axes, (variant, counts) in zip(all_axes, recorded.items(), strict=True):
        steps = np.arange(1, len(counts["real"]) + 1)
        axes.bar(steps - 0.2, counts["real"], 0.4, color="grey", label="real")
        color = DEFECT if variant == "listing" else CURE
        axes.bar(steps + 0.2, counts["fake"], 0.4, color=color, label="fake")
        axes.set(title=variant, xlabel="step of the epoch")
        axes.legend(fontsize="small", loc="lower left")
    all_axes[0].set_ylabel("images")
    return figure


def range_histogram(raw: np.ndarray, scaled: np.ndarray) -> Figure:
    """E6: where the pixels of real images lie, against the range a generator with tanh can reach.

    Args:
      raw: uint8 in [0, 255].
      scaled: float32 in [-1, 1], the same images.
    """
    figure = Figure(figsize=(8, 2.8), layout="constrained")
    panels = (("as loaded", raw, DEFECT), ("scaled", scaled, CURE))
    for axes, (title, images, color) in zip(figure.subplots(1, 2), panels, strict=True):
        axes.hist(images.ravel(), bins=64, color=color, label="real pixels")
        axes.axvspan(-1, 1, color="gold", alpha=0.4, zorder=0, label="what tanh can reach")
        axes.set(title=title, xlabel="pixel value", yscale="log")
        axes.legend(fontsize="small")
    return figure


def generator_losses(chance: np.ndarray, losses: dict[str, tuple[np.ndarray, str]]) -> Figure:
    """E8: how strongly each loss pulls at the generator, against what D thinks of its fake.

    Args:
      chance: D(G(z)), in (0, 1).
      losses: legend -> (size of the gradient with respect to the logit, colour).
    """
    figure = Figure(figsize=(5, 3.2), layout="constrained")
    axes = figure.subplots()
    for legend, (gradient, color) in losses.items():
        axes.plot(chance, gradient, color=color, label=legend)
    axes.set(
        xlabel="D(G(z)): how real the fake looks to D",
        ylabel="gradient on the logit",
        title="early in training D(G(z)) is near 0",
    )
    axes.legend(fontsize="small")
    axes.grid(alpha=0.3)
    return figure


def sample_rows(images: np.ndarray) -> Figure:
    """E9: generated digits, column k asked for as the digit k.

    Args:
      images: uint8 (10 rows x 10, height, width, 1), labels 0 to 9 in turn.
    """
    rows = [
        np.concatenate(images[start : start + 10, ..., 0], axis=1) for start in range(0, 50, 10)
    ]
    figure = Figure(figsize=(6, 3.2), layout="constrained")
    axes = figure.subplots()
    axes.imshow(np.concatenate(rows), cmap="gray", vmin=0, vmax=255)
    width = images.shape[2]
    axes.set_xticks(np.arange(10) * width + width / 2, [str(label) for label in range(10)])
    axes.set(yticks=[], xlabel="label asked for", title="each synthetic image has a true label")
    return figure
