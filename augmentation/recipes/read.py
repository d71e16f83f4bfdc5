"""Recipes of images as TOML: reading with every field checked, writing what reads back equal."""

import os

from augmentation.core.composition import OneOf, Sequence, SomeOf, Step, check_steps
from augmentation.core.fields import FieldError
from augmentation.core.recipe import Recipe
from augmentation.recipes.tables import (
    HEADER,
    build,
    build_transform,
    check_keys,
    errors_below,
    header_of,
    header_table,
    load,
    parse,
    tables,
    transform_table,
)
from augmentation.recipes.toml import toml_lines
from augmentation.transforms.catalog import MIXINGS, TRANSFORMS

COMPOSITES = {kind.name(): kind for kind in (OneOf, SomeOf, Sequence)}
OPTIONS = {OneOf: ("probability",), SomeOf: ("count", "probability"), Sequence: ("probability",)}


def load_recipe(name: str | os.PathLike) -> Recipe:
    """A shipped recipe by its name, or one from a TOML file.

    Raises: InputError naming the file and the path of the field that is at fault.
    """
    return load(name, "image", read_recipe)


def parse_recipe(text: str) -> Recipe:
    """A recipe from TOML, such as `recipe_text` gives.

    Raises: InputError with the path of the field that is at fault.
    """
    return parse(text, "recipe", "image", read_recipe)


def read_recipe(table: dict) -> Recipe:
    """A recipe from parsed TOML whose header is checked.

    Raises: FieldError whose field is the whole path.
    """
    check_keys(table, (*HEADER, "steps", "mixing"))
    steps = tuple(
        _read_step(step, f"steps[{number}]")
        for number, step in enumerate(tables(table.get("steps", []), "steps"))
    )
    mixing = table.get("mixing")
    if mixing is not None:
        if not isinstance(mixing, dict):
            raise FieldError("mixing", mixing, "one table, as [mixing] writes", "correct it")
        mixing = build_transform(mixing, "mixing", MIXINGS)
    return Recipe(**header_of(table), steps=steps, mixing=mixing)


def recipe_text(recipe: Recipe) -> str:
    """The TOML of a recipe, with every field: it reads back equal, whatever defaults become."""
    lines = toml_lines(header_table(recipe, "image"))
    for step in recipe.steps:
        lines += ["", "[[steps]]", *toml_lines(_step_table(step))]
    if recipe.mixing is not None:
        lines += ["", "[mixing]", *toml_lines(transform_table(recipe.mixing))]
    return "\n".join(lines) + "\n"


def _read_step(table: dict, path: str) -> Step:
    """Raises: FieldError."""
    keys = [key for key in COMPOSITES if key in table]
    if not keys:
        step = build_transform(table, path, TRANSFORMS, COMPOSITES)
    elif len(keys) > 1 or "transform" in table:
        expected = f"one of transform, {', '.join(COMPOSITES)}"
        raise FieldError(path, table, expected, "make two steps of it")
    else:
        step = _read_composite(table, keys[0], path)
    with errors_below(path):
        check_steps((step,))
    return step


def _read_composite(table: dict, key: str, path: str) -> Step:
    kind = COMPOSITES[key]
    check_keys(table, (key, *OPTIONS[kind]), path)
    children, weights = [], []
    for number, child in enumerate(tables(table[key], f"{path}.{key}")):
        child, place = dict(child), f"{path}.{key}[{number}]"
        if kind is OneOf:
            weights.append(_read_weight(child.pop("weight", 1.0), place))
        children.append(_read_step(child, place))
    values = {name: value for name, value in table.items() if name != key}
    values |= {"steps": children}
    if any("weight" in child for child in table[key]) and kind is OneOf:
        values |= {"weights": weights}
    try:
        return build(kind, values, path)
    except FieldError as error:  # in the file the steps and their weights stand under the key
        field, *rest = error.parts
        field = {f"{path}.steps": f"{path}.{key}", f"{path}.weights": f"{path}.{key}"}.get(
            field, field
        )
        raise FieldError(field, *rest) from error


def _read_weight(weight: object, path: str) -> float:
    number = isinstance(weight, int | float) and not isinstance(weight, bool)
    if not number or not 0 <= weight < float("inf"):
        raise FieldError(f"{path}.weight", weight, "a number from 0", "correct it")
    return weight


def _step_table(step: Step) -> dict:
    """A step as TOML holds it."""
    if type(step) not in OPTIONS:
        return transform_table(step)
    children = [_step_table(child) for child in step.steps]
    if isinstance(step, OneOf) and step.weights is not None:
        children = [
            child | {"weight": weight} for child, weight in zip(children, step.weights, strict=True)
        ]
    options = {name: getattr(step, name) for name in OPTIONS[type(step)]}
    return {step.name(): children} | options
