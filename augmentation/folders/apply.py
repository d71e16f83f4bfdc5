"""`augment apply`: a folder of images and a recipe to an augmented folder with a manifest.

Copy number k of the image at place i of the sorted folder is drawn with (seed, epoch k, index i).
So it is the same, byte for byte, however many workers share the work, and whatever else lies in
the folder behind it. The result is whole or absent: after an interruption the same command gives
the same bytes.

OUT/augment.json       what decides every byte, the recipe with every field
OUT/recipe.toml        the recipe's file
OUT/cleaning.csv       files that were dropped, or changed by decoding, and why
OUT/manifest.csv       one row a file
"""

import csv
import hashlib
import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from augmentation.config import ApplySettings
from augmentation.core.recipe import Recipe
from augmentation.folders.maker import Maker, Row
from augmentation.folders.plan import Output, augmented_folders, batches, plan
from augmentation.folders.sources import SourceImage, read_sources
from augmentation.recipes.read import read_recipe
from augmentation.recipes.tables import load, recipe_table
from data.images.dataset import Change
from data.images.decoding import decoding_threads
from foundation.errors import InputError
from foundation.files import check_directory, staged_directory, write_json, write_text
from foundation.progress import CountProgress

COLUMNS = ("file", "source", "index", "seed", "copy", "transforms", "sha256")
MASK_COLUMNS = ("mask", "mask_sha256")
DROPPED_SHOWN = 5


def apply(settings: ApplySettings) -> dict:
    """Write an augmented copy of a folder.

    Returns: {"out", "files", "augmented", "originals", "overfull": {folder: images}, "dropped"}.
    Raises: InputError (the folder, the recipe, a mask or the target is at fault), OSError (the disk
      refuses). Nothing is left of a run that does not end well.
    """
    root, masks, out = checked_paths(settings)
    recipe, recipe_text = load(settings.recipe, "image", read_recipe)
    recipe.refuse_mixing("a folder has no place for the shares of two labels")
    check_directory(out)
    sources, changes = read_sources(root, masks, settings.workers, settings.quiet)
    check_colours(recipe, sources)
    outputs = plan(sources, settings.copies, settings.balance_to)
    with staged_directory(out) as directory:
        write_json(directory / "augment.json", describe(settings, recipe, sources))
        write_text(directory / "recipe.toml", recipe_text)
        listed = ((each.path, each.action, each.reason) for each in changes)
        write_table(directory / "cleaning.csv", ("path", "action", "reason"), listed)
        rows = make(directory, outputs, recipe, settings)
        columns = COLUMNS + MASK_COLUMNS * (masks is not None)
        cells = ([rows[output.file][column] for column in columns] for output in outputs)
        write_table(directory / "manifest.csv", columns, cells)
    return summary(settings, sources, changes, outputs)


def make(
    directory: Path, outputs: list[Output], recipe: Recipe, settings: ApplySettings
) -> dict[str, Row]:
    """Write all images and masks; file -> its row of the manifest."""
    files = [name for each in outputs for name in (each.file, each.mask) if name]
    for parent in {(directory / name).parent for name in files}:
        parent.mkdir(parents=True, exist_ok=True)
    maker, rows = Maker(recipe, settings.seed, directory), {}
    with (
        decoding_threads(settings.workers) as pool,
        CountProgress(len(outputs), "images", settings.quiet) as progress,
    ):
        for made in pool.map(maker, batches(outputs)):
            rows |= {row["file"]: row for row in made}
            progress.advance(len(made))
    return rows


def checked_paths(settings: ApplySettings) -> tuple[Path, Path | None, Path]:
    """The folders of images, of masks and of the result, none of the last inside the others.

    Raises: InputError.
    """
    kind, _, path = settings.data.partition(":")
    if kind != "folder" or not path:
        mend = "name a folder; arrays are augmented by augmentation.tf_data.augmented"
        raise InputError(f"--data {settings.data}", "folder:PATH", mend)
    root, out = Path(path).expanduser(), Path(settings.out)
    masks = None if settings.masks is None else Path(settings.masks)
    for inner, outer in ((out, root), (out, masks), (masks, root)):
        if inner and outer and inner.resolve().is_relative_to(outer.resolve()):
            flag = "--out" if inner is out else "--masks"
            received = f"{flag} {inner} is {outer} or lies in it"
            mend = "name another folder, or move the one out of the other"
            raise InputError(received, "folders apart", mend)
    return root, masks, out


def check_colours(recipe: Recipe, sources: list[SourceImage]) -> None:
    """Raises: InputError if the recipe is for colour images, naming the first one that is grey."""
    colour_only = any(step.colour_only for step in recipe.steps)
    for source in sources:
        if colour_only and source.augmented and source.shape[2] == 1:
            raise InputError(
                f"recipe {recipe.name} changes colours, {source.name} is grey",
                "colour images",
                "choose another recipe, or store the grey images as RGB",
            )


def describe(settings: ApplySettings, recipe: Recipe, sources: list[SourceImage]) -> dict:
    """All that decides the bytes of the files."""
    digest = hashlib.sha256()
    for each in sources:
        digest.update(repr((each.index, each.name, each.sha256, each.mask_sha256)).encode())
    return {
        "recipe": recipe_table(recipe, "image"),
        "seed": settings.seed,
        "copies": settings.copies,
        "balance_to": settings.balance_to,
        "masks": settings.masks is not None,
        "data_sha256": digest.hexdigest(),
        "versions": {name: version(name) for name in ("tensorflow", "numpy", "pillow")},
    }


def summary(
    settings: ApplySettings,
    sources: list[SourceImage],
    changes: list[Change],
    outputs: list[Output],
) -> dict:
    """What was done, on the screen and as JSON values."""
    augmented = sum(output.copy is not None for output in outputs)
    dropped = [change for change in changes if change.action == "dropped"]
    most = settings.balance_to or len(sources)
    sizes = {folder: len(places) for folder, places in augmented_folders(sources).items()}
    result = {
        "out": settings.out,
        "files": len(outputs),
        "augmented": augmented,
        "originals": len(outputs) - augmented,
        "overfull": {folder: size for folder, size in sizes.items() if size > most},
        "dropped": len(dropped),
    }
    # even if quiet: it is not what was asked for
    told = [f"dropped {change.path}: {change.reason}" for change in dropped[:DROPPED_SHOWN]]
    if len(dropped) > DROPPED_SHOWN:
        told.append(f"dropped {len(dropped):,} in all, see cleaning.csv")
    for folder, count in result["overfull"].items():
        held = f"{folder or 'the folder'} holds {count:,} images"
        told.append(f"{held}, more than {settings.balance_to:,}: all are kept")
    print("".join(f"{line}\n" for line in told), end="", file=sys.stderr)
    if not settings.quiet:
        print(
            f"{augmented:,} augmented images and {result['originals']:,} originals -> "
            f"{settings.out} (manifest.csv says how each was made)"
        )
        if all(source.augmented for source in sources):  # none is held out
            print(
                "Images to test with must not be in the folder that is augmented: a copy of a test "
                "image in the training set makes every score too good."
            )
    return result


def write_table(path: Path, columns: tuple[str, ...], rows: Iterable[Iterable]) -> None:
    """Write a CSV file."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
