"""The recipes that come with the project. No heavy import: commands read this to print a list."""

import tomllib
from pathlib import Path

FOLDER = Path(__file__).parent


def shipped_recipes(kind: str = "image") -> dict[str, str]:
    """Name -> description of the shipped recipes of a kind (image or text), in order."""
    found = {}
    for path in sorted(FOLDER.glob("*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        if table.get("kind", "image") == kind:
            found[path.stem] = table["description"]
    return found


def shipped_path(name: str) -> Path | None:
    """The file of a shipped recipe; None if there is none of that name."""
    return next((path for path in FOLDER.glob("*.toml") if path.stem == name), None)
