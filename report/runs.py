"""`report RUN...`: evaluated runs side by side as a Markdown table, seeds as mean and spread."""

import json
import statistics
from pathlib import Path

from data.errors import InputError
from report.config import RunsSettings
from training.history import read_history
from training.run_directory import read_config

# Where a run lies and how it was watched says nothing about what was trained.
NOT_PART_OF_THE_RECIPE = ("seed", "out", "resume", "quiet")


def compare_runs(settings: RunsSettings) -> dict:
    """Print a table with one column for each recipe; runs that differ in the seed alone share one.

    Returns: {"columns": [{"runs", "seeds", "minutes", "metrics": {name: [values]}, "real"}]}.
    Raises: InputError if a run is none, or was not evaluated.
    """
    groups: dict[str, dict] = {}
    for run in map(Path, settings.runs):
        recipe, figures = read_run(run)
        if recipe not in groups:
            groups[recipe] = figures
            continue
        column = groups[recipe]
        for name in ("runs", "seeds", "minutes"):
            column[name] += figures[name]
        for name, values in figures["metrics"].items():
            column["metrics"].setdefault(name, []).extend(values)
    columns = list(groups.values())
    print(markdown(columns))
    return {"columns": columns}


def read_run(run: Path) -> tuple[str, dict]:
    """A run's recipe (settings but the seed, as text) and its figures."""
    config = read_config(run, "gan")
    path = run / "metrics.json"
    if not path.is_file():
        raise InputError(
            f"RUN {run} has no metrics.json",
            "an evaluated run",
            f"run `python run.py gan evaluate {run}` first",
        )
    report = json.loads(path.read_text(encoding="utf-8"))
    figures = {
        name: metric
        for name, metric in report["metrics"].items()
        if isinstance(metric["value"], int | float)
    }
    chosen = config["settings"]
    recipe = {name: value for name, value in chosen.items() if name not in NOT_PART_OF_THE_RECIPE}
    compared = (report["split"], report["synthetic_count"])
    minutes = sum(row["seconds"] for row in read_history(run / "history.csv")) / 60
    return json.dumps([recipe, compared], sort_keys=True), {
        "runs": [str(run)],
        "variant": chosen["variant"],
        "epochs": chosen["epochs"],
        "seeds": [chosen["seed"]],
        "minutes": [minutes],
        "split": report["split"],
        "count": report["synthetic_count"],
        "metrics": {name: [metric["value"]] for name, metric in figures.items()},
        "real": {name: metric["real"] for name, metric in figures.items()},
    }


def markdown(columns: list[dict]) -> str:
    """The table: a row a metric, a column a recipe, and last the real images' figures."""
    names = list(dict.fromkeys(name for column in columns for name in column["metrics"]))
    titles = [f"{column['variant']}, {column['epochs']} epochs" for column in columns]
    lines = [
        "| metric | " + " | ".join(titles) + " | real against real |",
        "|---|" + "---:|" * (len(columns) + 1),
        "| runs | "
        + " | ".join(", ".join(Path(r).name for r in c["runs"]) for c in columns)
        + " | |",
        "| seeds | " + " | ".join(", ".join(map(str, c["seeds"])) for c in columns) + " | |",
        "| minutes of training | " + " | ".join(spread(c["minutes"]) for c in columns) + " | |",
    ]
    for name in names:
        cells = [spread(column["metrics"].get(name, [])) for column in columns]
        real = next(c["real"][name] for c in columns if name in c["real"])
        lines.append(f"| {name.replace('_', ' ')} | {' | '.join(cells)} | {number(real)} |")
    return "\n".join(lines)


def spread(values: list[float]) -> str:
    """`1.53 ± 0.08` (mean and standard deviation over seeds), or one number, or a dash."""
    if not values:
        return "–"
    if len(values) == 1:
        return number(values[0])
    return f"{number(statistics.mean(values))} ± {statistics.stdev(values):.2g}"


def number(value: float | None) -> str:
    """Four digits that matter."""
    return "–" if value is None else f"{value:.4g}"
