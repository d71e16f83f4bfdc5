"""`augment text`: augmented copies of a text, line by line, with a manifest.

Copy number k of line number i is drawn with (seed, epoch k, index i): the same characters whatever
stands in the other lines.
"""

import csv
import hashlib
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from augmentation.config import TextSettings
from augmentation.texts.recipe import TextRecipe, load_text_recipe, text_recipe_text
from data.texts.load import read_text
from foundation.files import staged_directory, write_text
from foundation.progress import CountProgress

LINES_AT_A_TIME = 1000
COLUMNS = ("file", "data", "recipe", "version", "seed", "copy", "lines", "changed_lines", "sha256")


def apply(settings: TextSettings) -> dict:
    """Write OUT/copy-0001.txt and so on, manifest.csv and recipe.toml.

    Returns: {"out", "files": [name], "lines", "changed_lines": of each copy}.
    Raises: InputError (the text, its encoding, the recipe or the target is at fault), OSError (the
      disk refuses). Nothing is left of a run that does not end well.
    """
    recipe = load_text_recipe(settings.recipe)
    out = Path(settings.out)
    files, changed = [], []
    with (
        staged_directory(out) as directory,
        open(directory / "manifest.csv", "w", encoding="utf-8", newline="") as table,
        CountProgress(settings.copies, "copies", settings.quiet) as progress,
    ):
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(COLUMNS)
        write_text(directory / "recipe.toml", text_recipe_text(recipe))
        for copy in range(settings.copies):
            name = f"copy-{copy + 1:04d}.txt"
            lines = read_lines(settings)
            made = write_copy(directory / name, lines, recipe, settings.seed, copy)
            about = (settings.data, recipe.name, recipe.version, settings.seed, copy)
            writer.writerow((name, *about, *made))
            files.append(name)
            changed.append(made[1])
            progress.advance(1)
    if not settings.quiet:
        told = f"{len(files)} copies of {made[0]:,} lines, {changed[0]:,} changed in the first"
        print(f"{told} -> {out}")
    return {"out": str(out), "files": files, "lines": made[0], "changed_lines": changed}


def read_lines(settings: TextSettings) -> Iterator[str]:
    """The lines of the clean text, without their newlines."""
    lines = read_text(settings.data, settings.encoding, quiet=settings.quiet).split("\n")
    return iter(lines if lines[-1] else lines[:-1])


def write_copy(
    path: Path, lines: Iterable[str], recipe: TextRecipe, seed: int, copy: int
) -> tuple[int, int, str]:
    """Write one augmented copy; what comes into a line are characters of its own.

    Returns: number of lines; how many changed; hex SHA-256 of the file.
    """
    digest, count, changed = hashlib.sha256(), 0, 0
    lines = iter(lines)
    with open(path, "wb") as file:
        while batch := list(islice(lines, LINES_AT_A_TIME)):
            indices = range(count, count + len(batch))
            made = recipe(batch, seed, copy, indices)
            changed += sum(new != old for new, old in zip(made, batch, strict=True))
            count += len(batch)
            data = "".join(line + "\n" for line in made).encode()
            digest.update(data)
            file.write(data)
    return count, changed, digest.hexdigest()
