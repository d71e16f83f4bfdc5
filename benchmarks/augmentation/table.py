"""The figures of the augmentation benchmark, for people."""

from benchmarks.augmentation.rows import OURS

NAME, CELL = 21, 17  # widths


def augmentation_table(name: str, result: dict) -> str:
    """One size as lines of text.

    Args:
      name: of the size.
      result: see augmentation.measure_size.
    """
    sides = list(result["sides"])
    heads = "".join(f"{side:>{CELL}}" for side in sides)
    lines = [f"{name}, uint8, images/s", f"{'':<{NAME}}{heads}{'to best other':>{CELL}}"]
    for row, measured in result["rows"].items():
        cells = [cell(measured["sides"].get(side)) for side in sides]
        ratio = measured["ratio"]
        cells.append("-" if ratio is None else f"{ratio:.2f}")
        lines.append(f"{row:<{NAME}}" + "".join(f"{each:>{CELL}}" for each in cells))
    lines.append(f"{OURS} is fastest in {result['won']} of {len(result['rows'])} rows")
    lines.append(
        f"medians of {result['rounds']} rounds in turn after a warm-up, batches of "
        f"{result['batch_size']}; ±: half of the way from the slowest to the fastest round; "
        "-: no such operation"
    )
    for side, facts in result["sides"].items():
        rows = [row["sides"] for row in result["rows"].values() if side in row["sides"]]
        cores = max(row[side]["cores"] for row in rows)
        threads = f"{facts['threads']} thread{'s' * (facts['threads'] != 1)}"
        lines.append(
            f"{side}: {facts['version']}, {threads}, {facts['how']}; {cores:.2f} cores busy at most"
        )
    return "\n".join(lines)


def cell(speed: dict | None) -> str:
    """A median with three digits and its spread: `23,400 ±2%`."""
    if speed is None:
        return "-"
    median = speed["median"]
    digits = max(0, len(str(int(median))) - 3)
    half = 100 * (speed["max"] - speed["min"]) / 2 / median
    return f"{round(median, -digits):,.0f} ±{half:.0f}%"
