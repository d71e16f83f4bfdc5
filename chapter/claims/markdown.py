"""The figures behind the verdicts: one table for each trial, its arms beside each other."""

from collections.abc import Mapping

from chapter.claims.experiment import Measures
from evaluation.statistics.intervals import interval

NO_VALUE = "–"


def trials_markdown(trials: Mapping[str, Mapping]) -> str:
    """All trials as Markdown: a section each, a row for each arm, a column for each measure.

    A cell is the mean over the seeds with its 95 % interval, which one seed alone has not; a dash
    where no seed has a value, and how many have one where not all do.

    Args:
      trials: name -> {"question", "seeds_vary", "measures": seed -> Measures}, as claims.json has
        them.
    """
    sections = []
    for name, trial in trials.items():
        seeds = list(trial["measures"].values())
        sections.append(
            f"## {name}\n\n{trial['question']}\n\nSeeds: {len(seeds)}. Each changes: "
            f"{trial['seeds_vary']}.\n\n{arms_table(seeds)}"
        )
    return "\n".join(sections)


def arms_table(seeds: list[Measures]) -> str:
    """One trial as a Markdown table.

    Args:
      seeds: the measures of each seed; an arm or a measure may be missing in some.
    """
    arms = list(dict.fromkeys(arm for measures in seeds for arm in measures))
    names = list(
        dict.fromkeys(name for measures in seeds for arm in arms for name in measures.get(arm, {}))
    )
    lines = [f"| | {' | '.join(name.replace('_', ' ') for name in names)} |"]
    lines.append(f"|---|{'---:|' * len(names)}")
    for arm in arms:
        cells = [cell([m.get(arm, {}).get(name) for m in seeds]) for name in names]
        lines.append(f"| {arm} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def cell(values: list[float | None]) -> str:
    """`0.953 [0.941, 0.965]`, of those that there are."""
    present = [value for value in values if value is not None]
    if not present:
        return NO_VALUE
    missing = "" if len(present) == len(values) else f" ({len(present)} of {len(values)} seeds)"
    return f"{interval(present)}{missing}"
