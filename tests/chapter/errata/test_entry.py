"""Errata are read from docs/errata.md, and code and tests say the same of them."""

import importlib
import re
from pathlib import Path

import pytest

from chapter.errata import entry
from chapter.errata.entry import ERRATA, Erratum, read_errata

ROOT = Path(__file__).parents[3]
FOLDERS = ("gan", "lstm_text", "baselines", "training", "data", "evaluation")
WHOLE = "E1. A title\n\n" + "\n".join(
    f"- **{name}:** {name.lower()}\n  goes on." for name in ("Place", "Wrong", "Shows", "Here")
)


def test_an_entry_is_taken_apart():
    erratum = Erratum.read(WHOLE + "\n- **Test:**\n  `tests/x.py::y`", {"E1": "a.module"})
    assert (erratum.number, erratum.title, erratum.module) == ("E1", "A title", "a.module")
    assert erratum.place == "place goes on" and erratum.wrong == "wrong goes on."
    assert erratum.shows == "shows goes on." and erratum.correction == "here goes on."
    assert erratum.test == "`tests/x.py::y`"


@pytest.mark.parametrize("text", [WHOLE, WHOLE.removeprefix("E1. ") + "\n- **Test:** `t`"])
def test_an_entry_that_is_not_whole_is_refused(text):
    with pytest.raises(ValueError, match="Place, Wrong, Shows, Here, Test are expected"):
        Erratum.read(text, {})


def test_an_erratum_is_an_entry_and_its_file_is_found_by_reading_the_folder(tmp_path, monkeypatch):
    whole = WHOLE + "\n- **Test:** `t`"
    document = tmp_path / "errata.md"
    document.write_text(f"# Errata\n\nAbout.\n\n## {whole}\n\n## {whole.replace('E1', 'E2')}\n")
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "second.py").write_text('"""E2. A title: see docs/errata.md."""\n')
    (tmp_path / "room" / "helper.py").write_text('"""No entry."""\n')
    monkeypatch.setattr(entry, "HERE", tmp_path)
    monkeypatch.setattr(entry, "DOCUMENT", document)
    first, second = read_errata()
    assert (first.number, first.module) == ("E1", None)
    assert (second.number, second.module) == ("E2", "chapter.errata.room.second")
    (tmp_path / "room" / "third.py").write_text('"""E3. Another: see docs/errata.md."""\n')
    with pytest.raises(ValueError, match=r"modules of \['E3'\]"):
        read_errata()
    document.write_text(f"## {whole}\n\n## {whole.replace('E1', 'E3')}\n")
    with pytest.raises(ValueError, match="each number from E1 on"):
        read_errata()


def test_a_file_bears_the_title_of_its_entry():
    assert len(ERRATA) == 36
    for erratum in ERRATA:
        if erratum.module is not None:
            words = importlib.import_module(erratum.module).__doc__
            told = f"{erratum.number}. {erratum.title}: see docs/errata.md."
            assert " ".join(words.split()) == told


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
