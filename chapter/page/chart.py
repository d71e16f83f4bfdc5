"""Curves as inline SVG: sharp at any size, and in the page's colours, light or dark."""

import html
import math

from chapter.page.section import Chart

WIDTH, HEIGHT = 440, 280
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 46, 36  # margins: numbers, -, legend, epochs
MOST_DOTTED = 3  # epochs; a curve of one point is no line
LEGEND_ROW, CHARACTER = 18, 6.7  # height of a row, width of a letter at this font size


def draw_chart(chart: Chart) -> str:
    """An <svg> element for a chart.

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

    label = html.escape(f"{chart.title}: " + ", ".join(chart.curves))
    parts = [f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">']
    for value in ticks(low, high, 5):
        y = y_of(value)
        parts.append(
            f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        )
        parts.append(text(LEFT - 7, y + 4, f"{value:g}", "end"))
    for epoch in ticks(first, last, 7, whole=True):
        parts.append(text(x_of(epoch), HEIGHT - BOTTOM + 17, f"{epoch:g}", "middle"))
    parts.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 4, "epoch", "middle"))
    for value in chart.levels.values():
        y = y_of(value)
        parts.append(
            f'<line class="level" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        )
    for number, values in enumerate(chart.curves.values()):
        points = [(x_of(e), y_of(v)) for e, v in zip(chart.epochs, values, strict=True)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline class="curve curve-{number}" points="{path}"/>')
        if len(points) <= MOST_DOTTED:
            parts += [
                f'<circle class="dot-{number}" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>'
                for x, y in points
            ]
    parts += legend(chart)
    return "\n".join([*parts, "</svg>"])


def legend(chart: Chart) -> list[str]:
    """A stroke and a name for each curve and level, in rows above the curves."""
    entries = [(f"curve curve-{number}", name) for number, name in enumerate(chart.curves)]
    entries += [("level", name) for name in chart.levels]
    parts, x, y = [], float(LEFT), 14.0
    for style, name in entries:
        width = 26 + CHARACTER * len(name) + 14
        if x + width > WIDTH and x > LEFT:
            x, y = float(LEFT), y + LEGEND_ROW
        parts.append(
            f'<line class="{style}" x1="{x:.0f}" x2="{x + 20:.0f}" y1="{y - 4:.0f}" '
            f'y2="{y - 4:.0f}"/>'
        )
        parts.append(text(x + 26, y, name, "start"))
        x += width
    return parts


def text(x: float, y: float, words: str, anchor: str) -> str:
    """A <text> element."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{html.escape(words)}</text>'


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
