"""`baseline train`: data, model, and a run directory, for every model of the registry."""

import dataclasses
import shlex
import time
from pathlib import Path

from baselines.config import BaselineSettings
from baselines.datasets import load_data, size_of
from baselines.previews import save_preview
from baselines.registry import BASELINES, fit, learner_class
from data.source import TABLE
from foundation.files import check_directory
from foundation.quiet import import_tensorflow
from training.run_directory import History, open_run
from training.stored import save_generator


def train(settings: BaselineSettings) -> dict:
    """Fit a baseline and leave a run directory.

    Returns: {"run": path, and the last row of history.csv}.
    Raises: InputError (data, flags), Diverged (a parameter is NaN or infinite), Interrupted (after
    a checkpoint), OSError (the disk refuses).
    """
    if settings.out and not settings.resume:
        check_directory(settings.out)  # before the work, not after it
    dataset = load_data(dataclasses.asdict(settings), quiet=settings.quiet)
    size, model = size_of(dataset, settings.kind), settings.model
    title = f"baseline {model} ({BASELINES[model].description}) on {size} of {settings.data}"
    learner_type = learner_class(model, settings.kind)
    if learner_type is not None or settings.kind != TABLE:
        # Slow to import, and what is fitted to rows at once needs no TensorFlow.
        import_tensorflow()
        from training.seeds import make_repeatable

        make_repeatable(settings.seed)
    if learner_type is None:
        run, history = fit_at_once(settings, dataset, title)
    else:
        from baselines.in_epochs import fit_in_epochs

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
    save_preview(run, generator, settings.seed, 1)
    save_generator(run, generator, model=settings.model, kind=generator.kind)
    return run, history
