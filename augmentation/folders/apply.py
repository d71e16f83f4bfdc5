"""`augment apply`: a folder of images and a recipe to an augmented folder with a manifest.

Copy number k of the image at place i of the sorted folder is drawn with (seed, epoch k, index i).
So it is the same, byte for byte, however many workers share the work, wherever a run was
interrupted, and whatever else lies in the folder behind it.
"""

import sys
from importlib.metadata import version
from pathlib import Path

from augmentation.config import ApplySettings
from augmentation.core.recipe import Recipe
from augmentation.folders.maker import Maker
from augmentation.folders.output import OutputDirectory, write_table
from augmentation.folders.plan import Plan, batches, plan_balance, plan_copies
from augmentation.folders.sources import (
    Sources,
    in_threads,
    pillow_warnings_as_errors,
    read_sources,
)
from augmentation.folders.tree import read_tree
from augmentation.recipes.read import load_recipe, recipe_text
from foundation.errors import InputError
from foundation.files import write_text
from foundation.progress import CountProgress

DROPPED_SHOWN = 5


def apply(settings: ApplySettings) -> dict:
    """Write an augmented copy of a folder.

    Returns: {"out", "files", "augmented", "originals", "overfull": {folder: images}, "dropped"}.
    Raises: InputError (the folder, the recipe, a mask or the target is at fault), OSError (the disk
      refuses), KeyboardInterrupt; after the last two, `--resume` goes on.
    """
    root, masks, out = checked_paths(settings)
    recipe = checked_recipe(settings.recipe)
    directory = OutputDirectory(out, masks is not None)
    directory.check(settings.resume)
    sources = read_sources(root, read_tree(root), masks, settings.workers, settings.quiet)
    check_recipe_fits(recipe, sources)
    plan = plan_for(settings, sources)
    directory.open(describe(settings, recipe, sources), settings.resume)
    write_text(out / "recipe.toml", recipe_text(recipe))
    changes = ((each.path, each.action, each.reason) for each in sources.changes)
    write_table(out / "cleaning.csv", ("path", "action", "reason"), changes)
    fill(directory, plan, recipe, settings)
    return summary(settings, sources, plan)


def fill(directory: OutputDirectory, plan: Plan, recipe: Recipe, settings: ApplySettings) -> None:
    """Make all files that are not there yet, and the manifest."""
    files = [name for each in plan.outputs for name in (each.file, each.mask) if name]
    for parent in {(directory.path / name).parent for name in files}:
        parent.mkdir(parents=True, exist_ok=True)
    rows = directory.finished_rows(plan.outputs)
    missing = [output for output in plan.outputs if output.number not in rows]
    make = Maker(recipe, settings.seed, directory, missing)
    try:
        with (
            pillow_warnings_as_errors(),
            CountProgress(len(plan.outputs), "images", settings.quiet) as progress,
        ):
            progress.advance(len(rows))
            for made in in_threads(make, batches(missing), settings.workers):
                directory.record(list(made.values()))
                rows |= made
                progress.advance(len(made))
    except KeyboardInterrupt:
        raise KeyboardInterrupt(
            f"interrupted after {len(rows):,} of {len(plan.outputs):,} images; "
            "the same command with --resume goes on"
        ) from None
    directory.finish(rows[output.number] for output in plan.outputs)


def checked_paths(settings: ApplySettings) -> tuple[Path, Path | None, Path]:
    """The folders of images, of masks and of the result, none of the last inside the others.

    Raises: InputError.
    """
    kind, _, path = settings.data.partition(":")
    if kind != "folder" or not path:
        raise InputError(
            f"--data {settings.data}",
            "folder:PATH",
            "name a folder; arrays are augmented by augmentation.tf_data.augmented",
        )
    root, out = Path(path).expanduser(), Path(settings.out)
    masks = None if settings.masks is None else Path(settings.masks)
    for inner, outer in ((out, root), (out, masks), (masks, root)):
        if inner and outer and inner.resolve().is_relative_to(outer.resolve()):
            flag = "--out" if inner is out else "--masks"
            raise InputError(
                f"{flag} {inner} is {outer} or lies in it",
                "folders apart",
                "name another folder, or move the one out of the other",
            )
    return root, masks, out


def checked_recipe(name: str) -> Recipe:
    """A recipe for images in which no two are mixed.

    Raises: InputError.
    """
    recipe = load_recipe(name)
    if recipe.mixing is not None:
        raise InputError(
            f"recipe {recipe.name} ends in {recipe.mixing.name()}",
            "a recipe without mixing: a folder has no place for the shares of two labels",
            "leave [mixing] out, or mix during training with augmentation.tf_data.augmented",
        )
    return recipe


def check_recipe_fits(recipe: Recipe, sources: Sources) -> None:
    """Raises: InputError if the recipe is for colour images, naming the first one that is grey."""
    if not recipe.colour_only:
        return
    for source in sources.images:
        if source.file.augmented and source.shape[2] == 1:
            raise InputError(
                f"recipe {recipe.name} changes colours, {source.file.name} is grey",
                "colour images",
                "choose another recipe, or store the grey images as RGB",
            )


def plan_for(settings: ApplySettings, sources: Sources) -> Plan:
    """What will be written."""
    if settings.copies is not None:
        return plan_copies(sources.images, settings.copies)
    return plan_balance(sources.images, settings.balance_to)


def describe(settings: ApplySettings, recipe: Recipe, sources: Sources) -> dict:
    """All that decides the bytes of the files."""
    packages = ("tensorflow", "numpy", "pillow")
    return {
        "recipe": recipe_text(recipe),
        "seed": settings.seed,
        "copies": settings.copies,
        "balance_to": settings.balance_to,
        "masks": settings.masks is not None,
        "data_sha256": sources.sha256,
        "versions": {name: version(name) for name in packages},
    }


def summary(settings: ApplySettings, sources: Sources, plan: Plan) -> dict:
    """What was done, on the screen and as JSON values."""
    augmented = sum(output.copy is not None for output in plan.outputs)
    dropped = [change for change in sources.changes if change.action == "dropped"]
    result = {
        "out": settings.out,
        "files": len(plan.outputs),
        "augmented": augmented,
        "originals": len(plan.outputs) - augmented,
        "overfull": plan.overfull,
        "dropped": len(dropped),
    }
    for change in dropped[:DROPPED_SHOWN]:  # even if quiet: it is not what was asked for
        print(f"dropped {change.path}: {change.reason}", file=sys.stderr)
    if len(dropped) > DROPPED_SHOWN:
        print(f"dropped {len(dropped):,} in all, see cleaning.csv", file=sys.stderr)
    for folder, count in plan.overfull.items():
        print(
            f"{folder or 'the folder'} holds {count:,} images, more than {settings.balance_to:,}: "
            "all are kept",
            file=sys.stderr,
        )
    if not settings.quiet:
        print(
            f"{augmented:,} augmented images and {result['originals']:,} originals -> "
            f"{settings.out} (manifest.csv says how each was made)"
        )
        if not any_held_out(sources):
            print(
                "Images to test with must not be in the folder that is augmented: a copy of a test "
                "image in the training set makes every score too good."
            )
    return result


def any_held_out(sources: Sources) -> bool:
    """Whether the folder keeps images to test with apart."""
    return not all(source.file.augmented for source in sources.images)
