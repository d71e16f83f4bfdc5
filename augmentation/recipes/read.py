"""Recipes of images as TOML: reading with every field checked, and the table that reads back."""

import dataclasses
import os

from augmentation.core.composition import OneOf, Sequence, Step, check_steps
from augmentation.core.fields import FieldError, is_number
from augmentation.core.recipe import Recipe
from augmentation.recipes.tables import (
    HEADER,
    build_transform,
    check_keys,
    errors_below,
    frozen,
    header_of,
    load,
    tables,
)
from augmentation.transforms.catalog import MIXINGS, TRANSFORMS

COMPOSITES = {kind.name(): kind for kind in (OneOf, Sequence)}


def load_recipe(name: str | os.PathLike) -> Recipe:
    """A shipped recipe by its name, or one from a TOML file.

    Raises: InputError naming the file and the path of the field that is at fault.
    """
    return load(name, "image", read_recipe)[0]


def read_recipe(table: dict) -> Recipe:
    """A recipe from parsed TOML whose header is checked.

    Raises: FieldError whose field is the whole path.
    """
    check_keys(table, (*HEADER, "steps", "mixing"))
    steps = [_read_step(*step) for step in tables(table.get("steps", []), "steps")]
    mixing = table.get("mixing")
    if mixing is not None:
        if not isinstance(mixing, dict):
            raise FieldError("mixing", mixing, "one table, as [mixing] writes", "correct it")
        mixing = build_transform(mixing, "mixing", MIXINGS)
    return Recipe(**header_of(table), steps=steps, mixing=mixing)


def _read_step(table: dict, path: str) -> Step:
    """Raises: FieldError."""
    keys = [key for key in COMPOSITES if key in table]
    if not keys:
        step = build_transform(table, path, TRANSFORMS, COMPOSITES)
    elif len(keys) > 1 or "transform" in table:
        expected = f"one of transform, {', '.join(COMPOSITES)}"
        raise FieldError(path, table, expected, "make two steps of it")
    else:
        step = _read_composite(dict(table), keys[0], path)
    with errors_below(path):
        check_steps((step,))
    return step


def _read_composite(options: dict, key: str, path: str) -> Step:
    kind = COMPOSITES[key]
    children = [(dict(child), place) for child, place in tables(options.pop(key), f"{path}.{key}")]
    own = [field.name for field in dataclasses.fields(kind)]
    check_keys(options, [name for name in own if name not in ("steps", "weights")], path)
    if kind is OneOf and any("weight" in child for child, _ in children):
        options["weights"] = [child.pop("weight", 1.0) for child, _ in children]
        for weight, (_, place) in zip(options["weights"], children, strict=True):
            if not is_number(weight) or weight < 0:
                raise FieldError(f"{place}.weight", weight, "a number from 0", "correct it")
    steps = [_read_step(*child) for child in children]
    # in the file the steps and their weights stand under the key
    with errors_below(path, steps=key, weights=key):
        return kind(steps, **frozen(options))
