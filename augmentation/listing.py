"""`augment list`: every transform with its fields, and the recipes that come with the project."""

import dataclasses

from augmentation.config import ListSettings
from augmentation.core.mixing import Mixing
from augmentation.core.transform import Transform
from augmentation.recipes.tables import shipped_recipes
from augmentation.texts.transforms import TEXT_TRANSFORMS, TextTransform
from augmentation.transforms.catalog import MIXINGS, TRANSFORMS

# Headings in the order of the page; a group that is not named here comes after these.
ORDER = ("geometry", "intensity and colour", "noise, blur and quality", "erasing")
ORDER += ("mixing", "policies", "text")
CHOICES = {
    "sequence": "all steps in order",
    "one_of": "one step for each image, drawn by the steps' `weight`",
}
NOTES = {"colour_only": "colour images only", "changes_size": "changes the size"}
DECLARED = ("help", "low", "high", "choices")  # what is shown of a field
ImageKind = type[Transform] | type[Mixing]


def list_transforms(settings: ListSettings) -> dict:
    """Print what a recipe can name.

    Returns: {"transforms": {group: {name: see `entry`}}, "choices": {name: meaning},
      "recipes": {kind: {name: description}}}.
    """
    groups = {**image_groups(), "text": dict(sorted(TEXT_TRANSFORMS.items()))}
    result = {
        "transforms": {
            group: {name: entry(kind) for name, kind in members.items()}
            for group, members in groups.items()
        },
        "choices": CHOICES,
        "recipes": {kind: shipped_recipes(kind) for kind in ("image", "text")},
    }
    print("\n".join(lines(result)))
    return result


def image_groups() -> dict[str, dict[str, ImageKind]]:
    """Heading -> name -> transform, in a fixed order; names from a to z."""
    groups: dict[str, dict[str, ImageKind]] = {name: {} for name in ORDER}
    for name, kind in sorted({**TRANSFORMS, **MIXINGS}.items()):
        groups.setdefault(kind.group, {})[name] = kind
    return {name: members for name, members in groups.items() if members}


def entry(kind: ImageKind | type[TextTransform]) -> dict:
    """One transform as JSON values.

    Returns: {"about", "notes", "fields": {name: {"default", "help", "low", "high", "choices"}}};
      None where there is no bound and no list of choices.
    """
    return {
        "about": (kind.__doc__ or "").strip().splitlines()[0],
        "notes": [note for name, note in NOTES.items() if getattr(kind, name, False)],
        "fields": {
            field.name: {"default": plain(field.default)}
            | {name: plain(field.metadata[name]) for name in DECLARED}
            for field in dataclasses.fields(kind)
        },
    }


def plain(value: object) -> object:
    """Tuples as lists: what a recipe and JSON have."""
    return list(value) if isinstance(value, tuple) else value


def lines(result: dict) -> list[str]:
    """The result as text."""
    text = ["Every transform takes `probability`, the share of the samples it is applied to (1.0)."]
    for group, members in result["transforms"].items():
        text += ["", f"{group}:"]
        for name, each in members.items():
            notes = f" ({', '.join(each['notes'])})" if each["notes"] else ""
            text.append(f"  {name}: {each['about']}{notes}")
            for field, options in each["fields"].items():
                if field != "probability" or options["default"] != 1:
                    text.append(f"      {field} = {default_text(options)}   {options['help']}")
    text += ["", "choices:", *(f"  {name}: {what}" for name, what in result["choices"].items())]
    for kind, recipes in result["recipes"].items():
        text += ["", f"recipes for {kind}s:", *(f"  {k}: {what}" for k, what in recipes.items())]
    return text


def default_text(options: dict) -> str:
    """The default as a recipe writes it, with the bounds or the choices."""
    default, bounds = options["default"], (options["low"], options["high"])
    shown = f'"{default}"' if isinstance(default, str) else str(default).lower()
    if options["choices"]:
        return f"{shown} ({', '.join(options['choices'])})"
    if bounds == (None, None):
        return shown
    return f"{shown} ({' to '.join('...' if each is None else f'{each:g}' for each in bounds)})"
