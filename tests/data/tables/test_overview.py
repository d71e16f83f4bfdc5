"""`data inspect` of tables, and their place in `data list`."""

import json

import numpy as np
import pytest
from PIL import Image

import run
from data.command import inspect, list_datasets
from data.config import InspectSettings, ListSettings
from data.tables.columns import Reading
from data.tables.load import load_table
from foundation.errors import InputError
from tests.tables import write_dirty_csv

KIND = {"format": "", "unit": ""}


@pytest.fixture
def dirty(tmp_path):
    write_dirty_csv(tmp_path / "dirty.csv")
    return f"csv:{tmp_path / 'dirty.csv'}"


def test_inspect_tells_every_step_and_every_column(dirty, tmp_path, capsys):
    result = inspect(InspectSettings(dirty, out=str(tmp_path / "out"), target="state"))
    json.dumps(result, allow_nan=False)
    data, columns = load_table(dirty, "state"), result["columns"]
    train = data.train
    assert list(columns) == data.schema.names and columns["state"]["unique"] == 2
    ages = train.column("age")
    known = ages[~np.isnan(ages)]
    told = [columns["age"][name] for name in ("count", "min", "50%", "max", "mean")]
    expected = [len(known), known.min(), np.median(known), known.max(), known.mean()]
    assert told == pytest.approx(expected) and 0 < columns["age"]["of target"] < 1
    assert columns["age"]["gaps"] == {"": np.isnan(ages).sum()}
    assert columns["age"]["decimals"] == 0 and columns["name"] == KIND | {"kind": "id"}
    ill, well = np.bincount(train.labels).tolist()
    expected = {"rows": len(train), "classes": {"ill": ill, "well": well}}
    assert result["splits"]["train"] == expected
    assert columns["state"]["counts"] == {"ill": ill, "well": well}
    assert result["steps"]["missing values"]["counts"]
    with Image.open(tmp_path / "out" / "columns.png") as picture:
        assert picture.width > 500
    printed = capsys.readouterr().out
    for words in ("missing values:", "given anew: id, name", "20 to ", "empty", "ill", "SHA-256"):
        assert words in printed


def test_a_schema_is_written_and_read_again_to_the_same_data(dirty, tmp_path, capsys):
    to = tmp_path / "schema.toml"
    words = ["data", "inspect", dirty, "--target", "state", "--write-schema", str(to), "--out"]
    assert run.main([*words, str(tmp_path / "out")]) == 0
    written = to.read_text(encoding="utf-8")
    for line in (
        '"id" = "id"  # given anew',
        '"age" = "integer"  # 20 to ',
        '"colour" = "category"',
    ):
        assert line in written
    first, again = (load_table(dirty, "state", None, Reading(s)) for s in (None, str(to)))
    assert again.schema == first.schema and again.sha256 == first.sha256
    assert run.main([*words, str(tmp_path / "other")]) == 2
    assert "a new file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("age = 3", "one of integer, number, category"),
        ('age = "whole"', "one of integer, number, category"),
        ('size = "number"', "column 'size'; one of id, name"),
        ("age = {kind = 3}", "age has kind"),
        ('age = {type = "ordinal"}', 'range = \\["low", "high"\\]'),
        ('age = {type = "number", range = [3]}', "the smallest and the largest"),
        ('height = "integer"', "declared an integer, with '1"),
        ('height = {type = "number", format = "metres"}', "a number as it stands in a cell"),
        ('name = "date"', "declared a date, with 'person"),
        ("age =", "a TOML file"),
    ],
)
def test_a_schema_at_fault_is_refused(dirty, tmp_path, lines, message):
    (tmp_path / "s.toml").write_text(lines)
    with pytest.raises(InputError, match=message):
        load_table(dirty, "state", None, Reading(str(tmp_path / "s.toml")))


def test_a_schema_overrules_what_would_be_learnt(dirty, tmp_path):
    lines = [
        'id = {type = "integer", unit = "beds"}',
        'age = {type = "number", range = [30, 60]}',
        'colour = {type = "ordinal", range = ["NA", "red", "green", "blue"]}',
        'ward = "text"',
        'smoker = "category"',
    ]
    (tmp_path / "s.toml").write_text("\n".join(lines))
    data = load_table(dirty, "state", None, Reading(str(tmp_path / "s.toml")))
    fields = {field.name: field for field in data.schema.fields}
    assert fields["id"].codec.kind == "integer" and fields["id"].unit == "beds"
    assert fields["ward"].codec.kind == "text" and fields["smoker"].codec.kind == "category"
    assert fields["colour"].codec.names == ("NA", "red", "green", "blue")
    assert not fields["colour"].gaps  # "NA" is a name there, no mark for nothing
    ages = data.train.column("age")
    assert data.train.columns[data.train.names.index("age")].span == (30, 60)
    assert np.nanmin(ages) >= 30 and fields["age"].gaps == ("",)  # outside of it no age is one


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
        (["--denoise"], "--denoise with csv:"),
        (["--schema", "absent.toml"], "--schema absent.toml"),
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
