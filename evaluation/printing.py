"""What every evaluation prints: a line a figure, beside that of real data and how to read it."""

import math
from collections.abc import Iterator

from foundation.console import print_table

FEWEST = 64  # images that a figure can rest on: as many as there are features
SIZES = ("images", "rows", "characters")  # the detail that says with how much an attack was made


def print_metrics(metrics: dict[str, dict], real: str = "real") -> None:
    """The table of a report's "metrics".

    A curve has a line for each of its "lengths"; other lists are drawn, not printed.

    Args:
      metrics: name -> {"value", "real", "how_to_read"} and details, or {"value": None, "reason"}.
      real: heading of the figures of real data.
    """
    columns = ("metric", "synthetic", real, "how to read it")
    rows = [row for name, metric in metrics.items() for row in _rows(name, metric)]
    print_table(columns, rows, words=columns[3:])


def _rows(name: str, metric: dict) -> Iterator[tuple[str, str, str, str]]:
    value, real, words = metric["value"], metric.get("real"), metric.get("how_to_read", "")
    words = f"{too_few(metric['few'])}; {words}" if "few" in metric else words
    if value is None:
        yield name, "-", "-", f"not computed: {metric['reason']}"
    elif "lengths" in metric:
        for place, length in enumerate(metric["lengths"]):
            yield f"{name} {length}", number(value[place]), number(real[place]), words
            words = ""
    elif not isinstance(value, list):
        errors = metric.get("standard_error"), metric.get("real_standard_error")
        yield name, number(value, errors[0]), number(real, errors[1]), words
    if "column" in metric:
        largest = number(metric["largest"]), number(metric["real_largest"])
        yield "  worst column", *largest, metric["column"]
    if "if_copied" in metric:
        size = next(size for size in SIZES if size in metric)
        whole = metric.get("whole", metric.get("all_rows"))
        words = (
            f"95 % [{metric['low']:.3f}, {metric['high']:.3f}]; the line above with "
            f"{metric[size]:,} {size}: as many copies of training data would give "
            f"{metric['if_copied']:.3f}"
        )
        yield "  with all of it", number(whole), "", words


def too_few(count: int) -> str:
    """What is said of a figure from fewer than FEWEST images; "" for enough of them."""
    return f"from {count} images, too few to go by" if count < FEWEST else ""


def number(value: float | int | None, standard_error: float | None = None) -> str:
    """Four digits that matter, or what the standard error leaves of them; a dash for None."""
    if value is None or isinstance(value, int):
        return "-" if value is None else str(value)
    if not standard_error:
        return f"{value:.4g}" if standard_error is None else f"{value:.4g} ± 0"
    digits = max(1, 1 - math.floor(math.log10(standard_error)))
    return f"{value:.{digits}f} ± {standard_error:.{digits}f}"


def print_accuracies(
    classifiers: dict[str, dict], sizes: dict[str, int], tested: str, seeds: int
) -> None:
    """A line a classifier, a column a training set: accuracy in per cent, mean and interval.

    Args:
      classifiers: name -> training set -> {"accuracy": an interval's fields, or {"value": None,
        "reason"}}; the same in a classifier's place; "difference": one more interval.
      sizes: training set -> how many samples it holds.
      tested: what they are tested on.
      seeds: trainings of each.
    """
    print(
        f"accuracy in % on {tested} of classifiers trained on "
        f"{' / '.join(f'{size:,}' for size in sizes.values())}; mean and 95 % interval over "
        f"{seeds} seeds"
    )
    differs = any("difference" in found for found in classifiers.values())
    columns = ("classifier", *sizes, *(["synthetic - real"] if differs else []))
    rows, reasons = [], []
    for name, found in classifiers.items():
        cells = [found if "reason" in found else found[arm] for arm in sizes]
        texts = ["–" if "reason" in cell else _percent(cell["accuracy"]) for cell in cells]
        if differs:
            texts.append("–" if "reason" in found else _percent(found["difference"], sign="+"))
        rows.append((name, *texts))
        told = (f"{name}: not computed: {cell['reason']}" for cell in cells if "reason" in cell)
        reasons += dict.fromkeys(told)
    print_table(columns, rows)
    print("\n".join(reasons), end="\n" if reasons else "")


def _percent(found: dict, sign: str = "") -> str:
    """ "95.10 [94.00, 96.20]"; no share exceeds 100."""
    text = f"{100 * found['mean']:{sign}.2f}"
    if found["low"] is None:
        return text
    high = found["high"] if sign else min(found["high"], 1.0)
    return f"{text} [{100 * found['low']:{sign}.2f}, {100 * high:{sign}.2f}]"
