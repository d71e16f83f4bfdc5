"""`baseline train`: data, model, and a run directory, for every model of the registry."""

import dataclasses
import shlex
import time
from pathlib import Path

import numpy as np

from baselines.config import BaselineSettings
from baselines.registry import BASELINES, fit, learner_class, load_data
from data.source import IMAGES, SERIES, TABLE, TEXT
from data.synthetic.writing import csv_text, table_lines
from foundation.console import print_cut
from foundation.files import check_directory, write_text
from foundation.pictures import image_grid, save_image
from foundation.quiet import import_tensorflow
from training.generator import Generator, usual_labels
from training.run_directory import History, open_run
from training.stored import save_generator

IMAGE_ROWS, IMAGE_COLUMNS, MOST_COLUMNS = 8, 10, 20
CHARACTERS, STEPS, TABLE_ROWS = 300, 100, 20


def train(settings: BaselineSettings) -> dict:
    """Fit a baseline and leave a run directory.

    Returns: {"run": path, and the last row of history.csv}.
    Raises: InputError (data, flags), Diverged (a parameter is NaN or infinite), Interrupted (after
    a checkpoint), OSError (the disk refuses).
    """
    if settings.out and not settings.resume:
        check_directory(settings.out)  # before the work, not after it
    model, kind = settings.model, settings.kind
    dataset = load_data(kind, settings.data, dataclasses.asdict(settings), settings.quiet)
    if kind in (IMAGES, TEXT):
        print_cut(dataset.cut, "--max-images" if kind == IMAGES else "--max-characters")
    unit = {IMAGES: "images", TEXT: "characters", TABLE: "rows", SERIES: "steps"}[kind]
    size = f"{dataset.train.size if kind == TEXT else len(dataset.train):,} {unit}"
    title = f"baseline {model} ({BASELINES[model].description}) on {size} of {settings.data}"
    learner_type = learner_class(model, kind)
    if learner_type is not None or kind != TABLE:
        # Slow to import, and what is fitted to rows at once needs no TensorFlow.
        import_tensorflow()
        from training.seeds import make_repeatable

        make_repeatable(settings.seed)
    if learner_type is None:
        run, history = fit_at_once(settings, dataset, title)
    else:
        run, history = fit_in_epochs(settings, dataset, title, learner_type)
    print(f"done: {run}  (next: python run.py baseline generate {shlex.quote(str(run))})")
    return {"run": str(run), **history.last}


def fit_at_once(settings: BaselineSettings, dataset: object, title: str) -> tuple[Path, History]:
    """Fit a model that has no epochs: one row of history, with the seconds."""
    print(f"training {title}")
    started = time.perf_counter()
    generator = fit(settings.model, settings.kind, dataset, settings)
    seconds = time.perf_counter() - started
    run = open_run(settings, f"baseline-{settings.model}", dataset.sha256)
    history = History(run / "history.csv")
    history.append({"epoch": 1, "seconds": seconds})
    save_preview(run, generator, settings.seed, 1, getattr(dataset, "schema", None))
    save_generator(run, generator, **about(settings, generator, dataset))
    return run, history


def about(settings: BaselineSettings, generator: Generator, dataset: object) -> dict:
    """What model.json says beside the model: its kind, the names of the classes, the schema."""
    names, schema = getattr(dataset, "class_names", ()), getattr(dataset, "schema", None)
    said = {"model": settings.model, "kind": generator.kind}
    return said | {"class_names": list(names), "schema": schema and schema.describe()}


def fit_in_epochs(
    settings: BaselineSettings, dataset: object, title: str, learner_type: type
) -> tuple[Path, History]:
    """Train as gan/ and lstm_text/ do: with checkpoints, and a row of history an epoch."""
    from training.trainer import train_run

    baseline = learner_type(dataset, settings)  # refuses data before there is a directory
    learner, history = train_run(
        settings,
        f"baseline-{settings.model}",
        dataset.sha256,
        lambda run: InRunDirectory(baseline, run, settings, title, dataset),
    )
    return learner.run, history


class InRunDirectory:
    """A baseline's learner with a run directory (training.trainer.RunLearner): RUN/samples grows at
    the end of each epoch, RUN/model is written at the end of all. The rest is the learner's own.

    That is a training.loop.Learner, made from (dataset, settings) without costly work, with
    `panels`, `how_to_read`, `tracked` and `start` of a RunLearner; `generator()`, the model as it
    stands or the best of the epochs so far; and `draw(run)`: what else is worth a look.
    """

    def __init__(self, learner, run: Path, settings: BaselineSettings, title: str, dataset: object):
        self.learner, self.run, self.settings, self.title = learner, run, settings, title
        self.dataset = dataset

    def __getattr__(self, name: str):
        return getattr(self.learner, name)

    def end_epoch(self, epoch: int) -> dict[str, float]:
        row = self.learner.end_epoch(epoch)
        schema = getattr(self.dataset, "schema", None)
        save_preview(self.run, self.learner.generator(), self.settings.seed, epoch + 1, schema)
        return row

    def finish(self) -> None:
        generator = self.learner.generator()
        save_generator(self.run, generator, **about(self.settings, generator, self.dataset))
        self.learner.draw(self.run)


def save_preview(
    run: Path, generator: Generator, seed: int, epoch: int, schema: object | None = None
) -> None:
    """The same draws every epoch: RUN/samples/epoch_0001.png (images), .txt (text) or .csv."""
    path = run / "samples" / f"epoch_{epoch:04d}"
    path.parent.mkdir(exist_ok=True)
    if generator.kind == IMAGES:  # one column a class if there are classes
        columns = min(generator.num_classes or IMAGE_COLUMNS, MOST_COLUMNS)
        labels = np.tile(np.arange(columns), IMAGE_ROWS) if generator.num_classes else None
        images = generator.sample(seed, 0, IMAGE_ROWS * columns, labels)
        save_image(image_grid(images, columns, scale=2), path.with_suffix(".png"))
    elif generator.kind == TEXT:
        text = generator.sample(seed, 0, 1, length=CHARACTERS)[0]
        write_text(path.with_suffix(".txt"), text + "\n")
    else:
        if generator.kind == SERIES:
            table = generator.table(generator.sample(seed, 0, 1, length=STEPS)[0])
        else:
            labels = usual_labels(generator, seed, 0, TABLE_ROWS)
            table = generator.sample(seed, 0, TABLE_ROWS, labels)
        write_text(path.with_suffix(".csv"), csv_text(table_lines(table, schema, seed), schema))
