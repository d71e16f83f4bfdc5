"""Pictures of a training, for people who would rather look: grids, an animation, curves."""

import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from foundation.files import atomic_path

GROUND = 96  # the grey between the images of a grid
MOST_NAMES, LONGEST_NAME = 40, 24  # of classes: more overlap, longer ones hide the bars
LARGEST_ANIMATION = 60  # frames; a GIF of 300 epochs would be larger than the model


def image_grid(images: np.ndarray, columns: int, scale: int = 1, gap: int = 1) -> Image.Image:
    """Lay images out in rows, left to right, on a grey ground.

    Args:
      images: uint8 (count, height, width, channels) in [0, 255], 1 or 3 channels.
      columns: images in a row.
      scale, gap: enlargement of every pixel; pixels between images.
    """
    if images.dtype != np.uint8 or images.ndim != 4:
        raise ValueError(
            f"images are {images.dtype} {images.shape}; uint8 (count, height, width, channels) "
            "in [0, 255] is expected; scale and cast them first"
        )
    count, height, width, channels = images.shape
    rows = -(-count // columns)
    tiles = np.full((rows * columns, height + gap, width + gap, channels), GROUND, np.uint8)
    tiles[:count, gap:, gap:] = images
    lines = tiles.reshape(rows, columns, *tiles.shape[1:]).swapaxes(1, 2)
    canvas = lines.reshape(rows * (height + gap), columns * (width + gap), channels)
    canvas = np.pad(canvas, ((0, gap), (0, gap), (0, 0)), constant_values=GROUND)
    return to_picture(canvas.repeat(scale, axis=0).repeat(scale, axis=1))


def save_image(image: Image.Image, path: str | Path) -> None:
    """Write a picture atomically, in the format of its suffix."""
    with atomic_path(path) as temporary:
        image.save(temporary)


def save_figure(figure: Figure, path: str | Path) -> None:
    """Write a matplotlib figure as PNG, atomically."""
    with atomic_path(path) as temporary, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # a name that the font cannot draw
        figure.savefig(temporary, format="png", dpi=110, bbox_inches="tight")


def shortened(text: str, longest: int) -> str:
    """The two ends of a text with a sign between them, if it is longer than `longest`."""
    half = longest // 2
    return text if len(text) <= longest else f"{text[: half - 1]}…{text[-half:]}"


def class_bars(
    bars: dict[str, Sequence[float]], names: Sequence[str], what: str, title: str
) -> Figure:
    """Bars side by side for each class: one of each series in `bars`, which has one value a class.

    Args: names of the classes, left out where they would overlap; what is counted; a title.
    """
    places, width = np.arange(len(names)), 0.8 / len(bars)
    figure = Figure(figsize=(10, 4), layout="constrained")
    axes = figure.add_subplot()
    for offset, (label, values) in enumerate(bars.items()):
        axes.bar(places + width * (offset - (len(bars) - 1) / 2), values, width, label=label)
    shown = [shortened(name, LONGEST_NAME) for name in names[: MOST_NAMES + 1]]
    rotation = 90 if max(map(len, shown)) > 8 else 0
    if len(names) <= MOST_NAMES:
        axes.set_xticks(places, shown, rotation=rotation, parse_math=False)
    axes.set_ylabel(what)
    axes.set_title(title, parse_math=False)
    figure.legend(loc="outside right upper")
    return figure


def save_animation(samples: list[Path], path: str | Path) -> None:
    """An animated GIF of the sample grids, in the order given; evenly thinned if they are many."""
    if not samples:
        return
    chosen = np.unique(np.linspace(0, len(samples) - 1, LARGEST_ANIMATION).round().astype(int))
    frames = []
    for index in chosen:
        with Image.open(samples[index]) as image:
            frames.append(image.convert("P", palette=Image.Palette.ADAPTIVE))
    durations = [120] * (len(frames) - 1) + [2000]  # milliseconds; the result stands still
    with atomic_path(path) as temporary:
        frames[0].save(
            temporary, save_all=True, append_images=frames[1:], duration=durations, loop=0
        )


def curves(
    rows: list[dict[str, float]], panels: dict[str, dict[str, str]], how_to_read: str
) -> Figure:
    """Curves over epochs, one panel each, with one line on how to read them.

    Args:
      rows: the history, one dict an epoch, with the key `epoch`.
      panels: panel title -> {history column: legend}. A legend that starts with "=" is a level:
        the column name is then a number, drawn as a dotted line.
      how_to_read: a sentence under the panels.
    """
    figure = Figure(figsize=(4.6 * len(panels), 3.4), layout="constrained")
    epochs = [row["epoch"] for row in rows]
    all_axes = figure.subplots(1, len(panels), squeeze=False)[0]
    for axes, (title, lines) in zip(all_axes, panels.items(), strict=True):
        for column, legend in lines.items():
            if legend.startswith("="):
                axes.axhline(float(column), color="grey", linestyle=":", label=legend.lstrip("= "))
            else:
                marker = "o" if len(rows) == 1 else None  # a line of one point is invisible
                axes.plot(epochs, [row[column] for row in rows], marker=marker, label=legend)
        axes.set(title=title, xlabel="epoch")
        axes.legend(fontsize="small")
        axes.grid(alpha=0.3)
    figure.supxlabel(how_to_read, fontsize="small")
    return figure


def to_picture(image: np.ndarray) -> Image.Image:
    """One image as a Pillow picture: grey (mode L) with one channel, colour (RGB) with three.

    Args:
      image: uint8 in [0, 255], shape (height, width, channels), channels 1 or 3.

    Raises: ValueError for anything else: Pillow itself would write floats in [-1, 1] as black.
    """
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] not in (1, 3):
        raise ValueError(
            f"image is {image.dtype} {image.shape}; uint8 (height, width, 1 or 3) in [0, 255] is "
            "expected; scale and cast it first"
        )
    return Image.fromarray(image[..., 0] if image.shape[2] == 1 else image)
