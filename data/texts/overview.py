"""A text at a glance: sizes, characters, what cleaning did, and a picture of how often each is."""

import warnings
from pathlib import Path

import numpy as np

from data.texts.load import DEFAULT_ENCODING, load_text
from foundation.console import print_table
from foundation.files import atomic_path

MOST_FREQUENT = 40  # characters that are listed and drawn
FIRST_LINES, LONGEST_LINE = 6, 100  # lines that are shown, and characters of each
NAMES = {
    " ": "space",
    "\n": "newline",
    "\t": "tab",
    "\u3000": "wide space",
    "\u00a0": "fixed space",
}


def inspect_text(
    data: str, out: Path, encoding: str | None = None, max_characters: int | None = None
) -> dict:
    """Print what a text holds, draw OUT/characters.png and return the figures as JSON values.

    Args, Raises: as `data.texts.load.load_text`; the split is the contiguous one.
    """
    corpus = load_text(data, encoding=encoding or DEFAULT_ENCODING, max_characters=max_characters)
    vocabulary, train = corpus.vocabulary, corpus.train
    counts = {
        name: np.bincount(part[0], minlength=vocabulary.size) for name, part in corpus.parts.items()
    }
    order = np.argsort(-counts["train"], kind="stable")  # code 0, the unknown, is last or not there
    beginning = vocabulary.decode(train[0, : FIRST_LINES * LONGEST_LINE])
    result = {
        "data": corpus.name,
        "sha256": corpus.sha256,
        "protocol": corpus.protocol,
        "vocabulary_size": vocabulary.size,
        "dtype": str(train.dtype),
        "parts": {
            name: {
                "characters": part.size,
                "different": int(np.count_nonzero(counts[name][1:])),
                "unknown": int(counts[name][vocabulary.UNKNOWN]),
            }
            for name, part in corpus.parts.items()
        },
        "most_frequent": [
            {
                "character": vocabulary.characters[code - 1],
                "count": int(counts["train"][code]),
                "share": round(float(counts["train"][code] / train.size), 6),
            }
            for code in order[:-1][:MOST_FREQUENT].tolist()
        ],
        "changes": corpus.changes,
        "first_lines": [line[:LONGEST_LINE] for line in beginning.split("\n")[:FIRST_LINES]],
        "histogram": str(out / "characters.png"),
    }
    out.mkdir(parents=True, exist_ok=True)
    draw_character_histogram(corpus.name, result["most_frequent"], out / "characters.png")
    _print_description(result)
    return result


def draw_character_histogram(name: str, frequent: list[dict], path: Path) -> None:
    """Draw the shares of the most frequent characters, given as `inspect_text` has them.

    A character that the font lacks is named by its number.
    """
    from matplotlib import font_manager  # slow to import, and `data list` needs no picture
    from matplotlib.figure import Figure

    font = font_manager.get_font(font_manager.findfont(font_manager.FontProperties()))
    labels = [
        shown(entry["character"], bool(font.get_char_index(ord(entry["character"]))))
        for entry in frequent
    ]
    figure = Figure(figsize=(10, 4), layout="constrained")
    axes = figure.add_subplot()
    axes.bar(range(len(frequent)), [100 * entry["share"] for entry in frequent])
    rotation = 90 if max(map(len, labels)) > 1 else 0
    axes.set_xticks(range(len(frequent)), labels, rotation=rotation, parse_math=False)
    axes.set_ylabel("per cent of the training part")
    axes.set_title(f"{name[-60:]}: the most frequent characters", parse_math=False)
    with atomic_path(path) as temporary, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # a name that the font cannot draw
        figure.savefig(temporary, dpi=100)


def shown(character: str, drawable: bool = True) -> str:
    """A character as people can read it: itself, its name or its number, such as "U+200B"."""
    if character in NAMES:
        return NAMES[character]
    return character if drawable and character.isprintable() else f"U+{ord(character):04X}"


def _print_description(result: dict) -> None:
    print(f"{result['data']}: text, {result['vocabulary_size']} codes ({result['dtype']})")
    print(f"SHA-256 {result['sha256']}")
    print(f"{result['protocol']}\n")
    rows = [
        (name, *(f"{count:,}" for count in part.values())) for name, part in result["parts"].items()
    ]
    print_table(("part", "characters", "different", "unknown"), rows)
    print("\nmost frequent in the training part, in per cent:")
    frequent = result["most_frequent"]
    print("  ".join(f"{shown(each['character'])} {100 * each['share']:.2f}" for each in frequent))
    print("\ncleaning:" if result["changes"] else "\ncleaning: nothing to change")
    for kind, count in result["changes"].items():
        print(f"{count:>12,}  {kind}")
    print("\nfirst lines:")
    for line in result["first_lines"]:
        print(f"  {line}")
    print(f"\nhistogram: {result['histogram']}")
