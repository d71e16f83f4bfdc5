"""What recipes of images and of texts have in common: finding the file, its header, its tables.

Every error carries the path of the field: `mine.toml: steps[1].degrees [15, -15]; ...`.
"""

import contextlib
import dataclasses
import difflib
import os
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from augmentation.core.fields import FieldError
from augmentation.recipes.shipped import shipped_path, shipped_recipes
from augmentation.recipes.toml import shown_value
from foundation.errors import InputError

SCHEMA = 1  # goes up when older code would read a file wrongly
HEADER = ("schema", "kind", "name", "version", "description")
NOTHING = object()  # stands for the received value of a field that is not there


def load(name: str | os.PathLike, kind: str, read: Callable[[dict], object]) -> object:
    """Find, parse and read a recipe.

    Args:
      name: a shipped recipe's, or the path of a file.
      kind: "image" or "text".
      read: makes the recipe from the parsed file; its FieldErrors hold the whole path.

    Raises: InputError naming the file and the field that is at fault.
    """
    path = shipped_path(str(name)) or Path(name)
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        expected = f"{', '.join(shipped_recipes(kind))}, or the path of a TOML file"
        raise InputError(f"recipe {name}", expected, "see augment list") from error
    except UnicodeDecodeError as error:
        raise InputError(f"recipe {path} ({error})", "TOML in UTF-8", "correct it") from error
    return parse(text, path.name, kind, read)


def parse(text: str, where: str, kind: str, read: Callable[[dict], object]) -> object:
    """Parse and read a recipe; `where` begins the messages. See `load`."""
    try:
        table = tomllib.loads(text)
        check_header(table, kind)
        return read(table)
    except tomllib.TOMLDecodeError as error:
        reason = " ".join(str(error).split())
        raise InputError(f"{where} ({reason})", "a TOML file", "correct it") from error
    except FieldError as error:
        field, received, expected, mend = error.parts
        shown = "" if received is NOTHING else f" {shown_value(received)}"
        raise InputError(f"{where}: {field}{shown}", expected, mend) from error


def check_header(table: dict, kind: str) -> None:
    """Raises: FieldError for another schema or kind, or without a name."""
    for key, example in (("schema", f"schema = {SCHEMA}"), ("name", 'name = "..."')):
        if key not in table:
            raise FieldError(f"no {key}", NOTHING, f"a line {example}", "add it")
    if table["schema"] != SCHEMA or isinstance(table["schema"], bool):
        expected = f"{SCHEMA}, the only one that this version of the project knows"
        raise FieldError("schema", table["schema"], expected, "use the version that wrote the file")
    given = table.get("kind", "image")
    if given != kind:
        raise FieldError("kind", given, f'"{kind}"', f"name a recipe for {kind}s")


def header_of(table: dict) -> dict:
    """The fields of a recipe that are not steps, as its class takes them."""
    return {key: table[key] for key in ("name", "version", "description") if key in table}


def header_table(recipe: object, kind: str) -> dict:
    """The header of a recipe, as its file begins."""
    table = {"schema": SCHEMA, "kind": kind}
    return table | {key: getattr(recipe, key) for key in ("name", "version", "description")}


def tables(value: object, path: str) -> list[dict]:
    """Raises: FieldError if this is no list of tables."""
    if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
        raise FieldError(path, value, "a list of tables, as [[steps]] writes", "correct it")
    return value


def look_up(table: dict, path: str, known: dict[str, type], others: Iterable[str] = ()) -> type:
    """The class that a table names under `transform`.

    Args:
      known: name -> class.
      others: what the table could have held instead of `transform`.

    Raises: FieldError with the most similar name, or all that are known.
    """
    if "transform" not in table:
        ways = " or ".join(("transform", *others))
        raise FieldError(path, table, f"a table with {ways}", "say what the step is")
    name = table["transform"]
    if not isinstance(name, str) or name not in known:
        close = difflib.get_close_matches(str(name), known, 1)
        expected = f"{close[0]}, perhaps" if close else f"one of {', '.join(sorted(known))}"
        raise FieldError(f"{path}.transform", name, expected, "see augment list")
    return known[name]


def build(kind: type, values: dict, path: str) -> object:
    """An object of a class from the fields that a table holds; TOML's lists become tuples.

    Raises: FieldError with the path before the field.
    """
    check_keys(values, [field.name for field in dataclasses.fields(kind)], path)
    with errors_below(path):
        return kind(**{key: _frozen(value) for key, value in values.items()})


def build_transform(
    table: dict, path: str, known: dict[str, type], others: Iterable[str] = ()
) -> object:
    """The transform that a table describes; see `look_up` and `build`."""
    kind = look_up(table, path, known, others)
    return build(kind, {key: value for key, value in table.items() if key != "transform"}, path)


def transform_table(transform: object) -> dict:
    """All fields of a transform that are set, as a recipe writes them."""
    table = {"transform": transform.name()}
    for field in dataclasses.fields(transform):
        if (value := getattr(transform, field.name)) is not None:
            table[field.name] = value
    return table


def check_keys(table: dict, legal: Iterable[str], path: str = "") -> None:
    """Raises: FieldError for the first key that is not legal."""
    legal = list(legal)
    for key, value in table.items():
        if key not in legal:
            where = f"{path}.{key}" if path else key
            raise FieldError(where, value, f"one of the fields {', '.join(legal)}", "correct it")


@contextlib.contextmanager
def errors_below(path: str) -> Iterator[None]:
    """A FieldError from the block gets the path of what holds the field before it."""
    try:
        yield
    except FieldError as error:
        field, *rest = error.parts
        raise FieldError(f"{path}.{field}", *rest) from error


def _frozen(value: object) -> object:
    return tuple(_frozen(part) for part in value) if isinstance(value, list) else value
