"""docs/chapter_map.md: complete, and every file and command it names is there."""

import importlib.util
import re
import shlex
from pathlib import Path

import pytest

import run

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "chapter_map.md").read_text(encoding="utf-8")
LEFT_OUT = "described, not implemented"

SECTIONS = """
    1 2 2.1 2.1.1 2.1.2 2.1.3 2.2
    3 3.1 3.2 3.2.1 3.2.2 3.2.3 3.2.4 3.3 3.3.1 3.3.2 3.4
    4 4.1 4.1.1 4.1.2 4.2 4.2.1 4.2.2 4.3 4.3.1 4.3.2
    5 5.1 5.1.1 5.1.2 5.2 5.2.1 5.2.2 5.3 5.3.1 5.3.2 5.4
    6 6.1 6.2 6.3 7 7.1 7.2 7.3 8 8.1 8.2 8.3 9
"""
FORMULAS, LISTINGS = ["4.2.1", "4.2.2"], ["5.2.1", "5.2.2"]
QUESTIONS = [f"Q{number}" for number in range(1, 7)]
OUT_OF_SCOPE = (
    "sentiment",
    "translation",
    "drug discovery",
    "speech",
    "detection",
    "word-level",
    "regression with an SVM",
)


def table(heading):
    """The rows under a heading, as lists of cells, without the header."""
    part = TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


MAPPED = [row for name in ("Sections", "Formulas", "Listings", "Questions") for row in table(name)]
BUILT = [row for row in MAPPED if not row[2].startswith(LEFT_OUT)]


def code_spans(cell):
    return re.findall(r"`([^`]+)`", cell)


def in_rows(rows, column):
    return sorted({span for row in rows for span in code_spans(row[column])})


def in_order_of_appearance(rows):
    return list(dict.fromkeys(row[0] for row in rows))


def parse(command):
    """The settings that run.py would make of a command; SystemExit if it would refuse it."""
    program, script, *arguments = shlex.split(command)
    assert (program, script) == ("python", "run.py"), command
    parsed = vars(run.build_parser().parse_args(arguments))
    settings_path, function_path = run.COMMANDS[parsed.pop("command")]
    module, name = function_path.split(":")
    source = Path(importlib.util.find_spec(module).origin).read_text(encoding="utf-8")
    assert f"def {name}(" in source, function_path
    return run.load(settings_path).resolve(parsed)


def test_every_section_formula_listing_and_question_has_its_row():
    assert in_order_of_appearance(table("Sections")) == SECTIONS.split()
    assert in_order_of_appearance(table("Formulas")) == FORMULAS
    assert in_order_of_appearance(table("Listings")) == LISTINGS
    assert in_order_of_appearance(table("Questions")) == QUESTIONS


def test_every_row_is_whole():
    for row in MAPPED:
        assert len(row) == 5 and all(row[:3]), row
    for row in table("Described, not implemented"):
        assert len(row) == 3 and all(row), row


@pytest.mark.parametrize("name", in_rows(BUILT, 2))
def test_a_file_exists(name):
    path, _, definition = name.partition(":")
    assert (ROOT / path).is_file(), path
    for part in filter(None, definition.split(".")):
        assert re.search(rf"(def|class) {part}\b", (ROOT / path).read_text(encoding="utf-8")), name


@pytest.mark.parametrize("command", in_rows(BUILT, 3))
def test_a_command_exists_with_its_flags(command):
    assert parse(command) is not None


def test_rows_that_only_point_elsewhere_point_at_parts_that_exist():
    for row in BUILT:
        if not code_spans(row[2]):
            assert row[2].startswith(("see ", "left out")), row


def test_the_scope_is_told_in_full():
    told = [" ".join(row) for row in table("Described, not implemented")]
    for subject in OUT_OF_SCOPE:
        assert any(subject in row for row in told), subject
    left_out = {row[0] for row in MAPPED if row[2].startswith(LEFT_OUT)}
    assert left_out <= {
        number for row in table("Described, not implemented") for number in row[0].split(", ")
    }


def test_an_erratum_named_here_is_in_the_errata():
    errata = (ROOT / "docs" / "errata.md").read_text(encoding="utf-8")
    for number in re.findall(r"\bE\d+\b", TEXT):
        assert f"\n## {number}. " in errata, number


def test_every_command_of_the_program_is_on_the_map():
    named = " ".join(in_rows(BUILT, 3))
    for command in run.COMMANDS:
        assert f"python run.py {command}" in named
