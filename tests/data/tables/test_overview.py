"""`data inspect` of tables, and their place in `data list`."""

import json

import numpy as np
import pytest
from PIL import Image

import run
from data.command import inspect, list_datasets
from data.config import InspectSettings, ListSettings
from data.tables.load import load_table
from foundation.errors import InputError
from tests.tables import write_dirty_csv


@pytest.fixture
def dirty(tmp_path):
    write_dirty_csv(tmp_path / "dirty.csv")
    return f"csv:{tmp_path / 'dirty.csv'}"


def test_inspect_tells_every_step_and_every_column(dirty, tmp_path, capsys):
    result = inspect(InspectSettings(dirty, out=str(tmp_path / "out"), target="state"))
    json.dumps(result, allow_nan=False)
    train, columns = load_table(dirty, "state").train, result["columns"]
    assert list(columns) == train.names and columns["state"]["unique"] == 2
    ages = train.column("age")
    told = [columns["age"][name] for name in ("count", "min", "50%", "max", "mean")]
    expected = [len(ages), ages.min(), np.median(ages), ages.max(), ages.mean()]
    assert told == pytest.approx(expected) and 0 < columns["age"]["of target"] < 1
    ill, well = np.bincount(train.labels).tolist()
    expected = {"rows": len(train), "classes": {"ill": ill, "well": well}}
    assert result["splits"]["train"] == expected
    assert columns["state"]["counts"] == {"ill": ill, "well": well}
    assert columns["age"]["decimals"] == train.columns[train.names.index("age")].decimals
    assert result["steps"]["missing values"]["counts"]
    with Image.open(tmp_path / "out" / "columns.png") as picture:
        assert picture.width > 500
    printed = capsys.readouterr().out
    for words in ("missing values:", "names of rows:", "id (", "ill", "SHA-256"):
        assert words in printed


def test_without_a_target_nothing_tells_of_it(dirty, tmp_path):
    result = inspect(InspectSettings(dirty, out=str(tmp_path / "out")))
    assert result["target"] is None and result["splits"]["train"]["classes"] == {}
    assert not any("of target" in column for column in result["columns"].values())


def test_only_the_columns_chosen(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    columns = inspect(InspectSettings("breast_cancer", features=3))["columns"]
    assert len(columns) == 4 and {"worst concave points", "diagnosis"} < set(columns)
    assert (tmp_path / "outputs" / "inspect-breast_cancer" / "columns.png").is_file()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--image-size", "8"], "--image-size with csv:"),
        (["--encoding", "latin-1"], "--encoding with csv:"),
        (["--features", "2"], "2 features without a target"),
        (["--target", "size"], "--target size; a column of csv:"),
    ],
)
def test_faults_are_told_in_one_line(dirty, capsys, words, message):
    assert run.main(["data", "inspect", dirty, *words]) == 2
    assert message in capsys.readouterr().err


def test_flags_of_tables_are_refused_elsewhere():
    with pytest.raises(InputError, match="--target with mnist, which is images"):
        inspect(InspectSettings("mnist", target="digit"))
    assert run.main(["data", "clean", "breast_cancer", "--out", "x"]) == 2


def test_tables_are_listed(capsys):
    assert set(list_datasets(ListSettings())["tables"]) == {"breast_cancer", "csv:PATH"}
    assert "569 breast tumours" in capsys.readouterr().out
