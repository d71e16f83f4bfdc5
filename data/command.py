"""`data list`, `data inspect DATA` and `data clean DATA --out DIR`."""

from pathlib import Path

from data.config import OF_FILES, CleanSettings, InspectSettings, ListSettings
from data.images.dataset import ImageDataset, class_folders, write_changes
from data.images.load import load_images
from data.images.overview import describe_split, draw_class_histogram, example_grid
from data.kinds import IMAGES, TABLE, TEXT, kind_of, sources_of
from data.texts.overview import inspect_text
from foundation.console import print_table
from foundation.errors import InputError
from foundation.files import check_apart, check_directory, file_name, staged_directory
from foundation.pictures import save_image, to_picture
from foundation.progress import counted
from foundation.settings import flag_name

WORDS = {IMAGES: "images", TEXT: "a text", TABLE: "a table"}
FLAGS = {  # of `data inspect`, that only one kind of data has
    IMAGES: ("image_size", "max_images", "denoise", "channels", *OF_FILES),
    TEXT: ("encoding", "max_characters"),
    TABLE: ("target", "features"),
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
        out = Path("outputs") / f"inspect-{file_name(settings.data)[-100:]}"
    else:
        out = check_directory(settings.out)  # created when there is something to write
        check_apart(out, settings.data)
    if kind == TEXT:
        return inspect_text(settings.data, out, settings.encoding, settings.max_characters)
    if kind == TABLE:
        from data.tables.overview import inspect_table  # pandas: half a second, for tables only

        return inspect_table(settings.data, out, settings.target, settings.features)
    dataset = load_images(settings.data, max_images=settings.max_images, **settings.reading())
    out.mkdir(parents=True, exist_ok=True)
    save_image(example_grid(dataset.train, dataset.num_classes), out / "examples.png")
    draw_class_histogram(dataset, out / "classes.png")
    write_changes(out / "cleaning.csv", dataset.changes)
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
        expected = "images: texts and tables are cleaned whenever they are loaded"
        mend = f"see what is cleaned with `data inspect {settings.data}`"
        raise InputError(f"{settings.data} is {WORDS[kind]}", expected, mend)
    check_directory(settings.out)
    check_apart(settings.out, settings.data)
    chosen = {"max_images": settings.max_images, "quiet": settings.quiet, **settings.reading()}
    dataset = load_images(settings.data, **chosen)
    out = Path(settings.out)
    with staged_directory(out) as staged:
        _write_images(dataset, staged, settings.quiet)
        write_changes(staged / "cleaning.csv", dataset.changes)
    result = {**_describe(dataset), "out": str(out), "cleaning": str(out / "cleaning.csv")}
    if not settings.quiet:
        _print_description(result)
    return result


def _refuse_flags_of_other_kinds(settings: InspectSettings, kind: str) -> None:
    """Raise InputError for a flag that another kind of data has."""
    for other, names in FLAGS.items():
        for name in names:
            if other != kind and getattr(settings, name):
                received = f"{flag_name(name)} with {settings.data}, which is {WORDS[kind]}"
                expected = f"{flag_name(name)} with {WORDS[other]} only"
                raise InputError(received, expected, "leave it out")


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
        "changes": dataset.counts["reasons"],
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
    for key in ("out", "examples", "histogram", "cleaning"):
        if key in result:
            print(f"{key}: {result[key]}")


def _write_images(dataset: ImageDataset, folder: Path, quiet: bool) -> None:
    """folder/SPLIT/CLASS/INDEX.png, or folder/SPLIT/INDEX.png without labels."""
    folders = class_folders(dataset.class_names)
    for name, split in dataset.splits.items():
        for index in counted(range(len(split)), len(split), f"writing {name} image", quiet):
            inner = folder / name
            if split.labels is not None:
                inner /= folders[split.labels[index]]
            inner.mkdir(parents=True, exist_ok=True)
            to_picture(split.images[index]).save(inner / f"{index:06d}.png")
