"""The GAN's part of the page: the listing as printed, mended, with labels."""

import dataclasses
import math
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from chapter.page.chart import shared_range
from chapter.page.config import GAN_EVALUATION_COUNT, GAN_TRAININGS, ChapterSettings
from chapter.page.parts.figures import cell, class_columns, digits, grid_file, history_chart
from chapter.page.section import (
    Block,
    Chart,
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
from evaluation.config import GanEvaluateSettings
from evaluation.metrics.metric import titles
from evaluation.runs.evaluate import evaluate
from foundation.pictures import save_animation, save_image
from gan.config import GanSettings
from gan.generate import interpolation
from gan.train import train
from gan.trained import TrainedGenerator
from training.generator import balanced_labels
from training.run_directory import read_history
from training.stored import StoredRun, load_run

SAY = Words("gan")
TITLE = SAY("title")
ROWS = 8  # of ten images, in every grid but the first look's
FIRST_LOOK_ROWS = 6
INTERPOLATION_STEPS = 12
FRAME_LABEL = 16  # pixels below a frame of the animation, for the epoch
LN_2 = math.log(2)
LEVELS = {"ln 2": LN_2, "2 ln 2": 2 * LN_2}
LOSSES = {"generator": "generator_loss", "discriminator": "discriminator_loss"}
VERDICTS = {
    "D(x), real": "d_real",
    "D(G(z)), fake": "d_fake",
    "right on real": "accuracy_real",
    "right on fake": "accuracy_fake",
}

Runs = dict[str, Path]  # variant -> run directory


def gan_part(out: Path, settings: ChapterSettings) -> Section:
    """Train three variants, measure them, and draw everything.

    Writes OUT/gan-listing, OUT/gan-corrected, OUT/gan-conditional (run directories, with
    metrics.json) and OUT/figures.
    """
    trainings = training_settings(out, settings)
    dataset, figures = digits(settings.preset), out / "figures"
    for name, each in trainings.items():
        print(f"GAN: train {name}, {each.epochs} epochs", flush=True)
    runs = {name: Path(train(each)["run"]) for name, each in trainings.items()}
    stored = {name: load_run(run, "gan") for name, run in runs.items()}
    reports = {name: measure(each, dataset, settings) for name, each in stored.items()}

    print("\nGAN: drawing", flush=True)
    generators = {name: each.generator for name, each in stored.items()}
    drawn = {}
    for name, generator in generators.items():
        path = grid_file(figures, name, samples(generator, settings.seed, ROWS))
        drawn[name] = Picture(path, SAY("samples_alt", variant=name), SAY(f"samples.{name}"))
    return Section(
        title=TITLE,
        covers=("4.2.2", "4.3.1", "5.2.1", "5.3.1"),
        first_look=first_look(dataset, generators["conditional"], reports, figures, settings.seed),
        blocks=(
            *listing_against_corrected(runs, drawn),
            *with_labels(runs["conditional"], drawn["conditional"], figures),
            *between_two_points(generators["conditional"], settings.seed, figures),
            *quality(reports, runs["conditional"]),
        ),
        data={dataset.name: dataset.sha256},
        metrics=scalar_metrics(reports),
    )


def training_settings(out: Path, settings: ChapterSettings) -> dict[str, GanSettings]:
    """The three trainings, in the order in which they run."""

    def resolved(variant: str) -> GanSettings:
        given = {name: getattr(settings, name) for name in ("preset", "seed", "quiet")}
        given |= {"variant": variant, "out": str(out / f"gan-{variant}")}
        return GanSettings.resolve(given | GAN_TRAININGS[settings.preset][variant])

    corrected = resolved("corrected")
    listing = dataclasses.replace(corrected, variant="listing", out=str(out / "gan-listing"))
    return {"listing": listing, "corrected": corrected, "conditional": resolved("conditional")}


def measure(stored: StoredRun, dataset: ImageDataset, settings: ChapterSettings) -> dict:
    """`gan evaluate`, without its table."""
    print(f"\nGAN: measuring {stored.run.name}", flush=True)
    given = {"run": str(stored.run), "preset": settings.preset, "seed": settings.seed}
    given |= {"count": GAN_EVALUATION_COUNT[settings.preset], "quiet": True}
    return evaluate(GanEvaluateSettings.resolve(given), stored, dataset)


def samples(generator: TrainedGenerator, seed: int, rows: int) -> np.ndarray:
    """The first samples of a seed, chosen by nothing; a column a class if the run has labels."""
    count = rows * (generator.num_classes or 10)
    return generator.sample(seed, 0, count, balanced_labels(generator, 0, count))


def first_look(
    dataset: ImageDataset,
    generator: TrainedGenerator,
    reports: dict[str, dict],
    figures: Path,
    seed: int,
) -> tuple[Block, ...]:
    """Real beside synthetic, and the figures that say most."""
    real = grid_file(figures, "first-real", class_columns(dataset, FIRST_LOOK_ROWS))
    synthetic = grid_file(figures, "first-synthetic", samples(generator, seed, FIRST_LOOK_ROWS))
    conditional, listing = reports["conditional"]["metrics"], reports["listing"]["metrics"]
    glance = SAY(
        "at_a_glance",
        distance=conditional["frechet_distance"],
        confirmed=conditional["class_confirmed"],
        listing=listing["frechet_distance"],
    )
    pictures = (
        Picture(real, SAY("real_alt"), SAY("first_real")),
        Picture(synthetic, SAY("synthetic_alt"), SAY("first_synthetic")),
    )
    return (SideBySide(pictures), Paragraph(glance))


def listing_against_corrected(runs: Runs, drawn: dict[str, Picture]) -> tuple[Block, ...]:
    """Erratum E1, drawn."""
    pair = {name: runs[name] for name in ("listing", "corrected")}
    last = read_history(runs["listing"] / "history.csv")[-1]
    apart = [last["generator_loss"] - LN_2, last["discriminator_loss"] - 2 * LN_2]
    frozen = abs(apart[0]) < 1e-3 and abs(apart[1]) < 2e-3
    return (
        Heading(SAY("headings.listing"), ("4.2.2", "5.2.1")),
        Paragraph(SAY("e1_mechanism")),
        SideBySide(tuple(drawn[name] for name in pair)),
        Paragraph(SAY("e1_outcome", last=last, frozen=frozen)),
        SideBySide(loss_charts(pair)),
        last_epoch_table(pair),
    )


def with_labels(run: Path, drawn: Picture, figures: Path) -> tuple[Block, ...]:
    """The variant whose samples carry a true label, and how its training went."""
    moving, still = animation_files(run, figures)
    animation = Picture(moving, SAY("animation_alt"), SAY("animation"), still=still)
    rows = read_history(run / "history.csv")
    title, caption = SAY("verdicts_title"), SAY("verdicts")
    verdicts = history_chart(title, rows, VERDICTS, (0.0, 1.0), caption, {})
    return (
        Heading(SAY("headings.labels"), ("3.2.3", "4.3.1")),
        Paragraph(SAY("conditional")),
        SideBySide((drawn, animation)),
        SideBySide((*loss_charts({"conditional": run}), verdicts)),
    )


def between_two_points(generator: TrainedGenerator, seed: int, figures: Path) -> tuple[Block, ...]:
    """Chapter 3.2.3 names interpolation among the ways to generate."""
    path = figures / "interpolation.png"
    save_image(interpolation(generator, seed, INTERPOLATION_STEPS, None), path)
    return (
        Heading(SAY("headings.interpolation"), ("3.2.3",)),
        Paragraph(SAY("interpolation")),
        Picture(path, SAY("interpolation_alt"), SAY("interpolation_caption")),
    )


def quality(reports: dict[str, dict], conditional: Path) -> tuple[Block, ...]:
    """Every metric beside that of real images, and the samples beside their nearest originals."""
    nearest = conditional / "evaluation" / "nearest_first.png"
    return (
        Heading(SAY("headings.quality"), ("5.4",)),
        Paragraph(SAY("protocol", report=reports["conditional"])),
        metrics_table(reports),
        *(Paragraph(SAY(name)) for name in ("read_together", "parzen_warning", "memorisation")),
        Picture(nearest, SAY("nearest_alt"), SAY("nearest")),
    )


def animation_files(run: Path, directory: Path) -> tuple[Path, Path]:
    """The sample grids of a run as a GIF with the epoch below, and its last frame as PNG.

    RUN/samples.gif is larger: every pixel twice, in more colours, and no epoch.
    """
    moving, still = directory / "conditional-training.gif", directory / "conditional-last.png"
    with tempfile.TemporaryDirectory() as labelled:
        frames = []
        for sample in sorted((run / "samples").glob("epoch_*.png")):
            with Image.open(sample) as image:
                half = image.convert("RGB").resize(
                    (image.width // 2, image.height // 2), Image.Resampling.NEAREST
                )
            frame = Image.new("RGB", (half.width, half.height + FRAME_LABEL))
            frame.paste(half)
            epoch = f"epoch {int(sample.stem.split('_')[1])}"
            ImageDraw.Draw(frame).text((4, half.height + 2), epoch, fill=(230, 230, 230))
            frames.append(Path(labelled) / sample.name)
            frame = frame.quantize(32)
            frame.save(frames[-1])
        save_animation(frames, moving)
    save_image(frame, still)
    return moving, still


def loss_charts(runs: Runs) -> tuple[Chart, ...]:
    """The losses of several runs on one scale."""
    histories = {variant: read_history(run / "history.csv") for variant, run in runs.items()}
    values = [
        row[column] for rows in histories.values() for row in rows for column in LOSSES.values()
    ]
    y_range = shared_range(*values, *LEVELS.values(), floor=0.0)
    return tuple(
        history_chart(f"{variant}: losses", rows, LOSSES, y_range, SAY(f"losses.{variant}"), LEVELS)
        for variant, rows in histories.items()
    )


def last_epoch_table(runs: Runs) -> Table:
    """What the last epoch measured, run beside run."""
    last = {variant: read_history(run / "history.csv")[-1] for variant, run in runs.items()}
    names = {f"{name} loss": column for name, column in LOSSES.items()} | VERDICTS
    rows = tuple(
        TableRow(name, tuple(f"{row[column]:.4f}" for row in last.values()))
        for name, column in names.items()
    )
    epoch = last["listing"]["epoch"]
    return Table(SAY("last_epoch", epoch=epoch), ("measure", *last), rows)


def metrics_table(reports: dict[str, dict]) -> Table:
    """Every metric of every run beside that of real images.

    The real figures are the same in all reports, except that one without an answer has none.
    """
    rows, known = [], titles()
    for name in reports["conditional"]["metrics"]:
        metrics = [report["metrics"][name] for report in reports.values()]
        answered = [metric for metric in metrics if metric["value"] is not None]
        if any(isinstance(metric["value"], list) for metric in answered):
            continue  # drawn by `gan evaluate`
        real, how = "–", metrics[0].get("reason")
        if answered:
            real = cell(answered[0]["real"], answered[0].get("real_standard_error"))
            how = answered[0]["how_to_read"]
        cells = [cell(metric["value"], metric.get("standard_error")) for metric in metrics]
        title = known.get(name, name.replace("_", " ").capitalize())
        rows.append(TableRow(title, (real, *cells), how))
    return Table(SAY("metrics_caption"), ("metric", "real", *reports), tuple(rows))


def scalar_metrics(reports: dict[str, dict]) -> dict[str, dict]:
    """Variant -> metric -> {value, real}: what fits in one number."""
    return {
        variant: {
            name: {"value": metric["value"], "real": metric["real"]}
            for name, metric in report["metrics"].items()
            if isinstance(metric["value"], int | float)
        }
        for variant, report in reports.items()
    }
