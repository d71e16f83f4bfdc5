"""`data list`, `data inspect DATA` and `data clean DATA --out DIR`."""

import csv
import re
from pathlib import Path

from data.config import CleanSettings, InspectSettings, ListSettings
from data.images.dataset import ImageDataset
from data.images.load import load_images
from data.images.overview import (
    describe_split,
    draw_class_histogram,
    example_grid,
    summarise_changes,
)
from data.kinds import IMAGES, TABLE, TEXT, kind_of, sources_of
from data.texts.overview import inspect_text
from foundation.console import print_table
from foundation.errors import InputError
from foundation.files import atomic_path, check_directory, staged_directory
from foundation.pictures import save_image, to_picture
from foundation.progress import counted
from foundation.settings import flag_name

WORDS = {IMAGES: "images", TEXT: "a text", TABLE: "a table"}
OF_CSV = ("schema", "header", "decimal", "clip_outliers", "write_schema")
FLAGS = {  # of `data inspect`, that not every kind of data has
    IMAGES: ("image_size", "max_images", "denoise"),
    TEXT: ("encoding", "max_characters"),
    TABLE: ("encoding", "target", "features", *OF_CSV),
}


def list_datasets(settings: ListSettings) -> dict:
    """Print the names that DATA can be."""
    rooms = {"images": IMAGES, "texts": TEXT, "tables": TABLE}
    found = {
        room: {source.name: source.description for source in sources_of(kind)}
        for room, kind in rooms.items()
    }
    for room, names in found.items():
        print(f"{room}:")
        for name, description in names.items():
            print(f"  {name:<16}  {description}")
    return found


def inspect(settings: InspectSettings) -> dict:
    """Print counts, ranges, shapes and what cleaning did; draw examples and a class histogram.

    Writes examples.png, classes.png and cleaning.csv into --out, for a text characters.png only,
    for a table columns.png only. The default folder is overwritten.
    """
    kind = kind_of(settings.data)
    _refuse_flags_of_other_kinds(settings, kind)
    if settings.out is None:
        out = Path("outputs") / f"inspect-{_file_name(settings.data)[-100:]}"
    else:
        out = check_directory(settings.out)  # created when there is something to write
    if kind == TEXT:
        return inspect_text(settings.data, out, settings.encoding, settings.max_characters)
    if kind == TABLE:
        from data.tables.overview import inspect_table  # pandas: half a second, for tables only

        return inspect_table(settings, out)
    dataset = load_images(settings.data, settings.image_size, settings.max_images, settings.denoise)
    out.mkdir(parents=True, exist_ok=True)
    save_image(example_grid(dataset.train, dataset.num_classes), out / "examples.png")
    draw_class_histogram(dataset, out / "classes.png")
    _write_changes(dataset, out / "cleaning.csv")
    result = {
        **_describe(dataset),
        "examples": str(out / "examples.png"),
        "histogram": str(out / "classes.png"),
        "cleaning": str(out / "cleaning.csv"),
    }
    _print_description(result)
    return result


def clean(settings: CleanSettings) -> dict:
    """Write the cleaned images as PNG files, and cleaning.csv with every file dropped or changed.

    OUT/train/CLASS/000000.png and so on, which `folder:OUT` loads again. OUT is filled when all
    files are written, or not at all.
    """
    kind = kind_of(settings.data)
    if kind != IMAGES:
        raise InputError(
            f"{settings.data} is {WORDS[kind]}",
            "images: texts and tables are cleaned whenever they are loaded",
            f"see what is cleaned with `data inspect {settings.data}`",
        )
    check_directory(settings.out)
    dataset = load_images(
        settings.data, settings.image_size, settings.max_images, settings.denoise, settings.quiet
    )
    out = Path(settings.out)
    with staged_directory(out) as staged:
        _write_images(dataset, staged, settings.quiet)
        _write_changes(dataset, staged / "cleaning.csv")
    result = {**_describe(dataset), "out": str(out), "cleaning": str(out / "cleaning.csv")}
    if not settings.quiet:
        _print_description(result)
    return result


def _refuse_flags_of_other_kinds(settings: InspectSettings, kind: str) -> None:
    """Raise InputError for a flag that another kind of data has."""
    for other, names in FLAGS.items():
        for name in {*names} - {*FLAGS[kind]}:
            if getattr(settings, name) not in (None, False):
                raise InputError(
                    f"{flag_name(name)} with {settings.data}, which is {WORDS[kind]}",
                    f"{flag_name(name)} with {WORDS[other]} only",
                    "leave it out",
                )


def _describe(dataset: ImageDataset) -> dict:
    """The figures of `inspect` and `clean` as JSON values."""
    return {
        "data": dataset.name,
        "sha256": dataset.sha256,
        "image_shape": list(dataset.image_shape),
        "dtype": str(dataset.train.images.dtype),
        "num_classes": dataset.num_classes,
        "class_names": list(dataset.class_names),
        "splits": {
            name: describe_split(split, dataset.num_classes)
            for name, split in dataset.splits.items()
        },
        "changes": summarise_changes(dataset.changes),
    }


def _print_description(result: dict) -> None:
    splits = result["splits"]
    shape = " x ".join(map(str, result["image_shape"]))
    print(f"{result['data']}: images of {shape} (height x width x channels), {result['dtype']}")
    print(f"SHA-256 {result['sha256']}\n")
    rows = []
    for name, split in splits.items():
        figures = (f"{split[figure]:.2f}" for figure in ("mean", "standard_deviation"))
        rows.append(
            (name, f"{split['count']}", f"{split['minimum']}..{split['maximum']}", *figures)
        )
    print_table(("split", "images", "range", "mean", "deviation"), rows)
    if result["num_classes"]:
        counts = zip(*(split["class_counts"] for split in splits.values()), strict=True)
        rows = [
            (name, *map(str, row)) for name, row in zip(result["class_names"], counts, strict=True)
        ]
        print()
        print_table(("class", *splits), rows)
    print()
    for action, kinds in result["changes"].items():
        print(f"{action}: {sum(kinds.values())}")
        for kind, count in kinds.items():
            print(f"{count:>8}  {kind}")
    for key in ("out", "examples", "histogram", "cleaning"):
        if key in result:
            print(f"{key}: {result[key]}")


def _write_images(dataset: ImageDataset, folder: Path, quiet: bool) -> None:
    """folder/SPLIT/CLASS/INDEX.png, or folder/SPLIT/INDEX.png without labels."""
    class_folders = _class_folders(dataset.class_names)
    for name, split in dataset.splits.items():
        for index in counted(range(len(split)), len(split), f"writing {name} image", quiet):
            inner = folder / name
            if split.labels is not None:
                inner /= class_folders[split.labels[index]]
            inner.mkdir(parents=True, exist_ok=True)
            to_picture(split.images[index]).save(inner / f"{index:06d}.png")


def _write_changes(dataset: ImageDataset, path: Path) -> None:
    """Every dropped or changed image, one row each."""
    with (
        atomic_path(path) as temporary,
        open(temporary, "w", newline="", encoding="utf-8") as file,
    ):
        writer = csv.writer(file)
        writer.writerow(["path", "action", "reason"])
        writer.writerows((change.path, change.action, change.reason) for change in dataset.changes)


def _file_name(text: str) -> str:
    """A name that is legal as a file's on every system: "T-shirt/top" -> "T-shirt_top"."""
    return re.sub(r'[<>:"/\\|?*\x00-\x1f]+', "_", text).strip(". ") or "_"


def _class_folders(class_names: tuple[str, ...]) -> list[str]:
    """One folder name a class; all differ, even if the names do in illegal characters only."""
    folders = [_file_name(name) for name in class_names]
    if len(set(folders)) < len(folders):
        folders = [f"{label}_{folder}" for label, folder in enumerate(folders)]
    return folders
