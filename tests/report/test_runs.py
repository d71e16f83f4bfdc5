"""The table of runs on hand-made run directories."""

import json

import pytest

from data.errors import InputError
from report.config import RunsSettings
from report.runs import compare_runs, spread


def made_run(path, seed, value, epochs=3):
    path.mkdir()
    settings = {"variant": "corrected", "epochs": epochs, "seed": seed, "out": str(path)}
    config = {"kind": "gan", "settings": settings, "data_sha256": ""}
    (path / "config.json").write_text(json.dumps(config))
    (path / "history.csv").write_text("epoch,seconds\n1,60\n2,60\n")
    metrics = {
        "recall": {"value": value, "real": 0.9},
        "class_shares": {"value": [0.5], "real": [0.5]},
        "class_confirmed": {"value": None, "reason": "no labels"},
    }
    report = {"split": "test", "synthetic_count": 100, "metrics": metrics}
    (path / "metrics.json").write_text(json.dumps(report))
    return str(path)


def test_seeds_share_a_column_and_recipes_do_not(tmp_path, capsys):
    runs = (
        made_run(tmp_path / "a", 0, 0.5),
        made_run(tmp_path / "b", 1, 0.7),
        made_run(tmp_path / "c", 0, 0.8, epochs=9),
    )
    columns = compare_runs(RunsSettings(runs=runs))["columns"]
    assert [column["seeds"] for column in columns] == [[0, 1], [0]]
    assert [column["metrics"] for column in columns] == [{"recall": [0.5, 0.7]}, {"recall": [0.8]}]
    table = capsys.readouterr().out
    assert "| recall | 0.6 ± 0.14 | 0.8 | 0.9 |" in table
    assert "| minutes of training | 2 ± 0 | 2 | |" in table


def test_a_run_that_was_not_evaluated(tmp_path):
    run = made_run(tmp_path / "a", 0, 0.5)
    (tmp_path / "a" / "metrics.json").unlink()
    with pytest.raises(InputError, match=r"no metrics\.json; an evaluated run"):
        compare_runs(RunsSettings(runs=(run,)))


def test_spread():
    assert spread([]) == "–"
    assert spread([0.12345]) == "0.1235"
    assert spread([1.0, 2.0, 3.0]) == "2 ± 1"
