"""The part of the report on the chapter's other models: images, text, tables, and fusion."""

import dataclasses
import time
from pathlib import Path

import numpy as np

from baselines.config import BaselineSettings
from baselines.train import train
from chapter.page.config import MODELS, ChapterSettings
from chapter.page.parts.figures import cell, grid_file
from chapter.page.parts.models import words
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
from data.images.dataset import ImageDataset
from data.images.load import load_images
from data.synthetic.fusion import Fused, fuse
from data.synthetic.guard import HeldOut
from data.synthetic.provenance import Samples
from data.tables.load import load_table
from evaluation.config import BaselineEvaluateSettings
from evaluation.images.compare import compare_images
from evaluation.images.features import FeatureNetwork
from evaluation.runs.evaluate import evaluate
from evaluation.tables.compare import compare_tables
from training.generator import Generator, balanced_labels, usual_labels
from training.stored import load_run

TITLE = "The other models, tables, and fusion"
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
    chosen = MODELS[settings.preset]
    print("\nOther models: fit and measure them on images, text and a table", flush=True)
    figures = out / "figures"
    figures.mkdir(exist_ok=True)
    dataset = load_images("mnist", max_images=chosen["max_images"])
    epochs = 1 if settings.preset == "smoke" else None
    network = FeatureNetwork.for_dataset(dataset, epochs=epochs)
    images = {name: fit_images(name, dataset, network, out, settings) for name in IMAGE_MODELS}
    text = fit_text(out, settings)
    table = load_table("breast_cancer")
    rows = {name: fit_table(name, table, out, settings) for name in TABLE_MODELS}
    fused = balanced(dataset, images["vae"].generator, settings.seed)
    return Section(
        title=TITLE,
        covers=("3.1", "3.2", "4.1", "4.2.1"),
        blocks=(
            *image_models(images, figures, settings.seed),
            *text_model(text, settings.seed),
            *table_models(table, rows),
            *fusion(fused),
        ),
        data={dataset.name: dataset.sha256, table.name: table.sha256},
        metrics=figures_of(images, text, rows),
    )


def settings_of(model: str, out: Path, settings: ChapterSettings, **more) -> BaselineSettings:
    """`baseline train` as this preset has it."""
    given = {
        "model": model,
        "preset": settings.preset,
        "seed": settings.seed,
        "quiet": True,
        "out": str(out / "models" / "-".join([model, *filter(None, [more.get("data")])])),
    }
    return BaselineSettings.resolve(
        given | more | MODELS[settings.preset]["trainings"].get(model, {})
    )


def fit(chosen: BaselineSettings) -> tuple[Generator, float]:
    """The model, and the seconds that it took."""
    started = time.perf_counter()
    run = Path(train(chosen)["run"])
    return load_run(run, "baseline").generator, time.perf_counter() - started


def fit_images(
    name: str, dataset: ImageDataset, network: FeatureNetwork, out: Path, settings: ChapterSettings
) -> Fitted:
    """A model of digits; measured on all of the data set, whatever part it was fitted to."""
    generator, seconds = fit(settings_of(name, out, settings, data="mnist"))
    count = MODELS[settings.preset]["count"]
    labels = balanced_labels(generator, 0, count)
    made = generator.sample(settings.seed, 0, count, labels)
    seed = settings.seed
    report = compare_images(dataset, made, labels, network, count, "test", seed)
    return Fitted(generator, seconds, report)


def fit_text(out: Path, settings: ChapterSettings) -> Fitted:
    """The hidden Markov model of characters."""
    chosen = settings_of("hmm", out, settings, data="shakespeare")
    generator, seconds = fit(chosen)
    given = {"run": chosen.out, "seed": settings.seed, "preset": settings.preset, "quiet": True}
    characters = MODELS[settings.preset]["characters"]
    report = evaluate(BaselineEvaluateSettings.resolve({**given, "characters": characters}))
    return Fitted(generator, seconds, report)


def fit_table(name: str, table, out: Path, settings: ChapterSettings) -> Fitted:
    """A model of the patients' rows, with as many synthetic rows as it was fitted to."""
    generator, seconds = fit(settings_of(name, out, settings, data="breast_cancer"))
    count = len(table.train)
    labels = usual_labels(generator, settings.seed, 0, count)
    made = generator.sample(settings.seed, 0, count, labels)
    trainings = MODELS[settings.preset]["table_seeds"]
    return Fitted(generator, seconds, compare_tables(table, made, trainings, settings.seed))


def balanced(dataset: ImageDataset, generator: Generator, seed: int) -> Fused:
    """Chapter 3.2.4 on a set with three rare classes, filled up with synthetic digits."""
    labels = dataset.train.labels
    chosen = np.concatenate(
        [
            np.flatnonzero(labels == label)[: RARE_IMAGES if label in RARE else OTHER_IMAGES]
            for label in range(dataset.num_classes)
        ]
    )
    real = dataset.train.take(chosen)
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
        path = grid_file(figures, f"model-{name}", made)
        pictures.append(Picture(path, words.alt(name), words.CAPTIONS[name]))
    real = next(iter(fitted.values())).report["metrics"]
    rows = [
        TableRow(
            words.NAMES[name],
            (
                *(cell(each.report["metrics"][measure]["value"]) for measure in IMAGE_MEASURES),
                f"{each.seconds:.0f}",
            ),
        )
        for name, each in fitted.items()
    ]
    rows.append(
        TableRow(
            "real images in their place",
            (*(cell(real[measure]["real"]) for measure in IMAGE_MEASURES), "–"),
        )
    )
    columns = ("model", *(words.MEASURES[measure] for measure in IMAGE_MEASURES), "seconds")
    return (
        Heading("Digits without an adversary", ("3.1", "3.2.2", "3.2.3", "4.1.1", "4.2.1")),
        Paragraph(words.IMAGES),
        SideBySide(tuple(pictures[:2])),
        SideBySide(tuple(pictures[2:])),
        Table(words.image_caption(fitted["vae"].report), columns, tuple(rows)),
        Paragraph(words.IMAGES_READ),
    )


def text_model(fitted: Fitted, seed: int) -> tuple[Block, ...]:
    """Chapter 4.1.1: a hidden Markov model of characters, and what it writes."""
    (written,) = fitted.generator.sample(seed, 0, 1, length=EXCERPT)
    scores = fitted.report["scores"]["test"]
    return (
        Heading("A text from hidden states", ("4.1.1",)),
        Paragraph(words.hmm(scores)),
        Excerpt(written.strip("\n"), "Synthetic: the first text of the hidden Markov model."),
    )


def table_models(table, fitted: dict[str, Fitted]) -> tuple[Block, ...]:
    """Chapter 3.2.1 and 6.3: the steps of cleaning, and synthetic patients."""
    steps = tuple(TableRow(step.name, (step.told,)) for step in table.steps)
    first = next(iter(fitted.values())).report
    classifiers = tuple(first["utility"]["classifiers"])
    rows = [
        TableRow(
            words.NAMES[name],
            (
                *(
                    table_cell(each.report["metrics"][measure], "value")
                    for measure in TABLE_MEASURES
                ),
                *(percent(each.report, kind, "synthetic") for kind in classifiers),
            ),
        )
        for name, each in fitted.items()
    ]
    rows.append(
        TableRow(
            "real patients in their place",
            (
                *(table_cell(first["metrics"][measure], "real") for measure in TABLE_MEASURES),
                *(percent(first, kind, "real") for kind in classifiers),
            ),
        )
    )
    columns = ("model", *(words.MEASURES[measure] for measure in TABLE_MEASURES), *classifiers)
    return (
        Heading("Patients: a table", ("3.2.1", "6.3", "4.1.2")),
        Paragraph(words.TABLE),
        Table(words.STEPS, ("step", "what it did"), steps, numbers=False),
        Table(words.table_caption(first), columns, tuple(rows)),
        Paragraph(words.TABLE_READ),
    )


def table_cell(metric: dict, side: str) -> str:
    """One figure of a table's metric, or a dash where there is none."""
    return cell(metric.get(side))


def percent(report: dict, classifier: str, trained_on: str) -> str:
    """Mean test accuracy of a classifier in percent."""
    found = report["utility"]["classifiers"][classifier][trained_on]
    return "–" if "accuracy" not in found else f"{100 * found['accuracy']['mean']:.1f}"


def fusion(fused: Fused) -> tuple[Block, ...]:
    """Chapter 3.2.4: how many of each class, and where they came from."""
    real = fused.provenance.source == 0
    rows = tuple(
        TableRow(
            str(label),
            (
                str(int((real & (fused.labels == label)).sum())),
                str(int((~real & (fused.labels == label)).sum())),
            ),
        )
        for label in np.unique(fused.labels)
    )
    return (
        Heading("One training set from both", ("3.2.4",)),
        Paragraph(words.FUSION),
        Table(words.FUSION_CAPTION, ("digit", "real", "synthetic"), rows),
    )


def figures_of(images: dict[str, Fitted], text: Fitted, rows: dict[str, Fitted]) -> dict:
    """The figures of all models, for the result of the command."""

    def sides(report: dict, names: tuple[str, ...]) -> dict:
        return {
            name: {side: report["metrics"][name].get(side) for side in ("value", "real")}
            for name in names
        }

    return {
        "images": {name: sides(each.report, IMAGE_MEASURES) for name, each in images.items()},
        "hmm_bits": {
            key: text.report["scores"]["test"][key] for key in ("model_bits", "ngram_bits")
        },
        "table": {name: sides(each.report, TABLE_MEASURES) for name, each in rows.items()},
    }
