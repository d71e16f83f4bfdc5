"""One picture of all effects: its interval against 0, coloured by what it shows."""

from matplotlib.figure import Figure

from chapter.claims.verdict import OPEN, OPPOSITE, YES

COLOURS = {YES: "tab:green", OPPOSITE: "tab:red", OPEN: "tab:gray"}
WIDTH, ROW_HEIGHT = 9.0, 0.22  # inches
FARTHEST = 20.0  # half intervals; what lies beyond is drawn at the border
TICKS = (-20, -5, -2, -1, 0, 1, 2, 5, 20)


def effects_figure(report: dict) -> Figure:
    """A row an effect, standardised: the mean difference in units of half its interval.

    Effects have different units; divided by the half width, all share one axis: beyond 1 the
    interval of this effect alone leaves 0 out.

    Args:
      report: of `chapter.claims.report.judged`.
    """
    rows = [
        (f"{identifier} {each['name']} ({each['trial']})", each)
        for identifier, entry in report["claims"].items()
        for each in entry["effects"]
    ]
    figure = Figure(figsize=(WIDTH, 1.2 + ROW_HEIGHT * len(rows)), layout="constrained")
    axes = figure.subplots()
    for number, (_, each) in enumerate(rows):
        found = each["difference"]
        if found is None or found["low"] is None or found["high"] == found["low"]:
            continue
        half = (found["high"] - found["low"]) / 2
        axes.plot(
            max(-FARTHEST, min(FARTHEST, found["mean"] / half)),
            number,
            "o",
            markersize=4,
            color=COLOURS[each["result"]],
        )
    for result, colour in COLOURS.items():
        axes.plot([], [], "o", color=colour, label=result)
    axes.axvspan(-1, 1, color="tab:gray", alpha=0.15)
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_yticks(range(len(rows)), [name for name, _ in rows], fontsize=6)
    axes.set_ylim(len(rows), -1)  # the first row on top
    axes.set_xscale("symlog", linthresh=2)
    axes.set_xlim(-1.3 * FARTHEST, 1.3 * FARTHEST)
    axes.set_xticks(TICKS, [str(tick).replace("-", "−") for tick in TICKS])
    axes.set_xlabel("mean difference / half of its 95 % interval; right of 0 as claimed")
    axes.legend(loc="lower right", fontsize=7)
    axes.grid(axis="x", alpha=0.3)
    return figure
