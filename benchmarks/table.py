"""What was measured, for people."""


def table(name: str, result: dict) -> str:
    """One measure as lines of text.

    Args:
      name: of the measure.
      result: see rounds.measure_in_turn.
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
