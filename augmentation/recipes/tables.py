"""What recipes of images and of texts have in common: finding the file, its header, its tables.

Every error carries the path of the field: `mine.toml: steps[1].degrees [15, -15]; ...`. No heavy
import: texts need none, and commands read this to print a list.
"""

import contextlib
import dataclasses
import difflib
import json
import os
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from augmentation.core.fields import FieldError
from foundation.errors import InputError

FOLDER = Path(__file__).parent
SCHEMA = 1  # goes up when older code would read a file wrongly
HEADER = ("schema", "kind", "name", "version", "description")
NOTHING = object()  # stands for the received value of a field that is not there


def shipped_recipes(kind: str = "image") -> dict[str, str]:
    """Name -> description of the shipped recipes of a kind (image or text), in order."""
    found = {}
    for path in sorted(FOLDER.glob("*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        if table.get("kind", "image") == kind:
            found[path.stem] = table["description"]
    return found


def load(name: str | os.PathLike, kind: str, read: Callable[[dict], object]) -> tuple[object, str]:
    """Find, parse and read a recipe: it, and the text of its file, which is read once.

    Args:
      name: a shipped recipe's, or the path of a file.
      kind: "image" or "text".
      read: makes the recipe from the parsed file; its FieldErrors hold the whole path.

    Raises: InputError naming the file and the field that is at fault.
    """
    path = {path.stem: path for path in FOLDER.glob("*.toml")}.get(str(name), Path(name))
    try:
        text = path.read_text(encoding="utf-8")
        return parsed(tomllib.loads(text), path.name, kind, read), text
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        expected = f"{', '.join(shipped_recipes(kind))}, or the path of a TOML file"
        raise InputError(f"recipe {name}", expected, "see augment list") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = " ".join(str(error).split())
        raise InputError(f"{path.name} ({reason})", "TOML in UTF-8", "correct it") from error


def parsed(table: dict, where: str, kind: str, read: Callable[[dict], object]) -> object:
    """A recipe from its table, the header checked; `where` begins the messages. See `load`."""
    try:
        check_header(table, kind)
        return read(table)
    except FieldError as error:
        field, received, expected, mend = error.parts
        text = json.dumps(received, ensure_ascii=False, default=str)
        shown = "" if received is NOTHING else f" {text if len(text) <= 60 else text[:57] + '...'}"
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


def tables(value: object, path: str) -> list[tuple[dict, str]]:
    """Each table of a list, with its path.

    Raises: FieldError if this is no list of tables.
    """
    if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
        raise FieldError(path, value, "a list of tables, as [[steps]] writes", "correct it")
    return [(table, f"{path}[{number}]") for number, table in enumerate(value)]


def build_transform(
    table: dict, path: str, known: dict[str, type], others: Iterable[str] = ()
) -> object:
    """The transform that a table describes; TOML's lists become tuples.

    Args:
      known: name -> class, of those that `transform` can name.
      others: what the table could have held instead of `transform`.

    Raises: FieldError with the most similar name, or all that are known; with the path before the
      field.
    """
    fields = dict(table)
    if "transform" not in fields:
        ways = " or ".join(("transform", *others))
        raise FieldError(path, table, f"a table with {ways}", "say what the step is")
    name = fields.pop("transform")
    if not isinstance(name, str) or name not in known:
        close = difflib.get_close_matches(str(name), known, 1)
        expected = f"{close[0]}, perhaps" if close else f"one of {', '.join(sorted(known))}"
        raise FieldError(f"{path}.transform", name, expected, "see augment list")
    check_keys(fields, [field.name for field in dataclasses.fields(known[name])], path)
    with errors_below(path):
        return known[name](**frozen(fields))


def recipe_table(recipe: object, kind: str) -> dict:
    """A recipe with every field, as TOML and JSON hold it: it reads back equal, whatever defaults
    become.
    """
    table = {"schema": SCHEMA, "kind": kind}
    table |= {key: getattr(recipe, key) for key in ("name", "version", "description")}
    table |= {"steps": [step_table(step) for step in recipe.steps]}
    mixing = getattr(recipe, "mixing", None)
    return table if mixing is None else table | {"mixing": step_table(mixing)}


def step_table(step: object) -> dict:
    """A step, or a mixing, with every field; steps of its own stand under its name."""
    fields = {field.name: getattr(step, field.name) for field in dataclasses.fields(step)}
    fields = {k: list(value) if isinstance(value, tuple) else value for k, value in fields.items()}
    if "steps" not in fields:
        return {"transform": step.name(), **fields}
    children = [step_table(child) for child in fields.pop("steps")]
    if weights := fields.pop("weights", None):
        children = [child | {"weight": w} for child, w in zip(children, weights, strict=True)]
    return {step.name(): children, **fields}


def check_keys(table: dict, legal: Iterable[str], path: str = "") -> None:
    """Raises: FieldError for the first key that is not legal."""
    legal = list(legal)
    for key, value in table.items():
        if key not in legal:
            where = f"{path}.{key}" if path else key
            raise FieldError(where, value, f"one of the fields {', '.join(legal)}", "correct it")


def frozen(fields: dict) -> dict:
    """Lists as tuples: what the fields of a transform are."""
    return {k: tuple(value) if isinstance(value, list) else value for k, value in fields.items()}


@contextlib.contextmanager
def errors_below(path: str, **renamed: str) -> Iterator[None]:
    """Put a path before the field of a FieldError; `renamed`: as the file calls a field."""
    try:
        yield
    except FieldError as error:
        field, *rest = error.parts
        raise FieldError(f"{path}.{renamed.get(field, field)}", *rest) from error
