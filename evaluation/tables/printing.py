"""What `evaluate table` prints: the figures side by side, and what the rows are worth."""

from collections.abc import Iterator

from evaluation.tables.utility import ARMS
from foundation.console import print_table

COLUMNS = ("measure", "synthetic", "real", "how to read it")


def print_tables(report: dict) -> None:
    """The cleaning, the figures, and the utility that `evaluate table` reports."""
    for name, told in report["steps"].items():
        print(f"{name}: {told}")
    print_left_out(report)
    if "assumed" in report:
        print(f"assumed: {report['assumed']}")
    print()
    print_metrics(report)
    print()
    print_utility(report["utility"])


def print_left_out(report: dict) -> None:
    """What of the synthetic file could not be compared."""
    if report["unreadable_rows"]:
        print(
            f"{report['unreadable_rows']} synthetic rows hold what their columns cannot: left out"
        )
    if report["absent_columns"]:
        absent = ", ".join(report["absent_columns"])
        print(f"not in the synthetic file, so not compared: {absent}")


def print_metrics(report: dict) -> None:
    """A line for each figure: synthetic, real, how to read it."""
    print(
        f"{report['compared_rows']} synthetic and as many training rows, each against "
        f"{report['held_out_rows']} held-out rows ({report['split']})"
    )
    rows = [row for name, found in report["metrics"].items() for row in _rows(name, found)]
    print_table(COLUMNS, rows, words=COLUMNS[3:])


def _rows(name: str, found: dict) -> Iterator[tuple[str, str, str, str]]:
    if found["value"] is None:
        yield name, "-", "-", f"not computed: {found['reason']}"
        return
    yield name, _short(found["value"]), _short(found["real"]), found["how_to_read"]
    if "column" in found:
        largest = _short(found["largest"]), _short(found["real_largest"])
        yield "  worst column", *largest, found["column"]
    if "if_copied" in found:
        words = (
            f"95 % [{found['low']:.3f}, {found['high']:.3f}], with all synthetic rows; the line "
            f"above with {found['rows']} (as many copies of training rows would give "
            f"{found['if_copied']:.3f})"
        )
        yield "  all rows", _short(found["all_rows"]), "", words


def print_utility(utility: dict) -> None:
    """A line for each classifier: accuracy on real test rows, by what it was trained on."""
    if utility.get("value", "") is None:
        print(f"utility not computed: {utility['reason']}")
        return
    rows = " / ".join(str(utility["rows"][arm]) for arm in ARMS)
    print(
        f"accuracy on {utility['test_rows']} real test rows of classifiers trained on {rows} rows; "
        f"mean and 95 % interval over {utility['seeds']} seeds"
    )
    cells, reasons = [], []
    for name, found in utility["classifiers"].items():
        if found.get("value", "") is None:
            reasons.append(f"{name}: not computed: {found['reason']}")
            continue
        accuracies = [_interval(found[arm]["accuracy"]) for arm in ARMS]
        cells.append((name, *accuracies, _interval(found["difference"], signed=True)))
    print_table(("trained on", *ARMS, "synthetic - real"), cells)
    print("\n".join([*reasons, utility["seeds_vary"]]))
    spans = [
        found["real"]["other_test_rows"]
        for found in utility["classifiers"].values()
        if "real" in found
    ]
    if spans:
        widest = max(high - low for low, high in spans) / 2
        print(f"other test rows would move an accuracy by about ±{100 * widest:.1f} points")


def _interval(found: dict, signed: bool = False) -> str:
    """ "95.1 [94.0, 96.2]", in per cent."""
    sign = "+" if signed else ""
    mean = f"{100 * found['mean']:{sign}.1f}"
    if found["low"] is None:
        return mean
    high = found["high"] if signed else min(found["high"], 1.0)  # no share exceeds 1
    return f"{mean} [{100 * found['low']:{sign}.1f}, {100 * high:{sign}.1f}]"


def _short(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"
