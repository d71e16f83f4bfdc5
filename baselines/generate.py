"""`baseline generate`: samples with their provenance, of whatever kind the run has learnt."""

import csv
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from baselines.config import GenerateSettings
from baselines.parts.draws import labels_by_share
from baselines.registry import IMAGES, SERIES, TABLE, TEXT
from baselines.trained import StoredBaseline, load_baseline
from data.synthetic.generated import manifest
from data.synthetic.image_files import Batch, batch_bounds, write_images
from foundation.errors import InputError
from foundation.files import staged_directory, write_text
from foundation.progress import CountProgress
from foundation.settings import flag_name
from training.generator import balanced_labels
from training.run_directory import free_directory

# What a kind takes beside --run, --out, --seed and --quiet; the values where they are not given.
DEFAULTS = {
    IMAGES: {"count": 100, "label": None, "format": "npz"},
    TABLE: {"count": 100, "label": None},
    TEXT: {"length": 500, "streams": 1, "prime": None, "temperature": 1.0},
    SERIES: {"length": 500, "streams": 1},
}
OPTIONAL = sorted({name for names in DEFAULTS.values() for name in names})
MOST_CHARACTERS = 1_000_000  # drawn side by side


def generate(settings: GenerateSettings) -> dict:
    """Write samples and manifest.csv into a new directory; text without --out to the screen.

    Returns: {"out": path or None, "files": [...]}.
    Raises: InputError (no run, a flag that its kind does not take, a wrong label, output directory
    in use), OSError (the disk refuses).
    """
    baseline = load_baseline(settings.run)
    chosen = chosen_values(settings, baseline)
    if baseline.kind == TEXT and not settings.out:
        show_text(baseline, settings, chosen)
        return {"out": None, "files": []}
    out = Path(settings.out or free_directory("outputs", f"generated-{baseline.model}"))
    with staged_directory(out) as directory:
        with manifest(directory / "manifest.csv") as add_rows:
            written = WRITERS[baseline.kind](directory, baseline, settings, chosen, add_rows)
        files = sorted(path.name for path in directory.iterdir())
    print(f"{written} -> {out}")
    return {"out": str(out), "files": files}


def chosen_values(settings: GenerateSettings, baseline: StoredBaseline) -> dict:
    """What was given, and the defaults of the kind for the rest.

    Raises: InputError for a flag that the run has no use for, or a label it does not know.
    """
    legal = DEFAULTS[baseline.kind]
    for name in OPTIONAL:
        if name not in legal and getattr(settings, name) is not None:
            raise InputError(
                f"{flag_name(name)} with {baseline.run}, a {baseline.model} of {baseline.kind}",
                f"one of {', '.join(map(flag_name, legal))}",
                f"leave {flag_name(name)} out",
            )
    classes = baseline.generator.num_classes
    if (settings.label is not None or settings.balanced) and not classes:
        flag = "--balanced" if settings.balanced else f"--label {settings.label}"
        raise InputError(
            f"{flag} with {baseline.run}, which was fitted without labels",
            "a run with labels",
            "leave the flag out, or train on data with labels",
        )
    if settings.label is not None and settings.label >= classes:
        raise InputError(
            f"--label {settings.label}", f"0 to {classes - 1}", "choose one of the run's classes"
        )
    given = {name: getattr(settings, name) for name in legal}
    return {name: legal[name] if value is None else value for name, value in given.items()}


def _labels(
    baseline: StoredBaseline, label: int | None, start: int, count: int
) -> np.ndarray | None:
    if label is not None:
        return np.full(count, label, np.int64)
    return balanced_labels(baseline.generator, start, count)


def _images(
    directory: Path,
    baseline: StoredBaseline,
    settings: GenerateSettings,
    chosen: dict,
    add_rows: Callable,
) -> str:
    """images.npz and the like, as `gan generate` writes them."""
    count = chosen["count"]

    def batches(progress: CountProgress) -> Iterator[Batch]:
        for start, end in batch_bounds(count, settings.batch_size, settings.shard_size):
            labels = _labels(baseline, chosen["label"], start, end - start)
            images = baseline.generator.sample(settings.seed, start, end - start, labels)
            digests = [hashlib.sha256(image).hexdigest() for image in images]
            add_rows(_rows(baseline, settings, start, digests, labels))
            yield start, images, labels
            progress.advance(len(images))

    with CountProgress(count, "images", settings.quiet) as progress:
        write_images(chosen["format"], directory, batches(progress), count, settings.shard_size)
    return f"{count} images"


def _table(
    directory: Path,
    baseline: StoredBaseline,
    settings: GenerateSettings,
    chosen: dict,
    add_rows: Callable,
) -> str:
    """table.csv, in the columns and units of the data."""
    count = chosen["count"]
    with (
        open(directory / "table.csv", "w", encoding="utf-8", newline="") as file,
        CountProgress(count, "rows", settings.quiet) as progress,
    ):
        writer = csv.writer(file, lineterminator="\n")
        for start, end in batch_bounds(count, settings.batch_size, count):
            labels = _table_labels(baseline, settings, start, end - start)
            table = baseline.generator.sample(settings.seed, start, end - start, labels)
            if start == 0:
                writer.writerow(table.names)
            writer.writerows(table.rows())
            add_rows(_rows(baseline, settings, start, table.hashes(), table.labels))
            progress.advance(end - start)
    return f"{count} rows"


def _table_labels(
    baseline: StoredBaseline, settings: GenerateSettings, start: int, count: int
) -> np.ndarray | None:
    """As asked for; by default in the shares of the training part, as a table's columns need it."""
    if settings.label is not None or settings.balanced:
        return _labels(baseline, settings.label, start, count)
    return labels_by_share(baseline.generator.class_shares, settings.seed, start, count)


def _text(
    directory: Path,
    baseline: StoredBaseline,
    settings: GenerateSettings,
    chosen: dict,
    add_rows: Callable,
) -> str:
    """One .txt a stream."""
    characters = 0
    for index, text in enumerate(texts(baseline, settings, chosen)):
        write_text(directory / f"{index:06d}.txt", text)
        digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
        add_rows(_rows(baseline, settings, index, [digest], None))
        characters += len(text)
    return f"{chosen['streams']} texts, {characters:,} characters"


def _series(
    directory: Path,
    baseline: StoredBaseline,
    settings: GenerateSettings,
    chosen: dict,
    add_rows: Callable,
) -> str:
    """One .csv a stream, in the columns and units of the data."""
    generator = baseline.generator
    for index in range(chosen["streams"]):
        series = generator.sample(settings.seed, index, 1, length=chosen["length"])[0]
        rows = [generator.column_names, *(map(repr, step) for step in series.tolist())]
        content = "".join(",".join(row) + "\n" for row in rows)
        write_text(directory / f"{index:06d}.csv", content)
        digest = hashlib.sha256(content.encode("utf-8")).hexdigest()
        add_rows(_rows(baseline, settings, index, [digest], None))
    return f"{chosen['streams']} series of {chosen['length']} steps"


WRITERS = {IMAGES: _images, TABLE: _table, TEXT: _text, SERIES: _series}


def _rows(
    baseline: StoredBaseline,
    settings: GenerateSettings,
    start: int,
    digests: list[str],
    labels: np.ndarray | None,
) -> list[tuple]:
    """The manifest's rows of samples start, start + 1, ..."""
    shown = [""] * len(digests) if labels is None else labels.tolist()
    return [
        (start + i, baseline.name, baseline.run, settings.seed, label, digest)
        for i, (digest, label) in enumerate(zip(digests, shown, strict=True))
    ]


def texts(baseline: StoredBaseline, settings: GenerateSettings, chosen: dict) -> Iterator[str]:
    """All streams in order, the prime text before each."""
    group = max(MOST_CHARACTERS // chosen["length"], 1)
    with CountProgress(chosen["streams"], "streams", settings.quiet) as progress:
        for start, end in batch_bounds(chosen["streams"], group, chosen["streams"]):
            drawn = baseline.generator.sample(
                settings.seed,
                start,
                end - start,
                length=chosen["length"],
                temperature=chosen["temperature"],
                prime=chosen["prime"],
            )
            yield from ((chosen["prime"] or "") + text for text in drawn)
            progress.advance(end - start)


def show_text(baseline: StoredBaseline, settings: GenerateSettings, chosen: dict) -> None:
    """Print every stream."""
    for number, text in enumerate(texts(baseline, settings, chosen), start=1):
        if chosen["streams"] > 1:
            print(f"=== stream {number} of {chosen['streams']}")
        print(text, flush=True)
