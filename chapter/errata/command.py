"""`errata`: every erratum of docs/errata.md, its defect and its cure measured side by side."""

import dataclasses
from pathlib import Path

from chapter.errata.config import ErrataSettings
from chapter.errata.entry import ERRATA, Erratum
from chapter.errata.exhibit import Exhibit
from foundation.errors import InputError
from foundation.files import claim_directory, new_directory
from foundation.pictures import save_figure

TOLD = ("number", "place", "title", "wrong", "shows", "correction")


def errata(settings: ErrataSettings) -> dict:
    """Run the exhibits, print defect beside cure, and save the pictures.

    Returns: {"errata": [{number, place, title, wrong, shows, correction, defect, cure,
      picture}], "out": path}; defect and cure are empty where an erratum is a matter of words.
    Raises: InputError (an unknown number, an output directory in use), OSError (the disk refuses).
    """
    chosen = choose(settings.only)
    out = claim_directory(settings.out) if settings.out else None
    results = []
    for erratum in chosen:
        print(f"\n{erratum.number}  {erratum.title}  ({erratum.place})")
        exhibit = erratum.exhibit(settings.seed)
        print_side_by_side(exhibit)
        if erratum.module is None:
            print(f"  shows: {erratum.shows}\n  here: {erratum.correction}")
        picture = None
        if exhibit.figure:
            out = out or new_directory("outputs", "errata")
            picture = str(Path(out) / f"{erratum.number}.png")
            save_figure(exhibit.figure, picture)
            print(f"  picture: {picture}")
        told = {name: value for name, value in dataclasses.asdict(erratum).items() if name in TOLD}
        results.append(told | {"defect": exhibit.defect, "cure": exhibit.cure, "picture": picture})
    return {"errata": results, "out": str(out) if out else None}


def choose(only: str | None) -> list[Erratum]:
    """All errata, or those with these numbers, such as "E1" or "e1, E6".

    Raises: InputError if there is no such number.
    """
    if only is None:
        return list(ERRATA)
    known = {each.number: each for each in ERRATA}
    asked = [number.strip().upper() for number in only.split(",")]
    if unknown := [number for number in asked if number not in known]:
        raise InputError(
            f"--only {only} with {unknown[0] or 'nothing between two commas'}",
            f"numbers from {ERRATA[0].number} to {ERRATA[-1].number}, with commas between them",
            "look the number up in docs/errata.md",
        )
    return [known[number] for number in asked]


def print_side_by_side(exhibit: Exhibit) -> None:
    """One line a measure: what, with the defect, without it."""
    if not exhibit.defect:
        return
    rows = [
        (measure, readable(defect), readable(exhibit.cure[measure]))
        for measure, defect in exhibit.defect.items()
    ]
    rows.insert(0, ("", "chapter", "here"))
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    for measure, defect, cure in rows:
        print(f"  {measure:<{widths[0]}}  {defect:<{widths[1]}}  {cure}")


def readable(value: object) -> str:
    """A measure for the screen: four decimals, small numbers as powers, lists without brackets."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.1e}" if 0 < abs(value) < 0.001 else f"{value:.4f}"
    if isinstance(value, list):
        return ", ".join(map(readable, value)) or "none"
    return str(value)
