"""Tables as a library: `fit`, `sample` and `evaluate` take and give pandas.DataFrames.

model = fit("regression", train, target="outcome")
synthetic = sample(model, 1000, seed=0)
report = evaluate(train, synthetic, held_out, target="outcome")
"""

import dataclasses

import numpy as np
import pandas as pd

from baselines.config import BaselineSettings
from baselines.registry import BASELINES, learner_class
from baselines.registry import fit as fit_model
from data.source import TABLE
from data.splits import stratified_draw
from data.tables.load import beside, cleaned, with_target
from data.tables.schema.columns import Schema
from data.tables.schema.frames import in_dtypes, objects_of, raw_frame
from data.tables.schema.kinds import Declared
from evaluation.tables.compare import compare_tables
from foundation.errors import InputError
from training.generator import Generator, labelled_samples

VALIDATION = 0.2  # of the rows, where a model makes choices


@dataclasses.dataclass(frozen=True, eq=False)
class FittedFrame:
    """A generator of tables, and the form of the frame that it was fitted to."""

    generator: Generator
    schema: Schema
    class_names: tuple[str, ...]
    dtypes: pd.Series
    originals: dict[str, dict[str, object]]  # of columns of objects


def fit(
    model: str,
    frame: pd.DataFrame,
    target: str | None = None,
    declared: dict[str, Declared] | None = None,
    **flags,
) -> FittedFrame:
    """Fit a baseline to all rows, or to 80 % of them where the others choose its size (gmm).

    Args:
      model: gmm, interpolation, inverse_transform or regression.
      frame, target, declared: as `raw_frame`.
      flags: of `baseline train`, such as neighbours=3 or seed=1.

    Raises: InputError if the rows cannot be read or fitted.
    """
    known = [name for name, each in BASELINES.items() if TABLE in each.generators]
    if model not in known:
        raise InputError(f"model {model!r}", f"one of {', '.join(known)}", "choose one")
    raw, _ = with_target(raw_frame(frame, target, declared), target)
    given = {"model": model, "data": "csv:frame", "target": target, "quiet": True, **flags}
    dataset = cleaned(raw, np.full(len(raw.cells), "train", object))
    rows, labels = dataset.train, dataset.train.labels
    if learner_class(model, TABLE) is not None:
        is_held = np.zeros(len(rows), bool)
        strata = is_held.astype(int) if labels is None else labels
        is_held[stratified_draw(strata, round(VALIDATION * len(rows)))] = True
        parts = {"train": rows.take(~is_held), "validation": rows.take(is_held)}
        dataset = dataclasses.replace(dataset, **parts)
    generator = fit_model(model, TABLE, dataset, BaselineSettings.resolve(given))
    names = dataset.class_names if generator.num_classes else ()
    return FittedFrame(generator, dataset.schema, names, frame.dtypes, objects_of(frame))


def sample(
    model: FittedFrame, count: int, seed: int = 0, start: int = 0, label: object | None = None
) -> pd.DataFrame:
    """The rows start .. start + count - 1 that a seed stands for, in the dtypes of the real ones.

    All of the class `label`, or None: each as often as among the rows that were fitted.
    """
    if label is not None and str(label) not in model.class_names:
        legal = ", ".join(model.class_names) or "none: the model knows no classes"
        raise InputError(f"label {label!r}", legal, "choose one by its name")
    place = None if label is None else model.class_names.index(str(label))
    table, _ = labelled_samples(model.generator, seed, place, False, start, count)
    rows = list(model.schema.rows(table, seed, start))
    cells = pd.DataFrame(rows, columns=model.schema.names, dtype=str)
    return in_dtypes(cells, model.dtypes, model.originals)


def evaluate(
    real: pd.DataFrame,
    synthetic: pd.DataFrame,
    held_out: pd.DataFrame | None = None,
    target: str | None = None,
    seeds: int = 5,
    seed: int = 0,
) -> dict:
    """What `evaluate table REAL SYNTHETIC --held-out FILE` measures.

    Without `held_out` the generator must have seen only the 60 % of `real` that `load_table` draws.

    Returns: as `compare_tables`, with the rows that cannot be read and the columns left out.
    Raises: InputError if columns or rows do not go together.
    """
    raw, read = with_target(raw_frame(real, target), target)
    others = [None if each is None else raw_frame(each) for each in (synthetic, held_out)]
    found = beside(raw, *others, (read,))
    report = compare_tables(found.dataset, found.synthetic, seeds, seed)
    return report | {"absent_columns": list(found.absent), "unreadable_rows": found.unreadable}
