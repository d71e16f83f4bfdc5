"""What was measured, for people."""

import statistics


def table(name: str, result: dict) -> str:
    """One measure as lines of text.

    Args:
      name: of the measure.
      result: see rounds.measure_in_turn.
    """
    unit, mflop, sides = result["unit"], result["mflop_a_unit"], result["sides"]
    width = max(len(side) for side in [*sides, f"{unit}/s"]) + 1
    gflops = [] if mflop is None else ["GFLOP/s"]
    heads = "".join(f"{head:>9}" for head in ["median", "min", "max", *gflops])
    lines = [name, f"{unit + '/s':<{width}}{heads}{'cores':>7}"]
    for side, speed in result["per_second"].items():
        numbers = [speed["median"], speed["min"], speed["max"]]
        numbers += [] if mflop is None else [speed["median"] * mflop / 1000]
        row = "".join(f"{number:>9,.0f}" for number in numbers)
        cores = statistics.median(sides[side]["cores"])
        lines.append(f"{side:<{width}}{row}{cores:>7.2f}")
    first = next(iter(sides))
    lines += [ratio_line(f"{first} / {other}", each) for other, each in result["ratios"].items()]
    rounds = len(sides[first]["seconds"])
    needed = "" if mflop is None else f"one of the {unit} needs {mflop:.2f} MFLOP; "
    lines.append(
        f"rounds in turn after a warm-up: {rounds}, each of {result['a_round']}; {needed}"
        "cores: kept busy, on average"
    )
    return "\n".join(lines + [side_line(side, facts) for side, facts in sides.items()])


def ratio_line(names: str, ratio: dict) -> str:
    """How two sides compare, and whether that is what was aimed at."""
    line = (
        f"{names}: {ratio['of_medians']:.2f} (ratio of medians); "
        f"round by round {ratio['min']:.2f} to {ratio['max']:.2f}"
    )
    if ratio["target"] is None:
        return line
    return f"{line}; target {ratio['target']:g}: {'reached' if ratio['reached'] else 'missed'}"


def side_line(name: str, side: dict) -> str:
    """How a side computed, and what else it measured: both sides should be near each other."""
    line = f"{name}: {side['version']}, {side['threads']} threads, {side['how']}"
    if not side["measured"]:
        return line
    changes = [f"{key} {each[0]:.4g} to {each[-1]:.4g}" for key, each in side["measured"].items()]
    return f"{line}; from the warm-up to the last round: {', '.join(changes)}"
