"""Where the strokes and words of a chart stand; templates/blocks.html draws them as SVG."""

import dataclasses
import math

from chapter.page.section import Chart

WIDTH, HEIGHT = 440, 280
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 46, 36  # margins: numbers, -, legend, epochs
MOST_DOTTED = 3  # epochs; a curve of one point is no line
LEGEND_ROW, CHARACTER = 18, 6.7  # height of a row, width of a letter at this font size


@dataclasses.dataclass(frozen=True)
class Drawing:
    """A chart in pixels; y grows downwards.

    Args:
      values: y of each line of the grid and the number that stands there.
      epochs: x of each marked epoch and its number.
      levels: y of each dotted line.
      curves: the (x, y) of each curve.
      dotted: whether the points are drawn, too.
      legend: style, name, x and y of each entry.
    """

    values: list[tuple[float, str]]
    epochs: list[tuple[float, str]]
    levels: list[float]
    curves: list[list[tuple[float, float]]]
    dotted: bool
    legend: list[tuple[str, str, float, float]]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


def drawing(chart: Chart) -> Drawing:
    """Place everything.

    Raises: ValueError if a curve has another length than the epochs, or there are five curves.
    """
    for name, values in chart.curves.items():
        if len(values) != len(chart.epochs) or len(chart.curves) > 4:
            raise ValueError(
                f"curve {name!r} of {len(values)} values, {len(chart.curves)} curves in all; "
                f"{len(chart.epochs)} values, one an epoch, and at most 4 curves are expected"
            )
    low, high = chart.y_range
    first, last = chart.epochs[0], chart.epochs[-1]

    def x_of(epoch: float) -> float:
        share = (epoch - first) / (last - first) if last > first else 0.5
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y_of(value: float) -> float:
        share = (min(max(value, low), high) - low) / (high - low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    return Drawing(
        values=[(y_of(value), f"{value:g}") for value in ticks(low, high, 5)],
        epochs=[(x_of(epoch), f"{epoch:g}") for epoch in ticks(first, last, 7, whole=True)],
        levels=[y_of(value) for value in chart.levels.values()],
        curves=[
            [(x_of(epoch), y_of(value)) for epoch, value in zip(chart.epochs, values, strict=True)]
            for values in chart.curves.values()
        ],
        dotted=len(chart.epochs) <= MOST_DOTTED,
        legend=legend(chart),
    )


def legend(chart: Chart) -> list[tuple[str, str, float, float]]:
    """An entry for each curve and level, in rows above the curves."""
    entries = [(f"curve curve-{number}", name) for number, name in enumerate(chart.curves)]
    entries += [("level", name) for name in chart.levels]
    placed, x, y = [], float(LEFT), 14.0
    for style, name in entries:
        width = 26 + CHARACTER * len(name) + 14
        if x + width > WIDTH and x > LEFT:
            x, y = float(LEFT), y + LEGEND_ROW
        placed.append((style, name, x, y))
        x += width
    return placed


def ticks(low: float, high: float, most: int, whole: bool = False) -> list[float]:
    """At most `most` round numbers from low to high, in steps of 1, 2 or 5 times a power of ten."""
    if high <= low:
        return [low]
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    for factor in (1, 2, 5, 10, 20):
        step = factor * power
        if whole and step < 1:
            continue
        values = [
            step * n for n in range(math.ceil(low / step - 1e-9), int(high / step + 1e-9) + 1)
        ]
        if len(values) <= most:
            break
    return [round(value, 10) for value in values]


def shared_range(*values: float, floor: float | None = None) -> tuple[float, float]:
    """A vertical axis that holds all values with a little air; it begins at `floor` if given."""
    low, high = min(values), max(values)
    air = 0.06 * (high - low) or 0.1
    return (low - air if floor is None else floor, high + air)
