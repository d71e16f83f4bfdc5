"""Errata are read from their folder, and docs/errata.md, code and tests say the same of them."""

import re
from pathlib import Path

import pytest

from chapter.errata import entry
from chapter.errata.document import DOCUMENT, document
from chapter.errata.entry import ERRATA, Erratum, read_errata

ROOT = Path(__file__).parents[3]
FOLDERS = ("gan", "lstm_text", "baselines", "training", "data", "evaluation")
WHOLE = "E1. A title\n\n" + "\n".join(
    f"- **{name}:** {name.lower()}\n  goes on." for name in ("Place", "Wrong", "Shows", "Here")
)


def test_an_entry_is_taken_apart():
    erratum = Erratum.read(WHOLE + "\n- **Test:**\n  `tests/x.py::y`", "a.module")
    assert (erratum.number, erratum.title, erratum.module) == ("E1", "A title", "a.module")
    assert erratum.place == "place goes on" and erratum.wrong == "wrong goes on."
    assert erratum.shows == "shows goes on." and erratum.correction == "here goes on."
    assert erratum.test == "`tests/x.py::y`"


@pytest.mark.parametrize("text", [WHOLE, WHOLE.removeprefix("E1. ") + "\n- **Test:** `t`"])
def test_an_entry_that_is_not_whole_is_refused(text):
    with pytest.raises(ValueError, match="Place, Wrong, Shows, Here, Test are expected"):
        Erratum.read(text)


def test_an_erratum_is_one_file_found_by_reading_the_folder(tmp_path, monkeypatch):
    whole = WHOLE + "\n- **Test:** `t`"
    (tmp_path / "words.md").write_text(f"# Errata\n\nAbout.\n\n## {whole}\n")
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "second.py").write_text(f'"""{whole.replace("E1", "E2")}\n"""\n')
    (tmp_path / "room" / "helper.py").write_text('"""No entry."""\n')
    monkeypatch.setattr(entry, "HERE", tmp_path)
    monkeypatch.setattr(entry, "WORDS", tmp_path / "words.md")
    first, second = read_errata()
    assert (first.number, first.module) == ("E1", None)
    assert (second.number, second.module) == ("E2", "chapter.errata.room.second")
    (tmp_path / "room" / "third.py").write_text(f'"""{whole.replace("E1", "E4")}\n"""\n')
    with pytest.raises(ValueError, match="each number from E1 on"):
        read_errata()


def test_the_document_is_made_of_the_entries():
    made = DOCUMENT.read_text(encoding="utf-8")
    assert made == document(), "run python -m chapter.errata.document"
    headings = re.findall(r"^## (E\d+)\. (.+)$", made, re.MULTILINE)
    assert headings == [(each.number, each.title) for each in ERRATA] and len(ERRATA) == 36


@pytest.mark.parametrize("erratum", ERRATA, ids=lambda erratum: erratum.number)
def test_an_entry_names_code_and_tests_that_exist(erratum):
    tests = re.findall(r"`(tests/\S+?)::(\w+)`", erratum.test)
    assert tests
    for path, name in tests:
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")
    for path, name in re.findall(
        rf"`((?:{'|'.join(FOLDERS)})/[\w/]+\.py):([\w.]+)`", erratum.correction
    ):
        source = (ROOT / path).read_text(encoding="utf-8")
        for part in name.split("."):
            assert re.search(rf"(def|class) {part}\b", source), f"{path}:{name}"


def test_who_measures_says_by_which_command_and_who_does_not_promises_none():
    for erratum in ERRATA:
        command = f"python run.py errata --only {erratum.number}`"
        assert (command in " ".join(erratum.text.split())) == (erratum.module is not None)


def test_code_and_entries_mark_the_same_errata():
    marked = set()
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            marked |= set(re.findall(r"\berratum (E\d+)", path.read_text(encoding="utf-8")))
    with_code = {
        each.number
        for each in ERRATA
        if re.search(r"`(?:gan|lstm_text|baselines)/\w+\.py:", each.correction)
    }
    assert marked <= {each.number for each in ERRATA}, "marked in the code, no entry"
    assert with_code <= marked, f"entries whose code is not marked: {sorted(with_code - marked)}"
