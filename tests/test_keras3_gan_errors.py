"""docs/keras3_gan_errors.md: each program that fails gives its message, each cure runs."""

import re
import warnings
from pathlib import Path

import pytest

import run

TEXT = (Path(run.__file__).parent / "docs" / "keras3_gan_errors.md").read_text(encoding="utf-8")
PROGRAM = r"```python\n# {}\n(.*?)```"
BEFORE = re.search(PROGRAM.format("before each"), TEXT, re.DOTALL)[1]
SECTIONS = {
    section.split("\n")[0][1:-1]: section
    for section in TEXT.split("\n## ")[1:]
    if section.startswith("`")
}


def ran(section: str, kind: str) -> str:
    """What a section's program of this kind has said: its error and its warnings."""
    program = re.search(PROGRAM.format(kind), section, re.DOTALL)[1]
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        error = ""
        try:
            exec(BEFORE + program, {})
        except Exception as found:
            error = str(found)
    ours = [str(each.message) for each in said if "__array__" not in str(each.message)]
    return "\n".join(filter(None, [error, *ours]))


@pytest.mark.parametrize("message", SECTIONS)
def test_a_program_gives_its_message_and_the_cure_gives_none(message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    expected = ".*".join(map(re.escape, message.split(" ... ")))
    assert re.search(expected, ran(SECTIONS[message], "fails"), re.DOTALL)
    assert ran(SECTIONS[message], "works") == ""


def test_every_message_has_its_programs():
    assert len(SECTIONS) >= 15 and TEXT.count("# fails") == TEXT.count("# works") == len(SECTIONS)
