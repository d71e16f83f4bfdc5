"""The GAN's part of the page: the listing as printed, mended, with labels."""

import dataclasses
from pathlib import Path

import numpy as np

from chapter.page.config import GAN_EVALUATION_COUNT, GAN_TRAININGS, ChapterSettings
from chapter.page.parts.figures import class_columns, grid_file
from chapter.page.parts.gan import words
from chapter.page.parts.gan.figures import (
    animation_files,
    last_epoch_table,
    loss_charts,
    metrics_table,
    verdict_chart,
)
from chapter.page.section import Block, Heading, Paragraph, Picture, Section, SideBySide
from data.images.load import ImageDataset, load_images
from evaluation.config import GanEvaluateSettings
from evaluation.runs.evaluate import evaluate
from foundation.pictures import save_image
from gan.config import GanSettings
from gan.generate import interpolation
from gan.train import train
from gan.trained import TrainedGenerator
from training.generator import balanced_labels
from training.stored import load_run

TITLE = "The GAN"
ROWS = 8  # of ten images, in every grid but the first look's
FIRST_LOOK_ROWS = 6
INTERPOLATION_STEPS = 12
# On two CPU cores, for the announcements only.
IMAGES_A_SECOND = 12_000
EVALUATION_SECONDS_AN_IMAGE = 0.004

Runs = dict[str, Path]  # variant -> run directory


def gan_part(out: Path, settings: ChapterSettings) -> Section:
    """Train three variants, measure them, and draw everything.

    Writes OUT/gan-listing, OUT/gan-corrected, OUT/gan-conditional (run directories, with
    metrics.json) and OUT/figures.
    """
    trainings = training_settings(out, settings)
    count = GAN_EVALUATION_COUNT[settings.preset]
    dataset = load_images(trainings["corrected"].data, max_images=trainings["corrected"].max_images)
    announce(trainings, len(dataset.train), count)
    runs = {name: Path(train(each)["run"]) for name, each in trainings.items()}
    reports = {name: measure(run, count, settings) for name, run in runs.items()}

    print("\nGAN: drawing", flush=True)
    figures = out / "figures"
    generators = {name: load_run(run, "gan").generator for name, run in runs.items()}
    drawn = {
        name: grid_file(figures, name, samples(generator, settings.seed, ROWS))
        for name, generator in generators.items()
    }
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
        return GanSettings.resolve(
            {
                "preset": settings.preset,
                "variant": variant,
                "seed": settings.seed,
                "quiet": settings.quiet,
                "out": str(out / f"gan-{variant}"),
                **GAN_TRAININGS[settings.preset][variant],
            }
        )

    corrected = resolved("corrected")
    listing = dataclasses.replace(corrected, variant="listing", out=str(out / "gan-listing"))
    return {"listing": listing, "corrected": corrected, "conditional": resolved("conditional")}


def announce(trainings: dict[str, GanSettings], images: int, count: int) -> None:
    """One line a step: what will happen, and roughly how long it takes."""
    steps = {
        f"train {name}, {each.epochs} epochs": each.epochs * images / IMAGES_A_SECOND
        for name, each in trainings.items()
    }
    steps[f"measure {count:,} images of each"] = (
        len(trainings) * count * EVALUATION_SECONDS_AN_IMAGE
    )
    print(f"GAN: about {readable(sum(steps.values()))} on two cores")
    for number, (step, seconds) in enumerate(steps.items(), start=1):
        print(f"  {number}. {step}: about {readable(seconds)}", flush=True)


def readable(seconds: float) -> str:
    """95.0 -> `2 min`; 40.0 -> `40 s`."""
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{max(5, round(seconds, -1)):.0f} s"


def measure(run: Path, count: int, settings: ChapterSettings) -> dict:
    """`gan evaluate`, without its table."""
    print(f"\nGAN: measuring {run.name}", flush=True)
    chosen = {"run": str(run), "count": count, "seed": settings.seed, "quiet": True}
    return evaluate(GanEvaluateSettings.resolve({**chosen, "preset": settings.preset}))


def samples(generator: TrainedGenerator, seed: int, rows: int) -> np.ndarray:
    """The first samples of a seed, chosen by nothing; a column a class if the run has labels."""
    columns = generator.num_classes or 10
    labels = balanced_labels(generator, 0, rows * columns)
    return generator.sample(seed, 0, rows * columns, labels)


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
    return (
        SideBySide(
            (
                Picture(real, words.REAL_ALT, words.FIRST_REAL),
                Picture(synthetic, words.SYNTHETIC_ALT, words.FIRST_SYNTHETIC),
            )
        ),
        Paragraph(words.at_a_glance(reports)),
    )


def listing_against_corrected(runs: Runs, drawn: dict[str, Path]) -> tuple[Block, ...]:
    """Erratum E1, drawn."""
    pair = {name: runs[name] for name in ("listing", "corrected")}
    return (
        Heading("The listing as printed, and mended", ("4.2.2", "5.2.1")),
        Paragraph(words.E1_MECHANISM),
        SideBySide(
            tuple(
                Picture(drawn[name], words.alt_of_samples(name), words.SAMPLES[name])
                for name in pair
            )
        ),
        Paragraph(words.e1_outcome(runs["listing"])),
        SideBySide(loss_charts(pair, words.LOSSES)),
        last_epoch_table(pair),
    )


def with_labels(run: Path, drawn: Path, figures: Path) -> tuple[Block, ...]:
    """The variant whose samples carry a true label, and how its training went."""
    moving, still = animation_files(run, figures)
    return (
        Heading("Digits to order", ("3.2.3", "4.3.1")),
        Paragraph(words.CONDITIONAL),
        SideBySide(
            (
                Picture(drawn, words.alt_of_samples("conditional"), words.SAMPLES["conditional"]),
                Picture(moving, words.ANIMATION_ALT, words.ANIMATION, still=still),
            )
        ),
        SideBySide(
            (
                *loss_charts({"conditional": run}, words.LOSSES),
                verdict_chart(run, "conditional: what the discriminator says", words.VERDICTS),
            )
        ),
    )


def between_two_points(generator: TrainedGenerator, seed: int, figures: Path) -> tuple[Block, ...]:
    """Chapter 3.2.3 names interpolation among the ways to generate."""
    path = figures / "interpolation.png"
    save_image(interpolation(generator, seed, INTERPOLATION_STEPS, None), path)
    return (
        Heading("From one noise vector to another", ("3.2.3",)),
        Paragraph(words.INTERPOLATION),
        Picture(path, words.INTERPOLATION_ALT, words.INTERPOLATION_CAPTION),
    )


def quality(reports: dict[str, dict], conditional: Path) -> tuple[Block, ...]:
    """Every metric beside that of real images, and the samples beside their nearest originals."""
    return (
        Heading("How good are they?", ("5.4",)),
        Paragraph(words.protocol(reports["conditional"])),
        metrics_table(reports, words.METRICS_CAPTION),
        Paragraph(words.READ_TOGETHER),
        Paragraph(words.PARZEN_WARNING),
        Paragraph(words.MEMORISATION),
        Picture(
            conditional / "evaluation" / "nearest_first.png",
            words.NEAREST_ALT,
            words.NEAREST,
        ),
    )


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
