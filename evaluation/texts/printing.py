"""The tables of reports of texts: each figure beside that of human text."""

from collections.abc import Iterator

from foundation.console import print_table

COLUMNS = ("measure", "synthetic", "human", "how to read it")


def print_metrics(report: dict) -> None:
    """One line a measure of the model's own text: value, the same for human text, how to read."""
    print(
        f"{report['sample_characters']:,} characters written at temperature "
        f"{report['temperature']}, beside as many of held-out human text"
    )
    print_measures(report["metrics"])


def print_measures(metrics: dict[str, dict]) -> None:
    """The lines of the table; a curve has one for each length."""
    rows = [row for name, metric in metrics.items() for row in _rows(name, metric)]
    print_table(COLUMNS, rows, words=COLUMNS[3:])


def _rows(name: str, metric: dict) -> Iterator[tuple[str, str, str, str]]:
    if metric["value"] is None:
        yield name, "-", "-", f"not computed: {metric['reason']}"
    elif "lengths" in metric:
        curve = zip(metric["lengths"], metric["value"], metric["real"], strict=True)
        for place, (length, value, real) in enumerate(curve):
            words = "" if place else metric["how_to_read"]
            yield f"{name} {length}", share(value), share(real), words
    else:
        yield name, share(metric["value"]), share(metric["real"]), metric["how_to_read"]
    if "whole" in metric:
        spread = f"[{metric['low']:.3f}, {metric['high']:.3f}]"
        yield "  whole text", f"{metric['whole']:.3f}", "", f"with all of it, 95 % {spread}"


def share(value: float | int | None) -> str:
    """A figure with four digits that matter."""
    return "-" if value is None else f"{value:.4g}"
