"""What was measured, for people."""

from benchmarks.augmentation.rows import OURS

NAME, CELL = 21, 17  # widths in the table of augmentation


def table(name: str, result: dict) -> str:
    """One measure as lines of text.

    Args:
      name: of the measure.
      result: see turns.measure_in_turn.
    """
    unit, sides = f"{result['unit']}/s", result["sides"]
    width = max(map(len, [*sides, unit])) + 1
    heads = "".join(f"{head:>9}" for head in ("median", "min", "max"))
    lines = [name, f"{unit:<{width}}{heads}{'cores':>7}"]
    for side, found in sides.items():
        numbers = (found["per_second"][key] for key in ("median", "min", "max"))
        row = "".join(f"{number:>9,.0f}" for number in numbers)
        lines.append(f"{side:<{width}}{row}{found['cores']:>7.2f}")
    first = next(iter(sides))
    for other, ratio in result["ratios"].items():
        lines.append(
            f"{first} / {other}: {ratio['of_medians']:.2f} (ratio of medians); "
            f"round by round {ratio['min']:.2f} to {ratio['max']:.2f}"
        )
    rounds = len(sides[first]["per_second"]["rounds"])
    lines.append(f"{rounds} rounds in turn after a warm-up; cores: kept busy, the median")
    return "\n".join(lines + [side_line(side, found) for side, found in sides.items()])


def side_line(name: str, side: dict) -> str:
    """How a side computed, and what else it measured: both sides should be near each other."""
    line = f"{name}: {side['version']}, {side['threads']} threads, {side['how']}"
    if not side["measured"]:
        return line
    changes = [f"{key} {each[0]:.4g} to {each[-1]:.4g}" for key, each in side["measured"].items()]
    return f"{line}; from the warm-up to the last round: {', '.join(changes)}"


def augmentation_table(name: str, result: dict) -> str:
    """One size of images as lines of text.

    Args:
      name: of the size.
      result: see augmentation.benchmark.measure_size.
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
        lines.append(
            f"{side}: {facts['version']}, threads: {facts['threads']}, {facts['how']}; "
            f"{cores:.2f} cores busy at most"
        )
    return "\n".join(lines)


def cell(side: dict | None) -> str:
    """A median with three digits and its spread: `23,400 ±2%`."""
    if side is None:
        return "-"
    speed = side["per_second"]
    digits = max(0, len(str(int(speed["median"]))) - 3)
    half = 100 * (speed["max"] - speed["min"]) / 2 / speed["median"]
    return f"{round(speed['median'], -digits):,.0f} ±{half:.0f}%"
