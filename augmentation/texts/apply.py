"""`augment text`: augmented copies of a text, line by line, with a manifest.

Copy number k of line number i is drawn with (seed, epoch k, index i): the same characters whatever
stands in the other lines.
"""

import csv
from pathlib import Path

from augmentation.config import TextSettings
from augmentation.recipes.tables import load, recipe_table
from augmentation.texts.recipe import read_text_recipe
from data.texts.load import read_text
from foundation.files import sha256_of_file, staged_directory, write_json, write_text
from foundation.progress import CountProgress

COLUMNS = ("file", "data", "recipe", "version", "seed", "copy", "lines", "changed_lines", "sha256")


def apply(settings: TextSettings) -> dict:
    """Write OUT/copy-0001.txt and so on, manifest.csv, recipe.toml, and augment.json: every field.

    Returns: {"out", "files": [name], "lines", "changed_lines": of each copy}.
    Raises: InputError (the text, its encoding, the recipe or the target is at fault), OSError (the
      disk refuses). Nothing is left of a run that does not end well.
    """
    recipe, recipe_text = load(settings.recipe, "text", read_text_recipe)
    out, lines = Path(settings.out), read_lines(settings)
    files, changed = [], []
    with (
        staged_directory(out) as directory,
        open(directory / "manifest.csv", "w", encoding="utf-8", newline="") as table,
        CountProgress(settings.copies, "copies", settings.quiet) as progress,
    ):
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(COLUMNS)
        write_text(directory / "recipe.toml", recipe_text)
        every_field = recipe_table(recipe, "text")
        write_json(directory / "augment.json", {"recipe": every_field, "seed": settings.seed})
        for copy in range(settings.copies):
            files.append(f"copy-{copy + 1:04d}.txt")
            changed.append(0)
            path, count = directory / files[-1], 0
            with open(path, "w", encoding="utf-8", newline="") as file:
                for count, line in enumerate(lines, start=1):
                    made = recipe(line, settings.seed, copy, count - 1)
                    changed[-1] += made != line
                    file.write(made + "\n")
            about = (settings.data, recipe.name, recipe.version, settings.seed, copy)
            writer.writerow((path.name, *about, count, changed[-1], sha256_of_file(path)))
            progress.advance(1)
    if not settings.quiet:
        told = f"{len(files)} copies of {count:,} lines, {changed[0]:,} changed in the first"
        print(f"{told} -> {out}")
    return {"out": str(out), "files": files, "lines": count, "changed_lines": changed}


def read_lines(settings: TextSettings) -> list[str]:
    """The lines of the clean text, without their newlines."""
    lines = read_text(settings.data, settings.encoding, quiet=settings.quiet).split("\n")
    return lines if lines[-1] else lines[:-1]
