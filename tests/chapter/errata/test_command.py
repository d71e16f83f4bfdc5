"""`errata`: what it prints, draws and returns."""

import json
from pathlib import Path

import pytest

from chapter.errata.command import errata, readable
from chapter.errata.config import ErrataSettings
from chapter.errata.entry import ERRATA, Erratum
from chapter.errata.exhibit import Exhibit
from foundation.errors import InputError
from tests.chapter.errata.exhibits import exhibit_of
from tests.shell import PROGRAM, ran


def test_the_command_measures_prints_and_draws(tmp_path, capsys):
    result = errata(ErrataSettings(only="e8", out=str(tmp_path / "pictures")))
    json.dumps(result, allow_nan=False)
    (only,) = result["errata"]
    assert only["number"] == "E8" and only["defect"] == exhibit_of("E8").defect
    assert Path(only["picture"]).stat().st_size > 1000
    printed = capsys.readouterr().out
    assert "chapter" in printed and "0.9900" in printed


def test_errata_of_words_leave_no_directory_and_import_no_tensorflow(tmp_path):
    words = ("errata", "--only", "e24, E12", "--json")
    done = ran(tmp_path, "-X", "importtime", PROGRAM, *words)
    assert "tensorflow" not in done.stderr
    result = json.loads(done.stdout)
    assert result["out"] is None and not list(tmp_path.iterdir())
    assert [each["number"] for each in result["errata"]] == ["E24", "E12"]
    assert "Antoniou" in done.stderr


def test_all_are_listed_with_their_words(monkeypatch, capsys):
    monkeypatch.setattr(Erratum, "exhibit", lambda erratum, seed: Exhibit({}, {}))
    listed = errata(ErrataSettings())["errata"]
    assert [each["number"] for each in listed] == [f"E{number}" for number in range(1, 37)]
    printed = capsys.readouterr().out
    for each, erratum in zip(listed, ERRATA, strict=True):
        words = [each[name] for name in ("place", "title", "wrong", "shows", "correction")]
        assert all(words) and each["title"] == erratum.title
        assert f"{each['number']}  {each['title']}  ({each['place']})" in printed
        assert (each["correction"] in printed) == (erratum.module is None)


def test_bad_input_is_refused(tmp_path):
    for only, named in (("E99", "E99"), ("E1,E99,E2", "E99"), ("E1,,E2", "nothing between")):
        with pytest.raises(InputError, match=f"with {named}.*; numbers from E1 to E36"):
            errata(ErrataSettings(only=only))
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    with pytest.raises(InputError, match="not empty"):
        errata(ErrataSettings(only="E8", out=str(tmp_path / "full")))
    with pytest.raises(ValueError, match="same measures"):
        Exhibit({"a": 1}, {"b": 1})


def test_measures_are_readable():
    assert readable([1, 2.5]) == "1, 2.5000" and readable([]) == "none"
    assert readable(True) == "yes" and readable(1.6e-5) == "1.6e-05"
