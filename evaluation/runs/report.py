"""`report RUN...`: evaluated runs side by side as a Markdown table, seeds as mean and spread."""

import json
import statistics
from pathlib import Path

from evaluation.runs.config import RunsSettings
from foundation.errors import InputError
from training.run_directory import read_config, read_history

# kind of run -> what of metrics.json must be equal for two runs to share a column
COMPARED = {
    "gan": ("split", "synthetic_count", "data_sha256"),
    "text": ("split", "sample_characters", "temperature", "windows", "data_sha256"),
}
# Where a run and its data lie, and how it was watched, says nothing about what was trained; the
# hash of the data does. Of the epochs, those in the history count: a run may have been stopped.
NOT_PART_OF_THE_RECIPE = ("seed", "out", "resume", "quiet", "data", "epochs", "preset")


def compare_runs(settings: RunsSettings) -> dict:
    """Print a table with one column for each recipe; runs that differ in the seed alone share one.

    Returns: {"columns": [{"runs", "seeds", "minutes", "metrics": {name: [values]}, "real": the
      same}]}. A run that is named twice counts once.
    Raises: InputError if a run is none, was not evaluated, or holds damaged files.
    """
    groups: dict[str, dict] = {}
    runs: dict[Path, Path] = {}
    for run in map(Path, settings.runs):
        runs.setdefault(run.resolve(), run)
    for run in runs.values():
        recipe, figures = read_run(run)
        if recipe not in groups:
            groups[recipe] = figures
            continue
        column = groups[recipe]
        for name in ("runs", "seeds", "minutes"):
            column[name] += figures[name]
        for side in ("metrics", "real"):
            for name, values in figures[side].items():
                column[side].setdefault(name, []).extend(values)
    columns = list(groups.values())
    print(markdown(columns))
    return {"columns": columns}


def read_run(run: Path) -> tuple[str, dict]:
    """A run's recipe (data, settings but the seed, epochs, as text) and its figures.

    Raises: InputError if a file is missing, or is not what training and evaluation wrote.
    """
    config = read_config(run, *COMPARED)
    kind = config["kind"]
    path = run / "metrics.json"
    mend = f"run `python run.py {kind} evaluate {run}` first"
    if not path.is_file():
        raise InputError(f"RUN {run} has no metrics.json", "an evaluated run", mend)
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
        figures = {
            name: metric
            for name, metric in all_metrics(report).items()
            if isinstance(metric["value"], int | float)
        }
        compared = {name: report[name] for name in COMPARED[kind]}
        metrics = {
            side: {name: [metric[key]] for name, metric in figures.items()}
            for side, key in (("metrics", "value"), ("real", "real"))
        }
        data = str(report["data"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:  # JSON's is a ValueError
        raise InputError(
            f"{path} cannot be read ({error!r})", "the JSON that `evaluate` wrote", mend
        ) from None
    epochs, minutes = read_training(run / "history.csv")
    try:
        chosen = config["settings"]
        seed = chosen["seed"]
        if kind == "text":
            variant = f"LSTM {chosen['layers']} × {chosen['units']}"
        else:
            variant = chosen["variant"]
        recipe = {name: chosen[name] for name in chosen if name not in NOT_PART_OF_THE_RECIPE}
    except (KeyError, TypeError) as error:
        raise InputError(
            f"{run / 'config.json'} cannot be read ({error!r})",
            "the JSON that `train` wrote",
            "restore the file, or train again",
        ) from None
    return json.dumps([recipe, epochs, compared], sort_keys=True), {
        "runs": [str(run)],
        "variant": variant,
        "epochs": epochs,
        "seeds": [seed],
        "minutes": [minutes],
        "data": data,
        "data_sha256": compared["data_sha256"],
        "split": compared["split"],
        **metrics,
    }


def all_metrics(report: dict) -> dict[str, dict]:
    """The metrics of a report; a text run's scores on held-out text among them."""
    scores = {
        f"nats {protocol}, {part.replace('_', ' ')}": {"value": values[protocol], "real": None}
        for part, values in report.get("scores", {}).items()
        for protocol in ("carried", "windows", "ngram")
    }
    return scores | report["metrics"]


def read_training(path: Path) -> tuple[int, float]:
    """The last epoch of a history.csv, and the minutes of all of them.

    Raises: InputError if the file is missing, empty or damaged.
    """
    try:
        rows = read_history(path)
        return rows[-1]["epoch"], sum(row["seconds"] for row in rows) / 60
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise InputError(
            f"{path} cannot be read ({error!r})",
            "one row an epoch, as `train` writes it",
            "let the training finish an epoch, or restore the file",
        ) from None


def markdown(columns: list[dict]) -> str:
    """The table: a row a metric, a column a recipe, and the real images' figures.

    Those stand last where they are the same for all recipes, else beside each recipe.
    """
    names = list(dict.fromkeys(name for column in columns for name in column["metrics"]))
    reals = {name: [spread(distinct(c["real"].get(name, []))) for c in columns] for name in names}
    shared = all(len({*figures} - {spread([])}) <= 1 for figures in reals.values())

    def line(title: str, cells: list[str], real_cells: list[str]) -> str:
        if shared:
            last = next((text for text in real_cells if text != spread([])), spread([]))
            texts = [title, *cells, last]
        else:
            pairs = zip(cells, real_cells, strict=True)
            texts = [title, *(text for pair in pairs for text in pair)]
        return "".join(f"| {text} " if text else "| " for text in texts) + "|"

    facts = {
        "runs": [", ".join(Path(run).name for run in column["runs"]) for column in columns],
        "data": [column["data"] for column in columns],
        "seeds": [", ".join(map(str, column["seeds"])) for column in columns],
        "minutes of training": [spread(column["minutes"]) for column in columns],
    }
    if len({column["data_sha256"] for column in columns}) == 1:
        del facts["data"]  # nothing to tell apart
    titles = [f"{column['variant']}, {column['epochs']} epochs" for column in columns]
    return "\n".join(
        [
            line("metric", titles, ["real against real"] * len(columns)),
            "|---|" + "---:|" * (len(columns) + 1 if shared else 2 * len(columns)),
            *(line(title, cells, [""] * len(columns)) for title, cells in facts.items()),
            *(
                line(
                    name.replace("_", " "),
                    [spread(column["metrics"].get(name, [])) for column in columns],
                    reals[name],
                )
                for name in names
            ),
        ]
    )


def distinct(values: list[float | None]) -> list[float]:
    """Each number once: runs measured against the same real images share their real figure."""
    return list({number(value): value for value in values if value is not None}.values())


def spread(values: list[float]) -> str:
    """`1.53 ± 0.08` (mean and standard deviation over seeds), or one number, or a dash."""
    if not values:
        return "–"
    if len(values) == 1:
        return number(values[0])
    return f"{number(statistics.mean(values))} ± {statistics.stdev(values):.2g}"


def number(value: float) -> str:
    """Four digits that matter."""
    return f"{value:.4g}"
