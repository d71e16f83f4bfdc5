"""`report RUN...`: evaluated runs side by side as a Markdown table, seeds as mean and spread."""

import json
import statistics
from pathlib import Path

from evaluation.config import RunsSettings
from foundation.errors import InputError, damage_named
from training.run_directory import read_config, read_history

# kind of run -> what of metrics.json must be equal for two runs to share a column
COMPARED = {
    "gan": ("split", "synthetic_count", "data_sha256"),
    "text": ("split", "sample_characters", "temperature", "windows", "data_sha256"),
}
# Where a run and its data lie, and how it was watched, says nothing about what was trained; the
# hash of the data does. Of the epochs, those in the history count: a run may have been stopped.
NOT_PART_OF_THE_RECIPE = ("seed", "out", "resume", "quiet", "data", "epochs", "preset")
NOTHING = "–"


def compare_runs(settings: RunsSettings) -> dict:
    """Print a table with one column for each recipe; runs that differ in the seed alone share one.

    Returns: {"columns": [{"runs", "seeds", "minutes", "metrics": {name: [values]}, "real": the
      same}]}. A run that is named twice counts once.
    Raises: InputError if a run is none, was not evaluated, or holds damaged files.
    """
    named: dict[Path, Path] = {}
    for run in map(Path, settings.runs):
        named.setdefault(run.resolve(), run)
    recipes: dict[str, list[dict]] = {}
    for run in named.values():
        recipe, figures = read_run(run)
        recipes.setdefault(recipe, []).append(figures)
    columns = [_column(runs) for runs in recipes.values()]
    print(markdown(columns))
    return {"columns": columns}


def _column(runs: list[dict]) -> dict:
    """Runs of one recipe in one: a list of what each has."""
    column = runs[0] | {name: [run[name] for run in runs] for name in ("runs", "seeds", "minutes")}
    for side in ("metrics", "real"):
        names = dict.fromkeys(name for run in runs for name in run[side])
        column[side] = {
            name: [run[side][name] for run in runs if name in run[side]] for name in names
        }
    return column


def read_run(run: Path) -> tuple[str, dict]:
    """A run's recipe (data, settings but the seed, epochs, as text) and its figures.

    Raises: InputError if a file is missing, or is not what training and evaluation wrote.
    """
    config = read_config(run, *COMPARED)
    kind, path = config["kind"], run / "metrics.json"
    mend = f"run `python run.py {kind} evaluate {run}` first"
    if not path.is_file():
        raise InputError(f"RUN {run} has no metrics.json", "an evaluated run", mend)
    with damage_named(f"{path} cannot be read", "the JSON that `evaluate` wrote", mend):
        report = json.loads(path.read_text(encoding="utf-8"))
        figures = {
            name: metric
            for name, metric in all_metrics(report).items()
            if isinstance(metric["value"], int | float)
        }
        compared = {name: report[name] for name in COMPARED[kind]}
        found = {
            "metrics": {name: metric["value"] for name, metric in figures.items()},
            "real": {name: metric["real"] for name, metric in figures.items()},
            "data": str(report["data"]),
        }
    received = f"{run / 'history.csv'} cannot be read"
    mend = "let the training finish an epoch, or restore the file"
    with damage_named(received, "one row an epoch, as `train` writes it", mend):
        rows = read_history(run / "history.csv")
        epochs, minutes = rows[-1]["epoch"], sum(row["seconds"] for row in rows) / 60
    received = f"{run / 'config.json'} cannot be read"
    with damage_named(received, "the JSON that `train` wrote", "restore the file, or train again"):
        chosen = config["settings"]
        recipe = {name: chosen[name] for name in chosen if name not in NOT_PART_OF_THE_RECIPE}
        name = "LSTM {layers} × {units}" if kind == "text" else "{variant}"
        variant, seed = name.format(**chosen), chosen["seed"]
    return json.dumps([recipe, epochs, compared], sort_keys=True), {
        "runs": str(run),
        "variant": variant,
        "epochs": epochs,
        "seeds": seed,
        "minutes": minutes,
        "data_sha256": compared["data_sha256"],
        "split": compared["split"],
        **found,
    }


def all_metrics(report: dict) -> dict[str, dict]:
    """The metrics of a report; a text run's scores on held-out text among them."""
    scores = {
        f"nats {protocol}, {part.replace('_', ' ')}": {"value": values[protocol], "real": None}
        for part, values in report.get("scores", {}).items()
        for protocol in ("carried", "windows", "ngram")
    }
    return scores | report["metrics"]


def markdown(columns: list[dict]) -> str:
    """The table: a row a metric, a column a recipe, and the real images' figures.

    Those stand last where they are the same for all recipes, else beside each recipe.
    """
    names = list(dict.fromkeys(name for column in columns for name in column["metrics"]))
    reals = {name: [spread(distinct(c["real"].get(name, []))) for c in columns] for name in names}
    shared = all(len({*figures} - {NOTHING}) <= 1 for figures in reals.values())

    def line(title: str, cells: list[str], real_cells: list[str]) -> str:
        if shared:
            real = next((text for text in real_cells if text != NOTHING), NOTHING)
            texts = [title, *cells, real]
        else:
            texts = [
                title,
                *(text for pair in zip(cells, real_cells, strict=True) for text in pair),
            ]
        return "".join(f"| {text} " if text else "| " for text in texts) + "|"

    facts = {
        "runs": [", ".join(Path(run).name for run in column["runs"]) for column in columns],
        "data": [column["data"] for column in columns],
        "seeds": [", ".join(map(str, column["seeds"])) for column in columns],
        "minutes of training": [spread(column["minutes"]) for column in columns],
    }
    if len({column["data_sha256"] for column in columns}) == 1:
        del facts["data"]  # nothing to tell apart
    lines = [
        line(
            "metric",
            [f"{column['variant']}, {column['epochs']} epochs" for column in columns],
            ["real against real"] * len(columns),
        ),
        "|---|" + "---:|" * (len(columns) + 1 if shared else 2 * len(columns)),
    ]
    lines += [line(title, cells, [""] * len(columns)) for title, cells in facts.items()]
    for name in names:
        cells = [spread(column["metrics"].get(name, [])) for column in columns]
        lines.append(line(name.replace("_", " "), cells, reals[name]))
    return "\n".join(lines)


def distinct(values: list[float | None]) -> list[float]:
    """Each number once: runs measured against the same real images share their real figure."""
    return list({f"{value:.4g}": value for value in values if value is not None}.values())


def spread(values: list[float]) -> str:
    """`1.53 ± 0.08` (mean and standard deviation over seeds), or one number, or a dash."""
    if not values:
        return NOTHING
    if len(values) == 1:
        return f"{values[0]:.4g}"
    return f"{statistics.mean(values):.4g} ± {statistics.stdev(values):.2g}"
