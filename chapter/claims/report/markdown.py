"""The report as Markdown: the verdicts with their differences, and the measures of every arm."""

import math
from collections.abc import Mapping
from statistics import median_low

from chapter.claims.experiment import Measures
from chapter.claims.report.judged import because
from chapter.claims.verdict import FEWEST_SEEDS
from evaluation.statistics.intervals import interval
from evaluation.statistics.variance import MOST_REPETITIONS

NO_VALUE = "–"


def claims_markdown(report: Mapping) -> str:
    """claims.md: verdicts, differences, controls, other judges, and what was not tested.

    Args:
      report: as chapter.claims.report.judged.judged gives it.
    """
    lines = [
        f"Preset {report['preset']}. Every claim is judged from its own differences (Holm's method "
        f"over these, 5 % a claim); fewer than {FEWEST_SEEDS} seeds give no verdict. + gain, − "
        "harm, 0 a gain that matters is excluded, ? open, · not measured at this preset. The rule: "
        "chapter/claims/registration.md.",
        "",
        "| claim | where | in our words | the chapter says | verdict | every | some | | q |",
        "|---|---|---|---|---|---|---|---|---:|",
    ]
    for identifier, entry in report["claims"].items():
        q = NO_VALUE if entry["q"] is None else f"{entry['q']:.2g}"
        lines.append(
            f"| {identifier} | {', '.join(entry['places'])} | {entry['meaning']} | "
            f"{entry['quantifier']} | **{entry['verdict']}** | {entry['every']} | "
            f"{entry['some']} | {entry['marks']} | {q} |"
        )
    lines += ["", "q: Benjamini and Hochberg's over the claims, to inform.", ""]
    lines += [
        f"- {name}: {entry['verdict']}. {because(entry)}"
        for name, entry in report["claims"].items()
    ]
    lines += [
        "",
        "| claim | trial | difference | effect, 95 % | varies | matters from | adjusted p | |",
        "|---|---|---|---:|---|---:|---:|---|",
    ]
    for identifier, entry in report["claims"].items():
        lines += [
            f"| {identifier} | {difference_row(each)} |"
            for each in entry["effects"]
            if not each["left_out"]
        ]
    lines += ["", *power_table(report["claims"])]
    if report["controls"]:
        lines += [
            "",
            "Controls: differences whose answer is known.",
            "",
            "| trial | difference | effect, 95 % | varies | matters from | adjusted p | "
            "| expected | |",
            "|---|---|---:|---|---:|---:|---|---|---|",
        ]
        lines += [
            f"| {difference_row(each)} | {each['expected']} | {control_told(each)} |"
            for each in report["controls"]
        ]
    for words, rows in report["sensitivity"].items():
        shown = "; ".join(f"{name} {signs}" for name, signs in rows.items())
        lines += ["", f"To inform ({words}): {shown}."]
    lines += ["", "Not tested:", ""]
    lines += [f"- {place}: {why}" for place, why in report["not_tested"].items()]
    return "\n".join(lines) + "\n"


def power_table(claims: Mapping[str, Mapping]) -> list[str]:
    """What each trial could show: a row a claim and trial, the median and the worst difference."""
    lines = [
        "What four of five such measurements would show (the first step of Holm's method; median "
        "and worst of the differences), and how many seeds would show what just matters.",
        "",
        "| claim | trial | seeds | differences | shown from | matters from | seeds for that |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for identifier, entry in claims.items():
        groups: dict = {}
        for each in entry["effects"]:
            if each["shown_from"] is not None:
                key = each["trial"], each["smallest"]["unit"], each["smallest"]["delta"]
                groups.setdefault(key, []).append(each)
        for (trial, unit, delta), group in groups.items():
            factor = 100 if unit == "points" else 1
            shown = span([factor * each["shown_from"] for each in group], "{:.2g}")
            seeds = span([each["seeds_for_delta"] or math.inf for each in group], "{:,}")
            lines.append(
                f"| {identifier} | {trial} | {group[0]['seeds']} | {len(group)} | {shown} | "
                f"{factor * delta:g} {unit} | {seeds.replace('inf', f'> {MOST_REPETITIONS:,}')} |"
            )
    return lines


def span(values: list[float], form: str) -> str:
    """The median and the highest; one of them if they are alike."""
    return " to ".join(dict.fromkeys(map(form.format, (median_low(values), max(values)))))


def control_told(each: Mapping) -> str:
    """Whether a control came out as it must."""
    if each["passed"] is None:
        return "open"
    return "as expected" if each["passed"] else f"NOT as expected: {each['meaning']}"


def difference_row(each: Mapping) -> str:
    """The cells of one difference, of claims and controls alike."""
    smallest = each["smallest"]
    factor = 100 if smallest["unit"] == "points" else 1
    over = NO_VALUE if each["difference"] is None else each["difference"]["over"]
    result = f"{each['result']}, too small to matter" if each["small"] else each["result"]
    return (
        f"{each['trial']} | {each['name']} | {each['shown']} | {over} | "
        f"{factor * smallest['delta']:g} | {each['adjusted_p']:.2g} | {result}"
    )


def trials_markdown(trials: Mapping[str, Mapping]) -> str:
    """All trials as Markdown: a section each, a row for each arm, a column for each measure.

    A cell is the mean over the seeds with its 95 % interval, which one seed alone has not; a dash
    where no seed has a value, and how many have one where not all do.

    Args:
      trials: name -> {"question", "seeds_vary", "cpu_seconds", "processors", "measures": seed ->
        Measures}, as claims.json has them.
    """
    sections = [
        "| trial | seeds | CPU minutes | a seed | processor |\n|---|---:|---:|---:|---|\n"
        + "".join(
            f"| {name} | {len(trial['measures'])} | {trial['cpu_seconds'] / 60:.1f} | "
            f"{trial['cpu_seconds'] / 60 / len(trial['measures']):.2f} | "
            f"{', '.join(trial['processors'])} |\n"
            for name, trial in trials.items()
        )
    ]
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
