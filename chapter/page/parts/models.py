"""The part of the page on the chapter's other models: images, text, tables, and fusion."""

import dataclasses
import time
from pathlib import Path

import numpy as np

from baselines.config import BaselineSettings
from baselines.train import train
from chapter.page.config import MODELS, ChapterSettings
from chapter.page.parts.figures import cell, digits, grid_file
from chapter.page.section import (
    Block,
    Excerpt,
    Heading,
    Paragraph,
    Picture,
    Section,
    SideBySide,
    Table,
    TableRow,
)
from chapter.page.words import Words
from data.images.dataset import ImageDataset
from data.synthetic.fusion import Fused, fuse
from data.synthetic.guard import HeldOut
from data.synthetic.provenance import Samples
from data.tables.load import TableDataset, load_table
from evaluation.config import BaselineEvaluateSettings
from evaluation.images.compare import compare_images
from evaluation.runs.evaluate import evaluate, feature_network
from evaluation.tables.compare import compare_tables
from training.generator import Generator, balanced_labels, usual_labels
from training.stored import StoredRun, load_run

SAY = Words("models")
TITLE = SAY("title")
IMAGE_MODELS = ("interpolation", "inverse_transform", "gmm", "vae")
TABLE_MODELS = ("interpolation", "inverse_transform", "regression", "gmm")
ROWS_SHOWN, EXCERPT = 6, 400
IMAGE_MEASURES = ("frechet_distance", "precision", "recall", "coverage", "class_confirmed")
TABLE_MEASURES = ("ks", "correlation_difference", "detection_auc", "attack_auc_calibrated")
RARE, RARE_IMAGES, OTHER_IMAGES = (1, 4, 8), 20, 200  # of the example of fusion


@dataclasses.dataclass(frozen=True)
class Fitted:
    """A fitted model, how long that took, and what was measured."""

    generator: Generator
    seconds: float
    report: dict


def models_part(out: Path, settings: ChapterSettings) -> Section:
    """Fit the mixture, the Markov model, the autoencoder and the samplers; draw and measure them.

    Writes OUT/models (run directories) and OUT/figures.
    """
    print("\nOther models: fit and measure them on images, text and a table", flush=True)
    dataset, table = digits(settings.preset), load_table("breast_cancer")
    images = {name: fit_images(name, dataset, out, settings) for name in IMAGE_MODELS}
    text = fit_text(out, settings)
    rows = {name: fit_table(name, table, out, settings) for name in TABLE_MODELS}
    fused = balanced(dataset, images["vae"].generator, settings.seed)
    return Section(
        title=TITLE,
        covers=("3.1", "3.2", "4.1", "4.2.1"),
        blocks=(
            *image_models(images, out / "figures", settings.seed),
            *text_model(text, settings.seed),
            *table_models(table, rows),
            *fusion(fused),
        ),
        data={dataset.name: dataset.sha256, table.name: table.sha256},
        metrics=figures_of(images, text, rows),
    )


def settings_of(model: str, data: str, out: Path, settings: ChapterSettings) -> BaselineSettings:
    """`baseline train` as this preset has it."""
    given = {
        "model": model,
        "data": data,
        "preset": settings.preset,
        "seed": settings.seed,
        "quiet": True,
        "out": str(out / "models" / f"{model}-{data}"),
    }
    return BaselineSettings.resolve(given | MODELS[settings.preset]["trainings"].get(model, {}))


def fit(chosen: BaselineSettings) -> tuple[StoredRun, float]:
    """The model's run, and the seconds that it took."""
    started = time.perf_counter()
    run = Path(train(chosen)["run"])
    return load_run(run, "baseline"), time.perf_counter() - started


def fit_images(name: str, dataset: ImageDataset, out: Path, settings: ChapterSettings) -> Fitted:
    """A model of digits; measured on all of the data set, whatever part it was fitted to."""
    stored, seconds = fit(settings_of(name, "mnist", out, settings))
    generator = stored.generator
    count, seed = MODELS[settings.preset]["count"], settings.seed
    labels = balanced_labels(generator, 0, count)
    made = generator.sample(seed, 0, count, labels)
    network = feature_network(dataset, settings.preset)
    report = compare_images(dataset, made, labels, network, count, "test", seed)
    return Fitted(generator, seconds, report)


def fit_text(out: Path, settings: ChapterSettings) -> Fitted:
    """The hidden Markov model of characters."""
    chosen = settings_of("hmm", "shakespeare", out, settings)
    stored, seconds = fit(chosen)
    given = {"run": chosen.out, "seed": settings.seed, "preset": settings.preset, "quiet": True}
    characters = MODELS[settings.preset]["characters"]
    chosen = BaselineEvaluateSettings.resolve({**given, "characters": characters})
    return Fitted(stored.generator, seconds, evaluate(chosen, stored))


def fit_table(name: str, table: TableDataset, out: Path, settings: ChapterSettings) -> Fitted:
    """A model of the patients' rows, with as many synthetic rows as it was fitted to."""
    stored, seconds = fit(settings_of(name, "breast_cancer", out, settings))
    generator = stored.generator
    count = len(table.train)
    labels = usual_labels(generator, settings.seed, 0, count)
    made = generator.sample(settings.seed, 0, count, labels)
    trainings = MODELS[settings.preset]["table_seeds"]
    return Fitted(generator, seconds, compare_tables(table, made, trainings, settings.seed))


def balanced(dataset: ImageDataset, generator: Generator, seed: int) -> Fused:
    """Chapter 3.2.4 on a set with three rare classes, filled up with synthetic digits."""
    labels = dataset.train.labels
    chosen = [
        np.flatnonzero(labels == label)[: RARE_IMAGES if label in RARE else OTHER_IMAGES]
        for label in range(dataset.num_classes)
    ]
    real = dataset.train.take(np.concatenate(chosen))
    asked = np.repeat(RARE, OTHER_IMAGES)
    made = generator.sample(seed, 0, len(asked), asked)
    return fuse(
        Samples("real", real.images, real.labels),
        [Samples("vae", made, asked)],
        balance="largest",
        held_out=HeldOut.of(dataset),
        seed=seed,
    )


def image_models(fitted: dict[str, Fitted], figures: Path, seed: int) -> tuple[Block, ...]:
    """Chapter 3.2.3, 4.1.1, 4.2.1: a grid of each model, and one table."""
    pictures = []
    for name, each in fitted.items():
        labels = balanced_labels(each.generator, 0, 10 * ROWS_SHOWN)
        made = each.generator.sample(seed, 0, len(labels), labels)
        alt = SAY("alt", name=SAY(f"names.{name}"))
        path = grid_file(figures, f"model-{name}", made)
        pictures.append(Picture(path, alt, SAY(f"captions.{name}")))

    def cells(each: Fitted, side: str) -> tuple[str, ...]:
        return tuple(cell(each.report["metrics"][name][side]) for name in IMAGE_MEASURES)

    rows = [
        TableRow(SAY(f"names.{name}"), (*cells(each, "value"), f"{each.seconds:.0f}"))
        for name, each in fitted.items()
    ]
    rows.append(TableRow(SAY("real_images"), (*cells(fitted["vae"], "real"), "–")))
    columns = ("model", *(SAY(f"measures.{name}") for name in IMAGE_MEASURES), "seconds")
    caption = SAY("image_caption", count=fitted["vae"].report["synthetic_count"])
    return (
        Heading(SAY("headings.images"), ("3.1", "3.2.2", "3.2.3", "4.1.1", "4.2.1")),
        Paragraph(SAY("images")),
        SideBySide(tuple(pictures[:2])),
        SideBySide(tuple(pictures[2:])),
        Table(caption, columns, tuple(rows)),
        Paragraph(SAY("images_read")),
    )


def text_model(fitted: Fitted, seed: int) -> tuple[Block, ...]:
    """Chapter 4.1.1: a hidden Markov model of characters, and what it writes."""
    (written,) = fitted.generator.sample(seed, 0, 1, length=EXCERPT)
    states = fitted.generator.describe()["states"]
    return (
        Heading(SAY("headings.text"), ("4.1.1",)),
        Paragraph(SAY("hmm", states=states, scores=fitted.report["scores"]["test"])),
        Excerpt(written.strip("\n"), SAY("hmm_excerpt")),
    )


def table_models(table: TableDataset, fitted: dict[str, Fitted]) -> tuple[Block, ...]:
    """Chapter 3.2.1 and 6.3: the steps of cleaning, and synthetic patients."""
    steps = tuple(TableRow(step.name, (step.told,)) for step in table.steps)
    first = next(iter(fitted.values())).report
    classifiers = tuple(first["utility"]["classifiers"])

    def cells(report: dict, side: str, trained_on: str) -> tuple[str, ...]:
        return (
            *(cell(report["metrics"][name].get(side)) for name in TABLE_MEASURES),
            *(percent(report, kind, trained_on) for kind in classifiers),
        )

    rows = [
        TableRow(SAY(f"names.{name}"), cells(each.report, "value", "synthetic"))
        for name, each in fitted.items()
    ]
    rows.append(TableRow(SAY("real_patients"), cells(first, "real", "real")))
    columns = ("model", *(SAY(f"measures.{name}") for name in TABLE_MEASURES), *classifiers)
    return (
        Heading(SAY("headings.tables"), ("3.2.1", "6.3", "4.1.2")),
        Paragraph(SAY("table")),
        Table(SAY("steps"), ("step", "what it did"), steps, numbers=False),
        Table(SAY("table_caption", report=first), columns, tuple(rows)),
        Paragraph(SAY("table_read")),
    )


def percent(report: dict, classifier: str, trained_on: str) -> str:
    """Mean test accuracy of a classifier in percent."""
    found = report["utility"]["classifiers"][classifier][trained_on]
    return "–" if "accuracy" not in found else f"{100 * found['accuracy']['mean']:.1f}"


def fusion(fused: Fused) -> tuple[Block, ...]:
    """Chapter 3.2.4: how many of each class, and where they came from."""
    real, rows = fused.provenance.source == 0, []
    for label in np.unique(fused.labels):
        counts = (np.sum(origin & (fused.labels == label)) for origin in (real, ~real))
        rows.append(TableRow(str(label), tuple(map(str, counts))))
    return (
        Heading(SAY("headings.fusion"), ("3.2.4",)),
        Paragraph(SAY("fusion")),
        Table(SAY("fusion_caption"), ("digit", "real", "synthetic"), tuple(rows)),
    )


def figures_of(images: dict[str, Fitted], text: Fitted, rows: dict[str, Fitted]) -> dict:
    """The figures of all models, for the result of the command."""

    def sides(fitted: dict[str, Fitted], names: tuple[str, ...]) -> dict:
        return {
            model: {
                name: {side: each.report["metrics"][name].get(side) for side in ("value", "real")}
                for name in names
            }
            for model, each in fitted.items()
        }

    scores = text.report["scores"]["test"]
    return {
        "images": sides(images, IMAGE_MEASURES),
        "hmm_bits": {key: scores[key] for key in ("model_bits", "ngram_bits")},
        "table": sides(rows, TABLE_MEASURES),
    }
