"""One picture of all differences: a panel a claim, unit and smallest difference that matters."""

from collections.abc import Mapping

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from chapter.claims.verdict import EXCLUDED, GAIN, HARM, OPEN

# Apart in grey, and for colour-blind readers (Okabe and Ito 2008); the form says it a second time.
LOOK = {
    GAIN: ("#009E73", "^"),
    HARM: ("#D55E00", "v"),
    EXCLUDED: ("#0072B2", "s"),
    OPEN: ("#767676", "o"),
}
COLUMNS, WIDTH, ROW, HEAD = 2, 11.0, 0.2, 0.75  # inches, but for the columns


def effects_figure(report: Mapping) -> Figure:
    """Mean differences with their 95 % intervals, in points, nats or whatever they are measured in.

    The shaded band reaches from 0 to the smallest difference that matters: an interval that ends
    inside it excludes a gain that matters.

    Args:
      report: of `chapter.claims.report.judged.judged`.
    """
    panels = [panel for name, entry in report["claims"].items() for panel in _panels(name, entry)]
    rows = [panels[start : start + COLUMNS] for start in range(0, len(panels), COLUMNS)]
    heights = [HEAD + ROW * max(len(effects) for _, _, effects in row) for row in rows]
    figure = Figure(figsize=(WIDTH, sum(heights) + 0.5), layout="constrained")
    if not rows:
        return figure
    axes = figure.subplots(len(rows), COLUMNS, squeeze=False, height_ratios=heights)
    for row, places in zip(rows, axes, strict=True):
        for place, panel in zip(places, row, strict=False):
            _draw(place, *panel)
        for place in places[len(row) :]:
            place.axis("off")
    shown = [
        Line2D([], [], color=colour, marker=marker, label=result)
        for result, (colour, marker) in LOOK.items()
    ]
    figure.legend(handles=shown, loc="outside upper center", ncols=len(shown), fontsize=8)
    return figure


def _panels(name: str, entry: Mapping) -> list[tuple[str, str, list[Mapping]]]:
    """(title, unit, differences) for each unit and smallest difference of a claim."""
    groups: dict[tuple[str, float], list[Mapping]] = {}
    for each in entry["effects"]:
        found = each["difference"]
        if found is not None and found["low"] is not None:
            key = each["smallest"]["unit"], each["smallest"]["delta"]
            groups.setdefault(key, []).append(each)
    title = f"{name}: {entry['verdict']} ({entry['quantifier']})"
    return [
        (title, unit, sorted(effects, key=lambda each: each["difference"]["mean"]))
        for (unit, _), effects in groups.items()
    ]


def _draw(axes, title: str, unit: str, effects: list[Mapping]) -> None:
    factor = 100 if unit == "points" else 1
    axes.axvspan(0, factor * effects[0]["smallest"]["delta"], color="#0072B2", alpha=0.12, lw=0)
    axes.axvline(0, color="black", linewidth=0.8)
    for number, each in enumerate(effects):
        colour, marker = LOOK[each["result"]]
        mean, low, high = (factor * each["difference"][key] for key in ("mean", "low", "high"))
        axes.plot([low, high], [number, number], color=colour, linewidth=1.5)
        axes.plot(mean, number, marker, color=colour, markersize=5)
    names = [f"{each['better']} − {each['worse']}" for each in effects]
    trials = {each["trial"] for each in effects}
    if len(trials) > 1:
        names = [f"{name} ({each['trial']})" for name, each in zip(names, effects, strict=True)]
    axes.set_yticks(range(len(names)), names, fontsize=6)
    axes.set_ylim(-0.7, len(names) - 0.3)
    axes.tick_params(axis="x", labelsize=6)
    axes.set_title(title, fontsize=8, loc="left")
    axes.set_xlabel(unit or "ratio", fontsize=7, labelpad=1)
    axes.grid(axis="x", alpha=0.3)
