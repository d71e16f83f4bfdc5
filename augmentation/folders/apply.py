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

import dataclasses
import hashlib
import sys
from importlib.metadata import version
from pathlib import Path

from augmentation.config import ApplySettings
from augmentation.core.recipe import Recipe
from augmentation.folders.maker import Maker, Row
from augmentation.folders.plan import Output, augmented_folders, batches, plan
from augmentation.folders.sources import SourceImage, read_sources
from augmentation.recipes.read import read_recipe
from augmentation.recipes.tables import load, recipe_table
from data.config import OF_FILES
from data.images.dataset import Change, counted_changes, told, write_changes
from data.images.decoding import decoding_threads
from data.images.resizing import Form
from foundation.errors import InputError
from foundation.files import (
    check_apart,
    check_directory,
    staged_directory,
    write_csv,
    write_json,
    write_text,
)
from foundation.progress import CountProgress

COLUMNS = ("file", "source", "index", "seed", "copy", "transforms", "sha256")
MASK_COLUMNS = ("mask", "mask_sha256")


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
    chosen = {name: getattr(settings, name) for name in OF_FILES}
    flags = settings.workers, settings.quiet
    sources, changes, form = read_sources(root, masks, *flags, Form(**chosen))
    check_colours(recipe, sources)
    outputs = plan(sources, settings.copies, settings.balance_to)
    with staged_directory(out) as directory:
        write_json(directory / "augment.json", describe(settings, recipe, sources, form))
        write_text(directory / "recipe.toml", recipe_text)
        write_changes(directory / "cleaning.csv", changes)
        rows = make(directory, outputs, recipe, settings, form)
        columns = COLUMNS + MASK_COLUMNS * bool(outputs[0].mask)
        cells = ([rows[output.file][column] for column in columns] for output in outputs)
        write_csv(directory / "manifest.csv", columns, cells)
    return summary(settings, sources, changes, outputs)


def make(
    directory: Path, outputs: list[Output], recipe: Recipe, settings: ApplySettings, form: Form
) -> dict[str, Row]:
    """Write all images and masks; file -> its row of the manifest."""
    files = [name for each in outputs for name in (each.file, each.mask) if name]
    for parent in {(directory / name).parent for name in files}:
        parent.mkdir(parents=True, exist_ok=True)
    maker, rows = Maker(recipe, settings.seed, directory, form), {}
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
    check_apart(out, f"folder:{root}")
    if masks:
        check_apart(out, f"folder:{masks}")
        check_apart(masks, f"folder:{root}", "--masks")
    return root, masks, out


def check_colours(recipe: Recipe, sources: list[SourceImage]) -> None:
    """Raises: InputError if the recipe is for colour images, naming the first one that is grey."""
    colour_only = any(step.colour_only for step in recipe.steps)
    for source in sources:
        if colour_only and source.augmented and source.shape[2] == 1:
            received = f"recipe {recipe.name} changes colours, {source.name} is grey"
            mend = "choose another recipe, or store the grey images as RGB"
            raise InputError(received, "colour images", mend)


def describe(
    settings: ApplySettings, recipe: Recipe, sources: list[SourceImage], form: Form
) -> dict:
    """All that decides the bytes of the files."""
    digest = hashlib.sha256()
    for each in sources:
        digest.update(repr((each.index, each.name, each.sha256, each.mask_sha256)).encode())
    return {
        "recipe": recipe_table(recipe, "image"),
        "seed": settings.seed,
        "copies": settings.copies,
        "balance_to": settings.balance_to,
        "masks": sources[0].mask is not None,
        "form": dataclasses.asdict(form),
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
    counts = counted_changes(len(sources), changes)
    most = settings.balance_to or len(sources)
    sizes = {folder: len(places) for folder, places in augmented_folders(sources).items()}
    result = {
        "out": settings.out,
        "files": len(outputs),
        "augmented": augmented,
        "originals": len(outputs) - augmented,
        "overfull": {folder: size for folder, size in sizes.items() if size > most},
        "dropped": counts["dropped"],
    }
    if counts["dropped"] or not settings.quiet:  # what is lost is not what was asked for
        where = sys.stderr if counts["dropped"] else sys.stdout
        print(told(settings.data, counts), file=where)
    for folder, count in result["overfull"].items():
        held = f"{folder or 'the folder'} holds {count:,} images"
        kept = f"more than {settings.balance_to:,}: all are kept"
        print(f"{held}, {kept}", file=sys.stderr)
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
