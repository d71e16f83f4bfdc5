"""The GAN part's pictures, charts and tables, made from what training and evaluation left."""

import math
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw

from chapter.page.chart import shared_range
from chapter.page.parts.figures import cell
from chapter.page.section import Chart, Table, TableRow
from evaluation.metrics.metric import titles
from foundation.pictures import save_animation, save_image
from training.run_directory import read_history

FRAME_LABEL = 16  # pixels below the grid, for the epoch
LN_2 = math.log(2)
LEVELS = {"ln 2": LN_2, "2 ln 2": 2 * LN_2}
LOSSES = {"generator": "generator_loss", "discriminator": "discriminator_loss"}
VERDICTS = {
    "D(x), real": "d_real",
    "D(G(z)), fake": "d_fake",
    "right on real": "accuracy_real",
    "right on fake": "accuracy_fake",
}


def animation_files(run: Path, directory: Path) -> tuple[Path, Path]:
    """The sample grids of a run as a GIF with the epoch below, and its last frame as PNG.

    RUN/samples.gif is larger: every pixel twice, and no epoch.
    """
    moving, still = directory / "conditional-training.gif", directory / "conditional-last.png"
    with tempfile.TemporaryDirectory() as labelled:
        frames = []
        for sample in sorted((run / "samples").glob("epoch_*.png")):
            frame = labelled_frame(sample)
            frames.append(Path(labelled) / sample.name)
            frame.save(frames[-1])
        save_animation(frames, moving)
    save_image(frame, still)
    return moving, still


def labelled_frame(sample: Path) -> Image.Image:
    """A sample grid at half its size, in few colours, with its epoch below."""
    with Image.open(sample) as image:
        half = image.convert("RGB").resize(
            (image.width // 2, image.height // 2), Image.Resampling.NEAREST
        )
    frame = Image.new("RGB", (half.width, half.height + FRAME_LABEL))
    frame.paste(half)
    epoch = int(sample.stem.split("_")[1])
    ImageDraw.Draw(frame).text((4, half.height + 2), f"epoch {epoch}", fill=(230, 230, 230))
    return frame.quantize(32)


def loss_charts(runs: dict[str, Path], captions: dict[str, str]) -> tuple[Chart, ...]:
    """The losses of several runs on one scale."""
    histories = {variant: read_history(run / "history.csv") for variant, run in runs.items()}
    values = [
        row[column] for rows in histories.values() for row in rows for column in LOSSES.values()
    ]
    y_range = shared_range(*values, *LEVELS.values(), floor=0.0)
    return tuple(
        curves(f"{variant}: losses", rows, LOSSES, y_range, captions[variant], LEVELS)
        for variant, rows in histories.items()
    )


def verdict_chart(run: Path, title: str, caption: str) -> Chart:
    """What the discriminator says of real and of synthetic images, epoch by epoch."""
    return curves(title, read_history(run / "history.csv"), VERDICTS, (0.0, 1.0), caption, {})


def curves(
    title: str,
    rows: list[dict[str, float]],
    columns: dict[str, str],
    y_range: tuple[float, float],
    caption: str,
    levels: dict[str, float],
) -> Chart:
    """Columns of a history as a chart."""
    return Chart(
        title,
        epochs=tuple(row["epoch"] for row in rows),
        curves={name: tuple(row[column] for row in rows) for name, column in columns.items()},
        y_range=y_range,
        caption=caption,
        levels=levels,
    )


def last_epoch_table(runs: dict[str, Path]) -> Table:
    """What the last epoch measured, run beside run."""
    last = {variant: read_history(run / "history.csv")[-1] for variant, run in runs.items()}
    names = {"generator loss": "generator_loss", "discriminator loss": "discriminator_loss"}
    rows = tuple(
        TableRow(name, tuple(f"{row[column]:.4f}" for row in last.values()))
        for name, column in (names | VERDICTS).items()
    )
    epochs = next(iter(last.values()))["epoch"]
    caption = (
        f"Means over epoch {epochs}, the last one (ln 2 = {LN_2:.4f}, 2 ln 2 = {2 * LN_2:.4f})"
    )
    return Table(caption, ("measure", *last), rows)


def metrics_table(reports: dict[str, dict], caption: str) -> Table:
    """Every metric of every run beside that of real images.

    The real figures are the same in all reports, except that one without an answer has none.
    """
    rows, known = [], titles()
    names = next(iter(reports.values()))["metrics"]
    for name in names:
        metrics = [report["metrics"][name] for report in reports.values()]
        answered = [metric for metric in metrics if metric["value"] is not None]
        if any(isinstance(metric["value"], list) for metric in answered):
            continue  # drawn by `gan evaluate`
        how = answered[0]["how_to_read"] if answered else metrics[0]["reason"]
        real = (
            cell(answered[0]["real"], answered[0].get("real_standard_error")) if answered else "–"
        )
        cells = [cell(metric["value"], metric.get("standard_error")) for metric in metrics]
        title = known.get(name, name.replace("_", " ").capitalize())
        rows.append(TableRow(title, (real, *cells), how))
    return Table(caption, ("metric", "real", *reports), tuple(rows))
