"""`evaluate table REAL SYNTHETIC`: rows of any origin beside real ones, all measures."""

from pathlib import Path

from data.kinds import TABLE, kinds_of
from data.tables.columns import Reading
from data.tables.load import Comparison, load_beside
from evaluation.config import TableEvaluateSettings
from evaluation.tables.compare import compare_tables, print_tables
from evaluation.tables.pictures import draw_tables
from foundation.files import claim_directory, write_json

GENERATED = "table.csv"
NONE_HELD_OUT = (
    "the generator has seen the training part of REAL and nothing else of it; of one that has seen "
    "all of REAL, give other real rows with --held-out FILE"
)
HELD_OUT_GIVEN = "the generator has seen REAL and no row of the held-out file"


def evaluate(settings: TableEvaluateSettings) -> dict:
    """Measure a csv file of synthetic rows; print tables; with --out write files.

    Returns: as `compare_tables`, with the two places, what is assumed, the steps of cleaning, how
      many synthetic rows cannot be read, and the columns left out.
    Raises: InputError if a file, a column or the target is at fault, or --out is in use.
    """
    found = load(settings)
    out = None if settings.out is None else claim_directory(settings.out)
    report = {
        "real": settings.real,
        "synthetic": settings.synthetic,
        "assumed": HELD_OUT_GIVEN if settings.held_out else NONE_HELD_OUT,
        "steps": {step.name: step.told for step in found.dataset.steps},
        "absent_columns": list(found.absent),
        "unreadable_rows": found.unreadable,
        **compare_tables(found.dataset, found.synthetic, settings.seeds, settings.seed),
    }
    if out:
        write_json(out / "metrics.json", report)
        draw_tables(out, found.dataset.train, found.synthetic)
    if not settings.quiet:
        for name, told in report["steps"].items():
            print(f"{name}: {told}")
        if found.unreadable:
            print(f"{found.unreadable} synthetic rows hold what their columns cannot: left out")
        if found.absent:
            print(f"not in the synthetic file, so not compared: {', '.join(found.absent)}")
        print(f"assumed: {report['assumed']}\n")
        print_tables(report)
        if out:
            print(f"written: metrics.json, columns.png and correlations.png in {out}")
    return report


def load(settings: TableEvaluateSettings) -> Comparison:
    """The rows that the settings name; `csv:` may be left out before a path, and SYNTHETIC may be
    a directory that `baseline generate` wrote."""
    real = settings.real if TABLE in kinds_of(settings.real) else f"csv:{settings.real}"
    places = [settings.synthetic, settings.held_out]
    synthetic, held_out = (place and place.removeprefix("csv:") for place in places)
    generated = Path(synthetic).expanduser() / GENERATED
    made = generated if generated.is_file() else synthetic
    return load_beside(real, made, settings.target, held_out, Reading.of(vars(settings)))
